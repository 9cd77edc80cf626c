//! The limits of a load, on both sides of each; and the seconds of a load while it runs.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::histogram::{empty, from_blob, merge};
use bakeoff_load::output::{BrokenLimit, Limits};
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{LoadError, Plan, RequestSpec, Second, Target, Tick, Watcher, run, run_watched};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

#[test]
fn the_limit_of_the_99th_percentile_has_two_sides() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(10)));
    let report = drive(&server, &[RequestSpec::get("/")], &constant(100.0, 500));
    let broken = |limit| {
        let limits = Limits {
            slo_p99: Some(limit),
            ..Limits::default()
        };
        limits.broken(&report)
    };
    assert_eq!(broken(Duration::from_millis(9)), [BrokenLimit::SloP99]);
    // A test machine makes a response late now and then; no server of 10 ms is a hundred times slower.
    assert_eq!(broken(Duration::from_secs(1)), []);
}

#[test]
fn a_failed_request_is_slower_than_any_limit() {
    let server = scripted_server(|request| match request.n % 20 {
        7 => Reaction::response(500, "text/plain", "no"),
        _ => Reaction::ok(),
    });
    let report = drive(&server, &[RequestSpec::get("/")], &constant(100.0, 1_000));
    let broken = |max_error_rate, slo_p99| {
        let limits = Limits {
            max_error_rate,
            slo_p99,
        };
        limits.broken(&report)
    };
    let second = Some(Duration::from_secs(1));
    assert_eq!(broken(0.06, None), []);
    assert_eq!(broken(0.05, None), [], "a limit that is kept exactly is kept");
    assert_eq!(broken(0.04, None), [BrokenLimit::ErrorRate]);
    assert_eq!(broken(1.0, second), [BrokenLimit::SloP99]);
}

#[test]
fn a_deadline_that_makes_no_sense_is_refused() {
    let server = scripted_server(|_| Reaction::ok());
    let refused = |plan: Plan| {
        let target = Target::plain(server.address());
        let stop = AtomicBool::new(false);
        let error = run(&target, &[RequestSpec::get("/")], &plan, &mut |_| {}, &stop).unwrap_err();
        assert!(
            matches!(error, LoadError::Plan { what: "deadline", .. }),
            "{error}"
        );
    };
    let with = |millis| Plan {
        deadline: Some(Duration::from_millis(millis)),
        ..constant(10.0, 100)
    };
    refused(with(0));
    refused(with(2_000));
    refused(Plan {
        arrivals: bakeoff_load::Arrivals::Closed,
        ..with(10)
    });
}

/// Keeps the seconds as they come.
#[derive(Default)]
struct Seconds {
    ticks: usize,
    seconds: Vec<Second>,
}

impl Watcher for Seconds {
    fn tick(&mut self, _: &Tick) {
        self.ticks += 1;
    }

    fn second(&mut self, second: &Second) {
        self.seconds.push(second.clone());
    }
}

#[test]
fn the_seconds_of_a_load_add_up_to_its_report() {
    // Responses take long enough that some of the warm-up come in the measured time.
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(80)));
    let plan = Plan {
        warm: Duration::from_millis(500),
        threads: 2,
        connections: 64,
        ..constant(200.0, 1_600)
    };
    let mut watcher = Seconds::default();
    let target = Target::plain(server.address());
    let stop = AtomicBool::new(false);
    let report = run_watched(&target, &[RequestSpec::get("/")], &plan, &mut watcher, &stop).unwrap();
    let mut total = empty();
    for second in watcher.seconds.iter().filter(|second| second.second >= 0) {
        merge(&mut total, &from_blob(&second.response_blob).unwrap());
    }
    assert_eq!(total, report.response);
    assert_eq!(total.len(), 320);
    assert_eq!(watcher.seconds, report.series);
    assert!(watcher.ticks >= 6, "{}", watcher.ticks);
}
