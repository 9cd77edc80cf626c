//! Processes that hide: they fell to us as orphans and carry no mark, so that after a `kill -9` of this bakeoff nothing in them would tell the next one whose
//! they are. They are noted in a file, each by its number and the instant of its start, which no other process of this boot shares. Deliberately only these:
//! whoever carries the mark is found by it, without a file that could be lost.

use super::owner::Owner;
use super::procfs::{self, Stat};
use nix::unistd::geteuid;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What the file of a running bakeoff is called before its owner.
const FILE: &str = "bakeoff-hidden-";

/// The most bytes of a file that are read: a program that makes orphans without end is ended by its bounds long before.
const LONGEST: u64 = 1 << 20;

/// A process by its number and its start, in clock ticks since boot.
type Known = (i32, u64);

/// Notes one. Best effort: where nothing can be written it is still found as long as this bakeoff lives.
pub(super) fn note(owner: Owner, stat: &Stat) {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(file_of(&std::env::temp_dir(), owner));
    if let Ok(mut file) = file {
        let _ = writeln!(file, "{} {} {}", boot(), stat.pid, stat.start_ticks);
    }
}

/// For when nothing of this bakeoff runs any more.
pub(crate) fn forget(owner: Owner) {
    let _ = fs::remove_file(file_of(&std::env::temp_dir(), owner));
}

/// Those that still live of owners that are gone, with what descends from them; and the files that name them.
pub(super) fn of_the_dead(within: &Path) -> (Vec<Stat>, Vec<PathBuf>) {
    let files = files_of_the_dead(within);
    let known: Vec<Known> = files.iter().flat_map(|file| noted(file)).collect();
    if known.is_empty() {
        return (Vec::new(), files);
    }
    let all = procfs::all();
    let mut found: Vec<Stat> = all
        .iter()
        .filter(|stat| known.contains(&(stat.pid, stat.start_ticks)) && !stat.is_zombie())
        .copied()
        .collect();
    let mut place = 0;
    while let Some(parent) = found.get(place).map(|stat| stat.pid) {
        let is_known = |stat: &&Stat| found.iter().any(|one| one.pid == stat.pid);
        let children = all
            .iter()
            .filter(|stat| stat.parent == parent && !stat.is_zombie());
        let children: Vec<Stat> = children.filter(|stat| !is_known(stat)).copied().collect();
        found.extend(children);
        place += 1;
    }
    (found, files)
}

/// What a file names of this boot. A file that somebody else made, or that is none, names nobody.
fn noted(file: &Path) -> Vec<Known> {
    let is_ours = |told: &fs::Metadata| {
        told.is_file()
            && told.uid() == geteuid().as_raw()
            && told.mode() & 0o022 == 0
            && told.len() <= LONGEST
    };
    if !fs::symlink_metadata(file).is_ok_and(|told| is_ours(&told)) {
        return Vec::new();
    }
    let boot = boot();
    let text = fs::read_to_string(file).unwrap_or_default();
    let known = text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let of_boot = words.next()? == boot;
        let one = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        of_boot.then_some(one)
    });
    known.collect()
}

fn files_of_the_dead(within: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(within).into_iter().flatten().filter_map(Result::ok);
    let of_the_dead = |name: &str| {
        let owner: Option<Owner> = name.strip_prefix(FILE).and_then(|owner| owner.parse().ok());
        owner.is_some_and(Owner::is_dead)
    };
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(of_the_dead))
        .map(|entry| entry.path())
        .collect()
}

fn file_of(within: &Path, owner: Owner) -> PathBuf {
    within.join(format!("{FILE}{owner}"))
}

/// Which boot of the machine this is.
fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{boot, file_of, of_the_dead};
    use crate::process::owner::Owner;
    use crate::process::procfs;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    #[test]
    fn only_the_very_process_of_a_dead_owner_is_named_with_what_descends_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & wait"])
            .spawn()
            .unwrap();
        let stat = procfs::stat(shell.id() as i32).unwrap();
        while !procfs::all().iter().any(|other| other.parent == stat.pid) {
            std::thread::yield_now();
        }
        let dead: Owner = format!("{}-1-1", procfs::pid_namespace("self").unwrap())
            .parse()
            .unwrap();
        let named = |owner: Owner, line: String, mode: u32| {
            let file = file_of(folder.path(), owner);
            fs::write(&file, line).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let (found, files) = of_the_dead(folder.path());
            fs::remove_file(file).unwrap();
            (found.len(), files.len())
        };
        let line = |boot: &str, start: u64| format!("nonsense\n{boot} {} {start}\n", stat.pid);
        let found = [
            named(dead, line(&boot(), stat.start_ticks), 0o600),
            // Another process has its number by now; another boot; a file that others may write; an owner that lives.
            named(dead, line(&boot(), stat.start_ticks + 1), 0o600),
            named(dead, line("another", stat.start_ticks), 0o600),
            named(dead, line(&boot(), stat.start_ticks), 0o666),
            named(Owner::this(), line(&boot(), stat.start_ticks), 0o600),
        ];
        let children = procfs::all().into_iter().filter(|other| other.parent == stat.pid);
        for child in children {
            let _ = nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(child.pid),
                nix::sys::signal::Signal::SIGKILL,
            );
        }
        shell.kill().unwrap();
        shell.wait().unwrap();
        assert_eq!(found, [(2, 1), (0, 1), (0, 1), (0, 1), (0, 0)]);
    }
}
