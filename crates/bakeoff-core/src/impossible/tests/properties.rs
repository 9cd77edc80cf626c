//! Laws hold for any value, interval and load.

use super::{RATE_RPS, found, range, trial};
use crate::evidence::{LoadSummary, RequestCount};
use crate::impossible::Check;
use crate::impossible::screen::Found;
use crate::range::Range;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

/// A metric, the estimates that it is judged with, and the bound of its law.
type Planted = (&'static str, Vec<(&'static str, Range)>, f64);

/// An estimate that is `seen` on the scale of a law.
fn planted(check: Check, seen: Range) -> Option<Planted> {
    let times = |factor: f64| range(seen.low * factor, seen.value * factor, seen.high * factor);
    Some(match check {
        Check::PercentilesInOrder => (
            "latency_ms_p99",
            vec![
                ("latency_ms_p50", range(10.0, 10.0, 10.0)),
                ("latency_ms_p99", times(10.0)),
            ],
            1.0,
        ),
        Check::SpeedUp => ("multicore_speedup", vec![("multicore_speedup", seen)], 2.1),
        Check::CpuTime => (
            "cpu_us_per_request",
            vec![("cpu_us_per_request", times(1e6 / RATE_RPS))],
            1.02,
        ),
        Check::Goodput => ("overload_goodput", vec![("overload_goodput", seen)], 1.05),
        Check::RateWithinCapacity => ("rate_rps_slo", vec![("rate_rps_slo", times(1_000.0))], 1.05),
        Check::MemoryUnderLoad => (
            "memory_mb_peak",
            vec![
                ("memory_mb_idle", range(100.0, 100.0, 100.0)),
                ("memory_mb_peak", times(100.0)),
            ],
            0.9,
        ),
        Check::LittlesLaw
        | Check::RequestsAccounted
        | Check::GeneratorNotTheLimit
        | Check::DatabaseNotTheLimit
        | Check::UpstreamNotTheLimit => return None,
    })
}

proptest! {
    /// An estimate is taken away exactly when all of its interval is beyond the bound.
    #[test]
    fn a_law_takes_away_what_is_beyond_its_bound_with_the_whole_interval(
        value in 0.05_f64..4.0,
        below in 0.001_f64..0.9,
        above in 0.001_f64..0.9,
    ) {
        let seen = range(value * (1.0 - below), value, value * (1.0 + above));
        for check in Check::ALL {
            let Some((id, estimates, bound)) = planted(check, seen) else { continue };
            let from_below = matches!(check, Check::PercentilesInOrder | Check::MemoryUnderLoad);
            let near = (seen.high - bound).abs().min((seen.low - bound).abs()) < 1e-9;
            if near {
                continue;
            }
            let is_beyond = if from_below { seen.high < bound } else { seen.low > bound };
            let found = found(id, &[trial(0, &[("rate_rps_slo", 900.0)])], &estimates);
            let taken = found.iter().any(|one| matches!(one, Found::Estimate(value) if value.check == check));
            prop_assert_eq!(taken, is_beyond, "{:?} {:?}", check, seen);
        }
    }

    /// Little's law in any load: the two sides agree when both were counted rightly, and a part that is missing from
    /// one of them is found.
    #[test]
    fn littles_law_finds_latencies_that_are_lost(mean_ms in 0.05_f64..2_000.0, rate in 1.0_f64..50_000.0, lost in 0.1_f64..0.9) {
        let of = |kept: f64| {
            let correct = (rate * 2.0).ceil() as u64;
            let mut one = trial(0, &[]);
            one.load = Some(LoadSummary {
                correct,
                seconds: 2.0,
                count: Some(RequestCount {
                    due: correct,
                    open: 0,
                    mean_in_flight: correct as f64 * mean_ms / 1e3 / 2.0,
                    mean_response_ms: mean_ms * kept,
                    mean_failed_ms: 0.0,
                }),
                ..LoadSummary::default()
            });
            found("latency_ms_p50", &[one], &[])
        };
        prop_assert_eq!(of(1.0), vec![]);
        prop_assert!(matches!(&of(1.0 - lost)[..], [Found::TooManyTrials(trials)] if trials.check == Check::LittlesLaw));
    }
}
