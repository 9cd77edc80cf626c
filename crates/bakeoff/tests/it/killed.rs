//! SIGKILL at random times of a run: every acknowledged trial is in the store, the run continues, and the next start
//! leaves no process of the killed run. `BAKEOFF_TEST_KILLS=50` sets the number of kills; the default is three.

use crate::faulty::derive;
use crate::program::{Place, left_behind_by};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::thread;
use std::time::{Duration, Instant};

pub(crate) const BRIEF: &str = r#"name = "killed"
question = "What is left after a kill?"
[load]
peak_rps = 100
cores = 1
memory_mb = 512
slo = { p99_ms = 500, error_rate = 0.01 }
[[traffic]]
scenario = "read-item"
share = 1
[team]
people = 1
knows = ["javascript"]
[deploy]
target = "container"
price = { core_hour = 0.04, gb_hour = 0.005, currency = "USD" }
"#;

const RUN: [&str; 6] = [
    "run",
    "killed.toml",
    "--only",
    "node-http,python-flask",
    "--budget",
    "8s",
];

/// What the kills met, summed over all.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    before_the_run: usize,
    after_the_run: usize,
    resumed: usize,
    said: usize,
    stored: usize,
    orphans: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.kills += other.kills;
        self.before_the_run += other.before_the_run;
        self.after_the_run += other.after_the_run;
        self.resumed += other.resumed;
        self.said += other.said;
        self.stored += other.stored;
        self.orphans += other.orphans;
    }
}

/// The trials that a log says have ended: block, counted from 1, and contender.
pub(crate) fn said(log: &str) -> BTreeSet<(u32, String)> {
    let lines = log.lines().filter_map(|line| line.strip_prefix("block "));
    lines
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (block, name) = (words.next()?.parse().ok()?, words.next()?);
            // The line of a twin shows `NAME (twin)`, and the store has `NAME~twin`.
            let twin = words.next() == Some("(twin)");
            Some((block, format!("{name}{}", if twin { "~twin" } else { "" })))
        })
        .collect()
}

/// The trials in the store: block, counted from 1, and contender; none while there is no run in it.
pub(crate) fn stored(place: &Place) -> Option<BTreeSet<(u32, String)>> {
    let path = place.path().join(".bakeoff/bakeoff.db");
    if !path.is_file() || place.run(&["list", "runs"]).code != 0 {
        return None;
    }
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let whole: String = store
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
    let runs: u32 = store
        .query_row("SELECT count(*) FROM run", [], |row| row.get(0))
        .unwrap();
    let mut trials = store.prepare("SELECT block + 1, contender FROM trial").unwrap();
    let rows = trials
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    (runs > 0).then(|| rows.map(Result::unwrap).collect())
}

fn place() -> Place {
    let place = Place::new();
    place.write("killed.toml", BRIEF);
    place
}

/// Starts a run, kills it after `after`, and holds what is left to the promise.
fn kill_after(after: Duration) -> Tally {
    let place = place();
    let mut child = place.start(&RUN, "first.log");
    thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let log = place.read("first.log");
    let (said, kept) = (said(&log), stored(&place));
    let kept_trials = kept.clone().unwrap_or_default();
    assert!(
        said.is_subset(&kept_trials),
        "after {after:?}: said {said:?}, stored {kept_trials:?}\n{log}"
    );
    let orphans = left_behind_by(child.id()).len();

    let resume = [&RUN[..], &["--resume"]].concat();
    let mut next = place.start(if kept.is_some() { &resume } else { &RUN }, "next.log");
    let code = next.wait().unwrap().code();
    let next_log = place.read("next.log");
    let had_ended = code == Some(2) && next_log.contains("to continue");
    assert!(
        code == Some(0) || had_ended,
        "after {after:?}: exit {code:?}\n{log}\n{next_log}"
    );
    if had_ended {
        // The run had ended before the kill; any start that opens a lab clears up.
        assert_eq!(place.run(&["check", "node-http"]).code, 0);
    } else {
        let all = stored(&place).unwrap_or_default();
        assert!(
            all.is_superset(&kept_trials) && !all.is_empty(),
            "the trials of the first part are gone"
        );
    }
    for pid in [child.id(), next.id()] {
        assert_eq!(
            left_behind_by(pid),
            Vec::<String>::new(),
            "after {after:?}: left by {pid}"
        );
    }
    Tally {
        kills: 1,
        before_the_run: usize::from(kept.is_none()),
        after_the_run: usize::from(had_ended),
        resumed: usize::from(kept.is_some() && !had_ended),
        said: said.len(),
        stored: kept_trials.len(),
        orphans,
    }
}

#[test]
fn sigkill_at_any_time_loses_no_acknowledged_trial() {
    let kills = std::env::var("BAKEOFF_TEST_KILLS").map_or(3, |count| count.parse().unwrap());
    let undisturbed = place();
    let began = Instant::now();
    let code = undisturbed.start(&RUN, "run.log").wait().unwrap().code();
    let whole = began.elapsed();
    assert_eq!(code, Some(0), "{}", undisturbed.read("run.log"));
    let mut state = u64::from(std::process::id()) ^ whole.as_nanos() as u64;
    let mut tally = Tally::default();
    for _ in 0..kills {
        // xorshift64 [Marsaglia, 2003]: which instants they are does not matter, only that they are spread.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let after = whole.mul_f64((state >> 11) as f64 / (1_u64 << 53) as f64);
        let seen = kill_after(after);
        println!(
            "killed after {:5.2} s of {:5.2} s: {seen:?}",
            after.as_secs_f64(),
            whole.as_secs_f64()
        );
        tally += seen;
    }
    println!("{tally:?}");
}

/// The processes whose command line begins so.
fn running(command: &str) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.map(|entry| std::fs::read(entry.path().join("cmdline")).unwrap_or_default());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.trim_end() == command).collect()
}

#[test]
fn the_next_start_finds_an_escaped_process_without_a_mark() {
    let place = place();
    // An orphan with a session of its own and nothing in its environment.
    let sleeps = format!("/bin/sleep 300.{}", std::process::id());
    let hide = format!(
        "(await import('node:child_process')).spawn('/bin/sh', ['-c', '{sleeps} & exit 0'], {{ detached: true, env: {{}}, stdio: 'ignore' }});\n"
    );
    let change = ("server.js", "const workers =", &*format!("{hide}const workers ="));
    derive(&place, "node-http", "node-hides", &[change]);
    let args = [
        "run",
        "killed.toml",
        "--only",
        "node-hides,node-http",
        "--budget",
        "20s",
        "--isolation",
        "t0",
    ];
    let mut child = place.start(&args, "first.log");
    let until = Instant::now() + Duration::from_secs(40);
    while running(&sleeps).is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    // The lab looks twice a second.
    thread::sleep(Duration::from_millis(1_200));
    child.kill().unwrap();
    child.wait().unwrap();
    let log = place.read("first.log");
    assert_eq!(running(&sleeps).len(), 1, "nothing was left to find\n{log}");
    let next = place.run(&["check", "node-http", "--isolation", "t0"]);
    assert_eq!(next.code, 0, "{next:?}");
    assert_eq!(running(&sleeps), Vec::<String>::new(), "{log}");
}
