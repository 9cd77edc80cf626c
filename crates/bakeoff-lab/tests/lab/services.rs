//! What contenders talk to: the database is there with its rows, and gone with the lab.

use crate::bench::{Bench, processes_with};
use bakeoff_lab::{Event, Lab, LabError};
use std::sync::atomic::Ordering;

#[test]
fn an_interrupt_ends_the_opening_of_a_lab() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    bench.stop.store(true, Ordering::Relaxed);
    assert_eq!(Lab::open(bench.config()).err(), Some(LabError::Interrupted));
}

#[test]
fn a_database_is_named_and_gone_with_its_lab() {
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
        .any(|event| matches!(event, Event::ServicesStarted { .. }));
    assert!(started);
    let folder = std::env::temp_dir().join("bakeoff-run-");
    let mark = format!("-{}-", std::process::id());
    let ours = || -> Vec<String> {
        processes_with(&folder.display().to_string())
            .into_iter()
            .filter(|command| command.contains(&mark))
            .collect()
    };
    assert!(!ours().is_empty(), "the cluster runs");
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
