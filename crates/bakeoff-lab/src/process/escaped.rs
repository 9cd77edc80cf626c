//! Processes that escaped: this process adopted them as orphans and they have no mark, so after a `kill -9` of this
//! bakeoff the next one could not recognise them. A file records each by its number and start time, a pair that no
//! other process of this boot has. Only escaped processes are recorded: the mark identifies all others.

use super::lab_instance::LabInstance;
use crate::procfs::{self, Stat};
use nix::unistd::geteuid;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How the name of the file begins; the instance follows.
const FILE: &str = "bakeoff-hidden-";

/// The largest file that is read, in bytes. The watchdog stops a program that creates orphans without end long before.
const MAX_BYTES: u64 = 1 << 20;

/// A process by its number and its start, in clock ticks since boot.
type Known = (i32, u64);

/// Records one. Best effort: without the file this bakeoff still finds the process while it runs itself.
pub(super) fn record(instance: LabInstance, stat: &Stat) {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(file_of(&std::env::temp_dir(), instance));
    if let Ok(mut file) = file {
        let _ = writeln!(file, "{} {} {}", boot(), stat.pid, stat.start_ticks);
    }
}

/// Removes the record, when no process of this bakeoff runs any more.
pub(crate) fn remove_record(instance: LabInstance) {
    let _ = fs::remove_file(file_of(&std::env::temp_dir(), instance));
}

/// The living escaped processes of ended instances with their descendants, and the files that record them.
pub(super) fn of_ended_instances(within: &Path) -> (Vec<Stat>, Vec<PathBuf>) {
    let files = files_of_ended_instances(within);
    let known: Vec<Known> = files.iter().flat_map(|file| recorded(file)).collect();
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

/// The processes of this boot in a file. Ignores a file of another user and anything but a regular file, because a
/// name in a shared temporary folder may be a trap.
fn recorded(file: &Path) -> Vec<Known> {
    let is_trusted = |metadata: &fs::Metadata| {
        metadata.is_file()
            && metadata.uid() == geteuid().as_raw()
            && metadata.mode() & 0o022 == 0
            && metadata.len() <= MAX_BYTES
    };
    if !fs::symlink_metadata(file).is_ok_and(|metadata| is_trusted(&metadata)) {
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

fn files_of_ended_instances(within: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(within).into_iter().flatten().filter_map(Result::ok);
    let is_stale = |name: &str| {
        let instance: Option<LabInstance> = name.strip_prefix(FILE).and_then(|text| text.parse().ok());
        instance.is_some_and(LabInstance::is_dead)
    };
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_stale))
        .map(|entry| entry.path())
        .collect()
}

fn file_of(within: &Path, instance: LabInstance) -> PathBuf {
    within.join(format!("{FILE}{instance}"))
}

/// The id of this boot of the machine.
fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{boot, file_of, of_ended_instances};
    use crate::process::lab_instance::LabInstance;
    use crate::procfs;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    #[test]
    fn only_recorded_processes_of_an_ended_instance_are_found_with_their_descendants() {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & wait"])
            .spawn()
            .unwrap();
        let stat = procfs::stat(shell.id() as i32).unwrap();
        while !procfs::all().iter().any(|other| other.parent == stat.pid) {
            std::thread::yield_now();
        }
        let dead: LabInstance = format!("{}-1-1", procfs::pid_namespace("self").unwrap())
            .parse()
            .unwrap();
        let named = |instance: LabInstance, line: String, mode: u32| {
            let file = file_of(folder.path(), instance);
            fs::write(&file, line).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let (found, files) = of_ended_instances(folder.path());
            fs::remove_file(file).unwrap();
            (found.len(), files.len())
        };
        let line = |boot: &str, start: u64| format!("nonsense\n{boot} {} {start}\n", stat.pid);
        let found = [
            named(dead, line(&boot(), stat.start_ticks), 0o600),
            // A reused process number; another boot; a file that others may write; an instance that runs.
            named(dead, line(&boot(), stat.start_ticks + 1), 0o600),
            named(dead, line("another", stat.start_ticks), 0o600),
            named(dead, line(&boot(), stat.start_ticks), 0o666),
            named(LabInstance::this(), line(&boot(), stat.start_ticks), 0o600),
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
