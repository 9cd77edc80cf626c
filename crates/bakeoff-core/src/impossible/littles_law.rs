//! Little's law: mean response time × rate = mean number of requests in flight, within 5 % [J. D. C. Little, Operations
//! Research 9(3), 1961]. The generator counts the requests in flight by the clock, independent of the histograms, so a
//! latency that counts from the wrong instant, or that was lost, shows here. The scale is the ratio of the two.
//!
//! Both sides are of the same requests, those that fell due in the measured time, each until it ended. So neither a
//! queue that grows nor a stall at the edge of the measured time makes them differ.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, exactly};
use crate::evidence::LoadSummary;
use crate::metric::Metric;
use crate::probability::student_quantile;
use crate::range::Range;

/// How far the two sides may differ, as a share.
const TOLERANCE: f64 = 0.05;

/// Mean response time × rate is the mean number of requests in flight.
pub(super) struct LittlesLaw;

impl Law for LittlesLaw {
    fn check(&self) -> Check {
        Check::LittlesLaw
    }

    fn judges(&self) -> Judged {
        Judged::Percentiles
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible {
            low: 1.0 - TOLERANCE,
            high: 1.0 + TOLERANCE,
        })
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        trial.load().and_then(of_load).map(exactly)
    }

    /// The mean over the trials with Student's interval; none of fewer than two.
    fn of_estimate(&self, _: &Metric, facts: &Facts<'_>) -> Option<Range> {
        let loads = facts.trials.iter().filter_map(TrialFacts::load);
        mean_with_interval(&loads.filter_map(of_load).collect::<Vec<f64>>())
    }
}

/// Time that requests spent by their latencies, over the time that they were in flight by the clock; none where nobody
/// counted, or none was in flight.
fn of_load(load: &LoadSummary) -> Option<f64> {
    let count = load.count?;
    let failed: u64 = load.failures.iter().map(|failure| failure.count).sum();
    let by_latency_s =
        (count.mean_response_ms * load.correct as f64 + count.mean_failed_ms * failed as f64) / 1e3;
    let by_clock_s = count.mean_in_flight * load.seconds;
    // A load that was stopped leaves requests that have no latency yet.
    (count.open == 0 && by_clock_s > 0.0).then(|| by_latency_s / by_clock_s)
}

fn mean_with_interval(values: &[f64]) -> Option<Range> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|one| (one - value).powi(2)).sum();
    let half = (squares / (n - 1.0) / n).sqrt() * student_quantile(0.975, n - 1.0);
    Some(Range {
        value,
        low: value - half,
        high: value + half,
    })
}
