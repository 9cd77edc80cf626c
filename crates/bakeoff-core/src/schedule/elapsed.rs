//! When the steps of a run ended. Reads no clock: every step has its time.

use crate::evidence::{Launch, Run};

/// When the last step of a run ended, in seconds from the start of its measuring. A session that goes on with the run
/// counts from then on.
#[must_use]
pub fn elapsed_s(run: &Run) -> f64 {
    let of_launch = |launch: &Launch| {
        let end_s = launch.end.as_ref().map_or(0.0, |end| end.at_s + end.seconds);
        end_s.max(launch.at_s + launch.seconds)
    };
    let launches = run.launches.iter().map(of_launch);
    let trials = run.trials.iter().map(|trial| trial.at_s + trial.seconds);
    launches.chain(trials).fold(0.0, f64::max)
}
