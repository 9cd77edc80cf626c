//! Ctrl-C in the middle of a run: all finished trials stay, no process is left behind, and the run continues from
//! there.

use crate::program::{Place, left_behind_by};
use std::thread;
use std::time::{Duration, Instant};

fn interrupt(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-INT", &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Waits until the log has a line of that block.
fn wait_for_block(place: &Place, block: usize) {
    let started = Instant::now();
    let wanted = format!("block {block:2} ");
    while !place.read("first.log").contains(&wanted) {
        assert!(
            started.elapsed() < Duration::from_secs(240),
            "block {block} never ended:\n{}",
            place.read("first.log")
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_interrupted_run_keeps_its_trials_and_continues() {
    let place = Place::new();
    place.brief("order-api.toml");
    let args = [
        "run",
        "order-api.toml",
        "--only",
        "node-http,python-flask",
        "--budget",
        "75s",
        "--seed",
        "3",
    ];
    let mut child = place.start(&args, "first.log");
    wait_for_block(&place, 3);
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
    let trials: usize = kept[0]["trials"].as_str().unwrap().parse().unwrap();
    assert!(
        trials >= 7,
        "two blocks and one trial had ended, {trials} trials are kept"
    );
    assert_eq!(kept[0]["finished"], "not finished");

    let resumed = place.run(&[&args[..], &["--resume"]].concat());
    assert_eq!(resumed.code, 0, "{}", resumed.err);
    let runs = place.run(&["list", "runs", "--json"]).json();
    assert_eq!(runs.as_array().unwrap().len(), 1, "resuming made another run");
    assert_eq!(runs[0]["id"], kept[0]["id"]);
    let all: usize = runs[0]["trials"].as_str().unwrap().parse().unwrap();
    assert!(all > trials, "resuming measured nothing");
    let results = place.run(&["report", "--format", "json"]).json();
    assert_eq!(results["seed"], 3);
}
