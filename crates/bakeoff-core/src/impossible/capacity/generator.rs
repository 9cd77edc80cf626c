//! The generator's own CPU share or lag at "capacity": where it was at its end, the generator was measured and not the
//! server. The scale is its use of its own limit, the larger of the two shares; 1 is the limit.

use super::rests_on_capacity;
use crate::evidence::Capacity;
use crate::impossible::check::Check;
use crate::impossible::facts::{Facts, Machine, TrialFacts};
use crate::impossible::law::{Judged, Law, Possible, exactly};
use crate::metric::Metric;
use crate::range::Range;

/// The generator is at its limit from this share of its processors on, as at the gate `generator`.
const MOST_CPU_SHARE: f64 = 0.97;

/// Or from this lag on (99th percentile), in ms, as at the gate `generator`.
const MOST_LAG_MS: f64 = 10.0;

/// The generator was not the limit where the server's limit was measured.
pub(in crate::impossible) struct GeneratorNotTheLimit;

impl Law for GeneratorNotTheLimit {
    fn check(&self) -> Check {
        Check::GeneratorNotTheLimit
    }

    fn judges(&self) -> Judged {
        rests_on_capacity()
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_most(1.0))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        trial.capacity().map(|capacity| exactly(use_of_limit(capacity)))
    }

    /// Each trial stands for itself: a limit that is reached in some is not one that is reached on average.
    fn of_estimate(&self, _: &Metric, _: &Facts<'_>) -> Option<Range> {
        None
    }
}

/// How near the generator was to its limit, 1 at it.
pub(super) fn use_of_limit(capacity: &Capacity) -> f64 {
    (capacity.generator_cpu_share / MOST_CPU_SHARE).max(capacity.generator_lag_ms_p99 / MOST_LAG_MS)
}
