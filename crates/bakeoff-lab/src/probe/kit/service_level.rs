//! The brief's service level, applied to a load: which requests are within it, whether a rate is held, and when the
//! level recovers after a disturbance. Pure; it drives no load.

use bakeoff_core::brief::Slo;
use bakeoff_core::search::Held;
use bakeoff_load::{LoadReport, RequestRecord};
use std::time::Duration;

/// The share of requests that may take longer: the service level is a 99th percentile.
const MAY_BE_LATE: f64 = 0.01;

/// How long the service level must hold before it counts as recovered, in seconds.
const HOLDS_S: f64 = 0.4;

/// The timeout of a request, unless the service level needs a longer one.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The timeout of a request.
pub(crate) fn timeout(slo: &Slo) -> Duration {
    TIMEOUT.max(Duration::from_secs_f64(slo.p99_ms * 4.0 / 1e3))
}

/// Whether a rate was held: at most one request in a hundred late, and no more failed than the brief allows.
pub(crate) fn is_held(report: &LoadReport, slo: &Slo) -> Held {
    let planned = report.planned as f64;
    let within = report.response.count_between(0, (slo.p99_ms * 1e3) as u64);
    let late = report.planned.saturating_sub(within) as f64;
    let failed = report.planned.saturating_sub(report.correct) as f64;
    if planned > 0.0
        && late <= MAY_BE_LATE * planned
        && failed <= slo.error_rate.max(MAY_BE_LATE / 2.0) * planned
    {
        Held::Yes
    } else {
        Held::No
    }
}

/// The time from `from_s` until the service level holds for [`HOLDS_S`] in a row, by the due times of requests, in
/// seconds; none when that does not happen before `until_s`. Both arguments are on the clock of the endings.
pub(crate) fn recovered_after(
    endings: &[RequestRecord],
    from_s: f64,
    until_s: f64,
    slo: &Slo,
) -> Option<f64> {
    let mut due: Vec<(f64, bool)> = endings
        .iter()
        .filter(|ending| ending.due_s >= from_s)
        .map(|ending| (ending.due_s, is_within(ending, slo)))
        .collect();
    due.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut start = 0;
    loop {
        let start_s = if start == 0 { from_s } else { due.get(start)?.0 };
        if start_s + HOLDS_S > until_s {
            return None;
        }
        let stretch = || {
            due[start..]
                .iter()
                .take_while(|(due_s, _)| *due_s < start_s + HOLDS_S)
        };
        let (all, late) = (stretch().count(), stretch().filter(|(_, within)| !within).count());
        if all > 0 && late as f64 <= (MAY_BE_LATE * all as f64).ceil() && due[start].1 {
            return Some(start_s - from_s);
        }
        start += 1;
    }
}

/// Whether a request got a correct response within the service level.
fn is_within(ending: &RequestRecord, slo: &Slo) -> bool {
    ending.failed.is_none() && (ending.at_s - ending.due_s) * 1e3 <= slo.p99_ms
}

#[cfg(test)]
mod tests {
    use super::recovered_after;
    use bakeoff_core::brief::Slo;
    use bakeoff_load::{FailureKind, RequestRecord};

    const SLO: Slo = Slo {
        p99_ms: 50.0,
        error_rate: 0.001,
    };

    /// A hundred requests a second for two seconds; the function gives the duration of each in ms, or none for a
    /// failure.
    fn load(takes_ms: impl Fn(f64) -> Option<f64>) -> Vec<RequestRecord> {
        (0..200)
            .map(|n| {
                let due_s = f64::from(n) / 100.0;
                let takes = takes_ms(due_s);
                RequestRecord {
                    due_s,
                    at_s: due_s + takes.unwrap_or(1.0) / 1e3,
                    failed: takes.is_none().then_some(FailureKind::Reset),
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(takes_ms: impl Fn(f64) -> Option<f64>, expected: Option<f64>) {
        let found = recovered_after(&load(takes_ms), 0.5, 2.0, &SLO);
        match (found, expected) {
            (Some(found), Some(expected)) => assert!((found - expected).abs() < 0.011, "{found}"),
            (found, expected) => assert_eq!(found, expected),
        }
    }

    #[test]
    fn the_level_recovers_when_lateness_and_failures_end() {
        check(|_| Some(5.0), Some(0.0));
        check(
            |at| Some(if (0.5..0.9).contains(&at) { 300.0 } else { 5.0 }),
            Some(0.4),
        );
        check(|at| (!(0.5..0.72).contains(&at)).then_some(5.0), Some(0.22));
        // A 99th percentile allows one late request.
        check(
            |at| Some(if (at - 0.8).abs() < 0.001 { 90.0 } else { 5.0 }),
            Some(0.0),
        );
        check(|_| Some(80.0), None);
        check(|at| Some(if at < 1.9 { 80.0 } else { 5.0 }), None);
    }
}
