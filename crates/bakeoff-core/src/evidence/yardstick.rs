//! How fast the machine was in each trial, by the time that a fixed piece of work took. The piece is the same within a
//! run only, so a trial compares with the run's best trial and with nothing else.

use super::trial::Trial;

/// For each trial, by which share the yardstick's work took longer than in the best trial of the run: 0.1 is 10 %
/// longer. None where the trial has no yardstick.
#[must_use]
pub fn slower_than_best(trials: &[Trial]) -> Vec<Option<f64>> {
    let times = || {
        trials
            .iter()
            .map(|trial| trial.environment.yardstick_ms.filter(|ms| *ms > 0.0))
    };
    let best_ms = times().flatten().fold(f64::INFINITY, f64::min);
    times().map(|ms| Some(ms? / best_ms - 1.0)).collect()
}
