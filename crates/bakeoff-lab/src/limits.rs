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
    /// For this machine and that many launches at the same time: its memory divided by one more than there are, because
    /// a probe may start a server of its own; and more processes and disk than any server of the contract needs.
    #[must_use]
    pub fn for_this_machine(launches: usize) -> ResourceLimits {
        let share = (launches + 1) as f64;
        ResourceLimits {
            processes: 512,
            memory_mb: (procfs::machine::memory_mb() as f64 / share).max(256.0),
            disk_mb: 4_096.0,
        }
    }
}
