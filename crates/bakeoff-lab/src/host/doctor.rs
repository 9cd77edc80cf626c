//! What this machine can and cannot do, topic by topic, each with the way out. Deliberately measures only
//! what a second can tell.

use crate::cores::{self, CoreSplit};
use crate::isolation::Isolation;
use crate::process::delay::Processors;
use crate::process::owner::Owner;
use crate::runtime::Runtimes;
use crate::service::DatabaseBinaries;
use bakeoff_core::contender;
use bakeoff_core::evidence::Tier;
use std::thread;
use std::time::{Duration, Instant};

/// What was found of one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The topic, in a word or two.
    pub topic: &'static str,
    /// Whether it is as it should be.
    pub state: State,
    /// What was found, in a sentence.
    pub sentence: String,
    /// What would make it better; empty when nothing needs to.
    pub way_out: String,
}

/// Whether something is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is.
    Good,
    /// It works, with less certainty.
    Limited,
    /// It is not there.
    Missing,
}

/// How long the machine is watched for noise.
const WATCHED: Duration = Duration::from_millis(600);

/// Looks at runtimes, database, processors, isolation and noise.
#[must_use]
pub fn doctor() -> Vec<Finding> {
    let runtimes = Runtimes::find();
    vec![
        runtime(&runtimes, "node", ">=20"),
        runtime(&runtimes, "python", ">=3.11"),
        database(),
        processors(),
        isolation(),
        noise(),
    ]
}

fn finding(topic: &'static str, state: State, sentence: String, way_out: &str) -> Finding {
    Finding {
        topic,
        state,
        sentence,
        way_out: way_out.to_owned(),
    }
}

fn runtime(runtimes: &Runtimes, name: &'static str, version: &str) -> Finding {
    let wanted = contender::Runtime {
        name: name.to_owned(),
        version: version.to_owned(),
    };
    match runtimes.get(&wanted) {
        Ok(found) => finding(
            name,
            State::Good,
            format!("{} {} at {}", name, found.version, found.program.display()),
            "",
        ),
        Err(missing) => finding(
            name,
            State::Missing,
            format!("the contenders of this runtime are unavailable here: {missing}"),
            &missing.how_to_install,
        ),
    }
}

fn database() -> Finding {
    if std::env::var("DATABASE_URL").is_ok_and(|url| !url.is_empty()) {
        return finding(
            "database",
            State::Good,
            "DATABASE_URL names a PostgreSQL; a database of our own is made in it and dropped".to_owned(),
            "",
        );
    }
    match DatabaseBinaries::of_the_machine() {
        Some(found) => finding("database", State::Good, format!("{}, at {}", found.origin(), found.program("").display()), ""),
        None => finding(
            "database",
            State::Limited,
            "no PostgreSQL on this machine: the first run installs the Python package pgserver, which carries one".to_owned(),
            "install PostgreSQL with the system's package manager, or set DATABASE_URL",
        ),
    }
}

fn processors() -> Finding {
    let split = CoreSplit::new(&cores::available(), 1);
    let words = |cores: &[usize]| {
        cores
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    if split.is_shared() {
        let sentence =
            "one processor: servers, generator and database share it, and every time says so".to_owned();
        return finding(
            "processors",
            State::Limited,
            sentence,
            "two or more processors keep them apart",
        );
    }
    let sentence = format!(
        "servers on {}, generator, database and upstream on {}, for a brief of one core",
        words(&split.server),
        words(&split.generator)
    );
    finding("processors", State::Good, sentence, "")
}

/// What a lab would find, tried and taken back.
fn isolation() -> Finding {
    let isolation = Isolation::find(Owner::this());
    let tier = isolation.tier();
    let by_controller: Vec<String> = isolation
        .by_controller()
        .iter()
        .map(|(controller, words)| format!("{controller}: {words}"))
        .collect();
    let sentence = format!("tier {tier}; {}", by_controller.join("; "));
    let way_out = match tier {
        Tier::T0 => {
            "a cgroup of version 2 that you may write in gives T1: root, or `systemd-run --user --scope -p Delegate=yes bakeoff …`"
        }
        Tier::T1 | Tier::T2 => "",
    };
    finding("isolation", State::Good, sentence, way_out)
}

/// How late short sleeps end, and how much the hypervisor takes, on a machine that should have nothing to do.
fn noise() -> Finding {
    let cores = cores::available();
    let before = Processors::read(&cores);
    let began = Instant::now();
    let mut late_us: Vec<u128> = Vec::new();
    while began.elapsed() < WATCHED {
        let asked = Instant::now();
        thread::sleep(Duration::from_millis(1));
        late_us.push(asked.elapsed().as_micros().saturating_sub(1_000));
    }
    late_us.sort_unstable();
    let p99_us = late_us.get(late_us.len() * 99 / 100).copied().unwrap_or(0);
    let seconds = began.elapsed().as_secs_f64() * cores.len() as f64;
    let (busy, steal) = match (before, Processors::read(&cores)) {
        (Some(before), Some(after)) => (
            (after.busy_s - before.busy_s) / seconds,
            (after.steal_s - before.steal_s) / seconds,
        ),
        _ => (0.0, 0.0),
    };
    let quiet = p99_us < 1_000 && steal < 0.03 && busy < 0.2;
    let state = if quiet { State::Good } else { State::Limited };
    let sentence = format!(
        "a sleep of 1 ms ends {:.2} ms late (p99), others use {:.0} % of the processors, the hypervisor takes {:.1} %",
        p99_us as f64 / 1e3,
        busy * 100.0,
        steal * 100.0
    );
    finding(
        "noise",
        state,
        sentence,
        if quiet {
            ""
        } else {
            "measure when the machine has nothing else to do; intervals are wider now"
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{State, doctor, runtime};
    use crate::runtime::Runtimes;

    #[test]
    fn every_topic_is_told_once_and_what_is_not_good_has_a_way_out() {
        let findings = doctor();
        let topics: Vec<&str> = findings.iter().map(|finding| finding.topic).collect();
        assert_eq!(
            topics,
            ["node", "python", "database", "processors", "isolation", "noise"]
        );
        for finding in findings.iter().filter(|finding| finding.state != State::Good) {
            assert!(!finding.way_out.is_empty(), "{finding:#?}");
        }
    }

    #[test]
    fn a_missing_runtime_is_said_with_what_to_install() {
        let finding = runtime(&Runtimes::default(), "node", ">=20");
        assert_eq!(finding.state, State::Missing);
        assert!(
            finding
                .sentence
                .ends_with("needs node >=20: no `node` is on PATH"),
            "{}",
            finding.sentence
        );
        assert!(finding.way_out.contains("nodejs.org"));
    }
}
