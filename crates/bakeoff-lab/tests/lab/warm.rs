//! Servers whose warmth is planted by real work: each is found and named, and another one is measured as if it were not
//! there. What servers do to each other at rest is in `fleet.rs`.

use crate::bench::{Bench, end_of_launch, launch_of, planned, processes_with, trial_of_launch, value};
use bakeoff_core::contender;
use bakeoff_core::drift::{DriftKind, watch};
use bakeoff_core::evidence::{Gate, GateOutcome, Launch, Observation, Trial, WakeUp, WarmClass, WarmPhase};
use bakeoff_core::plan::{LaunchBudget, ProbeSlots, TrialBudget};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledTrial};
use bakeoff_lab::{Config, ContenderSource, Fleet, Lab, PairTerms, Prepared, SourceFile};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// A rate at which a quarter of a second is a window.
const RATE_RPS: f64 = 1_000.0;

/// Limits that let planted servers show what they do in little time.
const BUDGET: LaunchBudget = LaunchBudget {
    warm_max_s: 24.0,
    rest_s: 1.6,
    wake_max_s: 3.0,
    pause_share: 0.4,
    alone: false,
};

const TRIAL: TrialBudget = TrialBudget {
    warm_max_s: 4.0,
    wake_s: 1.0,
    measure_s: 0.8,
    extra_starts: 0,
    probe_s: 0.0,
    overhead_s: 0.5,
    slots: ProbeSlots::NONE,
    each: None,
};

fn bench() -> Bench {
    Bench::new(&[("json", 1.0)], RATE_RPS)
}

/// The server with that behaviour.
fn warmth(bench: &Bench, behaviour: &str) -> Prepared {
    let manifest = format!(
        r#"
name = "warm-{behaviour}"
title = "Planted"
family = "node"
language = "javascript"
server = "node:http"
homepage = "https://example.org"
model = {{ concurrency = "event-loop", style = "async" }}
[runtime]
name = "node"
version = ">=20"
[prepare]
commands = [["true"]]
[start]
command = ["{{node}}", "warmth.cjs", "{behaviour}"]
[source]
files = ["warmth.cjs"]
not_served = ["compute", "wait", "read-item", "list-items", "create-item", "update-item", "place-order", "page", "fan-out", "login", "upload", "download", "events", "socket"]
"#
    );
    let manifest = contender::parse(&manifest, "contender.toml").unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fakes/warmth.cjs");
    let source = ContenderSource::new([SourceFile {
        path: "warmth.cjs".to_owned(),
        bytes: fs::read(program).unwrap(),
    }]);
    bench.prepare(&manifest, &source).unwrap()
}

/// A fleet with the launches and trials that it left.
struct Seen<'f> {
    fleet: Fleet<'f>,
    began: Instant,
    launches: Vec<Launch>,
    trials: Vec<Trial>,
}

impl<'f> Seen<'f> {
    fn new(lab: &'f Lab<'f>, prepared: &'f [Prepared]) -> Seen<'f> {
        Seen {
            fleet: Fleet::new(lab, prepared),
            began: Instant::now(),
            launches: Vec::new(),
            trials: Vec::new(),
        }
    }

    fn now_s(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Launches one of the prepared contenders as its first.
    fn launch(&mut self, prepared: &Prepared, budget: LaunchBudget) -> u32 {
        let id = self.launches.len() as u32;
        let place = planned(&prepared.contender.name, 0);
        let scheduled = ScheduledLaunch {
            budget,
            ..launch_of(id, &place)
        };
        let at_s = self.now_s();
        let launch = self.fleet.launch(&scheduled, at_s).unwrap();
        let warm_up = launch.warm_up.as_ref();
        println!(
            "{place:?}: {:.1} s, {:?}, {:?}, {:?}",
            launch.seconds,
            warm_up.map(|warm_up| (warm_up.class, warm_up.requests, warm_up.level)),
            launch.gates,
            launch.faults,
        );
        self.launches.push(launch);
        id
    }

    /// A trial of a launch that lives.
    fn trial(&mut self, launch: u32, block: u32) {
        let name = self.launches[launch as usize].entrant.name().to_owned();
        let place = planned(&name, block);
        let scheduled = ScheduledTrial {
            is_first_of_launch: self.of(launch).is_empty(),
            ..trial_of_launch(launch, &place, &TRIAL)
        };
        let at_s = self.now_s();
        let trial = self.fleet.trial(&scheduled, at_s).unwrap();
        println!(
            "{place:?}: {:.1} s, CPU {:?}, {:?}, {:?}",
            trial.seconds,
            value(&trial, "cpu_us_per_request"),
            trial.wake_up,
            trial.faults,
        );
        self.trials.push(trial);
    }

    fn retire(&mut self, launch: u32) {
        let at_s = self.now_s();
        let end = self.fleet.retire(&end_of_launch(launch, &TRIAL), at_s);
        self.launches[launch as usize].end = Some(end.unwrap());
    }

    fn of(&self, launch: u32) -> Vec<&Trial> {
        let own = self.trials.iter().filter(|trial| trial.launch == Some(launch));
        own.collect()
    }
}

fn observed(observations: &[Observation], metric: &str) -> Option<f64> {
    let mut found = observations
        .iter()
        .filter(|observation| observation.metric == metric);
    found.next().map(|observation| observation.value)
}

fn steady_state(launch: &Launch) -> GateOutcome {
    let gate = launch
        .gates
        .iter()
        .find(|result| result.gate == Gate::SteadyState);
    gate.map(|result| result.outcome).unwrap()
}

fn costs(launch: &Launch, phase: WarmPhase) -> Vec<f64> {
    let windows = launch.warm_up.iter().flat_map(|warm_up| &warm_up.windows);
    let of_phase = windows.filter(|window| window.phase == phase);
    of_phase.map(|window| window.cpu_us).collect()
}

#[test]
fn a_warm_up_ends_on_the_level_that_lasts() {
    let bench = bench();
    let behaviours = ["slow-5000", "jumps-600", "never"];
    let prepared: Vec<Prepared> = behaviours.iter().map(|one| warmth(&bench, one)).collect();
    let lab = Lab::open(bench.config()).unwrap();
    let mut seen = Seen::new(&lab, &prepared);
    // A busy machine hides a level for a while; this limit costs nothing where it is seen at once.
    let patient = LaunchBudget {
        warm_max_s: 90.0,
        ..BUDGET
    };

    let slow = seen.launch(&prepared[0], patient) as usize;
    seen.retire(slow as u32);
    let warm_up = seen.launches[slow].warm_up.clone().unwrap();
    let level = warm_up.level.expect("it settles after its first 5,000 requests");
    assert_eq!(warm_up.class, WarmClass::Warm);
    assert!(
        warm_up.requests.is_some_and(|requests| requests > 4_000),
        "{:?}",
        warm_up.requests
    );
    let first = costs(&seen.launches[slow], WarmPhase::ClosedLoop)[1];
    assert!(level.cpu_us < first / 3.0, "{level:?} after {first} µs");
    assert_eq!(steady_state(&seen.launches[slow]), GateOutcome::Passed);
    let requests = observed(&seen.launches[slow].observations, "warmup_requests");
    assert_eq!(requests, warm_up.requests.map(|requests| requests as f64));

    let jumps = seen.launch(&prepared[1], patient) as usize;
    seen.retire(jumps as u32);
    let before = costs(&seen.launches[jumps], WarmPhase::AtRate);
    let warm_up = seen.launches[jumps].warm_up.clone().unwrap();
    let level = warm_up.level.expect("it keeps the level that it jumped to");
    assert_eq!(warm_up.class, WarmClass::Warm);
    assert!(
        level.cpu_us < before[before.len() - 1] / 2.0,
        "{level:?} after {before:?}"
    );
    assert!((0.6..1.6).contains(&level.before_pause_ratio), "{level:?}");

    let short = LaunchBudget {
        warm_max_s: 6.0,
        ..BUDGET
    };
    let never = seen.launch(&prepared[2], short) as usize;
    seen.retire(never as u32);
    let warm_up = seen.launches[never].warm_up.clone().unwrap();
    assert_eq!((warm_up.class, warm_up.level), (WarmClass::NoSteadyState, None));
    assert_ne!(steady_state(&seen.launches[never]), GateOutcome::Passed);
    assert_eq!(observed(&seen.launches[never].observations, "warmup_s"), None);
    drop(seen);
    assert_eq!(processes_with("warmth.cjs"), Vec::<String>::new());
}

#[test]
fn waking_and_drift_are_watched_and_another_is_measured_as_if_alone() {
    let bench = bench();
    let behaviours = ["steady", "late-6", "cold-1200"];
    let prepared: Vec<Prepared> = behaviours.iter().map(|one| warmth(&bench, one)).collect();
    let config = Config {
        launches: behaviours.len(),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    let mut seen = Seen::new(&lab, &prepared);
    let patient = LaunchBudget {
        warm_max_s: 90.0,
        ..BUDGET
    };
    for (id, one) in (0..).zip(&prepared) {
        seen.launch(one, patient);
        assert_eq!(
            steady_state(&seen.launches[id]),
            GateOutcome::Passed,
            "{}",
            one.contender.name
        );
    }
    let (steady, late, cold) = (0, 1, 2);
    for block in 0..2 {
        for id in [steady, late, cold] {
            seen.trial(id, block);
        }
    }
    // It slows down under its own load, so it alone needs more of it.
    for block in 2..5 {
        seen.trial(late, block);
    }

    // One that is dear after each rest comes back while it wakes, and what its first second costs is said.
    for (at, trial) in seen.of(cold).into_iter().enumerate() {
        let wake_up = trial.wake_up.as_ref().unwrap();
        // It is dear for two seconds. The first trial spends one of them on the first second after the rest.
        let least_s = if at == 0 { 0.0 } else { 1.9 };
        let woken_s = wake_up.windows.last().map(|window| window.at_s);
        let is_woken = woken_s.is_some_and(|woken_s| woken_s > least_s);
        assert!(wake_up.returned && is_woken, "{wake_up:?}");
    }
    let ratio = |id: u32| value(seen.of(id)[0], "after_rest_ratio").unwrap();
    assert!(
        ratio(cold) > 1.4 && ratio(cold) > ratio(steady),
        "{} and {}",
        ratio(cold),
        ratio(steady)
    );

    // One that slows down late is named, and its trials before that do not count.
    let watched = watch(Some(&seen.launches[late as usize]), &seen.of(late));
    let drift = watched.drift.expect("a change for good is found");
    assert_eq!(drift.kind, DriftKind::SlowsDownLate);
    assert!(drift.ratio > 1.5 && drift.from >= 1, "{drift:?}");
    assert!(
        !watched.counts[0] && watched.counts[watched.counts.len() - 1],
        "{watched:?}"
    );

    let watched = watch(Some(&seen.launches[steady as usize]), &seen.of(steady));
    assert_eq!(
        (watched.counts.as_slice(), watched.drift),
        (&[true, true][..], None)
    );
    for trial in seen.of(steady) {
        let wake_up = trial.wake_up.as_ref().unwrap();
        let rested = !wake_up.paused && wake_up.resting_cores < WakeUp::DISTURBS_FROM_CORES;
        assert!(trial.faults.is_empty() && rested, "{trial:#?}");
        let others = trial.environment.resting_cores.unwrap();
        assert!(others < WakeUp::DISTURBS_FROM_CORES, "{others}");
    }
    drop(seen);
    assert_eq!(processes_with("warmth.cjs"), Vec::<String>::new());
}

#[test]
fn a_server_that_needs_a_warm_up_is_dearer_than_an_old_one_without_it() {
    let bench = bench();
    let prepared = warmth(&bench, "slow-5000");
    let lab = Lab::open(bench.config()).unwrap();
    let terms = PairTerms {
        aged_s: 6.5,
        turn_s: 0.5,
        young_s: 3.0,
        launches: 1,
        budget: BUDGET,
        warms_up: false,
        ..PairTerms::standard(7)
    };
    let turns = lab.warm_pairs(&prepared, &terms, &mut |_| true).unwrap();
    assert_eq!(turns.len(), 4);
    for turn in &turns {
        assert!(turn.warmed.cpu_us > 2.0 * turn.aged.cpu_us, "{turns:#?}");
    }
}
