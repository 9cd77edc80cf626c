//! What every test here needs: the scenarios and contenders of this repository, a small brief, and a search for
//! processes.

use crate::shipped;
use bakeoff_core::brief::{Brief, Deploy, Load, Needs, Preferences, Price, Slo, Team, Thresholds, Traffic};
use bakeoff_core::contender::{self, Contender};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Fault, Trial};
use bakeoff_core::plan::{LaunchBudget, PlannedLaunch, PlannedTrial, ProbeSlots, TrialBudget};
use bakeoff_core::scenario::{self, Scenario};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial};
use bakeoff_lab::{
    Config, ContenderSource, Event, EventSink, Fleet, Lab, LabError, Phase, Prepared, ResourceLimits,
    Runtimes, SourceFile, TierChoice, prepare, probe,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{LazyLock, Mutex};
use std::time::Instant;

/// A short trial with the first probes of the table, up to one that starts servers of its own.
pub(crate) static SHAPE: LazyLock<TrialBudget> = LazyLock::new(|| {
    let probes = probe::costs();
    let own_servers = probes
        .iter()
        .position(|probe| probe.metrics.contains(&"connection_kb"));
    TrialBudget {
        slots: ProbeSlots {
            first: 0,
            count: own_servers.unwrap() as u32 + 1,
        },
        ..LOAD_ONLY
    }
});

/// The same without any probe of a running contender.
pub(crate) const LOAD_ONLY: TrialBudget = TrialBudget {
    warm_max_s: 0.8,
    wake_s: 0.0,
    measure_s: 1.0,
    extra_starts: 0,
    probe_s: 0.0,
    overhead_s: 1.0,
    slots: ProbeSlots::NONE,
    each: None,
};

/// A short way to a warm server: these tests assert shapes, and their servers need not be warm.
pub(crate) const LAUNCH: LaunchBudget = LaunchBudget {
    warm_max_s: 1.5,
    rest_s: 0.0,
    wake_max_s: 0.5,
    pause_share: 0.05,
    alone: false,
};

/// The runtimes of this machine, searched once.
pub(crate) static RUNTIMES: LazyLock<Runtimes> =
    LazyLock::new(|| Runtimes::find(Path::new("/nowhere"), today()));

pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}

/// Limits that a test can reach without harm.
pub(crate) const LIMITS: ResourceLimits = ResourceLimits {
    processes: 40,
    memory_mb: 400.0,
    disk_mb: 64.0,
};

/// Every event with its time, in order.
#[derive(Debug, Default)]
pub(crate) struct Record(pub(crate) Mutex<Vec<(Instant, Event)>>);

impl Record {
    /// The phases of the last trial with the seconds that each took.
    pub(crate) fn phases(&self) -> Vec<(Phase, f64)> {
        let events = self.0.lock().unwrap();
        let start = events
            .iter()
            .rposition(|(_, event)| matches!(event, Event::TrialStarted { .. }));
        let mut phases = Vec::new();
        let mut current = None;
        for (at, event) in &events[start.unwrap_or(0)..] {
            let next = match event {
                Event::TrialPhase { phase, .. } => Some((*phase, *at)),
                Event::TrialFinished { .. } => None,
                _ => continue,
            };
            phases.extend(current.map(|(phase, since)| (phase, at.duration_since(since).as_secs_f64())));
            current = next;
        }
        phases
    }
}

impl EventSink for Record {
    fn event(&self, event: Event) {
        self.0.lock().unwrap().push((Instant::now(), event));
    }
}

/// A lab's surroundings for one test.
pub(crate) struct Bench {
    pub(crate) brief: Brief,
    pub(crate) scenarios: BTreeMap<String, Scenario>,
    pub(crate) cache: PathBuf,
    pub(crate) cluster_cache: PathBuf,
    pub(crate) record: Record,
    pub(crate) stop: AtomicBool,
    _folder: tempfile::TempDir,
}

impl Bench {
    /// For a brief with this mix at this rate; what is prepared goes away with it.
    pub(crate) fn new(mix: &[(&str, f64)], peak_rps: f64) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        Bench {
            brief: brief(mix, peak_rps),
            scenarios: all_scenarios(),
            cache: folder.path().to_owned(),
            cluster_cache: shipped::cache(),
            record: Record::default(),
            stop: AtomicBool::new(false),
            _folder: folder,
        }
    }

    pub(crate) fn config(&self) -> Config<'_> {
        Config {
            brief: &self.brief,
            scenarios: &self.scenarios,
            own_rows: None,
            own_services: &[],
            cache: &self.cache,
            cluster_cache: &self.cluster_cache,
            runtimes: &RUNTIMES,
            events: &self.record,
            stop: &self.stop,
            limits: LIMITS,
            isolation: TierChoice::Best,
            launches: 3,
        }
    }

    pub(crate) fn prepare(&self, contender: &Contender, source: &ContenderSource) -> Result<Prepared, Fault> {
        // The shipped contenders may need a runtime that bakeoff provides; the fakes run on what the machine has.
        let runtimes = match contender.prepare.tool {
            Some(_) => shipped::runtimes(),
            None => &RUNTIMES,
        };
        let runtime = runtimes.choose(contender, source).unwrap();
        prepare(contender, source, runtime, &self.cache, &self.record, &self.stop)
    }

    /// The fake contender with one behaviour.
    pub(crate) fn fake(&self, behaviour: &str) -> Prepared {
        self.fake_from("server.py", &fake_manifest(behaviour))
    }

    /// The contender with one trait whose size is known.
    pub(crate) fn planted(&self, planted: &str) -> Prepared {
        let mut manifest = fake_manifest(planted);
        let served = ["upload", "download", "socket"];
        manifest
            .source
            .not_served
            .retain(|not| !served.contains(&not.as_str()));
        self.fake_from("planted.py", &manifest)
    }

    /// A fake contender with another manifest.
    pub(crate) fn fake_with(&self, manifest: &Contender) -> Prepared {
        self.fake_from("server.py", manifest)
    }

    pub(crate) fn fake_from(&self, program: &str, manifest: &Contender) -> Prepared {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fakes")
            .join(program);
        let source = ContenderSource::new([SourceFile {
            path: "server.py".to_owned(),
            bytes: fs::read(path).unwrap(),
        }]);
        self.prepare(manifest, &source).unwrap()
    }
}

/// The place of one trial in a plan.
pub(crate) fn planned(contender: &str, block: u32) -> PlannedTrial {
    PlannedTrial {
        block,
        position: 0,
        entrant: Entrant::contender(contender),
        seed: 7,
    }
}

/// The launch with this id for a trial; the first of its contender when it is for the first block.
pub(crate) fn launch_of(id: u32, planned: &PlannedTrial) -> ScheduledLaunch {
    ScheduledLaunch {
        id,
        planned: PlannedLaunch {
            round: 0,
            entrant: planned.entrant.clone(),
            seed: planned.seed,
        },
        budget: LAUNCH,
        is_first: planned.block == 0,
    }
}

/// A trial of the launch with this id.
pub(crate) fn trial_of_launch(id: u32, planned: &PlannedTrial, shape: &TrialBudget) -> ScheduledTrial {
    ScheduledTrial {
        planned: planned.clone(),
        launch: id,
        is_first_of_launch: planned.block == 0,
        budget: *shape,
        first_attempt: None,
    }
}

/// The end of the launch with this id, with the probes of this shape.
pub(crate) fn end_of_launch(id: u32, shape: &TrialBudget) -> ScheduledRetirement {
    ScheduledRetirement {
        launch: id,
        slots: shape.slots,
        budget: *shape,
        seed: 7,
    }
}

/// The whole life of a launch with one trial, and everything that it left as one trial.
pub(crate) fn live_once(
    lab: &Lab<'_>,
    prepared: &Prepared,
    planned: &PlannedTrial,
    shape: &TrialBudget,
) -> Result<Trial, LabError> {
    let mut fleet = Fleet::new(lab, std::slice::from_ref(prepared));
    let launch = fleet.launch(&launch_of(0, planned), 0.0)?;
    let mut trial = if launch.is_alive() {
        fleet.trial(&trial_of_launch(0, planned, shape), launch.seconds)?
    } else {
        Trial {
            gates: launch.gates.clone(),
            ..Trial::new(planned.block, planned.entrant.clone())
        }
    };
    let end = match fleet.ended_at_rest(9.0).pop() {
        Some((_, end)) => Some(end),
        None if launch.is_alive() => Some(fleet.retire(&end_of_launch(0, shape), 9.0)?),
        None => None,
    };
    let (observations, faults) = end.map_or_else(Default::default, |end| (end.observations, end.faults));
    trial.observations = [launch.observations, trial.observations, observations].concat();
    trial.faults = [launch.faults, trial.faults, faults].concat();
    trial.warm_up = launch.warm_up;
    Ok(trial)
}

/// The value of a metric that a trial has observed.
pub(crate) fn value(trial: &Trial, metric: &str) -> Option<f64> {
    trial
        .observations
        .iter()
        .find(|observation| observation.metric == metric)
        .map(|observation| observation.value)
}

/// The processes, apart from zombies, whose command line has `words`.
pub(crate) fn processes_with(words: &str) -> Vec<String> {
    let commands = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let command = fs::read_to_string(entry.path().join("cmdline"))
            .ok()?
            .replace('\0', " ");
        (command.contains(words) && !status.contains("State:\tZ")).then_some(command)
    });
    commands.collect()
}

/// The processes whose command line has `words`.
pub(crate) fn pids_with(words: &str) -> Vec<u32> {
    let pids = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let command = fs::read_to_string(entry.path().join("cmdline"))
            .ok()?
            .replace('\0', " ");
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        command.contains(words).then_some(pid)
    });
    pids.collect()
}

/// A folder of this repository.
pub(crate) fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)
}

fn all_scenarios() -> BTreeMap<String, Scenario> {
    let files = fs::read_dir(repository("scenarios"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let scenario = scenario::parse(&fs::read_to_string(&path).unwrap(), "scenario").unwrap();
            (scenario.id.clone(), scenario)
        })
        .collect()
}

fn brief(mix: &[(&str, f64)], peak_rps: f64) -> Brief {
    Brief {
        name: "test".to_owned(),
        question: "Does the lab work?".to_owned(),
        load: Load {
            peak_rps,
            cores: 1,
            memory_mb: 512.0,
            slo: Slo {
                p99_ms: 100.0,
                error_rate: 0.01,
            },
            connections: None,
            day: None,
        },
        traffic: mix
            .iter()
            .map(|(scenario, share)| Traffic {
                scenario: (*scenario).to_owned(),
                share: *share,
            })
            .collect(),
        team: Team::default(),
        needs: Needs::default(),
        deploy: Deploy {
            target: "container".to_owned(),
            instance_class: None,
            vcpu: None,
            memory_mb: None,
            own_price: Default::default(),
            price: Price {
                core_hour: 0.04,
                gb_hour: 0.005,
                currency: "USD".to_owned(),
            },
        },
        preferences: Preferences::default(),
        only: Vec::new(),
        also: Vec::new(),
        candidates: Vec::new(),
        variants: BTreeMap::new(),
        values: BTreeMap::new(),
        measures: Vec::new(),
        verdict: Thresholds::default(),
        database: None,
        services: Vec::new(),
    }
}

pub(crate) fn fake_manifest(behaviour: &str) -> Contender {
    let text = format!(
        r#"
name = "fake-{behaviour}"
title = "Fake"
family = "python"
language = "python"
server = "http.server"
homepage = "https://example.org"
model = {{ concurrency = "threads", style = "sync" }}
[runtime]
name = "python"
version = ">=3.9"
[prepare]
commands = [["true"]]
[start]
command = ["{{python}}", "server.py", "{behaviour}"]
[source]
files = ["server.py"]
not_served = ["read-item", "list-items", "create-item", "update-item", "place-order", "page", "fan-out", "login", "upload", "download", "events", "socket"]
"#
    );
    contender::parse(&text, "contender.toml").unwrap()
}
