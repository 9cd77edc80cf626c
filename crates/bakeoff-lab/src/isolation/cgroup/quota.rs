//! The quota of an instance of a platform in a cgroup: a share of the processors in version 2 (version 1:
//! [`crate::isolation::ProcessorQuota`]), and whether the kernel holds a limit of memory in either version.

use super::Cgroup;
use std::fs;

/// The period of a quota, in µs: the kernel's default.
const PERIOD_US: f64 = 100_000.0;

impl Cgroup {
    /// Limits its processes to that many processors, also a part of one; whether the kernel accepted it.
    pub(crate) fn set_processors(&self, processors: f64) -> bool {
        let quota = (processors * PERIOD_US).round();
        // The lab delegates no `cpu` to its servers, since that divides processor time between them. Here nothing else
        // runs, and the cgroup above ends with the lab.
        for above in self.folders.iter().filter_map(|folder| folder.parent()) {
            let _ = fs::write(above.join("cgroup.subtree_control"), "+cpu");
        }
        self.write_first("cpu.max", &format!("{quota} {PERIOD_US}"))
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
