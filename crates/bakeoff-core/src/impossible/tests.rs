//! Each law has a planted violation that it finds, and a value within its interval of the bound that it leaves.

mod properties;

use super::facts::{Facts, Machine, TrialFacts};
use super::screen::{Found, screen};
use super::{Check, ImpossibleTrials, ImpossibleValue};
use crate::entrant::Entrant;
use crate::evidence::{
    Capacity, FailureKind, FailureSummary, LoadSummary, Observation, RequestCount, Service, Trial,
};
use crate::metric::{METRICS, metric};
use crate::range::Range;

const MACHINE: Machine = Machine {
    processors: 2,
    server_processors: 1,
};

const RATE_RPS: f64 = 400.0;

const CAPACITY: Capacity = Capacity {
    rps: 1_000.0,
    clients: 64,
    generator_cpu_share: 0.4,
    generator_lag_ms_p99: 0.2,
    server_cpu_share: 0.97,
    services_busy_share: Some(0.7),
    busiest_service: Some(Service::Database),
};

fn range(low: f64, value: f64, high: f64) -> Range {
    Range { value, low, high }
}

/// A trial in which everything is possible, with these observations.
fn trial(block: u32, observations: &[(&str, f64)]) -> Trial {
    Trial {
        launch: Some(0),
        observations: observations
            .iter()
            .map(|(metric, value)| Observation::new(metric, *value))
            .collect(),
        load: Some(load(1.0)),
        capacity: Some(CAPACITY),
        ..Trial::new(block, Entrant::contender("a"))
    }
}

/// A load whose latencies are `ratio` times what its requests in flight say.
fn load(ratio: f64) -> LoadSummary {
    LoadSummary {
        planned: 800,
        correct: 800,
        seconds: 2.0,
        offered_rps: RATE_RPS,
        achieved_rps: RATE_RPS,
        count: Some(RequestCount {
            due: 800,
            open: 0,
            mean_in_flight: RATE_RPS * 0.005,
            mean_response_ms: 5.0 * ratio,
            mean_failed_ms: 0.0,
        }),
        ..LoadSummary::default()
    }
}

fn loads(ratios: &[f64]) -> Vec<Trial> {
    let of = |(block, ratio): (u32, &f64)| Trial {
        load: Some(load(*ratio)),
        ..trial(block, &[])
    };
    (0..).zip(ratios).map(of).collect()
}

/// What the laws find about a metric, given its trials and all estimates.
fn found(id: &str, trials: &[Trial], estimates: &[(&str, Range)]) -> Vec<Found> {
    let estimate = |id: &str| {
        estimates
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, range)| *range)
    };
    let all: Vec<Option<Range>> = METRICS.iter().map(|metric| estimate(metric.id)).collect();
    let of_launch = |trial| TrialFacts {
        trial,
        of_launch: &[],
    };
    let facts = Facts {
        trials: trials.iter().map(of_launch).collect(),
        estimates: &all,
    };
    screen(metric(id).expect("a metric of the table"), &MACHINE, &facts)
}

#[track_caller]
fn finds(found: &[Found], check: Check, bound: f64) -> ImpossibleValue {
    match found {
        [Found::Estimate(value)] if value.check == check => {
            assert!((value.bound - bound).abs() < 1e-12, "{value:?}");
            *value
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn counts(found: &[Found], check: Check) -> ImpossibleTrials {
    match found {
        [Found::TooManyTrials(trials)] if trials.check == check => trials.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn percentiles_that_cross() {
    let estimates = |p99| {
        [
            ("latency_ms_p50", range(19.0, 20.0, 21.0)),
            ("latency_ms_p99", p99),
        ]
    };
    for id in ["latency_ms_p50", "latency_ms_p99"] {
        let crossed = found(id, &[], &estimates(range(9.0, 10.0, 11.0)));
        let value = finds(&crossed, Check::PercentilesInOrder, 1.0);
        assert!((value.seen.value - 0.5).abs() < 1e-12);
        assert_eq!(found(id, &[], &estimates(range(12.0, 17.0, 24.0))), []);
        assert_eq!(found(id, &[], &estimates(range(20.0, 20.0, 20.0))), []);
    }
}

#[test]
fn a_speed_up_beyond_the_processors() {
    let of = |speed_up| found("multicore_speedup", &[], &[("multicore_speedup", speed_up)]);
    finds(&of(range(2.4, 2.55, 2.7)), Check::SpeedUp, 2.1);
    assert_eq!(of(range(2.0, 2.15, 2.3)), []);
}

#[test]
fn more_cpu_time_than_the_processors_have() {
    let trials = [trial(0, &[]), trial(1, &[])];
    let of = |id: &str, cpu_us| found(id, &trials, &[("cpu_us_per_request", cpu_us)]);
    // 2,600 µs × 400/s are 1.04 processors of one.
    for id in ["cpu_us_per_request", "cost_per_million"] {
        let value = finds(&of(id, range(2_580.0, 2_600.0, 2_620.0)), Check::CpuTime, 1.02);
        assert!((value.seen.value - 1.04).abs() < 1e-12);
        assert_eq!(of(id, range(2_400.0, 2_600.0, 2_800.0)), []);
    }
}

#[test]
fn a_server_that_falls_behind_uses_no_more_processors_than_there_are() {
    let behind = |block| Trial {
        load: Some(LoadSummary {
            served_rps: Some(384.0),
            ..load(1.0)
        }),
        ..trial(block, &[])
    };
    let estimates = [("cpu_us_per_request", range(2_580.0, 2_600.0, 2_620.0))];
    // 2,600 µs × 384/s is all of one processor; the 16 others of a second were answered later.
    assert_eq!(
        found("cpu_us_per_request", &[behind(0), behind(1)], &estimates),
        []
    );
}

#[test]
fn latencies_that_the_requests_in_flight_contradict() {
    let of = |ratios: &[f64]| found("latency_ms_p99", &loads(ratios), &[]);
    finds(&of(&[1.2, 1.21, 1.19, 1.2]), Check::LittlesLaw, 1.05);
    finds(&of(&[0.8, 0.81, 0.79, 0.8]), Check::LittlesLaw, 0.95);
    assert_eq!(of(&[1.04, 1.03, 1.04, 1.03]), []);
    // The mean is beyond the bound and its interval is not, so the estimate is left; the trials are counted.
    assert!(!matches!(of(&[1.0, 1.0, 1.0, 1.3])[..], [Found::Estimate(_)]));
    // Failures are in flight until they fail.
    let mut failing = load(1.0);
    failing.correct = 700;
    failing.failures = vec![FailureSummary {
        scenario: "read-item".to_owned(),
        kind: FailureKind::Timeout,
        count: 100,
        example: String::new(),
    }];
    let count = failing.count.as_mut().expect("it was counted");
    count.mean_failed_ms = 2_000.0;
    count.mean_in_flight = (700.0 * 0.005 + 100.0 * 2.0) / failing.seconds;
    let all: Vec<Trial> = (0..3)
        .map(|block| Trial {
            load: Some(failing.clone()),
            ..trial(block, &[])
        })
        .collect();
    assert_eq!(found("latency_ms_p99", &all, &[]), []);
}

#[test]
fn more_goodput_than_capacity() {
    let of = |goodput| found("overload_goodput", &[], &[("overload_goodput", goodput)]);
    finds(&of(range(1.1, 1.2, 1.3)), Check::Goodput, 1.05);
    assert_eq!(of(range(1.0, 1.08, 1.16)), []);
}

#[test]
fn a_rate_beyond_the_capacity() {
    let trials = [trial(0, &[("rate_rps_slo", 900.0)])];
    let of = |rate| found("rate_rps_slo", &trials, &[("rate_rps_slo", rate)]);
    let value = finds(
        &of(range(1_150.0, 1_200.0, 1_250.0)),
        Check::RateWithinCapacity,
        1.05,
    );
    assert!((value.seen.value - 1.2).abs() < 1e-9);
    assert_eq!(of(range(1_000.0, 1_080.0, 1_160.0)), []);
}

#[test]
fn less_memory_under_load_than_without() {
    let of = |id: &str, peak| {
        let idle = ("memory_mb_idle", range(99.0, 100.0, 101.0));
        found(id, &[], &[idle, ("memory_mb_peak", peak)])
    };
    for id in ["memory_mb_peak", "cost_per_million"] {
        finds(&of(id, range(80.0, 82.0, 84.0)), Check::MemoryUnderLoad, 0.9);
        assert_eq!(of(id, range(80.0, 88.0, 95.0)), []);
    }
}

#[test]
fn requests_that_are_lost_or_count_twice() {
    let losing = |missing: i64| {
        let mut one = trial(0, &[]);
        if let Some(count) = one.load.as_mut().and_then(|load| load.count.as_mut()) {
            count.due = count.due.saturating_add_signed(missing);
        }
        one
    };
    for missing in [1, -1] {
        let found = found("cpu_us_per_request", &[losing(missing)], &[]);
        let trials = counts(&found, Check::RequestsAccounted);
        assert_eq!((trials.worst, trials.trials, trials.of), (missing as f64, 1, 1));
    }
    assert_eq!(found("cpu_us_per_request", &[losing(0)], &[]), []);
    // Requests that were open when the load was stopped are accounted for.
    let mut stopped = losing(3);
    if let Some(count) = stopped.load.as_mut().and_then(|load| load.count.as_mut()) {
        count.open = 3;
    }
    assert_eq!(found("cpu_us_per_request", &[stopped], &[]), []);
}

fn at_capacity(capacity: Capacity) -> Vec<Found> {
    let trial = Trial {
        capacity: Some(capacity),
        ..trial(0, &[("usl_peak", 20.0)])
    };
    found("usl_peak", &[trial], &[])
}

#[test]
fn a_generator_at_its_own_limit() {
    let busy = |generator_cpu_share, generator_lag_ms_p99| {
        at_capacity(Capacity {
            generator_cpu_share,
            generator_lag_ms_p99,
            ..CAPACITY
        })
    };
    counts(&busy(0.99, 0.2), Check::GeneratorNotTheLimit);
    counts(&busy(0.4, 15.0), Check::GeneratorNotTheLimit);
    assert_eq!(busy(0.96, 9.0), []);
}

#[test]
fn a_service_that_was_measured_in_place_of_the_server() {
    let idle_server = |busiest_service, services_busy_share| {
        at_capacity(Capacity {
            server_cpu_share: 0.3,
            services_busy_share,
            busiest_service,
            ..CAPACITY
        })
    };
    counts(
        &idle_server(Some(Service::Database), Some(0.97)),
        Check::DatabaseNotTheLimit,
    );
    counts(
        &idle_server(Some(Service::Upstream), Some(0.97)),
        Check::UpstreamNotTheLimit,
    );
    // The server waits for nobody, or nobody knows for whom.
    assert_eq!(idle_server(Some(Service::Database), Some(0.85)), []);
    assert_eq!(idle_server(Some(Service::Database), None), []);
    assert_eq!(idle_server(None, Some(0.97)), []);
    // The server is the limit, though others are busy too.
    let busy_server = Capacity {
        server_cpu_share: 0.6,
        services_busy_share: Some(0.99),
        ..CAPACITY
    };
    assert_eq!(at_capacity(busy_server), []);
}

#[test]
fn one_trial_in_five_is_kept_and_more_fail_the_metric() {
    let of = |values: &[f64]| {
        let speed_up = |(block, value): (u32, &f64)| trial(block, &[("multicore_speedup", *value)]);
        let trials: Vec<Trial> = (0..).zip(values).map(speed_up).collect();
        found(
            "multicore_speedup",
            &trials,
            &[("multicore_speedup", range(1.8, 1.95, 2.1))],
        )
    };
    let kept = of(&[1.9, 3.3, 1.9, 1.9, 1.9]);
    let [Found::SomeTrials(some)] = &kept[..] else {
        panic!("{kept:?}")
    };
    assert_eq!((some.trials, some.of, some.worst), (1, 5, 3.3));
    assert_eq!(some.blocks, [1]);
    let failed = counts(&of(&[1.9, 3.3, 1.9, 3.2, 1.9]), Check::SpeedUp);
    assert_eq!((failed.trials, failed.of, failed.worst), (2, 5, 3.3));
    // The scatter of a try explains what lies a little beyond: a stack without a serial share has 2 as its truth.
    assert_eq!(of(&[1.9, 2.3, 2.2, 2.1, 1.9]), []);
    assert_eq!(of(&[2.33]), []);
}

#[test]
fn single_trials_of_earlier_versions_are_not_judged() {
    let old = Trial {
        launch: None,
        ..trial(0, &[("multicore_speedup", 2.55)])
    };
    let wide = [("multicore_speedup", range(1.5, 1.9, 2.4))];
    assert_eq!(found("multicore_speedup", &[old], &wide), []);
}

#[test]
fn an_interval_of_the_trial_itself_counts() {
    let with_interval = |interval| {
        let mut one = trial(0, &[("overload_goodput", 1.1)]);
        one.observations[0].detail = Some(crate::evidence::Detail {
            interval,
            points: Vec::new(),
        });
        found("overload_goodput", &[one], &[])
    };
    counts(&with_interval(None), Check::Goodput);
    counts(&with_interval(Some((1.06, 1.14))), Check::Goodput);
    assert_eq!(with_interval(Some((1.0, 1.2))), []);
}
