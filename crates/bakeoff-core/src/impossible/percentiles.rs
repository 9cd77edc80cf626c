//! Percentiles in order: p50 ≤ p90 ≤ p99 ≤ p99.9 ≤ max, across metrics and pages. One histogram cannot break this; two
//! metrics that come from different trials can. The scale is the ratio of the higher percentile to the lower.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, ratio};
use crate::metric::{Metric, Reduce};
use crate::range::Range;

/// The least ratio of a higher percentile to a lower.
const LEAST_RATIO: f64 = 1.0;

/// A higher percentile is not below a lower one.
pub(super) struct PercentilesInOrder;

impl Law for PercentilesInOrder {
    fn check(&self) -> Check {
        Check::PercentilesInOrder
    }

    fn judges(&self) -> Judged {
        Judged::Percentiles
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_least(LEAST_RATIO))
    }

    /// The percentiles of a trial come from one histogram.
    fn of_trial(&self, _: &TrialFacts<'_>) -> Option<Range> {
        None
    }

    /// Of the pairs with every other percentile the one that is furthest out of order.
    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range> {
        let Reduce::ResponseQuantile(own) = metric.reduce else {
            return None;
        };
        let this = facts.estimate(metric.id)?;
        let pairs = facts.estimated().filter_map(|(other, range)| match other.reduce {
            Reduce::ResponseQuantile(q) if q < own => ratio(&this, &range),
            Reduce::ResponseQuantile(q) if q > own => ratio(&range, &this),
            _ => None,
        });
        pairs.min_by(|a, b| a.high.total_cmp(&b.high))
    }
}
