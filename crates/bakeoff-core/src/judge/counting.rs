//! Which trials of an entrant measured a server that was warm. What a trial shows by itself is for [`super::gates`];
//! here it is seen beside the other trials of its launch.

use crate::drift::{self, DriftKind};
use crate::evidence::{
    Caution, Gate, GateOutcome, GateResult, Launch, Trial, WakeUp, WarmClass, WarmPhase, WarmUp,
};
use crate::steady::level;

/// The fewest windows at the brief's rate that show how much a server still changed.
const FEWEST_WINDOWS: usize = 4;

/// Which trials of an entrant measured it warm.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counting {
    /// For each trial whether it counts for what needs a warm server.
    pub(super) warm: Vec<bool>,
    /// What was found of the trials that do not count.
    pub(super) cautions: Vec<Caution>,
    /// By how much CPU time per request still changed, as a logarithm, where no trial was warm and all count
    /// nevertheless.
    pub(super) still_changed: Option<f64>,
}

impl Counting {
    /// Of the trials of one entrant in the order of their blocks. Trials without a launch all count.
    pub(super) fn of(launches: &[&Launch], trials: &[&Trial]) -> Counting {
        let spoilt: Vec<bool> = trials.iter().map(|trial| is_spoilt(trial)).collect();
        let mut warm: Vec<bool> = trials.iter().map(|trial| trial.launch.is_none()).collect();
        let mut cautions = Vec::new();
        let (mut changes, mut not_back) = (Vec::new(), 0);
        for launch in launches.iter().copied() {
            let own = |place: &usize| trials[*place].launch == Some(launch.id) && !spoilt[*place];
            let places: Vec<usize> = (0..trials.len()).filter(own).collect();
            let own: Vec<&Trial> = places.iter().map(|place| trials[*place]).collect();
            if own.is_empty() {
                continue;
            }
            changes.extend(still_changed(launch, &own));
            if !has_settled(launch) {
                cautions.push(Caution::NoSteadyState);
                continue;
            }
            let watched = drift::watch(Some(launch), &own);
            let from = watched.drift.map_or(0, |drift| drift.from);
            cautions.extend(watched.drift.map(|drift| match drift.kind {
                DriftKind::StillWarmingUp => Caution::StillWarmingUp {
                    ratio: drift.ratio,
                    trials: from as u32,
                },
                DriftKind::SlowsDownLate => Caution::SlowsDownLate {
                    ratio: drift.ratio,
                    trials: from as u32,
                },
            }));
            not_back += watched.counts[from..].iter().filter(|counts| !**counts).count();
            for (place, counts) in places.into_iter().zip(watched.counts) {
                warm[place] = counts;
            }
        }
        if not_back > 0 {
            cautions.push(Caution::NotBackFromRest {
                trials: not_back as u32,
            });
        }
        // Where nothing else spoilt all of them, a server that was never warm counts with what it still changed.
        let still_changed = (spoilt.contains(&false) && !warm.contains(&true)).then(|| {
            warm.fill(true);
            changes.iter().sum::<f64>() / changes.len().max(1) as f64
        });
        if let Some(change) = still_changed {
            cautions = vec![Caution::NotWarm {
                still_changed: change.exp_m1(),
            }];
        }
        let by_another = trials
            .iter()
            .filter(|trial| is_disturbed_by_another(trial))
            .count() as u32;
        if by_another > 0 {
            cautions.push(Caution::DisturbedByAnother { trials: by_another });
        }
        Counting {
            warm,
            cautions,
            still_changed,
        }
    }
}

/// Whether a trial missed a gate of its own, so that its CPU time tells nothing of its launch's level.
fn is_spoilt(trial: &Trial) -> bool {
    let missed =
        |result: &GateResult| result.gate != Gate::SteadyState && result.outcome == GateOutcome::Failed;
    trial.gates.iter().any(missed)
}

/// Whether the machine was not quiet because servers that should have rested used the processor.
fn is_disturbed_by_another(trial: &Trial) -> bool {
    let missed = |result: &GateResult| result.gate == Gate::Quiet && result.outcome == GateOutcome::Failed;
    let cores = trial.environment.resting_cores.unwrap_or(0.0);
    cores >= WakeUp::DISTURBS_FROM_CORES && trial.gates.iter().any(missed)
}

/// Whether a launch found its steady state.
pub(super) fn has_settled(launch: &Launch) -> bool {
    let missed =
        |result: &GateResult| result.gate == Gate::SteadyState && result.outcome == GateOutcome::Failed;
    let unsettled = |warm_up: &WarmUp| warm_up.class == WarmClass::NoSteadyState;
    !launch.gates.iter().any(missed) && !launch.warm_up.as_ref().is_some_and(unsettled)
}

/// By how much CPU time per request of a launch still changed, as a logarithm: over its warm-up where it did not
/// settle, else from its settled level to where it stood after its rests.
fn still_changed(launch: &Launch, trials: &[&Trial]) -> Option<f64> {
    let warm_up = launch.warm_up.as_ref()?;
    let Some(settled) = warm_up.level.filter(|_| has_settled(launch)) else {
        return over_windows(warm_up);
    };
    let woken = trials.iter().filter_map(|trial| trial.wake_up.as_ref());
    let off = |wake_up: &WakeUp| {
        let windows = &wake_up.windows[wake_up.windows.len().saturating_sub(2)..];
        let values: Vec<f64> = windows.iter().map(|window| window.cpu_us).collect();
        Some((level(&values)? / settled.cpu_us).ln().abs())
    };
    let off: Vec<f64> = woken
        .filter(|wake_up| !wake_up.returned)
        .filter_map(off)
        .collect();
    (!off.is_empty()).then(|| off.iter().sum::<f64>() / off.len() as f64)
}

/// The change from the first half of the windows at the brief's rate to the second; of all windows where these are few.
fn over_windows(warm_up: &WarmUp) -> Option<f64> {
    let values = |at_rate: bool| -> Vec<f64> {
        let windows = warm_up.windows.iter();
        windows
            .filter(|window| !at_rate || window.phase != WarmPhase::ClosedLoop)
            .map(|window| window.cpu_us)
            .collect()
    };
    let mut seen = values(true);
    if seen.len() < FEWEST_WINDOWS {
        seen = values(false);
    }
    let (earlier, later) = seen.split_at(seen.len() / 2);
    Some((level(later)? / level(earlier)?).ln().abs())
}

#[cfg(test)]
mod tests {
    use super::Counting;
    use crate::evidence::{Caution, Gate, GateOutcome, Launch, Run, Trial, WarmClass};
    use crate::fixture::{Fixture, gate};

    fn run() -> Run {
        Fixture::new(&[("a", 1.0), ("b", 1.2)])
            .launches(2)
            .blocks(8)
            .noise(0.01)
            .run()
    }

    fn counting(run: &Run) -> Counting {
        let launches: Vec<&Launch> = run
            .launches
            .iter()
            .filter(|launch| launch.entrant.is_contender("a"))
            .collect();
        let trials: Vec<&Trial> = run
            .trials
            .iter()
            .filter(|trial| trial.entrant.is_contender("a"))
            .collect();
        Counting::of(&launches, &trials)
    }

    /// The trials of the first contender's launch `launch`.
    fn own(run: &mut Run, launch: u32) -> impl Iterator<Item = &mut Trial> {
        run.trials
            .iter_mut()
            .filter(move |trial| trial.launch == Some(launch))
    }

    #[test]
    fn all_trials_of_a_server_that_stays_on_its_level_count() {
        let counting = counting(&run());
        assert_eq!((counting.warm.len(), counting.still_changed), (8, None));
        assert!(counting.warm.iter().all(|warm| *warm) && counting.cautions.is_empty());
    }

    #[test]
    fn a_trial_that_did_not_come_back_does_not_count() {
        let mut run = run();
        own(&mut run, 0)
            .next()
            .unwrap()
            .wake_up
            .as_mut()
            .unwrap()
            .returned = false;
        let counting = counting(&run);
        assert_eq!(counting.warm[..3], [false, true, true]);
        assert_eq!(counting.cautions, [Caution::NotBackFromRest { trials: 1 }]);
    }

    #[test]
    fn trials_before_a_change_of_level_do_not_count() {
        let check = |factor: f64, is_found: fn(&Caution) -> bool| {
            let mut run = run();
            for trial in own(&mut run, 0).skip(2) {
                trial.load.as_mut().unwrap().server_cpu_s *= factor;
            }
            let counting = counting(&run);
            assert_eq!(counting.warm[..5], [false, false, true, true, true]);
            assert!(counting.cautions.iter().any(is_found), "{:?}", counting.cautions);
        };
        check(2.0, |caution| {
            matches!(caution, Caution::SlowsDownLate { trials: 2, .. })
        });
        check(0.4, |caution| {
            matches!(caution, Caution::StillWarmingUp { trials: 2, .. })
        });
    }

    #[test]
    fn one_launch_that_did_not_settle_leaves_the_others() {
        let mut run = run();
        run.launches[0].warm_up.as_mut().unwrap().class = WarmClass::NoSteadyState;
        let counting = counting(&run);
        assert_eq!(
            counting.warm,
            [false, false, false, false, true, true, true, true]
        );
        assert_eq!(counting.cautions, [Caution::NoSteadyState]);
    }

    #[test]
    fn what_never_settles_counts_with_what_it_still_changed() {
        let mut run = run();
        for launch in &mut run.launches {
            let warm_up = launch.warm_up.as_mut().unwrap();
            (warm_up.class, warm_up.level) = (WarmClass::NoSteadyState, None);
            for window in &mut warm_up.windows[7..] {
                window.cpu_us *= 0.5;
            }
        }
        let counting = counting(&run);
        assert!(counting.warm.iter().all(|warm| *warm));
        let changed = counting.still_changed.unwrap();
        assert!((changed - 2.0_f64.ln()).abs() < 1e-9, "{changed}");
        let [Caution::NotWarm { still_changed }] = counting.cautions[..] else {
            panic!("{:?}", counting.cautions)
        };
        assert!((still_changed - 1.0).abs() < 1e-9, "{still_changed}");
    }

    #[test]
    fn what_never_comes_back_counts_with_how_far_it_stayed_away() {
        let mut run = run();
        for trial in &mut run.trials {
            let wake_up = trial.wake_up.as_mut().unwrap();
            wake_up.returned = false;
            wake_up.windows.iter_mut().for_each(|window| window.cpu_us *= 1.3);
        }
        let changed = counting(&run).still_changed.unwrap();
        assert!((changed - 1.3_f64.ln()).abs() < 1e-9, "{changed}");
    }

    #[test]
    fn a_trial_that_another_server_disturbed_is_no_change_of_level() {
        let mut run = run();
        for trial in own(&mut run, 0).skip(2) {
            trial.load.as_mut().unwrap().server_cpu_s *= 3.0;
            trial.environment.resting_cores = Some(0.9);
            trial.gates.push(gate(Gate::Quiet, GateOutcome::Failed));
        }
        let counting = counting(&run);
        assert_eq!(counting.warm[..5], [true, true, false, false, true]);
        assert_eq!(counting.cautions, [Caution::DisturbedByAnother { trials: 2 }]);
    }
}
