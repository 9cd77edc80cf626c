//! The closed loop of a warm-up and of a burst: every path until it has its calls, rare paths first and evenly, then
//! the brief's mix until the compilers are idle. The loop saturates the server: pools and threads are full.

use super::deadline::Deadline;
use super::driver::{Closed, Driver, Quota};
use crate::language::WarmNeeds;
use bakeoff_core::evidence::{Fault, WarmPhase, WarmWindow};
use bakeoff_core::scenario::Scenario;
use bakeoff_load::RequestSpec;
use std::collections::BTreeMap;
use std::time::Duration;

/// Portions in which a path gets the calls of a warm-up, so that all paths grow warm together.
const PORTIONS: u64 = 10;

/// The CPU time that one path may use in a warm-up and in a burst, in seconds: a password hash of 50 ms needs no 3,000
/// calls.
const WARM_CPU_S: f64 = 10.0;
const BURST_CPU_S: f64 = 1.0;

/// The calls of a path that only waits, in a warm-up and in a burst.
const WARM_WAITING_CALLS: u64 = 100;
const BURST_WAITING_CALLS: u64 = 20;

/// A path only waits when its requests take this many times as long as the CPU time of all that are in flight.
const WAITS_TIMES: f64 = 3.0;

/// The length of a window of the brief's mix, from which the carried rate comes; at most this share of the time for the
/// whole warm-up, which tests shorten.
const MIX_WINDOW: Duration = Duration::from_secs(1);
const MIX_SHARE: f64 = 1.0 / 30.0;

/// The same where the share of the compilers is read, and the share below which they are idle in two such windows.
const COMPILER_WINDOW: Duration = Duration::from_secs(2);
const IDLE_COMPILERS: f64 = 0.05;

/// When a path has been called often enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PathQuota {
    /// Calls.
    calls: u64,
    /// Calls of one portion.
    portion: u64,
    /// Calls of a path that only waits.
    waiting_calls: u64,
    /// CPU time, in seconds.
    cpu_s: f64,
}

impl PathQuota {
    /// Of a warm-up with this many clients.
    pub(super) fn of_warm_up(needs: &WarmNeeds, clients: usize) -> PathQuota {
        PathQuota {
            calls: needs.calls,
            portion: needs.calls.div_ceil(PORTIONS).max(clients as u64),
            waiting_calls: WARM_WAITING_CALLS,
            cpu_s: WARM_CPU_S,
        }
    }

    /// Of the burst that wakes a server.
    pub(super) fn of_burst(needs: &WarmNeeds) -> PathQuota {
        PathQuota {
            calls: needs.burst,
            portion: needs.burst,
            waiting_calls: BURST_WAITING_CALLS,
            cpu_s: BURST_CPU_S,
        }
    }

    /// The calls of the next portion of a path: the first shows whether it only waits.
    fn next_portion(&self, path: &Path) -> u64 {
        let portion = if path.calls == 0 {
            self.portion.min(self.waiting_calls)
        } else {
            self.portion
        };
        portion.min(self.calls.saturating_sub(path.calls)).max(1)
    }

    fn is_reached(&self, path: &Path) -> bool {
        path.calls >= self.calls
            || path.cpu_s >= self.cpu_s
            || (path.only_waits && path.calls >= self.waiting_calls)
            || path.is_silent
    }
}

/// One path of the mix.
struct Path {
    /// Its request, as a mix of one.
    mix: [RequestSpec; 1],
    /// Whether a correct response needs the database: then it does not only wait, its code works too.
    asks_database: bool,
    calls: u64,
    cpu_s: f64,
    only_waits: bool,
    /// Whether its last portion brought no response.
    is_silent: bool,
    /// Of its last portion: CPU time a request in µs, and the median service time in ms.
    cost: Option<(f64, f64)>,
}

impl Path {
    fn new(spec: &RequestSpec, scenarios: &BTreeMap<String, Scenario>) -> Path {
        let scenario = scenarios.get(&spec.label);
        Path {
            mix: [spec.clone()],
            asks_database: scenario.is_some_and(|scenario| scenario.database.statements > 0),
            calls: 0,
            cpu_s: 0.0,
            only_waits: false,
            is_silent: false,
            cost: None,
        }
    }

    /// Adds a portion in which at most `in_flight` requests were open at the same time.
    fn add(&mut self, portion: &Closed, in_flight: u64) {
        self.calls += portion.requests;
        self.cpu_s += portion.cpu_s;
        self.is_silent = portion.requests == 0;
        if portion.requests > 0 {
            let cpu_us = portion.cpu_s * 1e6 / portion.requests as f64;
            self.cost = Some((cpu_us, portion.service_ms_p50));
            let working_ms = cpu_us / 1e3 * in_flight as f64;
            self.only_waits = !self.asks_database && portion.service_ms_p50 > WAITS_TIMES * working_ms;
        }
    }
}

/// Calls every path until it has its calls or the time is over, rare paths first. Each round of portions leaves a
/// window, whose cost is that of the brief's mix.
///
/// # Errors
/// As [`Driver::closed`].
pub(super) fn call_every_path(
    driver: &mut Driver<'_>,
    mix: &[RequestSpec],
    scenarios: &BTreeMap<String, Scenario>,
    quota: &PathQuota,
    deadline: Deadline,
) -> Result<(), Fault> {
    let mut paths: Vec<Path> = mix.iter().map(|spec| Path::new(spec, scenarios)).collect();
    paths.sort_by(|a, b| a.mix[0].weight.total_cmp(&b.mix[0].weight));
    while !deadline.is_over() && paths.iter().any(|path| !quota.is_reached(path)) {
        let before = driver.requests();
        let mut cpu_s = 0.0;
        let mut compilers_s: Option<f64> = None;
        for path in paths.iter_mut().filter(|path| !quota.is_reached(path)) {
            if deadline.is_over() {
                break;
            }
            let calls = quota.next_portion(path);
            let limit = Quota {
                calls: Some(calls),
                cpu_s: quota.cpu_s - path.cpu_s,
                time: deadline.left(),
            };
            let portion = driver.closed(&path.mix, limit)?;
            path.add(&portion, calls.min(driver.clients() as u64));
            cpu_s += portion.cpu_s;
            if let Some(share) = portion.compiler_share {
                *compilers_s.get_or_insert(0.0) += share * portion.cpu_s;
            }
        }
        let requests = driver.requests() - before;
        if let Some((cpu_us, service_ms_p50)) = cost_of_mix(&paths).filter(|_| requests > 0) {
            driver.add_window(WarmWindow {
                at_s: 0.0,
                cpu_us,
                service_ms_p50,
                phase: WarmPhase::ClosedLoop,
                requests,
                compiler_share: compilers_s.map(|compilers_s| share(compilers_s, cpu_s)),
            });
        }
    }
    Ok(())
}

/// Drives the brief's mix in a closed loop until the compilers are idle, once where they cannot be told by name;
/// returns the rate that it carried last, in correct responses a second, 0 without one. `limit_s` is the time for the
/// whole warm-up, in seconds.
///
/// # Errors
/// As [`Driver::closed_window`].
pub(super) fn drive_mix(
    driver: &mut Driver<'_>,
    mix: &[RequestSpec],
    limit_s: f64,
    deadline: Deadline,
) -> Result<f64, Fault> {
    let watches_compilers = !driver.needs().compiler_threads.is_empty();
    let length = if watches_compilers {
        COMPILER_WINDOW
    } else {
        MIX_WINDOW
    };
    let length = length.min(Duration::from_secs_f64(limit_s * MIX_SHARE));
    let (mut shares, mut carried_rps) = (Vec::new(), 0.0);
    loop {
        let limit = Quota {
            calls: None,
            cpu_s: f64::INFINITY,
            // A shorter window would tell nothing, and the paths may have used all the time.
            time: length,
        };
        let closed = driver.closed_window(mix, limit)?;
        if closed.requests > 0 {
            carried_rps = closed.carried_rps;
            driver.add_window(WarmWindow {
                at_s: 0.0,
                cpu_us: closed.cpu_s * 1e6 / closed.requests as f64,
                service_ms_p50: closed.service_ms_p50,
                phase: WarmPhase::ClosedLoop,
                requests: closed.requests,
                compiler_share: closed.compiler_share,
            });
        }
        shares.extend(closed.compiler_share);
        if !watches_compilers || compilers_are_idle(&shares) || deadline.is_over() {
            return Ok(carried_rps);
        }
    }
}

/// Whether the compilers took little of the CPU time in each of the last two windows.
fn compilers_are_idle(shares: &[f64]) -> bool {
    match shares {
        [.., before, last] => *before < IDLE_COMPILERS && *last < IDLE_COMPILERS,
        _ => false,
    }
}

/// CPU time a request in µs and median service time in ms, weighted by the shares of the mix; none before a path has
/// responded.
fn cost_of_mix(paths: &[Path]) -> Option<(f64, f64)> {
    let known = || {
        paths
            .iter()
            .filter_map(|path| Some((path.mix[0].weight, path.cost?)))
    };
    let weights: f64 = known().map(|(weight, _)| weight).sum();
    let sum = |part: fn((f64, f64)) -> f64| -> f64 {
        known().map(|(weight, cost)| weight * part(cost)).sum::<f64>() / weights
    };
    (weights > 0.0).then(|| (sum(|cost| cost.0), sum(|cost| cost.1)))
}

fn share(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Path, PathQuota, compilers_are_idle, cost_of_mix};
    use crate::language::warm_needs;
    use crate::warm::driver::Closed;
    use bakeoff_load::RequestSpec;
    use std::collections::BTreeMap;

    fn path(weight: f64) -> Path {
        let spec = RequestSpec {
            weight,
            ..RequestSpec::get("/x")
        };
        Path::new(&spec, &BTreeMap::new())
    }

    /// A portion of this many requests, with CPU time and service time of each in ms.
    fn portion(requests: u64, cpu_ms: f64, service_ms: f64) -> Closed {
        Closed {
            requests,
            cpu_s: cpu_ms / 1e3 * requests as f64,
            compiler_share: None,
            service_ms_p50: service_ms,
            carried_rps: 0.0,
        }
    }

    /// The calls that a path gets whose requests cost that much, and its CPU time in seconds.
    fn called(path: &mut Path, quota: &PathQuota, cpu_ms: f64, service_ms: f64) -> (u64, f64) {
        while !quota.is_reached(path) {
            let calls = quota.next_portion(path);
            path.add(&portion(calls, cpu_ms, service_ms), calls.min(32));
        }
        (path.calls, path.cpu_s)
    }

    #[test]
    fn a_path_gets_its_calls_or_its_cpu_time_or_fewer_when_it_only_waits() {
        let calls = |runtime: &str, cpu_ms: f64, service_ms: f64| {
            let quota = PathQuota::of_warm_up(warm_needs(runtime), 32);
            called(&mut path(1.0), &quota, cpu_ms, service_ms)
        };
        // 32 clients wait for each other, so a request takes 32 times its CPU time.
        assert_eq!(calls("node", 0.1, 3.2).0, 3_000);
        assert_eq!(calls("python", 0.7, 22.0).0, 200);
        assert_eq!(calls("java", 0.2, 6.4).0, 20_000);
        let (hashes, cpu_s) = calls("node", 50.0, 1_600.0);
        assert!(
            (200..3_000).contains(&hashes) && cpu_s >= 10.0,
            "{hashes} in {cpu_s} s"
        );
        assert_eq!(calls("node", 0.1, 100.0).0, 100);
    }

    #[test]
    fn a_burst_is_shorter() {
        let calls = |runtime: &str, cpu_ms: f64, service_ms: f64| {
            let quota = PathQuota::of_burst(warm_needs(runtime));
            called(&mut path(1.0), &quota, cpu_ms, service_ms).0
        };
        assert_eq!(calls("node", 0.1, 3.2), 500);
        assert_eq!(calls("python", 0.7, 22.0), 50);
        assert_eq!(calls("java", 0.1, 3.2), 1_000);
        assert_eq!(calls("node", 0.1, 100.0), 20);
    }

    #[test]
    fn what_waits_for_the_database_gets_all_its_calls() {
        let mut asking = path(1.0);
        asking.asks_database = true;
        let quota = PathQuota::of_warm_up(warm_needs("node"), 32);
        assert_eq!(called(&mut asking, &quota, 0.1, 100.0).0, 3_000);
    }

    #[test]
    fn a_silent_path_ends() {
        let mut silent = path(1.0);
        let quota = PathQuota::of_warm_up(warm_needs("node"), 32);
        silent.add(&portion(0, 0.0, 0.0), 32);
        assert!(quota.is_reached(&silent));
    }

    #[test]
    fn the_compilers_are_idle_after_two_windows_of_little() {
        // Shares of Spring Boot's compilers, as measured (docs/method.md).
        for (shares, idle) in [
            (&[0.56, 0.47, 0.50, 0.53][..], false),
            (&[0.48, 0.21, 0.08, 0.04], false),
            (&[0.21, 0.03, 0.02], true),
            (&[0.03, 0.07, 0.04], false),
            (&[0.01], false),
            (&[], false),
        ] {
            assert_eq!(compilers_are_idle(shares), idle, "{shares:?}");
        }
    }

    #[test]
    fn the_cost_of_a_round_is_that_of_the_mix() {
        let (mut rare, mut common, unknown) = (path(10.0), path(90.0), path(50.0));
        rare.add(&portion(100, 2.0, 64.0), 32);
        common.add(&portion(100, 1.0, 32.0), 32);
        let (cpu_us, service_ms) = cost_of_mix(&[rare, common, unknown]).unwrap();
        assert!((cpu_us - 1_100.0).abs() < 1e-6 && (service_ms - 35.2).abs() < 1e-6);
        assert_eq!(cost_of_mix(&[path(1.0)]), None);
    }
}
