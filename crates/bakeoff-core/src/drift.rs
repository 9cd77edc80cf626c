//! Drift: whether a launch kept its level of CPU time a request while it was measured, and which of its trials count
//! when it did not. Pure; it reads stored evidence and writes no sentence.

use crate::evidence::{Launch, Trial};
use crate::steady::{NOISE_BEFOREHAND, changed_for_good, level, noise_between_moments};

/// What was seen of a launch's CPU time a request over its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// For each trial, in the order given, whether it measured the launch's lasting level: the server had come back
    /// from its rest, and no change of level followed.
    pub counts: Vec<bool>,
    /// The change of level; none when it kept the level that it had.
    pub drift: Option<Drift>,
    /// Correct responses of all loads that were watched.
    pub requests: u64,
    /// CPU time of the server in them, in seconds.
    pub cpu_s: f64,
}

/// A change of level over the trials of a launch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Which way.
    pub kind: DriftKind,
    /// The level after the last change ÷ the level before it.
    pub ratio: f64,
    /// The place of the first trial on the last level, among the trials given.
    pub from: usize,
}

/// Which way a level moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftKind {
    /// It became cheaper while it was measured.
    StillWarmingUp,
    /// It became dearer while it was measured.
    SlowsDownLate,
}

/// Watches the trials of one launch, in their order. Trials of earlier versions have no launch and did not wake: each
/// counts.
#[must_use]
pub fn watch(launch: Option<&Launch>, trials: &[&Trial]) -> Watched {
    let settled = launch
        .and_then(|launch| launch.warm_up.as_ref())
        .and_then(|warm_up| warm_up.level);
    let noise = noise_between_moments(settled.map_or(NOISE_BEFOREHAND, |level| level.noise));
    // Where no level was found, none can come back; the launch's own gate says so.
    let came_back: Vec<bool> = trials
        .iter()
        .map(|trial| settled.is_none() || trial.wake_up.as_ref().is_none_or(|wake_up| wake_up.returned))
        .collect();
    let drift = launch.and_then(|_| last_change(trials, noise));
    let from = drift.map_or(0, |drift| drift.from);
    // What slowed down for good does not come back to its old level and is warm all the same, if it had come back
    // from rests before.
    let slowed = drift.is_some_and(|drift| drift.kind == DriftKind::SlowsDownLate)
        && came_back[..from].iter().any(|came_back| *came_back);
    let counts = came_back
        .iter()
        .enumerate()
        .map(|(at, came_back)| at >= from && (*came_back || slowed));
    let loads = || trials.iter().filter_map(|trial| trial.load.as_ref());
    Watched {
        counts: counts.collect(),
        drift,
        requests: loads().map(|load| load.correct).sum(),
        cpu_s: loads().map(|load| load.server_cpu_s).sum(),
    }
}

/// The last change of level.
fn last_change(trials: &[&Trial], noise: f64) -> Option<Drift> {
    let measured: Vec<(usize, f64)> = trials
        .iter()
        .enumerate()
        .filter_map(|(at, trial)| Some((at, cpu_us(trial)?)))
        .collect();
    let values: Vec<f64> = measured.iter().map(|(_, value)| *value).collect();
    let (mut before, mut from) = (0, 0);
    while let Some(further) = changed_for_good(&values[from..], noise) {
        (before, from) = (from, from + further);
    }
    if from == 0 {
        return None;
    }
    let ratio = level(&values[from..])? / level(&values[before..from])?;
    Some(Drift {
        kind: if ratio < 1.0 {
            DriftKind::StillWarmingUp
        } else {
            DriftKind::SlowsDownLate
        },
        ratio,
        from: measured[from].0,
    })
}

/// CPU time a request in the load of a trial, in µs: it depends less on the machine's other work than latency does.
fn cpu_us(trial: &Trial) -> Option<f64> {
    let load = trial.load.as_ref()?;
    (load.correct > 0 && load.server_cpu_s > 0.0).then(|| load.server_cpu_s * 1e6 / load.correct as f64)
}

#[cfg(test)]
mod tests {
    use super::{Drift, DriftKind, watch};
    use crate::entrant::Entrant;
    use crate::evidence::{Launch, LoadSummary, SettledLevel, Trial, WakeUp, WarmClass, WarmUp};

    fn launch() -> Launch {
        let level = SettledLevel {
            cpu_us: 400.0,
            noise: 0.08,
            before_pause_ratio: 1.0,
            rate_rps: 400.0,
        };
        let warm_up = WarmUp {
            class: WarmClass::Warm,
            windows: Vec::new(),
            requests: Some(9_000),
            level: Some(level),
        };
        Launch {
            warm_up: Some(warm_up),
            ..Launch::new(0, 0, Entrant::contender("a"))
        }
    }

    /// Trials of this CPU time a request, each with whether the server had come back to its settled level.
    fn trials(measured: &[(f64, bool)]) -> Vec<Trial> {
        let of = |(block, (cpu_us, returned)): (usize, &(f64, bool))| Trial {
            launch: Some(0),
            wake_up: Some(WakeUp {
                rested_s: 20.0,
                resting_cores: 0.001,
                paused: false,
                burst_requests: 1_500,
                windows: Vec::new(),
                returned: *returned,
            }),
            load: Some(LoadSummary {
                correct: 1_000,
                server_cpu_s: cpu_us / 1e3,
                ..LoadSummary::default()
            }),
            ..Trial::new(block as u32, Entrant::contender("a"))
        };
        measured.iter().enumerate().map(of).collect()
    }

    #[track_caller]
    fn check(measured: &[(f64, bool)], counts: &[bool], kind: Option<DriftKind>) -> Option<Drift> {
        let (launch, trials) = (launch(), trials(measured));
        let watched = watch(Some(&launch), &trials.iter().collect::<Vec<_>>());
        assert_eq!(watched.counts, counts);
        assert_eq!(watched.drift.map(|drift| drift.kind), kind);
        assert_eq!(watched.requests, 1_000 * measured.len() as u64);
        watched.drift
    }

    #[test]
    fn a_level_that_holds_counts_but_for_a_trial_that_did_not_come_back() {
        check(&[(400.0, true), (430.0, true), (380.0, true)], &[true; 3], None);
        check(
            &[(400.0, true), (560.0, false), (390.0, true)],
            &[true, false, true],
            None,
        );
        check(&[], &[], None);
    }

    #[test]
    fn what_gets_cheaper_was_still_warming_up() {
        let measured = [(900.0, true), (410.0, true), (400.0, true)];
        let drift = check(&measured, &[false, true, true], Some(DriftKind::StillWarmingUp)).unwrap();
        assert_eq!(drift.from, 1);
        assert!((0.44..0.46).contains(&drift.ratio), "{}", drift.ratio);
    }

    #[test]
    fn what_slows_down_for_good_counts_from_there_though_it_never_comes_back() {
        let measured = [(400.0, true), (410.0, true), (800.0, false), (810.0, false)];
        check(
            &measured,
            &[false, false, true, true],
            Some(DriftKind::SlowsDownLate),
        );
    }

    #[test]
    fn what_is_cold_after_every_rest_never_counts() {
        check(
            &[(800.0, false), (810.0, false), (790.0, false)],
            &[false; 3],
            None,
        );
    }

    #[test]
    fn a_disturbed_last_trial_is_no_drift() {
        check(&[(400.0, true), (410.0, true), (900.0, true)], &[true; 3], None);
    }

    #[test]
    fn every_trial_counts_without_a_launch_or_a_level() {
        let mut trials = trials(&[(400.0, true), (900.0, true), (910.0, true)]);
        let every = |launch: Option<&Launch>, trials: &[Trial]| {
            watch(launch, &trials.iter().collect::<Vec<_>>()).counts
        };
        assert_eq!(every(None, &trials), [true; 3]);
        let mut unsettled = launch();
        unsettled.warm_up = None;
        trials[1].wake_up.as_mut().unwrap().returned = false;
        trials.truncate(2);
        assert_eq!(every(Some(&unsettled), &trials), [true; 2]);
    }
}
