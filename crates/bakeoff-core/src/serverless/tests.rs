//! The simulations against closed forms, against each other, and at their largest.

use super::day::{Day, HOURS};
use super::instance::{Instance, Request, Size};
use super::policy::Policy;
use super::queue::ManyServers;
use super::requests::by_requests;
use super::seconds::by_seconds;
use super::setup::Setup;

#[track_caller]
fn near(what: &str, got: f64, want: f64, share: f64) {
    assert!(
        (got - want).abs() <= share * want.abs(),
        "{what}: {got} is not within {share} of {want}"
    );
}

/// A fixed number of servers under a level load.
fn fixed(line: &ManyServers, seconds: u32) -> Setup {
    Setup {
        instance: Instance::single(line.service_rate),
        policy: Policy::fixed(line.servers),
        day: Day::level(),
        peak_rps: line.arrival_rate,
        seconds,
        warm_up_s: 100,
        step_s: 0.1,
    }
}

/// Requests that compute for 200 ms and wait for 100 ms elsewhere.
fn heavy(vcpu: f64, concurrency: u32) -> Instance {
    let request = Request {
        cpu_s: 0.2,
        off_cpu_s: 0.1,
        law: None,
        law_until: 0.0,
    };
    let size = Size {
        vcpu,
        concurrency,
        start_s: 4.0,
    };
    Instance::new(&request, &size)
}

fn automatic() -> Policy {
    Policy {
        cpu_target: 0.6,
        concurrency_target: 0.6,
        window_s: 60,
        period_s: 5,
        min_pending_s: 0.0,
        wait_most_s: 14.0,
        idle_s: 900,
        min_instances: 0,
        max_instances: 100_000,
    }
}

/// Two hours of the assumed day, from six in the morning on, when the load grows by a half each hour.
fn morning(instance: Instance, policy: Policy, peak_rps: f64) -> Setup {
    let mut shares = *Day::assumed().shares();
    shares.rotate_left(6);
    Setup {
        seconds: 2 * 3600,
        ..Setup::day(
            instance,
            policy,
            Day::new(shares).expect("it is a day"),
            peak_rps,
            0.1,
        )
    }
}

/// Probability and length of the wait within 1 % of M/M/c: one to two million requests each.
#[test]
fn request_by_request_it_is_the_line_of_many_servers() {
    for (servers, arrival_rate, seconds, seed) in
        [(1, 50.0, 20_000, 1), (2, 100.0, 14_000, 1), (5, 300.0, 7_000, 1)]
    {
        let line = ManyServers {
            arrival_rate,
            service_rate: 100.0,
            servers,
        };
        let outcome = by_requests(&fixed(&line, seconds), seed);
        near("probability", outcome.waits, line.waiting_probability(), 0.01);
        near("mean wait", outcome.wait_mean_s, line.mean_wait_s(), 0.01);
        near("service", outcome.service_mean_s, 0.01, 0.01);
        near("percentile", outcome.wait_p99_s, line.wait_quantile_s(0.99), 0.03);
    }
}

#[test]
fn second_by_second_it_is_the_line_of_many_servers() {
    for (servers, arrival_rate) in [(1, 50.0), (20, 1_700.0), (3_000, 299_000.0)] {
        let line = ManyServers {
            arrival_rate,
            service_rate: 100.0,
            servers,
        };
        let outcome = by_seconds(&fixed(&line, 1_000), 1);
        near("probability", outcome.waits, line.waiting_probability(), 0.01);
        near("mean wait", outcome.wait_mean_s, line.mean_wait_s(), 0.01);
        near("percentile", outcome.wait_p99_s, line.wait_quantile_s(0.99), 0.01);
    }
}

/// From some ten instances to a hundred: sizes, times and money of both within 3 %.
#[test]
fn both_simulations_agree_where_both_run() {
    for (name, instance, policy, peak_rps) in [
        ("whole processors", heavy(1.0, 80), automatic(), 400.0),
        (
            "a fifth of a processor, few at a time",
            heavy(0.2, 4),
            automatic(),
            80.0,
        ),
        (
            "few at a time, and a patient line",
            heavy(1.0, 3),
            Policy {
                min_pending_s: 0.03,
                period_s: 1,
                ..automatic()
            },
            400.0,
        ),
    ] {
        let setup = morning(instance, policy, peak_rps);
        let (exact, fluid) = (by_requests(&setup, 1), by_seconds(&setup, 1));
        assert!(
            (20.0..=100.0).contains(&exact.instances_mean),
            "{name}: {exact:?}"
        );
        near(name, fluid.requests_a_day, exact.requests_a_day, 0.03);
        near(name, fluid.instances_mean, exact.instances_mean, 0.03);
        near(name, fluid.paid_hours_a_day, exact.paid_hours_a_day, 0.03);
        near(
            name,
            f64::from(fluid.instances_peak),
            f64::from(exact.instances_peak),
            0.05,
        );
        near(name, fluid.service_mean_s, exact.service_mean_s, 0.06);
        assert!(exact.refused == 0.0 && fluid.refused == 0.0, "{name}");
    }
}

#[test]
fn both_simulations_refuse_and_wait_alike_where_instances_are_limited() {
    let limited = Policy {
        max_instances: 20,
        ..automatic()
    };
    let setup = morning(heavy(1.0, 80), limited, 420.0);
    let (exact, fluid) = (by_requests(&setup, 1), by_seconds(&setup, 1));
    assert!(exact.refused > 0.1, "{exact:?} {fluid:?}");
    near("refused", fluid.refused, exact.refused, 0.03);
    near("mean wait", fluid.wait_mean_s, exact.wait_mean_s, 0.03);
    near("percentile", fluid.wait_p99_s, exact.wait_p99_s, 0.03);
    assert_eq!((exact.instances_peak, fluid.instances_peak), (20, 20));
}

#[test]
fn a_service_without_requests_has_no_instances_and_the_first_request_waits_for_its_start() {
    let mut shares = [0.0; HOURS];
    shares[12] = 1.0;
    let noon = Day::new(shares).expect("it is a day");
    let setup = Setup::day(heavy(1.0, 80), automatic(), noon, 1.0, 0.1);
    let outcome = by_requests(&setup, 1);
    // Two hours of a triangle, and what is kept after its last request.
    assert!((1.5..3.5).contains(&outcome.instance_hours_a_day), "{outcome:?}");
    assert!(
        outcome.cold_starts_a_day >= 1.0 && outcome.wait_mean_s > 0.0,
        "{outcome:?}"
    );
    assert!(
        outcome.paid_hours_a_day < 0.6 * outcome.instance_hours_a_day,
        "{outcome:?}"
    );
    let kept = Policy {
        min_instances: 1,
        ..automatic()
    };
    let warm = by_requests(
        &Setup {
            policy: kept,
            ..setup
        },
        1,
    );
    assert!(warm.instance_hours_a_day >= 24.0, "{warm:?}");
    assert!(warm.wait_mean_s < outcome.wait_mean_s, "{warm:?}");
}

/// A hundred thousand instances over a day: `cargo bench -p bakeoff-core --bench serverless` prints its time.
#[test]
fn a_day_of_a_hundred_thousand_instances_is_plausible() {
    let peak_rps = 290_000.0;
    let setup = Setup::day(heavy(1.0, 80), automatic(), Day::assumed(), peak_rps, 0.1);
    let outcome = by_seconds(&setup, 1);
    // 200 ms of processor for each request, at 60 %.
    let at_peak = peak_rps * 0.2 / 0.6;
    near("peak", f64::from(outcome.instances_peak), at_peak, 0.05);
    assert!(
        (90_000..=100_000).contains(&outcome.instances_peak),
        "{outcome:?}"
    );
    let mean = at_peak * Day::assumed().mean_of_peak();
    assert!(
        (1.0..1.15).contains(&(outcome.instances_mean / mean)),
        "{outcome:?}"
    );
    near("requests", outcome.requests_a_day, setup.requests_a_day(), 0.001);
    assert!(outcome.refused < 1e-4, "{outcome:?}");
    assert!(
        outcome.cold_starts_a_day > f64::from(outcome.instances_peak) * 0.7,
        "{outcome:?}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let setup = Setup {
        seconds: 600,
        ..morning(heavy(1.0, 10), automatic(), 10.0)
    };
    assert_eq!(by_requests(&setup, 7), by_requests(&setup, 7));
    assert_eq!(by_seconds(&setup, 7), by_seconds(&setup, 7));
    assert_ne!(by_requests(&setup, 7), by_requests(&setup, 8));
}
