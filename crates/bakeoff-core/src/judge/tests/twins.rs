//! Judging runs of launches with a twin: what the model predicts, and what follows when twins lie further apart.

use super::launches::{fixture, width};
use super::{estimate, judged};
use crate::evidence::{Caution, GateOutcome};

#[test]
fn twins_that_lie_where_the_model_predicts_change_nothing() {
    let run = fixture().run();
    let with_twin = fixture().twin_of("a").run();
    let judgement = judged(&with_twin);
    let floor = judgement.verdict.noise_floor.clone().unwrap();
    assert!(floor.widened.is_empty(), "{:?}", floor.widened);
    assert_eq!(floor.gate.unwrap().outcome, GateOutcome::Passed);
    let predicted = floor.predicted["cpu_us_per_request"];
    assert!(predicted.low < 1.0 && 1.0 < predicted.high);
    let without = judged(&run);
    assert!(without.verdict.noise_floor.is_none());
}

#[test]
fn twins_that_lie_further_apart_widen_the_intervals_of_all() {
    let mut run = fixture().twin_of("a").run();
    let near = judged(&run);
    for trial in run.trials.iter_mut().filter(|trial| trial.entrant.is_twin()) {
        let seen = trial.observations.iter_mut();
        seen.filter(|seen| seen.metric == "cpu_us_per_request")
            .for_each(|seen| seen.value *= 3.0);
    }
    let far = judged(&run);
    let floor = far.verdict.noise_floor.clone().unwrap();
    let factor = floor.widened["cpu_us_per_request"];
    assert_eq!(
        (floor.widened.len(), floor.gate.unwrap().outcome),
        (1, GateOutcome::Failed)
    );
    for name in ["a", "b"] {
        let (one, other) = (
            estimate(&near, name, "cpu_us_per_request"),
            estimate(&far, name, "cpu_us_per_request"),
        );
        assert!((width(other) / width(one) - factor).abs() < 1e-9);
        assert!(other.cautions.contains(&Caution::TwinsApart { factor }));
        assert_eq!(
            estimate(&near, name, "memory_mb_peak"),
            estimate(&far, name, "memory_mb_peak")
        );
    }
}
