//! The quota of an instance of a platform in a cgroup: a share of the processors, and whether the kernel holds a limit
//! of memory. Both versions of cgroups.

use super::Cgroup;
use std::fs;

/// The period of a quota, in µs: the kernel's default.
const PERIOD_US: f64 = 100_000.0;

impl Cgroup {
    /// Limits its processes to that many processors, also a part of one; whether the kernel accepted it.
    pub(crate) fn set_processors(&self, processors: f64) -> bool {
        let quota = (processors * PERIOD_US).round();
        let of_two = self.write_first("cpu.max", &format!("{quota} {PERIOD_US}"));
        of_two
            || self.write_first("cpu.cfs_period_us", &PERIOD_US.to_string())
                && self.write_first("cpu.cfs_quota_us", &quota.to_string())
    }

    /// Whether the kernel holds its processes to about that much memory, in MB.
    pub(crate) fn holds_memory(&self, memory_mb: f64) -> bool {
        let most = memory_mb * 1.01e6;
        ["memory.max", "memory.limit_in_bytes"].iter().any(|file| {
            self.folders.iter().any(|folder| {
                let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
                text.trim().parse().is_ok_and(|bytes: f64| bytes <= most)
            })
        })
    }
}
