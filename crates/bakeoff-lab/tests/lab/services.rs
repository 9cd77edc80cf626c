//! The services of contenders: the database starts with its rows, and disappears with the lab.

use crate::bench::{
    Bench, LOAD_ONLY, launch_of, live_once, pids_with, planned, processes_with, trial_of_launch, value,
};
use bakeoff_core::evidence::{EndReason, Fault, FaultAt, Owner, Stage};
use bakeoff_lab::{Config, Event, Fleet, Lab, LabError, Phase};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn an_interrupt_stops_the_opening_of_a_lab() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    bench.stop.store(true, Ordering::Relaxed);
    assert_eq!(Lab::open(bench.config()).err(), Some(LabError::Interrupted));
}

#[test]
fn a_database_has_a_name_and_disappears_with_its_lab() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    assert!(
        lab.host().database.starts_with("PostgreSQL "),
        "{}",
        lab.host().database
    );
    let started = bench
        .record
        .0
        .lock()
        .unwrap()
        .iter()
        .any(|(_, event)| matches!(event, Event::ServicesStarted { .. }));
    assert!(started);
    let folder = std::env::temp_dir().join("bakeoff-run-");
    let mark = format!("-{}-", std::process::id());
    let ours = || -> Vec<String> {
        processes_with(&folder.display().to_string())
            .into_iter()
            .filter(|command| command.contains(&mark))
            .collect()
    };
    let named = std::env::var_os("DATABASE_URL").is_some();
    assert_eq!(
        ours().is_empty(),
        named,
        "a cluster of our own runs when no database is named"
    );
    drop(lab);
    assert!(
        ours().iter().all(|command| !command.contains("postgres -D")) || other_labs_run(),
        "{:?}",
        ours()
    );
}

/// Other tests of this process may have a lab of their own open at the same time.
fn other_labs_run() -> bool {
    std::env::var_os("NEXTEST").is_none()
}

#[test]
fn a_killed_database_is_the_labs_fault_and_restarts() {
    if std::env::var_os("DATABASE_URL").is_some() {
        // Somebody's server is not ours to kill, nor to start again.
        return;
    }
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let prepared = bench.fake("orphan");
    let killed = AtomicBool::new(false);
    let watch = |event: Event| {
        let measuring = matches!(
            event,
            Event::TrialPhase {
                phase: Phase::Measure,
                ..
            }
        );
        if measuring && !killed.swap(true, Ordering::Relaxed) {
            kill_the_database_of("server.py orphan");
        }
    };
    let lab = Lab::open(Config {
        events: &watch,
        ..bench.config()
    })
    .unwrap();
    let planned = planned("fake-orphan", 0);
    let mut fleet = Fleet::new(&lab, std::slice::from_ref(&prepared));
    let launch = fleet.launch(&launch_of(0, &planned), 0.0).unwrap();
    assert!(launch.is_alive(), "{launch:#?}");
    let trial = fleet
        .trial(&trial_of_launch(0, &planned, &LOAD_ONLY), 2.0)
        .unwrap();
    assert_eq!(
        at(&trial.faults),
        [(Owner::Lab, Stage::Database.into())],
        "{trial:#?}"
    );
    // Its connections are gone, so it is not what had become warm any more.
    let ends = fleet.ended_at_rest(4.0);
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].1.reason, EndReason::Died);
    assert_eq!(
        at(&ends[0].1.faults),
        [(Owner::Lab, Stage::Database.into())],
        "{ends:#?}"
    );
    let next = live_once(&lab, &prepared, &planned, &LOAD_ONLY).unwrap();
    assert_eq!(next.faults, [], "{:#?}", next.faults);
    assert!(value(&next, "cpu_us_per_request").is_some());
}

fn at(faults: &[Fault]) -> Vec<(Owner, FaultAt)> {
    faults
        .iter()
        .map(|fault| (fault.owner, fault.at.clone()))
        .collect()
}

/// Kills the database of this test's contender, and no other.
fn kill_the_database_of(contender: &str) {
    let server = pids_with(contender)[0];
    let environment = std::fs::read_to_string(format!("/proc/{server}/environ")).unwrap();
    let url = environment
        .split('\0')
        .find_map(|entry| entry.strip_prefix("DATABASE_URL="))
        .unwrap();
    let port = url
        .rsplit_once(':')
        .and_then(|(_, rest)| rest.split('/').next())
        .unwrap();
    let postgres = pids_with(&format!("-p {port} -c listen_addresses"))[0];
    let killed = std::process::Command::new("kill")
        .args(["-9", &postgres.to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
}
