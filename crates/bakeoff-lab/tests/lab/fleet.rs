//! Launches that live beside each other: what one does to the others, and what is found of those that do not rest.

use crate::bench::{
    Bench, LOAD_ONLY, SHAPE, end_of_launch, launch_of, planned, processes_with, trial_of_launch, value,
};
use bakeoff_core::evidence::{
    EndReason, Gate, GateOutcome, GateResult, Launch, LaunchEnd, Owner, Stage, Tier, WakeUp,
};
use bakeoff_lab::{Config, Fleet, Lab, LabError, Prepared, TierChoice};
use std::thread;
use std::time::{Duration, Instant};

/// A lab without any rights; the tests of planted warmth run at the best tier of the machine.
fn lab_at_t0(bench: &Bench) -> Lab<'_> {
    let config = Config {
        isolation: TierChoice::Exactly(Tier::T0),
        ..bench.config()
    };
    Lab::open(config).unwrap()
}

/// Launches the contender and expects it to live.
fn launch(fleet: &mut Fleet<'_>, id: u32, prepared: &Prepared) -> Launch {
    let place = planned(&prepared.contender.name, 1);
    let launch = fleet.launch(&launch_of(id, &place), 0.0).unwrap();
    assert!(launch.is_alive(), "{launch:#?}");
    launch
}

fn quiet(gates: &[GateResult]) -> Option<&GateResult> {
    let failed = |result: &&GateResult| result.gate == Gate::Quiet && result.outcome == GateOutcome::Failed;
    gates.iter().find(failed)
}

/// Waits until a launch has ended by itself.
fn wait_for_end(fleet: &mut Fleet<'_>) -> (u32, LaunchEnd) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(end) = fleet.ended_at_rest(7.0).pop() {
            return end;
        }
        assert!(Instant::now() < until, "no launch ended");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_resting_launch_keeps_its_connections_and_its_process_while_others_come_and_go() {
    if std::env::var_os("DATABASE_URL").is_some() {
        // The fake speaks to a server that takes a password in plain text, as the lab's own does.
        return;
    }
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    let both = [bench.fake("pools"), bench.fake("forks")];
    let mut fleet = Fleet::new(&lab, &both);
    launch(&mut fleet, 0, &both[0]);
    launch(&mut fleet, 1, &both[1]);
    let place = planned("fake-forks", 1);
    let other = fleet.trial(&trial_of_launch(1, &place, &LOAD_ONLY), 5.0).unwrap();
    assert_eq!(other.faults, [], "{:#?}", other.faults);
    let end = fleet.retire(&end_of_launch(1, &LOAD_ONLY), 6.0).unwrap();
    assert_eq!(
        (end.reason, end.faults.len()),
        (EndReason::Retired, 0),
        "{end:#?}"
    );
    assert_eq!(processes_with("server.py forks"), Vec::<String>::new());
    assert_eq!(fleet.ended_at_rest(6.5), []);
    let place = planned("fake-pools", 1);
    let trial = fleet.trial(&trial_of_launch(0, &place, &LOAD_ONLY), 7.0).unwrap();
    assert_eq!(trial.faults, [], "{:#?}", trial.faults);
    assert!(value(&trial, "cpu_us_per_request").is_some());
    let wake_up = trial.wake_up.unwrap();
    assert!(!wake_up.paused && wake_up.rested_s > 0.3, "{wake_up:?}");
    assert!(wake_up.resting_cores < WakeUp::DISTURBS_FROM_CORES, "{wake_up:?}");
    drop(fleet);
    assert_eq!(processes_with("server.py pools"), Vec::<String>::new());
}

#[test]
fn a_launch_that_dies_at_rest_is_found_with_its_log_at_t0() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = lab_at_t0(&bench);
    let prepared = [bench.fake("dies-at-rest")];
    let mut fleet = Fleet::new(&lab, &prepared);
    launch(&mut fleet, 0, &prepared[0]);
    let (id, end) = wait_for_end(&mut fleet);
    assert_eq!((id, end.reason), (0, EndReason::Died), "{end:#?}");
    let fault = &end.faults[0];
    assert!(
        fault.owner == Owner::Contender && fault.is_at(Stage::Rest),
        "{end:#?}"
    );
    assert!(
        fault.log.iter().any(|line| line.contains("nobody needs me")),
        "{end:#?}"
    );
    let place = planned("fake-dies-at-rest", 1);
    let gone = fleet.trial(&trial_of_launch(0, &place, &LOAD_ONLY), 9.0);
    assert_eq!(gone.err(), Some(LabError::NoLaunch(0)));
}

#[test]
fn a_launch_that_spins_at_rest_is_paused_by_signals_and_serves_after_it() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = lab_at_t0(&bench);
    let both = [bench.fake("spins"), bench.fake("good")];
    let mut fleet = Fleet::new(&lab, &both);
    launch(&mut fleet, 0, &both[0]);
    let other = launch(&mut fleet, 1, &both[1]);
    assert_eq!(quiet(&other.gates), None, "a paused launch disturbs nobody");
    let place = planned("fake-good", 1);
    let other = fleet.trial(&trial_of_launch(1, &place, &LOAD_ONLY), 9.0).unwrap();
    let resting_cores = other.environment.resting_cores.unwrap();
    assert!(resting_cores < WakeUp::DISTURBS_FROM_CORES, "{resting_cores}");
    let place = planned("fake-spins", 1);
    let trial = fleet
        .trial(&trial_of_launch(0, &place, &LOAD_ONLY), 12.0)
        .unwrap();
    assert_eq!(trial.faults, [], "{:#?}", trial.faults);
    let wake_up = trial.wake_up.unwrap();
    assert!(
        wake_up.paused && wake_up.resting_cores < WakeUp::RESTS_BELOW_CORES,
        "{wake_up:?}"
    );
    let end = fleet.retire(&end_of_launch(0, &LOAD_ONLY), 15.0).unwrap();
    assert_eq!(
        (end.reason, end.faults.len()),
        (EndReason::Retired, 0),
        "{end:#?}"
    );
}

#[test]
fn a_launch_that_begins_to_work_while_others_are_measured_is_named_and_paused() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    let both = [bench.fake("spins-late"), bench.fake("good")];
    let mut fleet = Fleet::new(&lab, &both);
    launch(&mut fleet, 0, &both[0]);
    let disturbed = launch(&mut fleet, 1, &both[1]);
    let failed = quiet(&disturbed.gates).expect("the launch was disturbed");
    assert!(failed.measured.contains("fake-spins-late"), "{failed:?}");
    let place = planned("fake-good", 1);
    let trial = fleet.trial(&trial_of_launch(1, &place, &LOAD_ONLY), 9.0).unwrap();
    let resting_cores = trial.environment.resting_cores.unwrap();
    assert!(resting_cores < WakeUp::DISTURBS_FROM_CORES, "{resting_cores}");
    let place = planned("fake-spins-late", 1);
    let trial = fleet
        .trial(&trial_of_launch(0, &place, &LOAD_ONLY), 12.0)
        .unwrap();
    assert_eq!(trial.faults, [], "{:#?}", trial.faults);
    assert!(trial.wake_up.is_some_and(|wake_up| wake_up.paused));
}

#[test]
fn a_launch_that_neither_rests_nor_survives_a_pause_ends_with_that_reason() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    let prepared = [bench.fake("hates-pauses")];
    let mut fleet = Fleet::new(&lab, &prepared);
    launch(&mut fleet, 0, &prepared[0]);
    thread::sleep(Duration::from_millis(3_500));
    let place = planned("fake-hates-pauses", 1);
    let trial = fleet.trial(&trial_of_launch(0, &place, &LOAD_ONLY), 9.0).unwrap();
    assert!(trial.load.is_none(), "{trial:#?}");
    let fault = &trial.faults[0];
    assert!(
        fault.owner == Owner::Contender && fault.is_at(Stage::Rest),
        "{fault:#?}"
    );
    assert!(fault.message.contains("does not survive a pause"), "{fault:#?}");
    assert!(
        fault.log.iter().any(|line| line.contains("where was I?")),
        "{fault:#?}"
    );
    let ends = fleet.ended_at_rest(12.0);
    assert_eq!(
        (ends[0].0, ends[0].1.reason),
        (0, EndReason::DoesNotRest),
        "{ends:#?}"
    );
}

#[test]
fn a_master_that_replaces_silent_workers_is_named() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    let prepared = [bench.fake("replaces-silent")];
    let mut fleet = Fleet::new(&lab, &prepared);
    launch(&mut fleet, 0, &prepared[0]);
    thread::sleep(Duration::from_millis(2_500));
    let place = planned("fake-replaces-silent", 1);
    let trial = fleet.trial(&trial_of_launch(0, &place, &SHAPE), 5.0).unwrap();
    assert!(trial.load.is_none(), "what had become warm is lost");
    let fault = &trial.faults[0];
    assert!(
        fault.owner == Owner::Contender && fault.is_at(Stage::Rest),
        "{fault:#?}"
    );
    assert!(
        fault
            .message
            .contains("replaced 1 of its 2 processes after a rest"),
        "{fault:#?}"
    );
    let ends = fleet.ended_at_rest(9.0);
    assert_eq!((ends[0].0, ends[0].1.reason), (0, EndReason::Died), "{ends:#?}");
    assert_eq!(processes_with("server.py replaces-silent"), Vec::<String>::new());
}
