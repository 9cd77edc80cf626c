//! Memory under load ≥ memory without load × 0.9: a server does not need less for working than for waiting. (A runtime
//! may give back what it needed to start, hence the tenth.) The scale is the ratio of the two. The cost of a million
//! requests is computed from the memory under load, so it falls with it.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, exactly, ratio};
use crate::metric::Metric;
use crate::range::Range;

/// The metrics with the memory under load and without.
const UNDER_LOAD: &str = "memory_mb_peak";
const IDLE: &str = "memory_mb_idle";

/// The least ratio.
const LEAST_RATIO: f64 = 0.9;

/// Memory under load is not below memory without load.
pub(super) struct MemoryUnderLoad;

impl Law for MemoryUnderLoad {
    fn check(&self) -> Check {
        Check::MemoryUnderLoad
    }

    fn judges(&self) -> Judged {
        Judged::These {
            metrics: &[UNDER_LOAD, "cost_per_million"],
        }
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_least(LEAST_RATIO))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        let (under_load, idle) = (trial.observation(UNDER_LOAD)?, trial.before_load(IDLE)?);
        (idle.value > 0.0).then(|| exactly(under_load.value / idle.value))
    }

    fn of_estimate(&self, _: &Metric, facts: &Facts<'_>) -> Option<Range> {
        ratio(&facts.estimate(UNDER_LOAD)?, &facts.estimate(IDLE)?)
    }
}
