//! Planted latencies are reported as planted, counted from the instant at which the request should have left.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{FailureKind, Histogram, Plan, RequestSpec};
use std::time::Duration;

fn millis(us: u64) -> f64 {
    us as f64 / 1e3
}

/// Makes some attempts and passes if one has no figure that is too high: a busy machine makes latencies longer than
/// planted, and nothing makes them shorter. An attempt returns the figures that are too high, and fails at once for
/// one too low.
fn quietest(attempt: impl Fn() -> Vec<String>) {
    const ATTEMPTS: usize = 6;
    let mut high = Vec::new();
    for _ in 0..ATTEMPTS {
        high = attempt();
        if high.is_empty() {
            return;
        }
    }
    panic!("in each of {ATTEMPTS} attempts: {}", high.join(", "));
}

/// Returns the figures that are too high, and fails at once for one that is too low.
fn compare(figures: &[(&str, f64, f64)], below: f64, above: f64) -> Vec<String> {
    let too_high = |(name, got, expected): &(&str, f64, f64)| {
        assert!(
            *got >= expected - below,
            "{name} is {got} ms, and {expected} ms was planted"
        );
        (*got > expected + above).then(|| format!("{name} is {got} ms instead of {expected} ms"))
    };
    figures.iter().filter_map(too_high).collect()
}

#[test]
fn a_constant_service_time_is_both_latencies() {
    quietest(|| {
        let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(20)));
        let report = drive(&server, &[RequestSpec::get("/")], &constant(100.0, 500));
        let p50 = |histogram: &Histogram<u64>| millis(histogram.value_at_quantile(0.5));
        let figures = [
            ("response p50", p50(&report.response), 20.0),
            ("service p50", p50(&report.service), 20.0),
        ];
        compare(&figures, 0.1, 2.0)
    });
}

#[test]
fn a_stall_counts_for_the_requests_that_should_have_left_in_it() {
    // From 300 ms to 800 ms the server does not respond: a request at t in the stall has a response time of 800 ms − t.
    let stall = (Duration::from_millis(300), Duration::from_millis(800));
    quietest(|| {
        let server = scripted_server(move |request| {
            let stalled = (stall.0..stall.1).contains(&request.at);
            Reaction::ok().after(if stalled {
                stall.1 - request.at
            } else {
                Duration::ZERO
            })
        });
        let plan = Plan {
            connections: 4,
            ..constant(200.0, 1_000)
        };
        let report = drive(&server, &[RequestSpec::get("/")], &plan);
        assert_eq!(report.correct, 200);
        // Half of the requests fell into the stall and waited 250 ms on average: mean 125 ms, p75 250 ms, p90 400 ms.
        let quantile = |q| millis(report.response.value_at_quantile(q));
        let figures = [
            ("mean", report.response.mean() / 1e3, 125.0),
            ("p75", quantile(0.75), 250.0),
            ("p90", quantile(0.9), 400.0),
        ];
        // Only four requests were sent in it, so the time from the actual send hides the stall; and waiting for the
        // server is not the generator's lag.
        let hidden = [
            ("service p90", millis(report.service.value_at_quantile(0.9)), 0.0),
            ("lag p90", millis(report.lag.value_at_quantile(0.9)), 0.0),
        ];
        [compare(&figures, 10.0, 10.0), compare(&hidden, 0.0, 5.0)].concat()
    });
}

#[test]
fn a_queue_on_one_slow_connection_grows_as_computed() {
    // Service S every I = 10 ms on one connection: response n = S + n(S − I), with the mean S that was measured.
    quietest(|| {
        let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(20)));
        let plan = Plan {
            connections: 1,
            timeout: Duration::from_secs(9),
            ..constant(100.0, 500)
        };
        let report = drive(&server, &[RequestSpec::get("/")], &plan);
        assert_eq!(report.correct, 50);
        assert!(
            !report.rate_held,
            "responses after the end do not make up for a rate that is too high"
        );
        let service = report.service.mean() / 1e3;
        assert!(service >= 20.0, "{service} ms, and 20 ms was planted");
        let expected = service + 49.0 * (service - 10.0);
        compare(
            &[("max", millis(report.response.max()), expected)],
            0.01 * expected,
            0.05 * expected,
        )
    });
}

#[test]
fn a_request_without_a_response_in_time_is_a_timeout_at_its_age() {
    let server = scripted_server(|request| {
        if request.n == 0 {
            Reaction::silence()
        } else {
            Reaction::ok()
        }
    });
    let plan = Plan {
        connections: 1,
        timeout: Duration::from_millis(600),
        ..constant(4.0, 1_000)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &plan);
    // The first request occupies the only connection until its timeout; the responses to the later ones are late.
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
fn a_server_that_never_responds_makes_every_request_a_timeout() {
    let server = scripted_server(|_| Reaction::silence());
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(200),
        ..constant(100.0, 300)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &plan);
    assert_eq!((report.planned, report.correct), (30, 0));
    assert!(
        report.failures.iter().all(|f| f.kind == FailureKind::Timeout),
        "{:?}",
        report.failures
    );
    assert!(!report.rate_held);
}
