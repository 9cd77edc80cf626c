//! Goodput ≤ capacity × 1.05: under overload a server has no more correct responses than when it was asked for as many
//! as it could. The metric is a share of the capacity already, so the scale is the metric's.

use crate::impossible::check::Check;
use crate::impossible::facts::{Facts, Machine, TrialFacts};
use crate::impossible::law::{Judged, Law, Possible};
use crate::metric::Metric;
use crate::range::Range;

/// The metric that has the goodput as a share of the capacity.
const METRIC: &str = "overload_goodput";

/// How far above the capacity the goodput may be: the closed loop came earlier.
const TOLERANCE: f64 = 1.05;

/// Correct responses under overload are no more than the closed loop had.
pub(in crate::impossible) struct Goodput;

impl Law for Goodput {
    fn check(&self) -> Check {
        Check::Goodput
    }

    fn judges(&self) -> Judged {
        Judged::These { metrics: &[METRIC] }
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_most(TOLERANCE))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        trial.observed(METRIC)
    }

    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range> {
        facts.estimate(metric.id)
    }
}
