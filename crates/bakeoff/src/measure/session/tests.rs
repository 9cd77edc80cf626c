//! A resumed session goes on with the step that the session before it would have had.

use super::Session;
use crate::brief_file::BriefFile;
use crate::store::Store;
use bakeoff_core::evidence::{
    ContenderRecord, Gate, GateOutcome, GateResult, Host, LoadSummary, Run, Status, StopReason, Trial,
};
use bakeoff_core::plan::{Plan, ProbeSlots};
use bakeoff_core::schedule::{self, Budget, Step};
use std::collections::BTreeMap;
use std::path::Path;

fn record(name: &str) -> ContenderRecord {
    ContenderRecord {
        name: name.to_owned(),
        title: String::new(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        versions: BTreeMap::new(),
        status: Status::Ready,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        no_evidence: BTreeMap::new(),
    }
}

/// A new run of two contenders.
fn run() -> Run {
    Run {
        id: "2026-11-24T090000Z-again".to_owned(),
        version: "0.1.0".to_owned(),
        brief_path: "again.toml".to_owned(),
        brief_text: String::new(),
        brief_sha256: String::new(),
        started: "2026-11-24T09:00:00Z".to_owned(),
        finished: None,
        stop: None,
        host: Host::default(),
        plan: Plan::new(vec!["a".to_owned(), "b".to_owned()], 120.0, 1, vec![1.0; 4]),
        contenders: vec![record("a"), record("b")],
        trials: Vec::new(),
        advice: Vec::new(),
    }
}

fn next(session: &Session) -> Step {
    schedule::next(&session.run().plan, session.run(), Budget::of(session.run()))
}

/// Performs a step: every trial takes four seconds and its probes, and the first attempt of the second trial is
/// disturbed.
fn perform(session: &mut Session, step: Step) {
    let (Step::Trial(scheduled) | Step::Repeat(scheduled)) = step else {
        return session.take_advice().unwrap();
    };
    let trials = session.run().trials.len();
    let planned = &scheduled.planned;
    let probes_s = scheduled.budget.slots.seconds(&session.run().plan.probe_costs_s);
    let mut trial = Trial {
        position: planned.position,
        at_s: session
            .run()
            .trials
            .last()
            .map_or(0.0, |last| last.at_s + last.seconds),
        seconds: 4.0 + probes_s,
        load: Some(LoadSummary::default()),
        slots: scheduled.budget.slots,
        probes_s,
        ..Trial::new(planned.block, planned.entrant.clone())
    };
    if trials == 1 && scheduled.first_attempt.is_none() {
        trial.gates.push(GateResult {
            gate: Gate::Quiet,
            outcome: GateOutcome::Failed,
            measured: "40 % stolen".to_owned(),
            limit: String::new(),
        });
    }
    trial.first_attempt = scheduled.first_attempt;
    session.add(trial).unwrap();
}

#[test]
fn a_session_that_is_resumed_after_any_step_goes_on_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let brief = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../briefs/order-api.toml");
    let brief = BriefFile::open(Some(&brief)).unwrap().brief;
    let mut session = Session::begin(Store::open(folder.path()).unwrap(), run(), &brief).unwrap();
    let (mut repeats, mut with_probes) = (0, 0);
    for at in 0..12 {
        let step = next(&session);
        repeats += usize::from(matches!(step, Step::Repeat(_)));
        perform(&mut session, step);
        with_probes += usize::from(
            session
                .run()
                .trials
                .last()
                .is_some_and(|trial| trial.slots != ProbeSlots::NONE),
        );
        let id = session.run().id.clone();
        let expected = next(&session);
        // Every third session ends as an interrupt ends it, the others as a kill does.
        if at % 3 == 0 {
            session.end(StopReason::Interrupted).unwrap();
        } else {
            drop(session);
        }
        session = Session::resume(Store::open(folder.path()).unwrap(), &id).unwrap();
        assert_eq!(next(&session), expected, "after step {at}");
    }
    assert_eq!(repeats, 1);
    assert!(with_probes > 0);
    assert_eq!(
        session.run().trials.len() + session.run().advice.len() + repeats,
        12
    );
}
