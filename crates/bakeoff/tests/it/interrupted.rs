//! Ctrl-C in the middle of a run: all finished launches and trials stay, no process is left behind, and the run
//! continues from there without a word of what it was begun with.

use crate::faulty::derive;
use crate::program::{Place, has_ended, left_behind_by};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

fn interrupt(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-INT", &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Waits until the log has the line of a trial.
fn wait_for_a_trial(place: &Place) {
    let started = Instant::now();
    while !place
        .read("first.log")
        .lines()
        .any(|line| line.starts_with("block "))
    {
        assert!(
            started.elapsed() < Duration::from_secs(240),
            "no trial ended:\n{}",
            place.read("first.log")
        );
        thread::sleep(Duration::from_millis(50));
    }
}

/// The documents of a table of the store, in order.
fn documents(place: &Place, sql: &str) -> Vec<Value> {
    let path = place.path().join(".bakeoff/bakeoff.db");
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = store.prepare(sql).unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts
        .map(|text| serde_json::from_str(&text.unwrap()).unwrap())
        .collect()
}

fn launches(place: &Place) -> Vec<Value> {
    documents(place, "SELECT document FROM launch ORDER BY id")
}

/// A brief in a folder of its own, with a contender beside it.
fn place_with_a_team() -> Place {
    let place = Place::new();
    derive(&place, "node-http", "node-own", &[]);
    fs::create_dir(place.path().join("team")).unwrap();
    fs::rename(
        place.path().join("contenders"),
        place.path().join("team/contenders"),
    )
    .unwrap();
    place.brief("order-api.toml");
    fs::rename(
        place.path().join("order-api.toml"),
        place.path().join("team/order-api.toml"),
    )
    .unwrap();
    place
}

#[test]
fn an_interrupted_run_keeps_what_it_measured_and_continues() {
    let place = place_with_a_team();
    let args = [
        "run",
        "team/order-api.toml",
        "--only",
        "node-http,node-own",
        "--budget",
        "24s",
        "--seed",
        "3",
        "--time-share",
        "0.1",
        "--skip-changes",
        "--skip-browser",
        "--isolation",
        "t0",
    ];
    let mut child = place.start(&args, "first.log");
    wait_for_a_trial(&place);
    interrupt(child.id());
    let asked = Instant::now();
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130), "{}", place.read("first.log"));
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "stopping took {:?}",
        asked.elapsed()
    );
    assert_eq!(left_behind_by(child.id()), Vec::<String>::new());

    let kept = place.run(&["list", "runs", "--json"]).json();
    let count = |runs: &Value, what: &str| -> usize { runs[0][what].as_str().unwrap().parse().unwrap() };
    let trials = count(&kept, "trials");
    assert!(trials >= 1, "one trial had ended, none is kept");
    assert!(count(&kept, "launches") >= 3, "{kept}");
    assert_eq!(kept[0]["finished"], "not finished");
    let ended_with_it = |launch: &Value| launch["end"]["reason"] == "session-ended";
    assert!(
        launches(&place).iter().any(ended_with_it),
        "{:?}",
        launches(&place)
    );

    // Nothing is decided, no matter who was measured first.
    let text = place.run(&["report", "--format", "text"]).out;
    assert!(text.contains("the choice is not decided yet"), "{text}");
    let record = place.run(&["report", "--format", "adr"]).out;
    assert!(!record.contains("\n# Use "), "{record}");

    let resumed = place.run(&["run", "--resume"]);
    assert!(has_ended(Some(resumed.code)), "{}", resumed.err);
    let id = kept[0]["id"].as_str().unwrap();
    let says = format!("continuing the run {id} of `team/order-api.toml`");
    assert!(resumed.err.contains(&says), "{}", resumed.err);
    let runs = place.run(&["list", "runs", "--json"]).json();
    assert_eq!(runs.as_array().unwrap().len(), 1, "resuming made another run");
    assert_eq!(runs[0]["id"], kept[0]["id"]);
    assert_ne!(runs[0]["finished"], "not finished");
    assert!(count(&runs, "trials") > trials, "resuming measured nothing");
    let results = place.run(&["report", "--format", "json"]).json();
    assert_eq!(results["seed"], 3);
    let records = results["contenders"].as_array().unwrap().iter();
    let names: BTreeSet<&str> = records.filter_map(|record| record["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["node-http", "node-own"]));
    for launch in launches(&place) {
        assert!(!launch["end"].is_null(), "a launch still lives: {launch}");
        assert_eq!(
            launch["faults"],
            Value::Array(Vec::new()),
            "an interrupt is nobody's fault"
        );
    }
    let headers = documents(&place, "SELECT document FROM run");
    assert_eq!(headers[0]["plan"]["budget_s"], 24.0);
}
