//! Each gate on both sides of its thresholds.

use super::{Limits, judge, throttled, wilson_low};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Caution, Environment, Gate, GateOutcome, GateResult, Owner, Trial};
use bakeoff_load::{Failure, FailureKind, LoadReport, Saturation, histogram};
use std::time::{Duration, Instant};

/// A load without fault: 1,000 requests in a second, all right and in time.
fn good_load() -> LoadReport {
    LoadReport {
        piled_up: false,
        shed: 0,
        planned: 1_000,
        sent: 1_000,
        completed: 1_000,
        correct: 1_000,
        begun: Instant::now(),
        seconds: 1.0,
        offered_rps: 1_000.0,
        achieved_rps: 1_000.0,
        response: histogram::empty(),
        service: histogram::empty(),
        failed: histogram::empty(),
        lag: histogram::empty(),
        by_label: Vec::new(),
        failures: Vec::new(),
        requests: Vec::new(),
        series: Vec::new(),
        own_cpu_s: 0.1,
        own_wait_s: 0.0,
        saturation: Saturation::Fine,
        rate_held: true,
        reconnects: 0,
        unsolicited_responses: 0,
        dropped: 0,
        due: 1_000,
        mean_in_flight: 0.0,
        body_bytes: 0,
    }
}

/// A trial whose server woke and came back.
fn good_trial() -> Trial {
    let mut trial = Trial::new(0, Entrant::contender("a"));
    trial.gates.push(steady(GateOutcome::Passed));
    trial
}

fn steady(outcome: GateOutcome) -> GateResult {
    GateResult {
        gate: Gate::SteadyState,
        outcome,
        measured: String::new(),
        limit: String::new(),
    }
}

fn judged(load: &LoadReport, mut trial: Trial) -> Trial {
    judge(
        load,
        &mut trial,
        &Limits {
            error_rate: 0.01,
            shared_cores: false,
        },
    );
    trial
}

#[track_caller]
fn check(trial: &Trial, gate: Gate, outcome: GateOutcome) {
    let found = trial.gates.iter().find(|result| result.gate == gate).unwrap();
    assert_eq!(found.outcome, outcome, "{found:?}");
}

fn lag_of(time: Duration) -> LoadReport {
    let mut load = good_load();
    load.lag
        .record_n(u64::try_from(time.as_micros()).unwrap(), 100)
        .unwrap();
    load
}

#[test]
fn a_good_trial_passes_every_gate_in_order_without_a_caution() {
    let trial = judged(&good_load(), good_trial());
    let order: Vec<Gate> = trial.gates.iter().map(|result| result.gate).collect();
    let all = [
        Gate::Contract,
        Gate::ErrorRate,
        Gate::Generator,
        Gate::RateHeld,
        Gate::SteadyState,
        Gate::Quiet,
    ];
    assert_eq!(order, all);
    assert!(
        trial
            .gates
            .iter()
            .all(|result| result.outcome == GateOutcome::Passed),
        "{:#?}",
        trial.gates
    );
    assert_eq!(trial.cautions, []);
}

#[test]
fn the_error_rate_fails_only_when_it_is_significantly_above_the_limit() {
    for (correct, outcome) in [
        (990, GateOutcome::Passed),
        (987, GateOutcome::Weak),
        (970, GateOutcome::Failed),
    ] {
        check(
            &judged(
                &LoadReport {
                    correct,
                    ..good_load()
                },
                good_trial(),
            ),
            Gate::ErrorRate,
            outcome,
        );
    }
}

#[test]
fn a_single_wrong_response_under_load_fails_the_contract_gate() {
    let failure = Failure {
        kind: FailureKind::Check,
        label: "json".to_owned(),
        count: 1,
        example: String::new(),
    };
    let load = LoadReport {
        failures: vec![failure],
        correct: 999,
        ..good_load()
    };
    check(&judged(&load, good_trial()), Gate::Contract, GateOutcome::Failed);
}

#[test]
fn a_late_or_busy_generator_warns_and_then_fails() {
    for (ms, outcome) in [
        (0, GateOutcome::Passed),
        (2, GateOutcome::Weak),
        (12, GateOutcome::Failed),
    ] {
        let trial = judged(&lag_of(Duration::from_millis(ms)), good_trial());
        check(&trial, Gate::Generator, outcome);
        let late = trial
            .cautions
            .iter()
            .any(|caution| matches!(caution, Caution::GeneratorLate { .. }));
        assert_eq!(late, ms > 0);
    }
    for (own_cpu_s, outcome) in [
        (0.5, GateOutcome::Passed),
        (0.85, GateOutcome::Weak),
        (0.99, GateOutcome::Failed),
    ] {
        let load = LoadReport {
            own_cpu_s,
            ..good_load()
        };
        check(&judged(&load, good_trial()), Gate::Generator, outcome);
    }
}

#[test]
fn the_rate_is_held_when_responses_come_in_time() {
    let cases = [
        (1_000, true, GateOutcome::Passed),
        (1_000, false, GateOutcome::Weak),
        (980, false, GateOutcome::Failed),
    ];
    for (completed, rate_held, outcome) in cases {
        let load = LoadReport {
            completed,
            rate_held,
            ..good_load()
        };
        check(&judged(&load, good_trial()), Gate::RateHeld, outcome);
    }
}

#[test]
fn what_a_trial_knows_before_its_load_stays() {
    let mut unsettled = good_trial();
    unsettled.gates = vec![steady(GateOutcome::Weak), super::contract(&[])];
    let judged = judged(&good_load(), unsettled);
    check(&judged, Gate::SteadyState, GateOutcome::Weak);
    let contracts = judged.gates.iter().filter(|result| result.gate == Gate::Contract);
    assert_eq!(contracts.count(), 1);
    assert!(judged.gates.is_sorted_by_key(|result| result.gate));
}

#[test]
fn a_disturbed_server_warns() {
    let cases = [
        (0.01, 0.01, GateOutcome::Passed),
        (0.04, 0.0, GateOutcome::Weak),
        (0.0, 0.2, GateOutcome::Weak),
        (0.3, 0.0, GateOutcome::Failed),
        (0.0, 0.6, GateOutcome::Failed),
    ];
    for (steal, delay, outcome) in cases {
        let mut trial = good_trial();
        trial.environment = Environment {
            steal_share: Some(steal),
            server_run_delay_share: Some(delay),
            ..Environment::default()
        };
        check(&judged(&good_load(), trial), Gate::Quiet, outcome);
    }
}

#[test]
fn a_slow_machine_without_a_trace_in_counters_warns() {
    let cases = [
        (None, GateOutcome::Passed),
        (Some(1.3), GateOutcome::Passed),
        (Some(1.7), GateOutcome::Weak),
        (Some(3.2), GateOutcome::Failed),
    ];
    for (slowdown_ratio, outcome) in cases {
        let mut trial = good_trial();
        trial.environment.slowdown_ratio = slowdown_ratio;
        let judged = judged(&good_load(), trial);
        check(&judged, Gate::Quiet, outcome);
        let warned = judged
            .gates
            .iter()
            .any(|gate| gate.measured.contains("times as slow"));
        assert_eq!(warned, outcome != GateOutcome::Passed, "{:?}", judged.gates);
    }
}

#[test]
fn a_stalled_machine_warns_with_the_duration() {
    let cases = [
        (None, GateOutcome::Passed),
        (Some(0.004), GateOutcome::Passed),
        (Some(0.018), GateOutcome::Weak),
        (Some(0.2), GateOutcome::Failed),
    ];
    for (stalled_share, outcome) in cases {
        let mut trial = good_trial();
        trial.environment.stalled_share = stalled_share;
        trial.environment.longest_stall_ms = Some(45.2);
        let judged = judged(&good_load(), trial);
        check(&judged, Gate::Quiet, outcome);
        let warned = judged
            .gates
            .iter()
            .any(|gate| gate.measured.contains("at most 45 ms"));
        assert_eq!(warned, outcome != GateOutcome::Passed, "{:?}", judged.gates);
    }
}

#[test]
fn a_cpu_quota_warns_and_then_is_the_users_fault() {
    let cases = [
        (None, GateOutcome::Passed, false),
        (Some(0.01), GateOutcome::Passed, false),
        (Some(0.1), GateOutcome::Weak, false),
        (Some(0.4), GateOutcome::Failed, true),
    ];
    for (throttled_share, outcome, is_fault) in cases {
        let mut trial = good_trial();
        trial.environment.throttled_share = throttled_share;
        let fault = throttled(&trial);
        check(&judged(&good_load(), trial), Gate::Quiet, outcome);
        let owner = fault.map(|fault| fault.owner);
        assert_eq!(owner, is_fault.then_some(Owner::User), "{throttled_share:?}");
    }
}

#[test]
fn one_failure_in_few_requests_is_not_significant() {
    // Values of the closed form, to three digits.
    assert!((wilson_low(1.0, 500.0) - 0.000_353).abs() < 1e-5);
    assert!((wilson_low(10.0, 500.0) - 0.010_9).abs() < 1e-4);
    assert_eq!(wilson_low(0.0, 500.0), 0.0);
    assert_eq!(wilson_low(0.0, 0.0), 0.0);
}
