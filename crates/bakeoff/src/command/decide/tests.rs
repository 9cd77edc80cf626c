//! Judging a part of a stored run: removing a contender does not change the order of the others.

use super::{Decide, of_the_judged};
use crate::store::{Store, Stored};
use bakeoff_core::brief::Preferences;
use bakeoff_core::evidence::Run;
use bakeoff_core::fixture::{Fixture, brief};
use bakeoff_core::judge::judge;
use bakeoff_core::judgement::Judgement;
use clap::Parser;
use std::path::Path;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    decide: Decide,
}

/// Stores a run of four in which `c` alone has evidence of three metrics.
fn store(folder: &Path) -> Run {
    let alone = ["crash_lost", "drain_lost", "crash_recovery_ms"];
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.05), ("c", 1.3), ("d", 1.1)])
        .twin_of("c")
        .run();
    for trial in run.trials.iter_mut().filter(|trial| trial.entrant.name() != "c") {
        trial
            .observations
            .retain(|seen| !alone.contains(&seen.metric.as_str()));
    }
    let mut store = Store::open(folder).unwrap();
    store.begin(&run, &brief()).unwrap();
    run.trials
        .iter()
        .try_for_each(|trial| store.save_trial(&run.id, trial))
        .unwrap();
    run
}

fn decided(folder: &Path, only: &str) -> (Judgement, Run) {
    let line = Line::try_parse_from(["decide", "latest", "--only", only]).unwrap();
    let store = Store::existing(folder).unwrap();
    let Stored { run, brief } = store.load(&store.resolve("latest").unwrap()).unwrap();
    let options = line.decide.options(&run).unwrap();
    let judgement = judge(&run, &brief, &Preferences::default(), &options);
    (judgement, of_the_judged(run, &options))
}

#[test]
fn removing_the_only_contender_with_evidence_of_a_metric_keeps_the_order_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let run = store(folder.path());
    let (whole, stored) = decided(folder.path(), "a,b,c,d");
    assert_eq!(stored, run);
    let (rest, shown) = decided(folder.path(), "a,b,d");
    for name in ["a", "b", "d"] {
        assert_eq!(
            whole.verdict.expected_value[name],
            rest.verdict.expected_value[name]
        );
        for (other, p) in &rest.verdict.pairwise[name] {
            assert_eq!(*p, whole.verdict.pairwise[name][other]);
        }
    }
    assert_eq!(whole.verdict.choice, rest.verdict.choice);
    assert!(shown.trials.iter().all(|trial| trial.entrant.name() != "c"));
    let names: Vec<&str> = shown
        .contenders
        .iter()
        .map(|record| record.name.as_str())
        .collect();
    assert_eq!((names, shown.plan.twin_of), (vec!["a", "b", "d"], None));
    assert!(whole.verdict.noise_floor.is_some() && rest.verdict.noise_floor.is_none());
}

#[test]
fn an_unknown_contender_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let run = store(folder.path());
    let line = Line::try_parse_from(["decide", "latest", "--only", "a,bb"]).unwrap();
    let failure = line.decide.options(&run).unwrap_err();
    assert!(
        failure.text.contains("unknown contender `bb`") && failure.text.contains("did you mean `b`?"),
        "{failure}"
    );
}
