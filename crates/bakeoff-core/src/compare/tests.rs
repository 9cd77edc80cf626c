//! Two runs whose differences are known.

use super::{Comparison, Direction};
use crate::evidence::{Observation, Run};
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use crate::judgement::Judgement;

fn judged(run: &Run) -> Judgement {
    let brief = brief();
    let options = JudgeOptions {
        samples: 500,
        seed: 1,
        only: Vec::new(),
    };
    judge(run, &brief, &brief.preferences, &options)
}

/// A run, and the same with every observation of one metric of one contender multiplied.
fn with_change(contender: &str, metric: &str, factor: f64) -> Comparison {
    let run = Fixture::new(&[("one", 1.0), ("other", 1.5)]).twin_of("one").run();
    let mut changed = run.clone();
    let observations = changed
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender(contender))
        .flat_map(|trial| &mut trial.observations)
        .filter(|observation| observation.metric == metric);
    observations.for_each(|observation| observation.value *= factor);
    let (before, after) = (judged(&run), judged(&changed));
    Comparison::new((&run, &before), (&changed, &after))
}

#[test]
fn a_run_beside_itself_has_not_changed() {
    let same = with_change("other", "cpu_us_per_request", 1.0);
    assert!(same.pairs.len() > 3);
    assert_eq!(same.overlapping(), same.pairs.len());
    assert!(same.same_outcome());
    assert!(same.pairs.iter().all(|pair| pair.went() == Direction::Same));
}

#[test]
fn a_known_change_is_the_only_one_found_and_has_its_direction() {
    for (factor, direction, other) in [
        (1.6, Direction::Worse, Direction::Better),
        (0.6, Direction::Better, Direction::Worse),
    ] {
        let comparison = with_change("other", "cpu_us_per_request", factor);
        let changed = comparison.changed(direction);
        assert_eq!(changed.len(), 1, "{changed:#?}");
        assert_eq!(
            (changed[0].contender.as_str(), changed[0].metric.as_str()),
            ("other", "cpu_us_per_request")
        );
        let range = changed[0].change.unwrap().range;
        assert!(
            range.low < factor && factor < range.high && (range.value / factor - 1.0).abs() < 1e-9,
            "{range:?}"
        );
        assert!(!changed[0].overlap);
        assert!(comparison.changed(other).is_empty());
    }
}

#[test]
fn a_change_within_the_noise_is_none() {
    let comparison = with_change("other", "cpu_us_per_request", 1.0005);
    assert!(comparison.changed(Direction::Worse).is_empty());
}

#[test]
fn single_measurements_are_compared_by_their_repeatability() {
    let run = Fixture::new(&[("one", 1.0), ("other", 1.5)]).twin_of("one").run();
    let once = |factor: f64| {
        let mut once = run.clone();
        let is_cpu = |observation: &Observation| observation.metric == "cpu_us_per_request";
        for trial in &mut once.trials {
            trial
                .observations
                .retain(|seen| trial.block == 0 || !is_cpu(seen));
            let seen = trial.observations.iter_mut().filter(|seen| is_cpu(seen));
            seen.for_each(|seen| seen.value *= factor);
        }
        let (before, after) = (judged(&run), judged(&once));
        let comparison = Comparison::new((&run, &before), (&once, &after));
        let of_cpu = comparison.pairs.into_iter();
        of_cpu
            .filter(|pair| pair.metric == "cpu_us_per_request")
            .collect::<Vec<_>>()
    };
    let same = once(1.0);
    assert_eq!(same.len(), 2);
    for pair in same {
        assert!(pair.overlap && pair.after.low < pair.after.value && pair.after.value < pair.after.high);
        assert!(pair.change.is_some() && pair.went() == Direction::Same);
    }
    assert!(
        once(20.0)
            .iter()
            .all(|pair| !pair.overlap && pair.went() == Direction::Worse)
    );
}

#[test]
fn a_slower_machine_is_reported_and_is_no_change_of_a_contender() {
    let run = Fixture::new(&[("one", 1.0), ("other", 1.5)]).twin_of("one").run();
    let on_machine = |yardstick_ms: f64, version: &str| {
        let mut run = run.clone();
        run.version = version.to_owned();
        // A little less than the machine's own change: of two equal logarithms rounding would decide.
        let slower = (yardstick_ms / 2.0).powf(0.99);
        for trial in &mut run.trials {
            trial.environment.yardstick_ms = Some(yardstick_ms);
            let seen = trial.observations.iter_mut();
            seen.filter(|seen| seen.metric == "cpu_us_per_request")
                .for_each(|seen| seen.value *= slower);
        }
        let judgement = judged(&run);
        (run, judgement)
    };
    let (fast, slow, other) = (on_machine(2.0, "1"), on_machine(3.2, "1"), on_machine(3.2, "2"));
    let compared = |after: &(Run, Judgement)| Comparison::new((&fast.0, &fast.1), (&after.0, &after.1));
    let comparison = compared(&slow);
    assert!((comparison.machine.unwrap().times_as_slow() - 1.6).abs() < 1e-9);
    let cpu = |comparison: &Comparison| {
        let pair = comparison
            .pairs
            .iter()
            .find(|pair| pair.metric == "cpu_us_per_request");
        let pair = pair.unwrap();
        (pair.overlap, pair.went())
    };
    assert_eq!(cpu(&comparison), (false, Direction::Same));
    // Another build may have another yardstick.
    let comparison = compared(&other);
    assert_eq!(
        (comparison.machine, cpu(&comparison)),
        (None, (false, Direction::Worse))
    );
}
