//! The highest rate within the service level ≤ capacity × 1.05: no open loop is answered faster than the closed loop
//! was. The scale is the rate as a share of the capacity of the same trial; evidence without a capacity is not judged.

use crate::impossible::check::Check;
use crate::impossible::facts::{Facts, Machine, TrialFacts};
use crate::impossible::law::{Judged, Law, Possible, times};
use crate::metric::Metric;
use crate::range::Range;

/// The metric that has the highest rate within the service level, in 1/s.
const METRIC: &str = "rate_rps_slo";

/// How far above the capacity the rate may be: the closed loop came earlier.
const TOLERANCE: f64 = 1.05;

/// The highest rate within the service level is no more than the closed loop had.
pub(in crate::impossible) struct RateWithinCapacity;

impl Law for RateWithinCapacity {
    fn check(&self) -> Check {
        Check::RateWithinCapacity
    }

    fn judges(&self) -> Judged {
        Judged::These { metrics: &[METRIC] }
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_most(TOLERANCE))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        Some(times(&trial.observed(METRIC)?, 1.0 / capacity_rps(trial)?))
    }

    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range> {
        // The rate is averaged on the log scale, and so is what it is held against.
        let log_capacity = facts.mean(|trial| {
            trial.observation(METRIC)?;
            Some(capacity_rps(trial)?.ln())
        })?;
        Some(times(&facts.estimate(metric.id)?, (-log_capacity).exp()))
    }
}

fn capacity_rps(trial: &TrialFacts<'_>) -> Option<f64> {
    Some(trial.capacity()?.rps).filter(|rps| *rps > 0.0)
}
