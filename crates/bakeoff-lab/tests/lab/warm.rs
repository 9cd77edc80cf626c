//! Servers whose warmth is planted by real work: each is found and named, and what it disturbs is no evidence of
//! another.

use crate::bench::{Bench, processes_with};
use bakeoff_core::contender;
use bakeoff_core::drift::{DriftKind, watch};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{
    EndReason, Gate, GateOutcome, Launch, Observation, Trial, WarmClass, WarmPhase,
};
use bakeoff_core::plan::{LaunchBudget, PlannedLaunch, PlannedTrial, ProbeSlots, TrialBudget};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial};
use bakeoff_lab::{ContenderSource, Fleet, Lab, PairTerms, Prepared, SourceFile};
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
};

const TRIAL: TrialBudget = TrialBudget {
    warm_max_s: 4.0,
    wake_s: 1.0,
    measure_s: 0.8,
    extra_starts: 0,
    probe_s: 0.0,
    overhead_s: 0.5,
    slots: ProbeSlots::NONE,
};

fn bench() -> Bench {
    Bench::new(&[("json", 1.0)], RATE_RPS)
}

/// The planted server with that behaviour.
fn planted(bench: &Bench, behaviour: &str) -> Prepared {
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
not_served = ["compute", "wait", "read-item", "list-items", "create-item", "update-item", "page", "fan-out", "login", "upload", "download", "events", "socket"]
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
        let scheduled = ScheduledLaunch {
            id,
            planned: PlannedLaunch {
                round: 0,
                entrant: Entrant::contender(&prepared.contender.name),
                seed: 7,
            },
            budget,
            is_first: true,
        };
        let launch = self.fleet.launch(&scheduled, self.now_s()).unwrap();
        println!(
            "{}: {:.1} s, {:?}, {:?}, {:?}",
            prepared.contender.name,
            launch.seconds,
            launch.warm_up.as_ref().map(|warm_up| (warm_up.class, warm_up.requests, warm_up.level)),
            launch.gates,
            launch.faults,
        );
        self.launches.push(launch);
        id
    }

    /// A trial of a launch that lives.
    fn trial(&mut self, launch: u32, block: u32) {
        let id = launch as usize;
        let scheduled = ScheduledTrial {
            planned: PlannedTrial {
                block,
                position: 0,
                entrant: self.launches[id].entrant.clone(),
                seed: 7 + u64::from(block),
            },
            launch,
            is_first_of_launch: !self.trials.iter().any(|trial| trial.launch == Some(launch)),
            budget: TRIAL,
            first_attempt: None,
        };
        let trial = self.fleet.trial(&scheduled, self.now_s()).unwrap();
        println!(
            "{} in block {block}: {:.1} s, CPU {:?}, {:?}, {:?}",
            trial.entrant,
            trial.seconds,
            value(&trial.observations, "cpu_us_per_request"),
            trial.wake_up,
            trial.faults,
        );
        self.trials.push(trial);
    }

    fn retire(&mut self, launch: u32) {
        let scheduled = ScheduledRetirement {
            launch,
            slots: ProbeSlots::NONE,
            budget: TRIAL,
            seed: 7,
        };
        let end = self.fleet.retire(&scheduled, self.now_s()).unwrap();
        self.launches[launch as usize].end = Some(end);
    }

    fn of(&self, launch: u32) -> Vec<&Trial> {
        let own = self.trials.iter().filter(|trial| trial.launch == Some(launch));
        own.collect()
    }
}

fn value(observations: &[Observation], metric: &str) -> Option<f64> {
    let mut found = observations.iter().filter(|observation| observation.metric == metric);
    found.next().map(|observation| observation.value)
}

fn steady_state(launch: &Launch) -> GateOutcome {
    let gate = launch.gates.iter().find(|result| result.gate == Gate::SteadyState);
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
    let prepared: Vec<Prepared> = behaviours.iter().map(|one| planted(&bench, one)).collect();
    let lab = Lab::open(bench.config()).unwrap();
    let mut seen = Seen::new(&lab, &prepared);

    let slow = seen.launch(&prepared[0], BUDGET) as usize;
    seen.retire(slow as u32);
    let warm_up = seen.launches[slow].warm_up.clone().unwrap();
    let level = warm_up.level.expect("it settles after its first 5,000 requests");
    assert_eq!(warm_up.class, WarmClass::Warm);
    assert!(warm_up.requests.is_some_and(|requests| requests > 4_000), "{:?}", warm_up.requests);
    let first = costs(&seen.launches[slow], WarmPhase::ClosedLoop)[1];
    assert!(level.cpu_us < first / 3.0, "{level:?} after {first} µs");
    assert_eq!(steady_state(&seen.launches[slow]), GateOutcome::Passed);
    let requests = value(&seen.launches[slow].observations, "warmup_requests");
    assert_eq!(requests, warm_up.requests.map(|requests| requests as f64));

    let jumps = seen.launch(&prepared[1], BUDGET) as usize;
    seen.retire(jumps as u32);
    let before = costs(&seen.launches[jumps], WarmPhase::AtRate);
    let warm_up = seen.launches[jumps].warm_up.clone().unwrap();
    let level = warm_up.level.expect("it keeps the level that it jumped to");
    assert_eq!(warm_up.class, WarmClass::Warm);
    assert!(level.cpu_us < before[before.len() - 1] / 2.0, "{level:?} after {before:?}");
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
    assert_eq!(value(&seen.launches[never].observations, "warmup_s"), None);
    drop(seen);
    assert_eq!(processes_with("warmth.cjs"), Vec::<String>::new());
}

#[test]
fn what_servers_do_at_rest_is_found_and_disturbs_nobody() {
    let bench = bench();
    let behaviours = ["steady", "late-10", "cold-1200", "spins", "dies-1200", "kills-1000"];
    let prepared: Vec<Prepared> = behaviours.iter().map(|one| planted(&bench, one)).collect();
    let config = bakeoff_lab::Config {
        launches: behaviours.len(),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    let mut seen = Seen::new(&lab, &prepared);
    let ids: Vec<u32> = prepared.iter().map(|one| seen.launch(one, BUDGET)).collect();
    let [steady, late, cold, spins, dies, kills] = ids[..] else {
        panic!("six launches");
    };
    for id in [steady, late, cold, spins, kills] {
        assert_eq!(steady_state(&seen.launches[id as usize]), GateOutcome::Passed, "{id}");
    }
    for block in 0..2 {
        for id in [steady, late, cold, spins, kills] {
            seen.trial(id, block);
        }
    }
    // It slows down within its own load, so it alone needs more of it.
    for block in 2..5 {
        seen.trial(late, block);
    }
    let at_s = seen.now_s();
    let ended = seen.fleet.ended_at_rest(at_s);

    // One that died at rest.
    let end = ended.iter().find(|(id, _)| *id == dies).map(|(_, end)| end);
    let end = end.expect("a death at rest is found");
    assert_eq!(end.reason, EndReason::Died);
    assert!(!end.faults.is_empty() && end.faults[0].log.iter().any(|line| line.contains("nobody asks")));

    // One that is dear after each rest comes back in its wake-up, and its first second is told.
    for trial in seen.of(cold) {
        let wake_up = trial.wake_up.as_ref().unwrap();
        assert!(wake_up.returned && wake_up.windows.len() > 2, "{wake_up:?}");
    }
    let ratio = |id: u32| value(&seen.of(id)[0].observations, "after_rest_ratio").unwrap();
    assert!(ratio(cold) > 1.4 && ratio(cold) > ratio(steady), "{} and {}", ratio(cold), ratio(steady));

    // One that slows down late is named, and its trials before that do not count.
    let watched = watch(Some(&seen.launches[late as usize]), &seen.of(late));
    let drift = watched.drift.expect("a change for good is found");
    assert_eq!(drift.kind, DriftKind::SlowsDownLate);
    assert!(drift.ratio > 1.5 && drift.from >= 1, "{drift:?}");
    assert!(!watched.counts[0] && watched.counts[watched.counts.len() - 1], "{:?}", watched.counts);

    // What works at rest is paused before another is measured, or its launch ends with that reason.
    for id in [spins, kills] {
        let paused = seen.of(id).iter().any(|trial| {
            let wake_up = trial.wake_up.as_ref();
            wake_up.is_some_and(|wake_up| wake_up.paused)
        });
        let mut ends = ended.iter().filter(|(ended, _)| *ended == id);
        let gave_up = ends.any(|(_, end)| end.reason == EndReason::DoesNotRest);
        assert!(paused || gave_up, "{}", seen.launches[id as usize].entrant);
    }

    // The other one is measured as if they were not there.
    let watched = watch(Some(&seen.launches[steady as usize]), &seen.of(steady));
    assert_eq!((watched.counts.as_slice(), watched.drift), (&[true, true][..], None));
    for trial in seen.of(steady) {
        let wake_up = trial.wake_up.as_ref().unwrap();
        assert!(trial.faults.is_empty() && !wake_up.paused && wake_up.resting_cores < 0.02, "{trial:#?}");
    }
    drop(seen);
    assert_eq!(processes_with("warmth.cjs"), Vec::<String>::new());
}

#[test]
fn a_server_that_needs_a_warm_up_is_dearer_than_an_old_one_without_it() {
    let bench = bench();
    let prepared = planted(&bench, "slow-5000");
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
