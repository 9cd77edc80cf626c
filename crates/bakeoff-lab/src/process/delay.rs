//! How long others kept processes from running: run delay, time that others used, steal, pressure.
//! Deliberately only what the kernel counts; what of it is too much is a gate's business.

use super::procfs::Stat;
use std::collections::BTreeMap;
use std::fs;

/// Clock ticks a second in `/proc`.
const TICKS_PER_S: f64 = 100.0;

/// The time that processes were ready and waited for a processor, thread by thread.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RunDelay {
    by_thread_s: BTreeMap<i32, f64>,
}

impl RunDelay {
    /// Reads all threads of `members`; none where the kernel does not count it.
    pub(crate) fn read(members: &[Stat]) -> Option<RunDelay> {
        let mut by_thread_s = BTreeMap::new();
        for member in members {
            let Ok(threads) = fs::read_dir(format!("/proc/{}/task", member.pid)) else {
                continue;
            };
            for thread in threads.filter_map(Result::ok) {
                let Some(number) = thread.file_name().to_str().and_then(|name| name.parse().ok()) else {
                    continue;
                };
                let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) else {
                    continue;
                };
                if let Some(ns) = text.split(' ').nth(1).and_then(|field| field.parse::<f64>().ok()) {
                    by_thread_s.insert(number, ns / 1e9);
                }
            }
        }
        if by_thread_s.is_empty() {
            None
        } else {
            Some(RunDelay { by_thread_s })
        }
    }

    /// What came to it since `before`, in seconds; threads that ended meanwhile are not known.
    pub(crate) fn since_s(&self, before: &RunDelay) -> f64 {
        self.by_thread_s
            .iter()
            .map(|(thread, seconds)| (seconds - before.by_thread_s.get(thread).unwrap_or(&0.0)).max(0.0))
            .sum()
    }
}

/// What the kernel counted of some processors.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Processors {
    /// Time in which they worked for anybody, in seconds.
    pub(crate) busy_s: f64,
    /// Time that the hypervisor took away, in seconds.
    pub(crate) steal_s: f64,
}

impl Processors {
    /// Reads the counters of `cores`; none where `/proc/stat` does not tell.
    pub(crate) fn read(cores: &[usize]) -> Option<Processors> {
        Processors::parse(&fs::read_to_string("/proc/stat").ok()?, cores)
    }

    fn parse(text: &str, cores: &[usize]) -> Option<Processors> {
        let mut sum = Processors::default();
        for core in cores {
            let name = format!("cpu{core} ");
            let line = text.lines().find_map(|line| line.strip_prefix(&name))?;
            let ticks: Vec<f64> = line.split(' ').map_while(|field| field.parse().ok()).collect();
            // user nice system idle iowait irq softirq steal
            let at = |field: usize| ticks.get(field).copied().unwrap_or(0.0) / TICKS_PER_S;
            sum.busy_s += at(0) + at(1) + at(2) + at(5) + at(6);
            sum.steal_s += at(7);
        }
        Some(sum)
    }
}

/// Pressure of processors: share of the last ten seconds in which something waited for one, in percent.
pub(crate) fn cpu_pressure_percent() -> Option<f64> {
    let text = fs::read_to_string("/proc/pressure/cpu").ok()?;
    let some = text.lines().find_map(|line| line.strip_prefix("some avg10="))?;
    some.split(' ').next()?.parse().ok()
}

/// Load average of one minute.
pub(crate) fn load_1m() -> Option<f64> {
    fs::read_to_string("/proc/loadavg")
        .ok()?
        .split(' ')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{Processors, RunDelay};
    use crate::process::procfs;

    #[test]
    fn counters_of_the_asked_cores_are_summed() {
        let text =
            "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 50 1000 0 0 50 20 0 0\ncpu1 200 0 0 900 5 0 0 0 0 0\n";
        assert_eq!(
            Processors::parse(text, &[0]),
            Some(Processors {
                busy_s: 2.0,
                steal_s: 0.2
            })
        );
        assert_eq!(
            Processors::parse(text, &[0, 1]),
            Some(Processors {
                busy_s: 4.0,
                steal_s: 0.2
            })
        );
        assert_eq!(Processors::parse(text, &[7]), None);
    }

    #[test]
    fn run_delay_of_this_process_grows_and_never_shrinks() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let Some(before) = RunDelay::read(&own) else {
            return;
        };
        let after = RunDelay::read(&own).unwrap();
        assert!(after.since_s(&before) >= 0.0);
        assert_eq!(before.since_s(&before), 0.0);
    }
}
