//! The offered rate is what was due, and a server that cannot keep up is never said to hold it: however a load ends,
//! and however few or many connections hide the queue.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, RequestSpec, Target, run};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A server of one worker, which takes `service` for each request, also of several connections.
fn one_at_a_time(service: Duration) -> ScriptedServer {
    let free_at = Arc::new(Mutex::new(Instant::now()));
    scripted_server(move |_| {
        let now = Instant::now();
        let mut free_at = free_at.lock().unwrap();
        *free_at = now.max(*free_at) + service;
        Reaction::ok().after(*free_at - now)
    })
}

fn counted(rate_rps: f64, requests: u64, connections: usize) -> Plan {
    Plan {
        arrivals: Arrivals::Constant { rate_rps },
        duration: Plan::WITHOUT_LIMIT,
        max_requests: Some(requests),
        connections,
        timeout: Duration::from_secs(20),
        ..Plan::default()
    }
}

fn overloaded(report: &LoadReport, offered_rps: f64) {
    assert!(report.piled_up && !report.rate_held, "{report:?}");
    let off = (report.offered_rps - offered_rps).abs() / offered_rps;
    assert!(off < 0.01, "{} a second were offered", report.offered_rps);
}

#[test]
fn a_count_does_not_hide_an_overload() {
    // Each of two connections is served in 100 ms: 20 a second, and 100 are offered.
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(100)));
    let report = drive(&server, &[RequestSpec::get("/")], &counted(100.0, 20, 2));
    overloaded(&report, 100.0);
    assert_eq!((report.planned, report.correct), (20, 20));
    assert!((0.19..0.21).contains(&report.seconds), "{}", report.seconds);
    // The last response came after a second, so that 20 a second were served.
    assert!(
        (10.0..20.5).contains(&report.achieved_rps),
        "{}",
        report.achieved_rps
    );
}

#[test]
fn a_queue_within_the_server_is_an_overload_too() {
    for (plan, rate) in [
        (counted(100.0, 20, 64), 100.0),
        (
            Plan {
                connections: 64,
                timeout: Duration::from_secs(20),
                ..constant(60.0, 500)
            },
            60.0,
        ),
    ] {
        let server = one_at_a_time(Duration::from_millis(40));
        overloaded(&drive(&server, &[RequestSpec::get("/")], &plan), rate);
    }
}

#[test]
fn a_count_over_several_threads_and_after_a_warm_up_ends_where_the_next_request_is_due() {
    let server = scripted_server(|_| Reaction::ok());
    for threads in [1, 2, 3] {
        let plan = Plan {
            threads,
            warm: Duration::from_millis(100),
            ..counted(200.0, 50, 8)
        };
        let report = drive(&server, &[RequestSpec::get("/")], &plan);
        assert_eq!((report.planned, report.correct), (50, 50));
        assert!(
            (0.24..0.26).contains(&report.seconds),
            "{threads}: {}",
            report.seconds
        );
        assert!(report.rate_held && !report.piled_up, "{threads}: {report:?}");
    }
}

#[test]
fn a_slow_server_that_keeps_up_holds_the_rate() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(300)));
    for plan in [counted(100.0, 20, 64), counted(100.0, 60, 64)] {
        let report = drive(&server, &[RequestSpec::get("/")], &plan);
        assert!(report.rate_held && !report.piled_up, "{report:?}");
        assert!((report.offered_rps - 100.0).abs() < 1.0);
    }
}

#[test]
fn a_count_without_a_duration_is_sent_to_the_end() {
    let server = scripted_server(|_| Reaction::ok());
    let report = drive(&server, &[RequestSpec::get("/")], &counted(40.0, 30, 1));
    assert_eq!((report.planned, report.correct), (30, 30));
    assert!((0.74..0.76).contains(&report.seconds), "{}", report.seconds);
}

#[test]
fn what_was_due_when_a_load_is_stopped_was_offered() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(100)));
    let stop = Arc::new(AtomicBool::new(false));
    let setter = Arc::clone(&stop);
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        setter.store(true, Ordering::Relaxed);
    });
    let plan = Plan {
        connections: 2,
        ..constant(200.0, 60_000)
    };
    let target = Target::plain(server.address());
    let report = run(&target, &[RequestSpec::get("/")], &plan, &mut |_| {}, &stop).unwrap();
    stopper.join().unwrap();
    overloaded(&report, 200.0);
    assert!(report.dropped > 50, "{} dropped", report.dropped);
    assert_eq!(report.due, report.planned + report.dropped);
}

#[test]
fn a_short_timeout_does_not_hide_an_overload() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(50)));
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(120),
        ..constant(200.0, 500)
    };
    overloaded(&drive(&server, &[RequestSpec::get("/")], &plan), 200.0);
}

#[test]
fn failures_of_another_kind_pile_nothing_up() {
    type Script = fn(&ReceivedRequest) -> Reaction;
    let scripts: [(FailureKind, Script); 4] = [
        (FailureKind::Protocol, |_| {
            Reaction::raw("HTTP/1.1 200 OK\r\nX Foo: x\r\ncontent-length: 0\r\n\r\n")
        }),
        (FailureKind::Reset, |_| {
            Reaction::default().then(bakeoff_load::scripted::Step::Reset)
        }),
        (FailureKind::Tls, |_| {
            Reaction::raw(&b"\x15\x03\x03\x00\x02\x02\x50"[..])
        }),
        (FailureKind::Status, |_| {
            Reaction::response(503, "text/plain", "no")
        }),
    ];
    for (kind, script) in scripts {
        let server = scripted_server(script);
        let report = drive(&server, &[RequestSpec::get("/")], &constant(50.0, 400));
        assert!(
            report.failures.iter().all(|failure| failure.kind == kind),
            "{:?}",
            report.failures
        );
        assert!(!report.piled_up, "{kind}: {report:?}");
        assert_eq!(report.correct, 0);
    }
}

#[test]
fn a_server_that_loses_some_requests_is_not_too_slow() {
    let server = scripted_server(|request| match request.n % 10 {
        3 => Reaction::silence(),
        _ => Reaction::ok(),
    });
    let plan = Plan {
        connections: 64,
        timeout: Duration::from_millis(300),
        ..constant(100.0, 600)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &plan);
    assert!(!report.piled_up && !report.rate_held, "{report:?}");
    assert_eq!(report.failures[0].kind, FailureKind::Timeout);
}

#[test]
fn a_pause_that_is_over_is_no_overload() {
    // Nothing is served from 100 to 300 ms; the rest of the second is enough to catch up.
    let pause = (Duration::from_millis(100), Duration::from_millis(300));
    let server = scripted_server(move |request| match request.at {
        at if at >= pause.0 && at < pause.1 => Reaction::ok().after(pause.1 - at),
        _ => Reaction::ok(),
    });
    let report = drive(&server, &[RequestSpec::get("/")], &constant(100.0, 1_000));
    assert!(report.rate_held && !report.piled_up, "{report:?}");
}

#[test]
fn a_planted_stall_sheds_what_is_stale() {
    // One connection, and no response from 200 to 700 ms: of the 50 requests that are due in that time, all but the one
    // that is being served and those due in its last 100 ms are stale.
    let stall = (Duration::from_millis(200), Duration::from_millis(700));
    let server = scripted_server(move |request| match request.at {
        at if at >= stall.0 && at < stall.1 => Reaction::ok().after(stall.1 - at),
        _ => Reaction::ok(),
    });
    let plan = Plan {
        connections: 1,
        deadline: Some(Duration::from_millis(100)),
        ..constant(100.0, 1_500)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &plan);
    assert_eq!(report.sent + report.shed, report.due, "nothing failed");
    assert!((35..=42).contains(&report.shed), "{} shed", report.shed);
    assert!(report.failures.is_empty() && !report.rate_held, "{report:?}");
    assert_eq!(
        report.series.iter().map(|second| second.shed).sum::<u64>(),
        report.shed
    );
    // What was sent was sent within the deadline, so that only the request in service saw the whole stall.
    let beyond = report.response.count_between(150_000, u64::MAX >> 1);
    assert_eq!(
        beyond, 1,
        "responses that took longer than the deadline and a service"
    );
    let patient = Plan {
        deadline: None,
        ..plan
    };
    assert_eq!(drive(&server, &[RequestSpec::get("/")], &patient).shed, 0);
}
