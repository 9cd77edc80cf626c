//! How many connections the database must allow: the pools of all launches that live, those of the servers that a probe
//! starts beside them, and the lab's own. Pure.

use crate::limits::POOL;

/// Connections of one process beyond its pool: one that listens for notifications, and one that is being replaced.
const BESIDE_POOL: usize = 2;

/// Servers that a probe starts beside the launch, each with a process for every processor.
const OF_PROBES: usize = 2;

/// The lab's own, besides one in each launch's database; the superuser's; and some to spare.
const RESERVE: usize = 20;

/// The fewest for programs with a database server of their own, whose pools the lab does not set.
pub(super) const OF_UNKNOWN_POOLS: usize = 200;

/// The connections that this many launches need, each with this many processes.
pub(super) fn needed(launches: usize, processes: usize, processors: usize) -> usize {
    let of_one = POOL as usize + BESIDE_POOL;
    let of_launches = launches * (processes * of_one + 1);
    of_launches + OF_PROBES * processors.max(processes) * of_one + RESERVE
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn every_pool_of_every_launch_fits() {
        assert_eq!(needed(1, 1, 2), 13 + 48 + 20);
        assert_eq!(needed(9, 1, 2), 9 * 13 + 48 + 20);
        assert_eq!(needed(9, 4, 8), 9 * 49 + 192 + 20);
    }
}
