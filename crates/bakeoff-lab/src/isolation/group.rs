//! A cgroup of one server or service, in each hierarchy that lets us have one: what is in it is limited, counted and ended by the
//! kernel. What a server started before it was put in stays outside and is found as at T0. Deliberately best effort: with no
//! hierarchy at all, every call does nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long a cgroup may take to be empty once what is in it was killed.
const EMPTY_LIMIT: Duration = Duration::from_secs(2);

/// The kernel counts threads there, and a server may have one for each connection: this stops a bomb, and no server.
const THREADS_EACH: usize = 32;

/// What may be taken in a cgroup.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits<'a> {
    /// Processes at once, where they are bounded.
    pub(crate) processes: Option<usize>,
    /// Memory in MB of 2^20 bytes, where it is bounded.
    pub(crate) memory_mb: Option<f64>,
    /// Processors; empty for all.
    pub(crate) cores: &'a [usize],
}

/// What the kernel had to do to hold a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// Processes that it killed because memory was at its limit.
    pub(crate) killed: u64,
    /// Processes or threads that it refused.
    pub(crate) refused: u64,
}

/// A cgroup in each hierarchy; dropping it kills what is in it and removes it.
#[derive(Debug, Default)]
pub(crate) struct Group {
    folders: Vec<PathBuf>,
}

impl Group {
    /// Makes the folders and sets the limits where that can be done.
    pub(super) fn create(folders: Vec<PathBuf>, limits: &Limits<'_>) -> Group {
        let made = folders
            .into_iter()
            .filter(|folder| fs::create_dir(folder).is_ok() || folder.is_dir());
        let group = Group {
            folders: made.collect(),
        };
        for folder in &group.folders {
            limit(folder, limits);
        }
        group
    }

    /// Puts a process in, and so all that it starts from now on.
    pub(crate) fn take_in(&self, pid: i32) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.procs"), pid.to_string());
        }
    }

    /// CPU time of all that was in it, in seconds, of what has ended too; none where it is not counted.
    pub(crate) fn cpu_s(&self) -> Option<f64> {
        let of_two = || Some(self.field("cpu.stat", "usage_usec ")? as f64 / 1e6);
        let of_one = || Some(self.field("cpuacct.usage", "")? as f64 / 1e9);
        of_two().or_else(of_one)
    }

    /// Time for which one of its tasks or more waited for a processor, in seconds; none where it is not told.
    pub(crate) fn pressure_s(&self) -> Option<f64> {
        let text = self.read("cpu.pressure")?;
        let some = text.lines().find(|line| line.starts_with("some "))?;
        let us: f64 = some.rsplit_once("total=")?.1.trim().parse().ok()?;
        Some(us / 1e6)
    }

    /// What the kernel had to do so far to hold the limits.
    pub(crate) fn held(&self) -> Held {
        let of_two = self.field("memory.events", "oom_kill ");
        let killed = of_two.or_else(|| self.field("memory.oom_control", "oom_kill "));
        Held {
            killed: killed.unwrap_or(0),
            refused: self.field("pids.events", "max ").unwrap_or(0),
        }
    }

    /// The number after `name` in a file, in the first hierarchy that has it.
    fn field(&self, file: &str, name: &str) -> Option<u64> {
        let text = self.read(file)?;
        let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
        rest.trim().parse().ok()
    }

    fn read(&self, file: &str) -> Option<String> {
        self.folders
            .iter()
            .find_map(|folder| fs::read_to_string(folder.join(file)).ok())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.kill"), "1");
        }
        for folder in &self.folders {
            remove_when_empty(folder);
        }
    }
}

/// Removes a cgroup once what is in it has ended; not one that this process is in.
pub(super) fn remove_when_empty(folder: &Path) {
    let this = std::process::id().to_string();
    let processes = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    let holds_us = processes.lines().any(|pid| pid == this);
    let limit = if holds_us { Duration::ZERO } else { EMPTY_LIMIT };
    let until = Instant::now() + limit;
    while fs::remove_dir(folder).is_err() && folder.exists() && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
}

fn limit(folder: &Path, limits: &Limits<'_>) {
    let set = |file: &str, value: String| {
        let path = folder.join(file);
        if path.exists() {
            let _ = fs::write(path, value);
        }
    };
    if let Some(processes) = limits.processes {
        set("pids.max", (processes * THREADS_EACH).to_string());
    }
    if let Some(memory_mb) = limits.memory_mb {
        let bytes = ((memory_mb * 1_048_576.0) as u64).to_string();
        // Of version 2: no way out into swap, and what is over the limit ends as a whole.
        set("memory.swap.max", "0".to_owned());
        set("memory.oom.group", "1".to_owned());
        set("memory.max", bytes.clone());
        // Of version 1.
        set("memory.limit_in_bytes", bytes.clone());
        set("memory.memsw.limit_in_bytes", bytes);
    }
    // Of version 1: empty until it is filled, and an empty one takes no process in.
    let above = |file: &str| {
        folder
            .parent()
            .and_then(|above| fs::read_to_string(above.join(file)).ok())
    };
    if let Some(memories) = above("cpuset.mems").filter(|memories| !memories.trim().is_empty()) {
        set("cpuset.mems", memories);
    }
    let cores: Vec<String> = limits.cores.iter().map(ToString::to_string).collect();
    match above("cpuset.cpus") {
        Some(all) if cores.is_empty() && !all.trim().is_empty() => set("cpuset.cpus", all),
        _ if cores.is_empty() => {}
        _ => set("cpuset.cpus", cores.join(",")),
    }
}

#[cfg(test)]
mod tests;
