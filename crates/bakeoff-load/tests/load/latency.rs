//! Planted latencies are reported as planted, and from the instant at which the request should have left.

use crate::setting::{constant, drive, puppet};
use bakeoff_load::puppet::Act;
use bakeoff_load::{FailureKind, Plan, RequestSpec};
use std::time::Duration;

fn millis(us: u64) -> f64 {
    us as f64 / 1e3
}

#[test]
fn a_constant_service_time_is_both_latencies() {
    let puppet = puppet(|_| Act::ok().after(Duration::from_millis(20)));
    let report = drive(&puppet, &[RequestSpec::get("/")], &constant(100.0, 1_000));
    for histogram in [&report.response, &report.service] {
        let (p50, min) = (millis(histogram.value_at_quantile(0.5)), millis(histogram.min()));
        assert!(
            min >= 19.9 && (20.0..30.0).contains(&p50),
            "min {min} ms, p50 {p50} ms"
        );
    }
}

#[test]
fn a_stall_is_seen_by_the_requests_that_should_have_left_in_it() {
    // From 300 ms to 800 ms nothing is answered: the response time of a request at t in the stall is 800 ms − t.
    let stall = (Duration::from_millis(300), Duration::from_millis(800));
    let puppet = puppet(move |asked| {
        let in_stall = asked.at >= stall.0 && asked.at < stall.1;
        Act::ok().after(if in_stall {
            stall.1 - asked.at
        } else {
            Duration::ZERO
        })
    });
    let plan = Plan {
        connections: 4,
        ..constant(200.0, 1_000)
    };
    let report = drive(&puppet, &[RequestSpec::get("/")], &plan);
    assert_eq!(report.correct, 200);
    // Half of the requests met the stall and waited 250 ms on average: mean 125 ms, p75 250 ms, p90 400 ms. A busy machine
    // makes it more, nothing makes it less.
    let quantile = |q| millis(report.response.value_at_quantile(q));
    let figures = [
        (report.response.mean() / 1e3, 125.0),
        (quantile(0.75), 250.0),
        (quantile(0.9), 400.0),
    ];
    for (got, expected) in figures {
        assert!(
            (expected - 8.0..expected + 60.0).contains(&got),
            "{got} ms, expected {expected} ms"
        );
    }
    // Only four were sent into it, so that the time from the actual send hides it.
    let service_p90 = millis(report.service.value_at_quantile(0.9));
    assert!(service_p90 < 50.0, "service p90 {service_p90}");
    assert!(
        report.lag.value_at_quantile(0.9) < 20_000,
        "waiting for the server is not the generator's lag"
    );
}

#[test]
fn one_connection_that_is_too_slow_queues_as_in_the_closed_form() {
    // Service S = 20 ms every I = 10 ms on one connection: response n = S + n(S − I).
    let puppet = puppet(|_| Act::ok().after(Duration::from_millis(20)));
    let plan = Plan {
        connections: 1,
        timeout: Duration::from_secs(5),
        ..constant(100.0, 500)
    };
    let report = drive(&puppet, &[RequestSpec::get("/")], &plan);
    assert_eq!(report.correct, 50);
    assert!(
        !report.rate_held,
        "answers after the end do not make up for a rate that is too high"
    );
    let (max, expected) = (millis(report.response.max()), 20.0 + 49.0 * 10.0);
    assert!(
        (0.99 * expected..1.3 * expected).contains(&max),
        "max {max}, expected {expected}"
    );
}

#[test]
fn what_is_not_answered_in_time_is_a_timeout_at_its_age() {
    let puppet = puppet(|asked| if asked.n == 0 { Act::silence() } else { Act::ok() });
    let plan = Plan {
        connections: 1,
        timeout: Duration::from_millis(600),
        ..constant(4.0, 1_000)
    };
    let report = drive(&puppet, &[RequestSpec::get("/")], &plan);
    // The first keeps the only connection until it is given up; the ones after it are answered late.
    assert_eq!((report.planned, report.failures.len()), (4, 1));
    assert_eq!(
        (report.failures[0].kind, report.failures[0].count),
        (FailureKind::Timeout, 1)
    );
    assert!(
        (599.0..700.0).contains(&millis(report.failed.max())),
        "{}",
        report.failed.max()
    );
    assert!(
        (349.0..450.0).contains(&millis(report.response.max())),
        "{}",
        report.response.max()
    );
}

#[test]
fn a_server_that_never_answers_makes_every_request_a_timeout() {
    let puppet = puppet(|_| Act::silence());
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(200),
        ..constant(100.0, 300)
    };
    let report = drive(&puppet, &[RequestSpec::get("/")], &plan);
    assert_eq!((report.planned, report.correct), (30, 0));
    assert!(
        report.failures.iter().all(|f| f.kind == FailureKind::Timeout),
        "{:?}",
        report.failures
    );
    assert!(!report.rate_held);
}
