//! What the programs of one server see that no other program sees: host names of their own, and a working folder that
//! they can change without changing it for anybody else. Both are mounts in a namespace that they inherit from the
//! thread that starts them; the machine's own files stay as they are.

use crate::own_mounts;
use nix::mount::{MsFlags, mount};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file in which programs look up host names. [hosts(5)]
const HOSTS: &str = "/etc/hosts";

/// How much a working folder can take up in memory, where no file system can hold it: an option of tmpfs(5).
const IN_MEMORY: &str = "size=256m";

const NO_TEXT: Option<&str> = None;

/// What is shown to the programs of one server.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// The file that takes the place of `/etc/hosts`; none: the machine's own.
    pub(crate) hosts: Option<PathBuf>,
    /// What takes the place of the working folder; none: the folder itself, which other servers may share.
    pub(crate) folder: Option<OwnFolder>,
}

/// A folder that looks like another one; what is written there stays there.
#[derive(Debug, Clone)]
pub(crate) struct OwnFolder {
    /// The folder that it looks like.
    pub(crate) like: PathBuf,
    /// The folder that holds what is written; it need not exist yet.
    pub(crate) changes: PathBuf,
}

impl View {
    /// Whether programs see what everybody sees.
    pub(super) fn is_the_machines(&self) -> bool {
        self.hosts.is_none() && self.folder.is_none()
    }

    /// Shows it to the calling thread, for the rest of its life, and to all that it starts. Without the right to mount,
    /// or on a kernel without overlayfs, the working folder stays the shared one.
    ///
    /// # Errors
    /// The host names cannot be shown; the operating system's reason.
    pub(super) fn enter(&self) -> io::Result<()> {
        let entered = own_mounts::enter();
        if let Some(hosts) = &self.hosts {
            entered?;
            mount(Some(hosts.as_path()), HOSTS, NO_TEXT, MsFlags::MS_BIND, NO_TEXT)?;
        }
        if entered.is_ok()
            && let Some(folder) = &self.folder
        {
            let _ = folder.show();
        }
        Ok(())
    }
}

impl OwnFolder {
    /// Mounts it in place of the folder that it looks like. A container's own file system is often an overlay itself,
    /// which cannot hold the changes of another: they are kept in memory there.
    fn show(&self) -> io::Result<()> {
        fs::create_dir_all(&self.changes)?;
        self.lay_over().or_else(|_| {
            let changes = self.changes.as_path();
            mount(
                Some("tmpfs"),
                changes,
                Some("tmpfs"),
                MsFlags::empty(),
                Some(IN_MEMORY),
            )?;
            self.lay_over()
        })
    }

    fn lay_over(&self) -> io::Result<()> {
        let [upper, work] = ["changed", "work"].map(|name| self.changes.join(name));
        for folder in [&upper, &work] {
            fs::create_dir_all(folder)?;
        }
        let options = format!(
            "lowerdir={},upperdir={},workdir={}",
            escaped(&self.like)?,
            escaped(&upper)?,
            escaped(&work)?
        );
        let (like, options) = (self.like.as_path(), options.as_str());
        mount(
            Some("overlay"),
            like,
            Some("overlay"),
            MsFlags::empty(),
            Some(options),
        )?;
        Ok(())
    }
}

/// A path as an option of overlayfs, where commas and colons separate.
fn escaped(path: &Path) -> io::Result<String> {
    let text = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut escaped = String::new();
    for character in text.chars() {
        if matches!(character, ',' | ':' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::{OwnFolder, View};
    use crate::own_mounts;
    use std::path::{Path, PathBuf};
    use std::{fs, io, thread};

    /// The file that every server finds, and what it says.
    const APP: (&str, &str) = ("app.py", "as installed");

    fn own(folder: &Path, changes: &Path) -> OwnFolder {
        OwnFolder {
            like: folder.to_owned(),
            changes: changes.to_owned(),
        }
    }

    fn change_as_a_server_would(folder: &Path) {
        fs::write(folder.join("server.pid"), "7").unwrap();
        fs::write(folder.join(APP.0), "changed").unwrap();
        assert_eq!(fs::read_to_string(folder.join(APP.0)).unwrap(), "changed");
    }

    fn assert_as_installed(folder: &Path) {
        let files = fs::read_dir(folder).unwrap();
        let files: Vec<_> = files.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, [APP.0]);
        assert_eq!(fs::read_to_string(folder.join(APP.0)).unwrap(), APP.1);
    }

    fn installed(place: &Path) -> PathBuf {
        let folder = place.join("an app: with, signs");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(APP.0), APP.1).unwrap();
        folder
    }

    /// Runs that in a mount namespace of its own; says so where none can be made.
    fn in_own_mounts(inside: impl FnOnce() -> io::Result<()> + Send) {
        let enter_and_run = || own_mounts::enter().map(|()| inside());
        match thread::scope(|scope| scope.spawn(enter_and_run).join().unwrap()) {
            Ok(done) => done.unwrap(),
            Err(errno) => eprintln!("not tested: no mount namespace can be made: {errno}"),
        }
    }

    #[test]
    fn what_a_server_writes_into_its_folder_no_other_server_finds() {
        let place = tempfile::tempdir().unwrap();
        let folder = installed(place.path());
        for server in ["first", "second"] {
            in_own_mounts(|| {
                own(&folder, &place.path().join(server)).show()?;
                change_as_a_server_would(&folder);
                Ok(())
            });
            assert_as_installed(&folder);
        }
    }

    #[test]
    fn on_a_file_system_that_cannot_hold_the_changes_they_are_kept_in_memory() {
        let place = tempfile::tempdir().unwrap();
        let folder = installed(place.path());
        let outer = place.path().join("container");
        fs::create_dir(&outer).unwrap();
        in_own_mounts(|| {
            // As in a container, whose own file system is an overlay.
            own(&outer, &place.path().join("of-the-container")).show()?;
            let changes = outer.join("changes");
            assert!(own(&folder, &changes).lay_over().is_err(), "it can hold them");
            own(&folder, &changes).show()?;
            change_as_a_server_would(&folder);
            Ok(())
        });
        assert_as_installed(&folder);
    }

    #[test]
    fn where_nothing_can_be_mounted_a_server_starts_in_the_shared_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("not installed");
        let view = View {
            hosts: None,
            folder: Some(own(&folder, &place.path().join("changes"))),
        };
        // There is nothing to mount over: no error either.
        thread::scope(|scope| scope.spawn(|| view.enter()).join().unwrap()).unwrap();
    }
}
