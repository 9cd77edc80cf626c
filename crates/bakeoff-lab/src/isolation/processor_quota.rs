//! A quota of processor time for one process and what it starts, in the hierarchy `cpu` of version 1, where the lab has
//! no other cgroups: the quota of an emulated instance of a platform. In version 2 a server's own cgroup has it
//! ([`super::Cgroup::set_processors`]).

use super::cgroup::remove_when_empty;
use std::fs;
use std::path::PathBuf;

/// The period of a quota, in µs: the kernel's default.
const PERIOD_US: u32 = 100_000;

/// A cgroup with a quota; dropping it removes it when its processes have ended.
#[derive(Debug)]
pub(crate) struct ProcessorQuota {
    folder: PathBuf,
}

impl ProcessorQuota {
    /// A cgroup for that many processors, also a part of one; none where the kernel does not take it.
    pub(super) fn create(folder: PathBuf, processors: f64) -> Option<ProcessorQuota> {
        fs::create_dir(&folder).ok()?;
        let quota = ProcessorQuota { folder };
        let set = |file: &str, value: f64| fs::write(quota.folder.join(file), format!("{value}"));
        set("cpu.cfs_period_us", f64::from(PERIOD_US)).ok()?;
        set("cpu.cfs_quota_us", (processors * f64::from(PERIOD_US)).round()).ok()?;
        Some(quota)
    }

    /// Adds a process; whether the kernel took it.
    pub(crate) fn add_process(&self, pid: i32) -> bool {
        fs::write(self.folder.join("cgroup.procs"), pid.to_string()).is_ok()
    }
}

impl Drop for ProcessorQuota {
    fn drop(&mut self) {
        remove_when_empty(&self.folder);
    }
}
