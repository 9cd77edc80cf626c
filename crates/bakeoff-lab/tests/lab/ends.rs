//! Sudden ends: an interrupt in the middle of a launch or a trial, and a bakeoff that is killed. Neither leaves a
//! process behind.

use crate::bench::{Bench, SHAPE, live_once, planned, processes_with};
use bakeoff_lab::{Config, Event, Lab, LabError, Phase};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// With this variable the test binary is the process that the test kills.
const ROLE: &str = "BAKEOFF_TEST_ROLE";

/// The line that this process prints when its contender is under load.
const UNDER_LOAD: &str = "under load";

#[test]
fn an_interrupt_ends_any_phase_at_once_and_leaves_no_process() {
    for phase in [
        Phase::Start,
        Phase::Warm,
        Phase::Rest,
        Phase::Wake,
        Phase::Measure,
        Phase::Probe("blocking"),
        Phase::Probe("waiting"),
        Phase::Stop,
    ] {
        let bench = Bench::new(&[("json", 1.0)], 100.0);
        let prepared = bench.fake("good");
        let interrupted = Mutex::new(None);
        let watch = |event: Event| {
            if matches!(event, Event::TrialPhase { phase: now, .. } if now == phase) {
                bench.stop.store(true, Ordering::Relaxed);
                interrupted.lock().unwrap().get_or_insert_with(Instant::now);
            }
        };
        let lab = Lab::open(Config {
            events: &watch,
            ..bench.config()
        })
        .unwrap();
        let outcome = live_once(&lab, &prepared, &planned("fake-good", 0), &SHAPE);
        assert_eq!(outcome.err(), Some(LabError::Interrupted), "{phase:?}");
        drop(lab);
        let took = interrupted.lock().unwrap().expect("the phase came").elapsed();
        assert!(took < Duration::from_secs(5), "{phase:?}: {took:?}");
    }
}

#[test]
fn the_next_bakeoff_removes_what_a_killed_one_left() {
    if std::env::var_os(ROLE).is_some() {
        return be_killed();
    }
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "ends::the_next_bakeoff_removes_what_a_killed_one_left",
            "--nocapture",
        ])
        .env(ROLE, "victim")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line.contains(UNDER_LOAD)),
        "the process reached its load"
    );
    victim.kill().unwrap();
    victim.wait().unwrap();
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    let mark = format!("-{}-", victim.id());
    assert_eq!(processes_with("server.py forks"), Vec::<String>::new());
    assert_eq!(
        processes_with(&mark),
        Vec::<String>::new(),
        "its database is gone"
    );
    let folders = fs::read_dir(std::env::temp_dir())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name());
    let left: Vec<_> = folders
        .filter(|name| name.to_string_lossy().contains(&mark))
        .collect();
    assert_eq!(left, Vec::<std::ffi::OsString>::new());
    drop(lab);
}

fn be_killed() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let prepared = bench.fake("forks");
    let watch = |event: Event| {
        if matches!(
            event,
            Event::TrialPhase {
                phase: Phase::Measure,
                ..
            }
        ) {
            println!("{UNDER_LOAD}");
        }
    };
    let lab = Lab::open(Config {
        events: &watch,
        ..bench.config()
    })
    .unwrap();
    for block in 0.. {
        live_once(&lab, &prepared, &planned("fake-forks", block), &SHAPE).unwrap();
    }
}
