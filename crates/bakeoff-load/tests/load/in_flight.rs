//! The number of requests in flight is counted by itself, and agrees with what is known of the load.

use crate::setting::{constant, drive, plan, scripted_server};
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{Arrivals, Plan, RequestSpec, Target, run};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[test]
fn a_rate_and_a_known_response_time_give_the_number_in_flight() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(40)));
    let mix = [RequestSpec::get("/")];
    let many = Plan {
        connections: 64,
        ..constant(200.0, 1_000)
    };
    let report = drive(&server, &mix, &many);
    // At least 40 ms × 200/s are in flight; more where the machine is slow, by as much as the responses are.
    assert!(report.mean_in_flight >= 7.9, "{}", report.mean_in_flight);
}

#[test]
fn requests_that_wait_for_a_connection_are_in_flight_too() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(50)));
    let narrow = Plan {
        connections: 1,
        timeout: Duration::from_secs(10),
        ..constant(40.0, 1_000)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &narrow);
    // One is on the connection, and twice as many come as leave: a queue of twenty at the end.
    assert!(report.mean_in_flight > 5.0, "{}", report.mean_in_flight);
}

#[test]
fn every_client_of_a_closed_loop_is_in_flight() {
    let server = scripted_server(|_| Reaction::ok().after(Duration::from_millis(20)));
    let closed = Plan {
        arrivals: Arrivals::Closed,
        ..plan(500)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &closed);
    // The last of each client may go on after the measured time.
    let beyond = report.response.max() as f64 / 1e6 / report.seconds;
    let most = 8.0 * (1.0 + beyond) + 0.1;
    assert!(
        (7.0..=most).contains(&report.mean_in_flight),
        "{}, at most {most}",
        report.mean_in_flight
    );
}

#[test]
fn a_load_that_is_stopped_accounts_for_what_was_open() {
    let server = scripted_server(|_| Reaction::silence());
    let stop = AtomicBool::new(false);
    let load = Plan {
        connections: 4,
        ..constant(100.0, 5_000)
    };
    let report = run(
        &Target::plain(server.address()),
        &[RequestSpec::get("/")],
        &load,
        &mut |tick| stop.store(tick.at_s >= 0.5, Ordering::Relaxed),
        &stop,
    )
    .unwrap();
    assert!(report.dropped > 0 && report.due == report.planned + report.dropped);
}
