//! CPU time of a process tree: the kernel's clock of each process in nanoseconds, which includes its ended threads, and
//! for ended children the time that their parents collected. No sampling of shares.

use crate::procfs::Stat;
use crate::procfs::machine::TICKS_PER_S;
use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use std::collections::BTreeMap;

/// CPU time of a server so far, counted in two ways. Either can only miss some: the process clocks miss a process that
/// starts and ends between two readings, the cgroup misses one that started before it joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CpuReading {
    /// By the clocks of its processes, in seconds.
    pub(crate) processes_s: f64,
    /// By its cgroup, in seconds; none without a cgroup that counts.
    pub(crate) cgroup_s: Option<f64>,
}

impl CpuReading {
    /// The increase since `before`, in seconds, by the way of counting that missed less.
    pub(crate) fn since_s(&self, before: &CpuReading) -> f64 {
        let of_processes = self.processes_s - before.processes_s;
        self.cgroup_since_s(before)
            .map_or(of_processes, |of_cgroup| of_cgroup.max(of_processes))
    }

    /// The increase that the cgroup counted, in seconds.
    pub(crate) fn cgroup_since_s(&self, before: &CpuReading) -> Option<f64> {
        Some(self.cgroup_s? - before.cgroup_s?)
    }
}

/// The CPU time of a tree, members that ended between two readings included.
#[derive(Debug, Default)]
pub(crate) struct CpuMeter {
    last: BTreeMap<(i32, u64), Reading>,
    ended_s: f64,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    parent: i32,
    seconds: f64,
}

impl CpuMeter {
    /// CPU time of the tree so far, in seconds, given its members now.
    ///
    /// The parent of an ended member counts it, at a resolution of 10 ms; without a living parent in the tree, the last
    /// reading of the ended member counts.
    pub(crate) fn total_s(&mut self, members: &[Stat]) -> f64 {
        let now: BTreeMap<(i32, u64), Reading> = members
            .iter()
            .map(|stat| {
                let children_s = stat.children_ticks as f64 / TICKS_PER_S;
                let before = self
                    .last
                    .get(&(stat.pid, stat.start_ticks))
                    .map_or(0.0, |reading| reading.seconds);
                let seconds = own_s(stat.pid).map_or(before, |own_s| own_s + children_s);
                (
                    (stat.pid, stat.start_ticks),
                    Reading {
                        parent: stat.parent,
                        seconds,
                    },
                )
            })
            .collect();
        for (key, reading) in &self.last {
            let parent_lives = members.iter().any(|stat| stat.pid == reading.parent);
            if !now.contains_key(key) && !parent_lives {
                self.ended_s += reading.seconds;
            }
        }
        self.last = now;
        self.ended_s + self.last.values().map(|reading| reading.seconds).sum::<f64>()
    }
}

/// CPU time of all threads of one process, ended ones included, in seconds.
pub(super) fn own_s(pid: i32) -> Option<f64> {
    let time = clock_getcpuclockid(Pid::from_raw(pid)).ok()?.now().ok()?;
    Some(time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::{CpuMeter, CpuReading};
    use crate::procfs;

    #[test]
    fn the_way_of_counting_that_missed_less_wins() {
        let reading = |processes_s, cgroup_s| CpuReading {
            processes_s,
            cgroup_s,
        };
        let check = |before, after: CpuReading, used_s| assert_eq!(after.since_s(&before), used_s);
        check(reading(1.0, None), reading(1.5, None), 0.5);
        check(reading(1.0, Some(3.0)), reading(1.5, Some(4.0)), 1.0);
        check(reading(1.0, Some(0.0)), reading(1.5, Some(0.25)), 0.5);
        check(reading(1.0, None), reading(1.5, Some(9.0)), 0.5);
    }

    #[test]
    fn cpu_time_never_decreases_and_grows_with_work() {
        let mut meter = CpuMeter::default();
        let own = || vec![procfs::stat(std::process::id() as i32).unwrap()];
        let before = meter.total_s(&own());
        let mut x = 1_u64;
        for i in 0..20_000_000_u64 {
            x = std::hint::black_box(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(i));
        }
        let after = meter.total_s(&own());
        assert!(after > before, "{before} to {after}, {x}");
        assert_eq!(meter.total_s(&[]), meter.total_s(&[]));
        assert!(meter.total_s(&[]) >= after, "an ended member still counts");
    }
}
