//! How much of the machine a server may use: processes, memory, disk, connections to the database. This module holds
//! the numbers only: the watchdog enforces them, and the kernel does where a cgroup is available.

use crate::error::LabError;
use crate::procfs;

/// Connections to the database that each process may hold.
pub(crate) const POOL: u32 = 10;

/// The least memory that a launch must be allowed, in MB. The shipped contenders use less, and a probe's thousands of
/// connections use some hundred more.
const LEAST_MB: f64 = 256.0;

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
    /// For this machine and that many launches at the same time: the memory that each may use without the others
    /// running short of it, and more processes and disk than any server of the contract needs.
    #[must_use]
    pub fn for_this_machine(launches: usize) -> ResourceLimits {
        ResourceLimits {
            processes: 512,
            memory_mb: share_mb(procfs::machine::memory_mb() as f64, launches).max(LEAST_MB),
            disk_mb: 4_096.0,
        }
    }
}

/// The memory of one launch: one share more than there are launches, because a probe may start a server of its own.
fn share_mb(machine_mb: f64, launches: usize) -> f64 {
    machine_mb / (launches + 1) as f64
}

/// Whether this machine has the memory for that many launches at the same time.
///
/// # Errors
/// It has not; the error names the number that it has the memory for.
pub(crate) fn check_memory(launches: usize) -> Result<(), LabError> {
    let machine_mb = procfs::machine::memory_mb() as f64;
    // 0 where `/proc` does not show it.
    if machine_mb <= 0.0 || fits(machine_mb, launches) {
        return Ok(());
    }
    Err(LabError::Memory {
        launches,
        needed_mb: LEAST_MB * (launches + 1) as f64,
        machine_mb,
        fitting: ((machine_mb / LEAST_MB) as usize).saturating_sub(1).max(1),
    })
}

fn fits(machine_mb: f64, launches: usize) -> bool {
    // A single launch is tried on any machine: nothing smaller could be measured.
    launches <= 1 || share_mb(machine_mb, launches) >= LEAST_MB
}

#[cfg(test)]
mod tests {
    use super::{LEAST_MB, fits, share_mb};

    #[test]
    fn the_memory_of_the_machine_is_shared_by_all_that_live_and_one_more() {
        assert_eq!(share_mb(16_000.0, 1), 8_000.0);
        assert_eq!(share_mb(16_000.0, 9), 1_600.0);
        assert!(fits(LEAST_MB * 10.0, 9) && !fits(LEAST_MB * 10.0, 10));
        assert!(fits(100.0, 1));
    }
}
