//! A file system that cannot be written, but for one folder: a mount namespace of the calling thread and of what it
//! starts. Without the right to create one nothing changes, and the caller says so.

use crate::own_mounts;
use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use std::fs;
use std::path::{Path, PathBuf};

/// Kernel file systems, which a program on a platform finds too.
const KERNELS: [&str; 3] = ["/proc", "/sys", "/dev"];

const NO_PATH: Option<&Path> = None;
const NO_TEXT: Option<&str> = None;

/// Makes everything read-only for the calling thread and what it starts from now on, but for `folder`.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) fn enter(folder: &Path) -> Result<(), String> {
    own_mounts::enter().map_err(|errno| match errno {
        Errno::EPERM => "a mount namespace needs root or CAP_SYS_ADMIN".to_owned(),
        other => format!("a mount namespace cannot be made: {other}"),
    })?;
    let step = |what: &str, result: nix::Result<()>| result.map_err(|errno| format!("{what}: {errno}"));
    let bound = mount(Some(folder), folder, NO_TEXT, MsFlags::MS_BIND, NO_TEXT);
    step("the temporary folder cannot be mounted", bound)?;
    for point in points()
        .iter()
        .filter(|point| *point != folder && !is_kernels(point))
    {
        let read_only = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY;
        let made = mount(NO_PATH, point, NO_TEXT, read_only, NO_TEXT);
        // What another mount hides cannot be reached, nor written.
        if made.is_err() && point == Path::new("/") {
            return step("`/` stays writable", made);
        }
    }
    let probe = Path::new("/.bakeoff-cannot-be-written");
    if fs::write(probe, "").is_ok() {
        let _ = fs::remove_file(probe);
        return Err("`/` stays writable".to_owned());
    }
    Ok(())
}

/// Where something is mounted, as the calling thread sees it.
fn points() -> Vec<PathBuf> {
    let text = fs::read_to_string("/proc/thread-self/mountinfo").unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split(' ').nth(4))
        .map(|point| PathBuf::from(point.replace("\\040", " ")))
        .collect()
}

fn is_kernels(point: &Path) -> bool {
    KERNELS.iter().any(|kernel| point.starts_with(kernel))
}

#[cfg(test)]
mod tests {
    use super::enter;
    use std::{fs, thread};

    #[test]
    fn only_the_folder_can_be_written_and_only_this_thread_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let beside = tempfile::tempdir().unwrap();
        let entered = thread::scope(|scope| {
            let inside = || {
                enter(folder.path()).map(|()| {
                    let own = fs::write(folder.path().join("own"), "x").is_ok();
                    (own, fs::write(beside.path().join("other"), "x").is_ok())
                })
            };
            scope.spawn(inside).join().unwrap()
        });
        match entered {
            Ok(written) => assert_eq!(written, (true, false)),
            Err(reason) => {
                eprintln!("not tested: {reason}");
                return;
            }
        }
        fs::write(beside.path().join("other"), "x").unwrap();
    }
}
