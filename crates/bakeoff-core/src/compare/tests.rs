//! Two runs whose differences are planted.

use super::{Comparison, Direction};
use crate::evidence::Run;
use crate::judge::{JudgeOptions, judge};
use crate::judgement::Judgement;
use crate::planted::{Planted, brief};

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
    let run = Planted::new(&[("one", 1.0), ("other", 1.5)]).twin_of("one").run();
    let mut changed = run.clone();
    let observations = changed
        .trials
        .iter_mut()
        .filter(|trial| trial.contender == contender)
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
    assert_eq!(same.overlapping(), same.with_intervals());
    assert!(same.same_outcome());
    assert!(same.pairs.iter().all(|pair| pair.went() == Direction::Same));
}

#[test]
fn a_planted_change_is_the_only_one_and_has_its_direction() {
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
        assert_eq!(changed[0].overlap, Some(false));
        assert!(comparison.changed(other).is_empty());
    }
}

#[test]
fn a_change_within_the_noise_is_none() {
    let comparison = with_change("other", "cpu_us_per_request", 1.0005);
    assert!(comparison.changed(Direction::Worse).is_empty());
}

#[test]
fn what_was_measured_once_has_no_interval_to_overlap() {
    let run = Planted::new(&[("one", 1.0), ("other", 1.5)]).twin_of("one").run();
    let mut once = run.clone();
    for trial in once.trials.iter_mut().filter(|trial| trial.block > 0) {
        trial
            .observations
            .retain(|observation| observation.metric != "cpu_us_per_request");
    }
    let (before, after) = (judged(&run), judged(&once));
    let comparison = Comparison::new((&run, &before), (&once, &after));
    let of = |metric: &str| {
        comparison
            .pairs
            .iter()
            .filter(|pair| pair.metric == metric)
            .collect::<Vec<_>>()
    };
    let lone = of("cpu_us_per_request");
    assert_eq!(lone.len(), 2);
    assert!(
        lone.iter()
            .all(|pair| pair.overlap.is_none() && pair.change.is_none())
    );
    let with_intervals = comparison.pairs.iter().filter(|pair| pair.overlap.is_some());
    assert_eq!(comparison.with_intervals(), with_intervals.count());
    assert!(comparison.with_intervals() > 3 && comparison.overlapping() <= comparison.with_intervals());
}
