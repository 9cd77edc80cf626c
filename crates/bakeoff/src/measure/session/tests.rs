//! A session that is resumed after any step measures what the session before it would have measured, with launches of
//! its own.

use super::Session;
use crate::brief_file::BriefFile;
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Work;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{
    ContenderRecord, EndReason, Gate, GateOutcome, GateResult, Host, Launch, LaunchEnd, LoadSummary, Part,
    Run, Status, StopReason, Trial,
};
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule::{self, Budget, ScheduledTrial, Step};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

fn record(name: &str) -> ContenderRecord {
    ContenderRecord {
        name: name.to_owned(),
        variant_of: None,
        part: Part::Candidate,
        title: String::new(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        work: Work::default(),
        versions: BTreeMap::new(),
        support: Vec::new(),
        status: Status::Ready,
        running: None,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: None,
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
        plan: Plan::new(vec!["a".to_owned(), "b".to_owned()], 3_600.0, 1, vec![1.0; 4]),
        contenders: vec![record("a"), record("b")],
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: Vec::new(),
    }
}

fn brief() -> Brief {
    let brief = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../briefs/order-api.toml");
    BriefFile::open(Some(&brief)).unwrap().brief
}

fn begun(folder: &TempDir) -> Session {
    Session::begin(Store::open(folder.path()).unwrap(), run(), &brief()).unwrap()
}

fn resumed(folder: &TempDir) -> Session {
    Session::resume(Store::open(folder.path()).unwrap(), &run().id).unwrap()
}

/// Performs the next step: a launch takes eight seconds, a trial four and its probes, a retirement two; the first
/// attempt of the second trial is disturbed.
fn perform_next(session: &mut Session) {
    let step = schedule::next(&session.run().plan, session.run(), Budget::of(session.run()));
    let at_s = schedule::elapsed_s(session.run());
    match step {
        Step::Launch(scheduled) => {
            let planned = scheduled.planned;
            let launch = Launch {
                at_s,
                seconds: 8.0,
                ..Launch::new(scheduled.id, planned.round, planned.entrant)
            };
            session.add_launch(launch).unwrap();
        }
        Step::Trial(scheduled) | Step::Repeat(scheduled) => perform_trial(session, scheduled, at_s),
        Step::Retire(scheduled) => {
            let end = LaunchEnd {
                seconds: 2.0,
                ..LaunchEnd::new(EndReason::Retired, at_s)
            };
            session.end_launch(scheduled.launch, end).unwrap();
        }
        Step::Advise => session.take_advice().unwrap(),
        Step::Stop(reason) => panic!("{reason:?}"),
    }
}

fn perform_trial(session: &mut Session, scheduled: ScheduledTrial, at_s: f64) {
    let planned = scheduled.planned;
    let probes_s = scheduled.budget.slots.seconds(&session.run().plan.probe_costs_s);
    let mut trial = Trial {
        position: planned.position,
        at_s,
        seconds: 4.0 + probes_s,
        launch: Some(scheduled.launch),
        load: Some(LoadSummary::default()),
        slots: scheduled.budget.slots,
        probes_s,
        ..Trial::new(planned.block, planned.entrant)
    };
    if session.run().trials.len() == 1 && scheduled.first_attempt.is_none() {
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

/// Performs steps until the trials of the first round have run, and returns who ran in which block, in order, and the
/// number of steps.
fn first_round(session: &mut Session) -> (Vec<(u32, Entrant)>, usize) {
    let blocks = session.run().plan.rounds[0].blocks.iter();
    let whole: usize = blocks.map(|block| block.trials.len()).sum();
    let is_over = |run: &Run| {
        let last = run.trials.last();
        run.trials.len() == whole
            && last.is_some_and(|last| !last.gates.iter().any(|gate| gate.gate == Gate::Quiet))
    };
    let mut steps = 0;
    while !is_over(session.run()) {
        perform_next(session);
        steps += 1;
        assert!(steps < 200, "the first round does not end");
    }
    let trials = session.run().trials.iter();
    let trials = trials.map(|trial| (trial.block, trial.entrant.clone()));
    (trials.collect(), steps)
}

#[test]
fn a_session_that_is_resumed_after_any_step_measures_what_it_would_have() {
    let folder = tempfile::tempdir().unwrap();
    let (expected, steps) = first_round(&mut begun(&folder));
    for at in 0..steps {
        let folder = tempfile::tempdir().unwrap();
        let mut session = begun(&folder);
        for _ in 0..at {
            perform_next(&mut session);
        }
        let stored = (session.run().launches.len(), session.run().trials.len());
        // Every third session ends as an interrupt ends it, the others as a kill does.
        if at % 3 == 0 {
            session.end(StopReason::Interrupted).unwrap();
        } else {
            drop(session);
        }
        let mut session = resumed(&folder);
        let run = session.run();
        assert_eq!((run.launches.len(), run.trials.len()), stored, "after step {at}");
        let (trials, _) = first_round(&mut session);
        assert_eq!(trials, expected, "after step {at}");
    }
}

#[test]
fn launches_of_a_session_that_was_killed_have_an_end_and_count_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = begun(&folder);
    while session.run().trials.len() < 3 {
        perform_next(&mut session);
    }
    let living = session
        .run()
        .launches
        .iter()
        .filter(|launch| launch.is_alive())
        .count();
    let until_s = schedule::elapsed_s(session.run());
    assert!(living > 1);
    drop(session);
    // Resumed and killed twice: the first end stands.
    drop(resumed(&folder));
    let session = resumed(&folder);
    let ended = session
        .run()
        .launches
        .iter()
        .filter_map(|launch| launch.end.as_ref());
    let ended: Vec<(EndReason, f64)> = ended.map(|end| (end.reason, end.at_s)).collect();
    assert_eq!(ended, vec![(EndReason::SessionEnded, until_s); living]);
    let step = schedule::next(&session.run().plan, session.run(), Budget::of(session.run()));
    assert!(matches!(step, Step::Launch(_)), "{step:?}");
    let Stored { run, .. } = session.end(StopReason::Interrupted).unwrap();
    assert!(
        run.contenders
            .iter()
            .all(|record| record.status != Status::Failed)
    );
}
