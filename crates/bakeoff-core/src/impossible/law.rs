//! The form of a law: what it judges, on which scale, and what is possible there. The laws are beside this file.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use crate::metric::{Metric, Reduce};
use crate::range::Range;

/// A law that every true value obeys.
pub(super) trait Law: Sync {
    /// Its name.
    fn check(&self) -> Check;

    /// The metrics that are no evidence when it is broken.
    fn judges(&self) -> Judged;

    /// What is possible on its scale on that machine; none where too little of the machine is stored.
    fn possible(&self, machine: &Machine) -> Option<Possible>;

    /// A trial's value on its scale, with the interval that the trial's own data give; none where the trial does not
    /// show it.
    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range>;

    /// The estimate of `metric` on its scale; none where the facts do not tell it.
    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range>;
}

/// The metrics that a law judges.
#[derive(Debug, Clone, Copy)]
pub(super) enum Judged {
    /// Those of these ids.
    These {
        /// The ids.
        metrics: &'static [&'static str],
    },
    /// Percentiles of the response time.
    Percentiles,
    /// Everything that is measured under the load at the brief's rate.
    AtRate,
}

impl Judged {
    /// Whether that metric is one of them.
    pub(super) fn include(self, metric: &Metric) -> bool {
        match self {
            Judged::These { metrics } => metrics.contains(&metric.id),
            Judged::Percentiles => matches!(metric.reduce, Reduce::ResponseQuantile(_)),
            Judged::AtRate => metric.exposure.at_rate(),
        }
    }
}

/// What is possible on a law's scale, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Possible {
    /// The least.
    pub(super) low: f64,
    /// The most.
    pub(super) high: f64,
}

impl Possible {
    /// Anything up to `high`.
    pub(super) const fn at_most(high: f64) -> Possible {
        Possible {
            low: f64::NEG_INFINITY,
            high,
        }
    }

    /// Anything from `low` on.
    pub(super) const fn at_least(low: f64) -> Possible {
        Possible {
            low,
            high: f64::INFINITY,
        }
    }

    /// The bound that the whole interval is beyond, if it is beyond one.
    pub(super) fn broken_by(&self, seen: &Range) -> Option<f64> {
        if seen.low > self.high {
            Some(self.high)
        } else if seen.high < self.low {
            Some(self.low)
        } else {
            None
        }
    }
}

/// A value without an interval of its own.
pub(super) const fn exactly(value: f64) -> Range {
    Range {
        value,
        low: value,
        high: value,
    }
}

/// A range with both ends and the value times `factor`, which is above 0.
pub(super) fn times(range: &Range, factor: f64) -> Range {
    Range {
        value: range.value * factor,
        low: range.low * factor,
        high: range.high * factor,
    }
}

/// The ratio of two independent values with every ratio that their intervals allow; none where the lower is not above
/// 0.
pub(super) fn ratio(upper: &Range, lower: &Range) -> Option<Range> {
    (lower.low > 0.0).then(|| Range {
        value: upper.value / lower.value,
        low: upper.low / lower.high,
        high: upper.high / lower.low,
    })
}
