//! Every request is counted once: as correct, or as one kind of failure.

use crate::setting::{constant, drive, plan, scripted_server};
use bakeoff_load::scripted::{Reaction, Step};
use bakeoff_load::{
    Arrivals, BodyRule, Expect, FailureKind, Keep, Plan, RequestSpec, Spacing, Stage, Target, Variable, run,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[test]
fn a_constant_rate_is_planned_and_held_exactly() {
    let server = scripted_server(|_| Reaction::ok());
    let report = drive(&server, &[RequestSpec::get("/json")], &constant(200.0, 1_000));
    assert_eq!(
        (report.planned, report.correct, server.requests()),
        (200, 200, 200)
    );
    assert!(report.rate_held && report.failures.is_empty());
    assert_eq!(
        (report.offered_rps, report.achieved_rps, report.seconds),
        (200.0, 200.0, 1.0)
    );
    assert_eq!(report.by_label[0].planned, 200);
    assert_eq!(report.body_bytes, 200 * 16);
}

#[test]
fn a_poisson_load_plans_the_same_requests_for_the_same_seed() {
    let server = scripted_server(|_| Reaction::ok());
    let poisson = |seed, threads| {
        let arrivals = Arrivals::Poisson { rate_rps: 300.0 };
        drive(
            &server,
            &[RequestSpec::get("/")],
            &Plan {
                arrivals,
                seed,
                threads,
                ..plan(500)
            },
        )
        .planned
    };
    let planned = poisson(1, 1);
    assert_eq!(poisson(1, 2), planned, "threads share one schedule");
    assert!(
        (90..=210).contains(&planned),
        "150 expected, five deviations are 61: {planned}"
    );
}

#[test]
fn each_request_is_kept_in_order_if_the_plan_says_so() {
    let server = scripted_server(|request| match request.n {
        n if n % 10 == 3 => Reaction::response(500, "text/plain", "no"),
        _ => Reaction::ok(),
    });
    let mix = [RequestSpec::get("/")];
    let report = drive(&server, &mix, &constant(200.0, 500));
    assert_eq!(report.requests, [], "nobody request");
    let before = std::time::Instant::now();
    let plan = Plan {
        keep: Keep::Each,
        ..constant(200.0, 500)
    };
    let report = drive(&server, &mix, &plan);
    assert!(report.begun >= before && report.begun < std::time::Instant::now());
    assert_eq!(report.requests.len() as u64, report.planned);
    assert!(report.requests.is_sorted_by(|a, b| a.at_s <= b.at_s));
    assert!(
        report
            .requests
            .iter()
            .all(|request| (0.0..0.5).contains(&request.due_s) && request.at_s >= request.due_s)
    );
    let failed: Vec<_> = report
        .requests
        .iter()
        .filter_map(|request| request.failed)
        .collect();
    assert_eq!(failed, vec![FailureKind::Status; 10]);
}

#[test]
fn stages_follow_each_other() {
    let server = scripted_server(|_| Reaction::ok());
    let stages = vec![
        Stage {
            from_rps: 0.0,
            to_rps: 200.0,
            seconds: 1.0,
        },
        Stage {
            from_rps: 200.0,
            to_rps: 200.0,
            seconds: 1.0,
        },
    ];
    let arrivals = Arrivals::Stages {
        spacing: Spacing::Even,
        stages,
    };
    let report = drive(
        &server,
        &[RequestSpec::get("/")],
        &Plan {
            arrivals,
            ..plan(2_000)
        },
    );
    assert_eq!(report.planned, 300);
    let by_second: Vec<u64> = report
        .series
        .iter()
        .filter(|s| s.second < 2)
        .map(|s| s.sent)
        .collect();
    assert!(
        by_second[0].abs_diff(100) <= 3 && by_second[1].abs_diff(200) <= 3,
        "{by_second:?}"
    );
}

#[test]
fn warm_up_is_driven_and_not_counted() {
    let server = scripted_server(|_| Reaction::ok());
    let warm = Plan {
        warm: Duration::from_millis(500),
        ..constant(100.0, 500)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &warm);
    assert_eq!((report.planned, server.requests()), (50, 100));
    assert_eq!(report.series.first().map(|second| second.second), Some(-1));
    assert_eq!(
        report.series.iter().map(|second| second.correct).sum::<u64>(),
        100
    );
}

#[test]
fn a_closed_loop_keeps_every_connection_busy() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(10)));
    let closed = Plan {
        arrivals: Arrivals::Closed,
        connections: 4,
        threads: 2,
        ..plan(500)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &closed);
    assert!(
        (150..=204).contains(&report.correct),
        "four connections, 10 ms each: {}",
        report.correct
    );
    assert_eq!(server.connections(), 4);
    assert!(report.rate_held && report.lag.max() <= 1);
}

#[test]
fn a_count_ends_the_load() {
    let server = scripted_server(|_| Reaction::ok());
    for arrivals in [Arrivals::Closed, Arrivals::Constant { rate_rps: 500.0 }] {
        let plan = Plan {
            arrivals,
            max_requests: Some(21),
            threads: 2,
            ..plan(60_000)
        };
        let report = drive(&server, &[RequestSpec::get("/")], &plan);
        assert_eq!((report.planned, report.correct), (21, 21));
        assert!(report.seconds < 5.0);
    }
}

#[test]
fn a_stop_ends_the_load_and_keeps_the_measured_part() {
    let server = scripted_server(|request| {
        if request.n < 50 {
            Reaction::ok()
        } else {
            Reaction::silence()
        }
    });
    let (stop, target) = (AtomicBool::new(false), Target::plain(server.address()));
    let mut ticks = 0;
    let mut watch = |_: &bakeoff_load::Tick| {
        ticks += 1;
        stop.store(ticks == 4, Ordering::Relaxed);
    };
    let report = run(
        &target,
        &[RequestSpec::get("/")],
        &constant(100.0, 60_000),
        &mut watch,
        &stop,
    )
    .unwrap();
    assert_eq!((report.planned, report.correct), (50, 50));
    assert!((1.0..1.5).contains(&report.seconds), "{}", report.seconds);
    assert!(
        report.dropped >= 50 && !report.rate_held,
        "{} dropped",
        report.dropped
    );
}

#[test]
fn sampled_responses_are_checked_against_their_own_request() {
    let server = scripted_server(|request| match request.path.strip_prefix("/items/") {
        // One response in ten has another item than the requested one.
        Some(id) if id.ends_with('7') => Reaction::response(200, "application/json", "{\"id\": 0}"),
        Some(id) => Reaction::response(
            200,
            "application/json; charset=utf-8",
            &format!("{{\"id\": {id}}}"),
        ),
        None => Reaction::response(201, "text/plain", &String::from_utf8_lossy(&request.body)),
    });
    let mix = [
        RequestSpec {
            weight: 3.0,
            variables: vec![(
                "id".into(),
                Variable::Int {
                    low: 1,
                    high: 1_000_000,
                },
            )],
            expect: Expect {
                status: vec![200],
                content_type: Some("application/json".into()),
                sampled: vec![BodyRule::Json("{\"id\": {id}}".into())],
                ..Expect::default()
            },
            ..RequestSpec::get("/items/{id}")
        },
        RequestSpec {
            method: "POST".into(),
            body: Some("name {name}".into()),
            variables: vec![(
                "name".into(),
                Variable::Choice(vec!["µ".into(), "long name".into()]),
            )],
            expect: Expect {
                sampled: vec![BodyRule::Exact("name {name}".into())],
                ..Expect::default()
            },
            ..RequestSpec::get("/items")
        },
    ];
    let report = drive(&server, &mix, &constant(1_000.0, 1_000));
    assert_eq!(report.planned, 1_000);
    let [read, create] = &report.by_label[..] else {
        panic!("two kinds")
    };
    assert!((680..=820).contains(&read.planned), "{}", read.planned);
    assert_eq!(create.correct, create.planned);
    let [failure] = &report.failures[..] else {
        panic!("one kind of failure: {:?}", report.failures)
    };
    assert_eq!(
        (failure.kind, failure.label.as_str()),
        (FailureKind::Check, "/items/{id}")
    );
    assert!((40..=120).contains(&failure.count), "{}", failure.count);
    assert!(
        failure.example.starts_with("at `/id`: expected ") && failure.example.ends_with("7, got 0"),
        "{}",
        failure.example
    );
}

/// A head of the last response is not parsed again, and must not hide that this one has another status.
#[test]
fn right_responses_of_another_status_are_counted_beside_the_usual_ones() {
    let server = scripted_server(|request| match request.n % 5 {
        0 | 1 => Reaction::response(409, "application/problem+json", "{}"),
        _ => Reaction::ok(),
    });
    let counts = |sample_share| {
        let expect = Expect {
            status: vec![200, 409],
            body_of: Some(200),
            sample_share,
            ..Expect::default()
        };
        let update = RequestSpec {
            expect,
            ..RequestSpec::get("/items/1")
        };
        let report = drive(&server, &[update], &constant(500.0, 1_000));
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        (report.by_label[0].correct, report.by_label[0].other_status)
    };
    assert_eq!((counts(0.0), counts(0.5)), ((500, 200), (500, 200)));
    let unspecific = drive(&server, &[RequestSpec::get("/")], &constant(100.0, 200));
    assert_eq!(unspecific.by_label[0].other_status, 0);
}

#[test]
fn a_wrong_status_is_a_failure_with_the_body_as_its_example() {
    let server = scripted_server(|request| match request.n % 4 {
        0 => Reaction::response(500, "text/plain", "out of order"),
        _ => Reaction::ok(),
    });
    let report = drive(&server, &[RequestSpec::get("/json")], &constant(100.0, 400));
    assert_eq!((report.planned, report.correct, report.completed), (40, 30, 40));
    let failure = &report.failures[0];
    assert_eq!((failure.kind, failure.count), (FailureKind::Status, 10));
    assert_eq!(
        failure.example,
        "expected a status of the 200s, got 500: `out of order`"
    );
}

#[test]
fn a_connection_that_the_server_closes_is_made_again_without_a_failure() {
    let server = scripted_server(|request| match request.nth {
        1 => Reaction::ok().then(Step::Close),
        _ => Reaction::ok(),
    });
    let report = drive(&server, &[RequestSpec::get("/")], &constant(40.0, 1_000));
    assert_eq!(
        (report.planned, report.correct),
        (40, 40),
        "{:?}",
        report.failures
    );
    assert!((10..=20).contains(&report.reconnects), "{}", report.reconnects);
    assert_eq!(server.connections(), 8 + report.reconnects);
}

#[test]
fn a_request_is_sent_again_if_the_server_closes_its_idle_connection_at_that_instant() {
    // The server never serves the second request of a connection, as if its keep-alive timeout had just passed.
    let server = scripted_server(|request| {
        if request.nth == 1 {
            Reaction::default().then(Step::Close)
        } else {
            Reaction::ok()
        }
    });
    let one = Plan {
        connections: 1,
        ..constant(1.25, 1_600)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &one);
    assert_eq!(
        (report.planned, report.correct, report.reconnects),
        (2, 2, 1),
        "{:?}",
        report.failures
    );
}

#[test]
fn a_missing_server_is_a_failure_to_connect() {
    let address = scripted_server(|_| Reaction::ok()).address();
    for arrivals in [Arrivals::Closed, Arrivals::Constant { rate_rps: 100.0 }] {
        let plan = Plan {
            arrivals,
            ..plan(300)
        };
        let target = Target::plain(address);
        let report = run(
            &target,
            &[RequestSpec::get("/")],
            &plan,
            &mut |_| {},
            &AtomicBool::new(false),
        )
        .unwrap();
        assert_eq!((report.correct, report.failures.len()), (0, 1));
        assert_eq!(report.failures[0].kind, FailureKind::Connect);
        assert!(
            report.failures[0].example.contains("refused"),
            "{}",
            report.failures[0].example
        );
        assert!(
            (30..=200).contains(&report.failures[0].count),
            "a refusing server is not stormed"
        );
    }
}
