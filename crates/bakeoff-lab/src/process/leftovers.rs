//! Removes what a killed bakeoff left: its processes and its folders. Only those with its mark or in its record of
//! escaped processes, and only when that instance has certainly ended.

use super::escaped;
use super::lab_instance::{LabInstance, MARK};
use crate::procfs::{self, Stat};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long orphaned processes may take to end after SIGTERM.
const TERM_LIMIT: Duration = Duration::from_secs(2);

/// How the name of a lab's folder begins; the mark of its instance follows.
const FOLDER: &str = "bakeoff-run-";

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Processes.
    pub(crate) processes: usize,
    /// Folders.
    pub(crate) folders: usize,
}

/// The path of a new folder for an open lab of `instance`; the caller creates it.
pub(crate) fn run_folder(instance: LabInstance) -> PathBuf {
    std::env::temp_dir().join(format!("{FOLDER}{}", instance.next_mark().replace('/', ".")))
}

/// Kills the processes and removes the folders of ended instances.
pub(crate) fn remove_leftovers() -> Removed {
    let processes = kill_orphaned_processes();
    let mut folders = 0;
    for folder in stale_folders(&std::env::temp_dir()) {
        folders += usize::from(fs::remove_dir_all(folder).is_ok());
    }
    Removed { processes, folders }
}

/// Kills the processes of ended instances, and returns how many there were.
fn kill_orphaned_processes() -> usize {
    let found = orphaned_processes();
    // SIGTERM first: PostgreSQL releases its shared memory when it ends by itself, not when it is killed.
    signal_all(&found, Signal::SIGTERM);
    // One that was paused hears SIGTERM only when it goes on.
    signal_all(&found, Signal::SIGCONT);
    let until = Instant::now() + TERM_LIMIT;
    while !orphaned_processes().is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    let until = Instant::now() + TERM_LIMIT;
    loop {
        let left = orphaned_processes();
        if left.is_empty() || Instant::now() >= until {
            let (_, files) = escaped::of_ended_instances(&std::env::temp_dir());
            files.iter().for_each(|file| drop(fs::remove_file(file)));
            return found.len();
        }
        signal_all(&left, Signal::SIGKILL);
        thread::sleep(Duration::from_millis(5));
    }
}

fn signal_all(processes: &[Stat], signal: Signal) {
    for stat in processes {
        let _ = kill(Pid::from_raw(stat.pid), signal);
    }
}

fn orphaned_processes() -> Vec<Stat> {
    let is_marked = |stat: &Stat| {
        procfs::variable(stat.pid, MARK)
            .and_then(|mark| LabInstance::of_mark(&mark))
            .is_some_and(LabInstance::is_dead)
    };
    let marked = procfs::all()
        .into_iter()
        .filter(|stat| !stat.is_zombie() && is_marked(stat));
    let (escaped, _) = escaped::of_ended_instances(&std::env::temp_dir());
    marked.chain(escaped).collect()
}

fn stale_folders(within: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(within) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name();
            let mark = name
                .to_str()
                .and_then(|name| name.strip_prefix(FOLDER))
                .map(|mark| mark.replace('.', "/"));
            mark.and_then(|mark| LabInstance::of_mark(&mark))
                .is_some_and(LabInstance::is_dead)
        })
        .map(|entry| entry.path())
        .collect()
}
