//! How much of the machine a server may use: processes, memory, disk. This module holds the numbers only: the
//! watchdog enforces them, and the kernel does where a cgroup is available.

use crate::procfs;

/// The most that one server may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResourceLimits {
    /// Processes at the same time.
    pub processes: usize,
    /// Resident memory of all its processes, in MB.
    pub memory_mb: f64,
    /// Bytes written to disk or held in its temporary folder, in MB.
    pub disk_mb: f64,
}

impl ResourceLimits {
    /// For this machine: half its memory, and more processes and disk than any server of the contract needs.
    #[must_use]
    pub fn for_this_machine() -> ResourceLimits {
        ResourceLimits {
            processes: 512,
            memory_mb: (procfs::machine::memory_mb() as f64 / 2.0).max(256.0),
            disk_mb: 4_096.0,
        }
    }
}
