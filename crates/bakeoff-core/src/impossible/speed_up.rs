//! Speed-up ≤ processors × 1.05: work that is spread over n processors is at most n times as fast. (Caches of several
//! processors together can make it a little faster still, hence the 5 %.) The scale is the speed-up itself.
//!
//! A try of the probe scatters, so a stack without a serial share, whose true speed-up is the number of processors, is
//! beyond the bound in every third try. A trial breaks the law only where that scatter cannot explain it; the estimate
//! is judged as it is.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible};
use crate::metric::{Metric, metric};
use crate::probability::normal_quantile;
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
        let seen = trial.observation(METRIC)?.value;
        let deviation = metric(METRIC)?.repeatability.deviation(seen);
        // The metric's scale is logarithmic.
        let factor = (normal_quantile(0.975) * deviation).exp();
        Some(Range {
            value: seen,
            low: seen / factor,
            high: seen * factor,
        })
    }

    fn of_estimate(&self, metric: &Metric, facts: &Facts<'_>) -> Option<Range> {
        facts.estimate(metric.id)
    }
}
