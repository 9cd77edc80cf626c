//! What this machine can and cannot do, topic by topic, each with a remedy. It measures nothing that takes more than a
//! second.

use crate::browser::{CHROMIUM_WAY_OUT, Chromium};
use crate::cores::{self, CoreSplit};
use crate::isolation::{Isolation, TierChoice, missing, quota_processors};
use crate::language::LANGUAGES;
use crate::process::lab_instance::LabInstance;
use crate::procfs::machine::ProcessorTime;
use crate::runtimes::Runtimes;
use crate::service::{DatabaseBinaries, network_obstacle};
use bakeoff_core::contender;
use bakeoff_core::evidence::Tier;
use nix::unistd::{AccessFlags, access};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// The finding of one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The topic, in a word or two.
    pub topic: &'static str,
    /// Whether it is as it should be.
    pub state: State,
    /// The finding, in a sentence.
    pub sentence: String,
    /// What would improve it; empty when nothing needs to.
    pub way_out: String,
}

/// Whether something is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// It works, with less certain results.
    Limited,
    /// It is missing.
    Missing,
}

/// The time of the noise measurement.
const WATCHED: Duration = Duration::from_millis(600);

/// Looks at runtimes, database, browser, cache, processors, isolation and noise.
#[must_use]
pub fn doctor(runtimes: &Runtimes, cache: &Path) -> Vec<Finding> {
    let shipped = LANGUAGES.iter().filter_map(|language| {
        let version = language.shipped_version?;
        Some(runtime(runtimes, language.id, version))
    });
    shipped
        .chain([
            database(),
            browser(),
            folder(cache),
            processors(),
            isolation(),
            noise(),
        ])
        .collect()
}

/// The cache, into which contenders are installed.
fn folder(cache: &Path) -> Finding {
    let shown = cache.display();
    match writable(cache) {
        Ok(()) => finding(
            "cache",
            State::Good,
            format!("contenders are installed into {shown}"),
            "",
        ),
        Err(reason) => finding(
            "cache",
            State::Missing,
            format!("contenders cannot be installed into {shown}: {reason}"),
            "set BAKEOFF_CACHE to a folder that you may write",
        ),
    }
}

/// Whether a folder can be written, or made where it does not exist. Makes nothing.
fn writable(folder: &Path) -> Result<(), String> {
    let mut existing = folder.ancestors().filter(|above| above.exists());
    let existing = existing.next().unwrap_or(Path::new("."));
    if !existing.is_dir() {
        return Err(format!("`{}` is no folder", existing.display()));
    }
    access(existing, AccessFlags::W_OK | AccessFlags::X_OK)
        .map_err(|errno| format!("`{}`: {}", existing.display(), errno.desc()))
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
    let wanted = contender::Runtime::of(name, version);
    match runtimes.get(&wanted) {
        Ok(found) => {
            let standing = runtimes.standing(found);
            let (version, path) = (&found.version, found.program.display());
            let sentence = format!("{name} {version} at {path} (support: {standing})");
            if standing.is_old() {
                finding(name, State::Limited, sentence, &runtimes.way_out(name))
            } else {
                finding(name, State::Good, sentence, "")
            }
        }
        Err(missing) => finding(
            name,
            State::Missing,
            format!("its contenders cannot run here: {missing}"),
            &missing.how_to_install,
        ),
    }
}

fn database() -> Finding {
    if std::env::var("DATABASE_URL").is_ok_and(|url| !url.is_empty()) {
        return finding(
            "database",
            State::Good,
            "DATABASE_URL is set; the lab creates a database of its own in that PostgreSQL and drops it"
                .to_owned(),
            "",
        );
    }
    match DatabaseBinaries::of_the_machine() {
        Some(found) => finding("database", State::Good, format!("{}, at {}", found.origin(), found.program("").display()), ""),
        None => finding(
            "database",
            State::Limited,
            "no PostgreSQL on this machine: the first run installs the Python package pgserver, which contains one".to_owned(),
            "install PostgreSQL with the system's package manager, or set DATABASE_URL",
        ),
    }
}

/// What runs the validation of contenders on a page.
fn browser() -> Finding {
    match Chromium::find() {
        Ok(Chromium { program, version }) => {
            let sentence = format!("{version} at {}", program.display());
            finding("browser", State::Good, sentence, "")
        }
        Err(reason) => finding(
            "browser",
            State::Limited,
            format!("no evidence of what runs in a browser: {reason}"),
            CHROMIUM_WAY_OUT,
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
            "one processor: servers, generator and database share it, and every report warns".to_owned();
        return finding(
            "processors",
            State::Limited,
            sentence,
            "two or more processors keep them apart",
        );
    }
    if let Some(quota) = quota_processors().filter(|quota| *quota < split.all().len() as f64) {
        let sentence = format!(
            "{} processors, and a CPU quota above this program allows {quota:.1}: it throttles everything beyond",
            split.all().len()
        );
        let way_out = "raise the quota (`cpu.max`, or the CPU limit of the container) to all processors";
        return finding("processors", State::Limited, sentence, way_out);
    }
    let sentence = format!(
        "servers on {}, generator, database and upstream on {}, for a brief of one core",
        words(&split.server),
        words(&split.generator)
    );
    finding("processors", State::Good, sentence, "")
}

/// The isolation that a lab would have: set up and removed again.
fn isolation() -> Finding {
    let isolation = match Isolation::find(LabInstance::this(), TierChoice::Best, network_obstacle()) {
        Ok(isolation) => isolation,
        Err(reason) => return finding("isolation", State::Limited, reason, "run it once more"),
    };
    let tier = isolation.tier();
    let by_controller: Vec<String> = isolation
        .by_controller()
        .iter()
        .map(|(controller, words)| format!("{controller}: {words}"))
        .collect();
    let sentence = format!("tier {tier}; {}", by_controller.join("; "));
    finding("isolation", State::Good, sentence, &more_isolation(&isolation))
}

/// A way without root: a user namespace, which grants more rights inside.
const NETWORK_FOR_A_USER: &str = "for the network alone, `unshare --user --map-current-user --keep-caps bakeoff …` where namespaces of users are allowed";

/// What a higher tier would add, why it is missing, and how to get it.
fn more_isolation(isolation: &Isolation) -> String {
    let lacks = missing(isolation.by_controller());
    if lacks.is_empty() {
        return String::new();
    }
    let (why, how) = match isolation.tier() {
        Tier::T0 => (
            isolation.missing_requirement(Tier::T1),
            format!(
                "root gives T2; `systemd-run --user --scope -p Delegate=yes bakeoff …` gives T1; {NETWORK_FOR_A_USER}"
            ),
        ),
        Tier::T1 => (
            isolation.missing_requirement(Tier::T2),
            format!("root gives T2; {NETWORK_FOR_A_USER}"),
        ),
        Tier::T2 => (
            "this machine's cgroups lack some controllers".to_owned(),
            "a machine with version 2 of cgroups alone has them all".to_owned(),
        ),
    };
    let gains: Vec<String> = lacks
        .iter()
        .map(|(controller, gain)| format!("{controller} {gain}"))
        .collect();
    format!(
        "every tier measures; {why}; {how}. A higher tier would add: {}",
        gains.join(", ")
    )
}

/// The lateness of short sleeps and the hypervisor's share, on a machine that should be idle.
fn noise() -> Finding {
    let cores = cores::available();
    let before = ProcessorTime::read(&cores);
    let began = Instant::now();
    let mut late_us: Vec<u128> = Vec::new();
    while began.elapsed() < WATCHED {
        let slept_from = Instant::now();
        thread::sleep(Duration::from_millis(1));
        late_us.push(slept_from.elapsed().as_micros().saturating_sub(1_000));
    }
    late_us.sort_unstable();
    let p99_us = late_us.get(late_us.len() * 99 / 100).copied().unwrap_or(0);
    let seconds = began.elapsed().as_secs_f64() * cores.len() as f64;
    let (busy, steal) = match (before, ProcessorTime::read(&cores)) {
        (Some(before), Some(after)) => (
            (after.busy_s - before.busy_s) / seconds,
            (after.steal_s - before.steal_s) / seconds,
        ),
        _ => (0.0, 0.0),
    };
    let quiet = p99_us < 1_000 && steal < 0.03 && busy < 0.2;
    let state = if quiet { State::Good } else { State::Limited };
    let sentence = format!(
        "a sleep of 1 ms ends {:.2} ms late (p99), other programs use {:.0} % of the processors, the hypervisor {:.1} %",
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
    use crate::runtimes::Runtimes;
    use jiff::civil::date;
    use std::path::Path;

    #[test]
    fn every_topic_has_one_finding_and_a_remedy_where_it_is_not_good() {
        let day = date(2026, 11, 28);
        let findings = doctor(
            &Runtimes::find(Path::new("/nowhere"), day),
            Path::new("/dev/null/cache"),
        );
        let topics: Vec<&str> = findings.iter().map(|finding| finding.topic).collect();
        assert_eq!(
            topics,
            [
                "node",
                "python",
                "database",
                "browser",
                "cache",
                "processors",
                "isolation",
                "noise"
            ]
        );
        let cache = findings.iter().find(|finding| finding.topic == "cache").unwrap();
        assert!(
            cache.state == State::Missing && cache.sentence.contains("`/dev/null` is no folder"),
            "{cache:?}"
        );
        for finding in findings.iter().filter(|finding| finding.state != State::Good) {
            assert!(!finding.way_out.is_empty(), "{finding:#?}");
        }
    }

    #[test]
    fn a_missing_runtime_has_an_install_hint() {
        let finding = runtime(&Runtimes::none(date(2026, 11, 28)), "node", ">=20");
        assert_eq!(finding.state, State::Missing);
        assert!(
            finding
                .sentence
                .ends_with("needs node >=20: no `node` is on this machine"),
            "{}",
            finding.sentence
        );
        assert!(finding.way_out.contains("nodejs.org"));
    }
}
