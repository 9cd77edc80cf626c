//! Speed-up ≤ processors × 1.05: work that is spread over n processors is at most n times as fast. (Caches of several
//! processors together can make it a little faster still, hence the 5 %.) The scale is the speed-up itself.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, exactly};
use crate::metric::Metric;
use crate::range::Range;

/// The metric that has a speed-up.
const METRIC: &str = "multicore_speedup";

/// How far above the number of processors a speed-up may be.
const TOLERANCE: f64 = 1.05;

/// The speed-up is no larger than the number of processors.
pub(super) struct SpeedUp;

impl Law for SpeedUp {
    fn check(&self) -> Check {
        Check::SpeedUp
    }

    fn judges(&self) -> Judged {
        Judged::These { metrics: &[METRIC] }
    }

    fn possible(&self, machine: &Machine) -> Option<Possible> {
        (machine.processors > 0).then(|| Possible::at_most(f64::from(machine.processors) * TOLERANCE))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        trial.observation(METRIC).map(|seen| exactly(seen.value))
    }

    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range> {
        facts.estimate(metric.id)
    }
}
