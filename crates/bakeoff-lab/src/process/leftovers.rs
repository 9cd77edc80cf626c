//! What an earlier bakeoff left when it was killed: its processes and its folders. Only what its own mark
//! names, or what it noted of those that hide, and only when the one who made it is certainly gone.

use super::hidden;
use super::owner::{MARK, Owner};
use super::procfs::{self, Stat};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long processes that were left may take to end by themselves.
const PATIENCE: Duration = Duration::from_secs(2);

/// What every folder of a running lab is called before its owner.
const FOLDER: &str = "bakeoff-run-";

/// What was found and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Processes.
    pub(crate) processes: usize,
    /// Folders.
    pub(crate) folders: usize,
}

/// A folder for what `owner` needs while a lab of his is open, another one each time; not made here.
pub(crate) fn run_folder(owner: Owner) -> PathBuf {
    std::env::temp_dir().join(format!("{FOLDER}{}", owner.next_mark().replace('/', ".")))
}

/// Ends the processes and removes the folders of owners that are gone.
pub(crate) fn end_those_of_the_dead() -> Removed {
    let processes = end_processes();
    let mut folders = 0;
    for folder in folders_of_the_dead(&std::env::temp_dir()) {
        folders += usize::from(fs::remove_dir_all(folder).is_ok());
    }
    Removed { processes, folders }
}

fn end_processes() -> usize {
    let found = processes_of_the_dead();
    // A database gives its shared memory back when it is told to end, and does not when it is killed.
    signal_all(&found, Signal::SIGTERM);
    let until = Instant::now() + PATIENCE;
    while !processes_of_the_dead().is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    let until = Instant::now() + PATIENCE;
    loop {
        let left = processes_of_the_dead();
        if left.is_empty() || Instant::now() >= until {
            let (_, files) = hidden::of_the_dead(&std::env::temp_dir());
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

fn processes_of_the_dead() -> Vec<Stat> {
    let is_marked = |stat: &Stat| {
        procfs::variable(stat.pid, MARK)
            .and_then(|mark| Owner::of_mark(&mark))
            .is_some_and(Owner::is_dead)
    };
    let marked = procfs::all()
        .into_iter()
        .filter(|stat| !stat.is_zombie() && is_marked(stat));
    let (hidden, _) = hidden::of_the_dead(&std::env::temp_dir());
    marked.chain(hidden).collect()
}

fn folders_of_the_dead(within: &Path) -> Vec<PathBuf> {
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
            mark.and_then(|mark| Owner::of_mark(&mark))
                .is_some_and(Owner::is_dead)
        })
        .map(|entry| entry.path())
        .collect()
}
