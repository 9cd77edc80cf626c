//! SIGKILL at random times of a run, while a server wakes and while one rests too: every acknowledged launch and trial
//! is in the store, the run continues, and the next start leaves no process of the killed run. `BAKEOFF_TEST_KILLS=50`
//! sets the number of kills; the default is five.

use crate::faulty::derive;
use crate::program::{Place, has_ended, left_behind_by};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
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

const RUN: [&str; 11] = [
    "run",
    "killed.toml",
    "--only",
    "node-http,node-fastify",
    "--budget",
    "8s",
    "--time-share",
    "0.05",
    "--skip-changes",
    "--skip-browser",
    "--phases",
];

/// Runs at the same time, each killed and continued alone: what one leaves, and what its successor removes, is no
/// other's.
const AT_ONCE: usize = 2;

/// The moment of a kill.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after the start.
    After(Duration),
    /// So long after the n-th line of a phase, counted from 1.
    InPhase(&'static str, usize, Duration),
}

/// What the kills met, summed over all.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    in_wake: usize,
    in_rest: usize,
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
        self.in_wake += other.in_wake;
        self.in_rest += other.in_rest;
        self.before_the_run += other.before_the_run;
        self.after_the_run += other.after_the_run;
        self.resumed += other.resumed;
        self.said += other.said;
        self.stored += other.stored;
        self.orphans += other.orphans;
    }
}

/// A launch or a trial: what it is, its round or block, counted from 1, and its contender.
type Ended = (&'static str, u32, String);

/// The launches and trials that a log says have ended.
pub(crate) fn said(log: &str) -> BTreeSet<Ended> {
    let lines = log.lines().filter_map(|line| {
        ["launch", "block"]
            .into_iter()
            .find_map(|what| Some((what, line.strip_prefix(what)?.strip_prefix(' ')?)))
    });
    lines
        .filter_map(|(what, line)| {
            let mut words = line.split_whitespace();
            let (number, name) = (words.next()?.parse().ok()?, words.next()?);
            // The line of a twin shows `NAME (twin)`, and the store has `NAME~twin`.
            let twin = words.next() == Some("(twin)");
            Some((what, number, format!("{name}{}", if twin { "~twin" } else { "" })))
        })
        .collect()
}

/// The launches and trials in the store; none while there is no run in it.
pub(crate) fn stored(place: &Place) -> Option<BTreeSet<Ended>> {
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
    let read = |what: &'static str, sql: &str| -> BTreeSet<Ended> {
        let mut statement = store.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((what, row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let mut ended = read("block", "SELECT block + 1, contender FROM trial");
    ended.extend(read(
        "launch",
        "SELECT json_extract(document, '$.round') + 1, contender FROM launch",
    ));
    (runs > 0).then_some(ended)
}

fn place() -> Place {
    let place = Place::new();
    place.write("killed.toml", BRIEF);
    place
}

/// The number of lines of a phase in a log.
fn phases(log: &str, phase: &str) -> usize {
    log.matches(&format!(" · {phase} · ")).count()
}

/// Waits for the moment, or for the end of the run.
fn wait_for(moment: Moment, place: &Place, child: &mut Child) {
    match moment {
        Moment::After(span) => thread::sleep(span),
        Moment::InPhase(phase, count, span) => {
            while phases(&place.read("first.log"), phase) < count && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(2));
            }
            thread::sleep(span);
        }
    }
}

/// Starts a run, kills it at a moment, and holds what is left to the promise.
fn kill_at(moment: Moment, brief: WithBrief) -> Tally {
    let place = place();
    let mut child = place.start(&RUN, "first.log");
    wait_for(moment, &place, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let log = place.read("first.log");
    let (said, kept) = (said(&log), stored(&place));
    let kept_before = kept.clone().unwrap_or_default();
    assert!(
        said.is_subset(&kept_before),
        "at {moment:?}: said {said:?}, stored {kept_before:?}\n{log}"
    );
    let orphans = left_behind_by(child.id()).len();

    let resume = match brief {
        WithBrief::Named => [&RUN[..], &["--resume"]].concat(),
        WithBrief::Unnamed => vec!["run", "--resume"],
    };
    let mut next = place.start(if kept.is_some() { &resume[..] } else { &RUN[..] }, "next.log");
    let code = next.wait().unwrap().code();
    let next_log = place.read("next.log");
    let had_ended = code == Some(2) && next_log.contains("to continue");
    assert!(
        has_ended(code) || had_ended,
        "at {moment:?}: exit {code:?}\n{log}\n{next_log}"
    );
    if had_ended {
        // The run had ended before the kill; any start that opens a lab clears up.
        assert_eq!(place.run(&["check", "node-http"]).code, 0);
    } else {
        let all = stored(&place).unwrap_or_default();
        assert!(
            all.is_superset(&kept_before) && !all.is_empty(),
            "what the first part stored is gone"
        );
        let runs = place.run(&["list", "runs", "--json"]).json();
        assert_ne!(runs[0]["finished"], "not finished", "{next_log}");
    }
    for pid in [child.id(), next.id()] {
        assert_eq!(
            left_behind_by(pid),
            Vec::<String>::new(),
            "at {moment:?}: left by {pid}"
        );
    }
    Tally {
        kills: 1,
        in_wake: usize::from(matches!(moment, Moment::InPhase("wake", ..))),
        in_rest: usize::from(matches!(moment, Moment::InPhase("rest", ..))),
        before_the_run: usize::from(kept.is_none()),
        after_the_run: usize::from(had_ended),
        resumed: usize::from(kept.is_some() && !had_ended),
        said: said.len(),
        stored: kept_before.len(),
        orphans,
    }
}

/// Whether the resumed run names its brief.
#[derive(Debug, Clone, Copy)]
enum WithBrief {
    Named,
    Unnamed,
}

/// xorshift64 [Marsaglia, 2003], from 0 to 1: which moments they are does not matter, only that they are spread.
struct Spread(u64);

impl Spread {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[test]
fn sigkill_at_any_time_loses_nothing_that_was_acknowledged() {
    let kills = std::env::var("BAKEOFF_TEST_KILLS").map_or(5, |count| count.parse().unwrap());
    let undisturbed = place();
    let began = Instant::now();
    let code = undisturbed.start(&RUN, "run.log").wait().unwrap().code();
    let whole = began.elapsed();
    let log = undisturbed.read("run.log");
    assert!(has_ended(code), "exit {code:?}\n{log}");
    let seen = ["wake", "rest"].map(|phase| (phase, phases(&log, phase)));
    assert!(seen.iter().all(|(_, count)| *count > 1), "{seen:?}\n{log}");
    let mut spread = Spread(u64::from(std::process::id()) ^ whole.as_nanos() as u64);
    let moments: Vec<Moment> = (0..kills)
        .map(|kill| moment(kill, whole, &seen, &mut spread))
        .collect();
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let kill = next.fetch_add(1, Ordering::Relaxed);
                    let Some(moment) = moments.get(kill) else { break };
                    let brief = if kill % 2 == 0 {
                        WithBrief::Named
                    } else {
                        WithBrief::Unnamed
                    };
                    let met = kill_at(*moment, brief);
                    println!("killed at {moment:?} of {:5.2} s: {met:?}", whole.as_secs_f64());
                    *tally.lock().unwrap() += met;
                }
            });
        }
    });
    println!("{:?}", tally.into_inner().unwrap());
}

/// Two in five at any time, one in five while a server wakes, two in five while one comes to rest or rests.
fn moment(kill: usize, whole: Duration, seen: &[(&'static str, usize); 2], spread: &mut Spread) -> Moment {
    match kill % 5 {
        0 | 3 => Moment::After(whole.mul_f64(spread.next())),
        other => {
            let (phase, count) = seen[usize::from(other != 1)];
            let nth = 1 + (count as f64 * spread.next()) as usize;
            let within = Duration::from_millis(400).mul_f64(spread.next());
            Moment::InPhase(phase, nth.min(count), within)
        }
    }
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
        "--time-share",
        "0.05",
        "--skip-changes",
        "--skip-browser",
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
