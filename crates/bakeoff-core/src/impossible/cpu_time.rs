//! CPU time a request × rate ≤ processors × 1.02: a server cannot use more processors than it may run on. The scale is
//! processors in use. The rate is that of the responses which came while the CPU time was read: a server that is too
//! slow for the brief answers the rest later, and may need more processors than there are without using them. The cost
//! of a million requests is computed from the CPU time, so it falls with it.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, exactly, times};
use crate::metric::Metric;
use crate::range::Range;

/// The metric that has the CPU time of a request, in µs.
const METRIC: &str = "cpu_us_per_request";

/// How far above the number of processors the use may be: the clocks of processes and of the load are read one after
/// the other.
const TOLERANCE: f64 = 1.02;

const US_PER_S: f64 = 1e6;

/// The CPU time of all requests is no more than the server's processors have.
pub(super) struct CpuTime;

impl Law for CpuTime {
    fn check(&self) -> Check {
        Check::CpuTime
    }

    fn judges(&self) -> Judged {
        Judged::These {
            metrics: &[METRIC, "cost_per_million"],
        }
    }

    fn possible(&self, machine: &Machine) -> Option<Possible> {
        let processors = f64::from(machine.server_processors);
        (machine.server_processors > 0).then(|| Possible::at_most(processors * TOLERANCE))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        let cpu_us = trial.observation(METRIC)?.value;
        Some(exactly(cpu_us / US_PER_S * rate_rps(trial)?))
    }

    fn of_estimate(&self, _: &Metric, facts: &Facts<'_>) -> Option<Range> {
        let rate_rps = facts.mean(rate_rps)?;
        Some(times(&facts.estimate(METRIC)?, rate_rps / US_PER_S))
    }
}

/// Responses a second while the CPU time was read; all of the load in evidence that has no such count.
fn rate_rps(trial: &TrialFacts<'_>) -> Option<f64> {
    let load = trial.load()?;
    Some(load.served_rps.unwrap_or(load.achieved_rps))
}
