//! Contenders that misbehave: each becomes a finding with the right owner, and leaves no process.

use crate::bench::{Bench, LOAD_ONLY, SHAPE, live_once, planned, processes_with, value};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Fault, Gate, GateOutcome, Owner, Stage, Tier, Trial};
use bakeoff_core::plan::{PlannedTrial, TrialBudget};
use bakeoff_lab::{Config, Lab, TierChoice};

/// A trial without probes, of a block after the first, which checks the cases of the mix only.
fn trial_of(lab: &Lab<'_>, bench: &Bench, behaviour: &str) -> Trial {
    shaped_trial_of(lab, bench, behaviour, &LOAD_ONLY)
}

fn shaped_trial_of(lab: &Lab<'_>, bench: &Bench, behaviour: &str, shape: &TrialBudget) -> Trial {
    let prepared = bench.fake(behaviour);
    let place = planned(&prepared.contender.name, 1);
    live_once(lab, &prepared, &place, shape).unwrap()
}

#[track_caller]
fn check_fault(trial: &Trial, stage: Stage, message: &str, log: &str) {
    let fault = trial.faults.iter().find(|fault| fault.is_at(stage));
    let fault = fault.unwrap_or_else(|| panic!("no fault of stage {stage:?}: {:#?}", trial.faults));
    assert_eq!(fault.owner, Owner::Contender, "{fault:#?}");
    assert!(fault.message.contains(message), "{fault:#?}");
    assert!(
        log.is_empty() || fault.log.iter().any(|line| line.contains(log)),
        "{fault:#?}"
    );
    assert!(fault.log.len() <= 20);
}

fn gate(trial: &Trial, gate: Gate) -> GateOutcome {
    trial
        .gates
        .iter()
        .find(|result| result.gate == gate)
        .map(|result| result.outcome)
        .unwrap()
}

#[test]
fn misbehaviour_is_a_finding_and_leaves_no_process() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    let lab = Lab::open(bench.config()).unwrap();

    let trial = trial_of(&lab, &bench, "exits");
    check_fault(&trial, Stage::Start, "exit status: 3", "cannot find module");
    assert!(trial.load.is_none() && trial.observations.is_empty());

    let trial = trial_of(&lab, &bench, "wrong");
    check_fault(&trial, Stage::Contract, "breaks 1 of", "Hello, Mars!");
    assert_eq!(gate(&trial, Gate::Contract), GateOutcome::Failed);
    assert!(trial.load.is_none());

    let trial = trial_of(&lab, &bench, "crash");
    check_fault(&trial, Stage::WarmUp, "exited", "out of luck at request 101");

    let trial = trial_of(&lab, &bench, "liar");
    check_fault(&trial, Stage::Load, "wrong responses to `json`", "");
    assert_eq!(gate(&trial, Gate::Contract), GateOutcome::Failed);

    let trial = trial_of(&lab, &bench, "stubborn");
    check_fault(&trial, Stage::Stop, "was killed", "");
    assert!(
        value(&trial, "cpu_us_per_request").is_some(),
        "what was measured before still counts"
    );

    let trial = trial_of(&lab, &bench, "forks");
    assert!(trial.load.is_some(), "{:#?}", trial.faults);
    assert_eq!(processes_with("server.py forks"), Vec::<String>::new());

    let trial = trial_of(&lab, &bench, "floods");
    let load = trial.load.as_ref().expect("a flood of output stops nobody");
    assert!(load.correct > 0, "{load:#?}");
    drop(lab);
    for behaviour in ["exits", "wrong", "crash", "liar", "stubborn", "forks", "floods"] {
        assert_eq!(
            processes_with(&format!("server.py {behaviour}")),
            Vec::<String>::new()
        );
    }
}

/// One fault per row: the behaviour, the stage and the words of the finding, and a line of its log.
const FAULTS: &[(&str, Stage, &str, &str)] = &[
    ("lies", Stage::Contract, "breaks 1 of", "503"),
    ("hangs", Stage::WarmUp, "no correct response", ""),
    ("leaks", Stage::Bounds, "MB of memory and was stopped", ""),
    // Too many processes at T0; where the kernel holds the memory, that may be full of them first.
    ("bombs", Stage::Bounds, "and was stopped", ""),
    (
        "fills",
        Stage::Bounds,
        "MB of disk and was stopped: the lab allows 64",
        "",
    ),
];

#[test]
fn each_planted_fault_is_the_contenders_and_the_next_contender_runs() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    for isolation in [TierChoice::Best, TierChoice::Exactly(Tier::T0)] {
        plant_all(&bench, isolation);
    }
}

fn plant_all(bench: &Bench, isolation: TierChoice) {
    let lab = Lab::open(Config {
        isolation,
        ..bench.config()
    })
    .unwrap();
    for (behaviour, stage, message, log) in FAULTS {
        let trial = shaped_trial_of(&lab, bench, behaviour, &SHAPE);
        check_fault(&trial, *stage, message, log);
        let whose: Vec<Owner> = trial.faults.iter().map(|fault| fault.owner).collect();
        assert!(
            whose.iter().all(|owner| *owner == Owner::Contender),
            "{behaviour}: {:#?}",
            trial.faults
        );
        let refused = |fault: &&Fault| fault.message.contains("Connection refused");
        let asked_in_vain = trial.faults.iter().find(refused);
        assert!(
            asked_in_vain.is_none(),
            "a server that has ended is not asked: {asked_in_vain:?}"
        );
        if ["leaks", "fills"].contains(behaviour) {
            let own = lab.probe(&bench.fake(behaviour), "connections", &SHAPE, 7);
            let words = own.unwrap_err();
            assert!(
                words.contains("was stopped"),
                "a probe's own server has limits too: {words}"
            );
        }
        let left = processes_with(&format!("server.py {behaviour}"));
        assert_eq!(left, Vec::<String>::new(), "{behaviour} left processes");
        println!(
            "{:?}, {behaviour}: {:?}",
            lab.host().isolation,
            trial
                .faults
                .iter()
                .map(|fault| &fault.message)
                .collect::<Vec<_>>()
        );
    }
    let next = shaped_trial_of(&lab, bench, "good", &SHAPE);
    assert_eq!(next.faults, [], "{:#?}", next.faults);
    assert!(next.load.is_some(), "{:#?}", next.faults);
}

#[test]
fn a_slow_start_and_a_taken_port_are_no_fault() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    let lab = Lab::open(bench.config()).unwrap();
    let slow = trial_of(&lab, &bench, "slow");
    assert_eq!(slow.faults, [], "{:#?}", slow.faults);
    assert!(
        value(&slow, "startup_ms").is_some_and(|ms| ms >= 1_200.0),
        "a slow start is a figure"
    );
    let taken = trial_of(&lab, &bench, "taken");
    assert_eq!(
        taken.faults,
        [],
        "a port that somebody took is tried again: {:#?}",
        taken.faults
    );
}

#[test]
fn a_contender_that_never_listens_is_a_finding_at_start() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    let lab = Lab::open(bench.config()).unwrap();
    let trial = trial_of(&lab, &bench, "silent");
    check_fault(&trial, Stage::Start, "it does not listen", "or so it says");
    assert_eq!(processes_with("server.py silent"), Vec::<String>::new());
}

#[test]
fn a_good_contender_gives_evidence_of_everything() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    let lab = Lab::open(bench.config()).unwrap();
    let prepared = bench.fake("good");
    assert!(lab.no_evidence(&prepared.contender).keys().all(|metric| {
        // The law over processes needs three processors, the others scenarios that it does not serve.
        let needs_more = metric.starts_with("usl_processes");
        let others = [
            "multicore_speedup",
            "socket_fanout_ms_p99",
            "stream_mb_growth",
            "http_conformance",
        ];
        needs_more || others.contains(&metric.as_str())
    }));
    // The first probe computes. As the one that the run is about it runs in each trial, and once where it is due too.
    let shape = TrialBudget {
        each: Some(0),
        ..*SHAPE
    };
    let trial = live_once(&lab, &prepared, &planned("fake-good", 0), &shape).unwrap();
    assert_eq!(trial.faults, [], "{:#?}", trial.faults);
    let computed = trial.observations.iter();
    let computed = computed.filter(|observation| observation.metric == "compute_ms");
    assert_eq!(computed.count(), 1);
    let expected = [
        "startup_ms",
        "first_answer_s",
        "memory_mb_idle",
        "memory_mb_peak",
        "cpu_us_per_request",
        "cost_per_million",
        "compute_ms",
        "blocking_ms_p99",
        "waiting_rps",
    ];
    for metric in expected {
        let value = value(&trial, metric).unwrap_or_else(|| panic!("no `{metric}`"));
        assert!(value.is_finite() && value > 0.0, "`{metric}` is {value}");
    }
    assert_eq!(gate(&trial, Gate::Contract), GateOutcome::Passed);
    assert!(trial.load.unwrap().correct > 100);
    assert!(trial.warm_up.is_some_and(|warm_up| !warm_up.windows.is_empty()));
    let twin = PlannedTrial {
        entrant: Entrant::twin_of("fake-good"),
        ..planned("fake-good", 1)
    };
    let twin = live_once(&lab, &prepared, &twin, &shape).unwrap();
    assert!(value(&twin, "cpu_us_per_request").is_some());
    assert!(value(&twin, "compute_ms").is_none(), "the twin has the load only");
}
