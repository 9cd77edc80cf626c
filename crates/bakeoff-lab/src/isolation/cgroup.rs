//! A cgroup of one server or service, in each hierarchy where the lab may create one: the kernel limits, counts,
//! freezes and kills its processes. Best effort: a process that a server started before it joined the cgroup stays
//! outside and is found as at T0, and without any hierarchy every call does nothing.

mod quota;

use crate::procfs;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long a cgroup may take to become empty after its processes were killed.
const EMPTY_LIMIT: Duration = Duration::from_secs(2);

/// How long a cgroup may take to freeze.
const FREEZE_LIMIT: Duration = Duration::from_secs(1);

/// The polling interval of a cgroup that empties or freezes.
const POLL: Duration = Duration::from_millis(2);

/// `pids.max` counts threads, and a server may have one for each connection. This factor stops a fork bomb and no
/// server.
const THREADS_PER_PROCESS: usize = 32;

/// The most that the processes of a cgroup may use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CgroupLimits<'a> {
    /// Processes at the same time; none: no limit.
    pub(crate) processes: Option<usize>,
    /// Memory in MB; none: no limit.
    pub(crate) memory_mb: Option<f64>,
    /// Processors; empty for all.
    pub(crate) cores: &'a [usize],
}

/// How often the kernel enforced a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LimitEvents {
    /// Processes killed at the memory limit.
    pub(crate) killed: u64,
    /// Processes or threads refused at the process limit.
    pub(crate) refused: u64,
}

/// A cgroup in each hierarchy; dropping it kills its processes and removes it.
#[derive(Debug, Default)]
pub(crate) struct Cgroup {
    folders: Vec<PathBuf>,
}

impl Cgroup {
    /// Creates the folders and sets the limits that the kernel accepts.
    pub(super) fn create(folders: Vec<PathBuf>, limits: &CgroupLimits<'_>) -> Cgroup {
        let made = folders
            .into_iter()
            .filter(|folder| fs::create_dir(folder).is_ok() || folder.is_dir());
        let cgroup = Cgroup {
            folders: made.collect(),
        };
        for folder in &cgroup.folders {
            set_limits(folder, limits);
        }
        cgroup
    }

    /// Adds a process; processes that it starts from now on join too.
    pub(crate) fn add_process(&self, pid: i32) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.procs"), pid.to_string());
        }
    }

    /// The end of its path, in any hierarchy: what a process of it can be recognised by. None without a hierarchy.
    pub(crate) fn name(&self) -> Option<String> {
        let folder = self.folders.first()?;
        let above = folder.parent()?.file_name()?.to_str()?;
        Some(format!("/{above}/{}", folder.file_name()?.to_str()?))
    }

    /// Freezes all its processes; whether they stand still. A frozen process does not notice, and can be killed.
    pub(crate) fn freeze(&self) -> bool {
        let asked = self.write_first("cgroup.freeze", "1");
        let until = Instant::now() + FREEZE_LIMIT;
        while asked && Instant::now() < until {
            if self.field("cgroup.events", "frozen ") == Some(1) {
                return true;
            }
            thread::sleep(POLL);
        }
        self.thaw();
        false
    }

    /// Lets frozen processes go on.
    pub(crate) fn thaw(&self) {
        self.write_first("cgroup.freeze", "0");
    }

    /// Moves it to other processors, where the kernel binds cgroups to processors.
    pub(crate) fn set_cores(&self, cores: &[usize]) {
        self.write_first("cpuset.cpus", &list_of(cores));
    }

    /// Writes to a file of the first hierarchy that has it; whether the kernel accepted it.
    fn write_first(&self, file: &str, value: &str) -> bool {
        let mut paths = self.folders.iter().map(|folder| folder.join(file));
        paths
            .find(|path| path.exists())
            .is_some_and(|path| fs::write(path, value).is_ok())
    }

    /// CPU time of all its processes, ended ones included, in seconds; none where the kernel does not count it.
    pub(crate) fn cpu_s(&self) -> Option<f64> {
        let of_two = || Some(self.field("cpu.stat", "usage_usec ")? as f64 / 1e6);
        let of_one = || Some(self.field("cpuacct.usage", "")? as f64 / 1e9);
        of_two().or_else(of_one)
    }

    /// Time in which at least one task waited for a processor, in seconds; none where the kernel does not count it.
    pub(crate) fn pressure_s(&self) -> Option<f64> {
        let text = self.read("cpu.pressure")?;
        let some = text.lines().find(|line| line.starts_with("some "))?;
        let us: f64 = some.rsplit_once("total=")?.1.trim().parse().ok()?;
        Some(us / 1e6)
    }

    /// How often the kernel enforced the limits so far.
    pub(crate) fn limit_events(&self) -> LimitEvents {
        let of_two = self.field("memory.events", "oom_kill ");
        let killed = of_two.or_else(|| self.field("memory.oom_control", "oom_kill "));
        LimitEvents {
            killed: killed.unwrap_or(0),
            refused: self.field("pids.events", "max ").unwrap_or(0),
        }
    }

    /// The number after `name` in a file of the first hierarchy that has it.
    fn field(&self, file: &str, name: &str) -> Option<u64> {
        procfs::number_after(&self.read(file)?, name)
    }

    fn read(&self, file: &str) -> Option<String> {
        self.folders
            .iter()
            .find_map(|folder| fs::read_to_string(folder.join(file)).ok())
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.kill"), "1");
        }
        for folder in &self.folders {
            remove_when_empty(folder);
        }
    }
}

/// Removes a cgroup when its processes have ended. Does not wait for one that holds this process.
pub(super) fn remove_when_empty(folder: &Path) {
    let this = std::process::id().to_string();
    let processes = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    let holds_us = processes.lines().any(|pid| pid == this);
    let limit = if holds_us { Duration::ZERO } else { EMPTY_LIMIT };
    let until = Instant::now() + limit;
    while fs::remove_dir(folder).is_err() && folder.exists() && Instant::now() < until {
        thread::sleep(POLL);
    }
}

fn set_limits(folder: &Path, limits: &CgroupLimits<'_>) {
    let set = |file: &str, value: String| {
        let path = folder.join(file);
        if path.exists() {
            let _ = fs::write(path, value);
        }
    };
    if let Some(processes) = limits.processes {
        set("pids.max", (processes * THREADS_PER_PROCESS).to_string());
    }
    if let Some(memory_mb) = limits.memory_mb {
        let bytes = ((memory_mb * 1e6) as u64).to_string();
        // Version 2: no swap, and the kernel kills the whole cgroup at the limit instead of one process of it.
        set("memory.swap.max", "0".to_owned());
        set("memory.oom.group", "1".to_owned());
        set("memory.max", bytes.clone());
        // Version 1.
        set("memory.limit_in_bytes", bytes.clone());
        set("memory.memsw.limit_in_bytes", bytes);
    }
    // Version 1: a new cpuset is empty, and the kernel adds no process to an empty one.
    let above = |file: &str| {
        folder
            .parent()
            .and_then(|above| fs::read_to_string(above.join(file)).ok())
    };
    if let Some(memories) = above("cpuset.mems").filter(|memories| !memories.trim().is_empty()) {
        set("cpuset.mems", memories);
    }
    match above("cpuset.cpus") {
        Some(all) if limits.cores.is_empty() && !all.trim().is_empty() => set("cpuset.cpus", all),
        _ if limits.cores.is_empty() => {}
        _ => set("cpuset.cpus", list_of(limits.cores)),
    }
}

/// Processors as the kernel's lists write them.
fn list_of(cores: &[usize]) -> String {
    let cores: Vec<String> = cores.iter().map(ToString::to_string).collect();
    cores.join(",")
}

#[cfg(test)]
mod tests;
