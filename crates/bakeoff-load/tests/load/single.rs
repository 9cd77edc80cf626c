//! One request at a time, and idle connections.

use crate::setting::scripted_server;
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{FailureKind, IdleConnections, RequestSpec, Target, send_once};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

#[test]
fn one_request_and_its_whole_response() {
    let server = scripted_server(|request| {
        assert!(request.head.contains("connection: close\r\n"), "{}", request.head);
        Reaction::response(
            201,
            "text/plain",
            &format!("{} {} {}", request.method, request.path, request.body.len()),
        )
        .after(Duration::from_millis(30))
    });
    let target = Target::plain(server.address());
    let response = send_once(&target, "POST", "/a?b=c", &[], Some(b"12345"), PATIENCE).unwrap();
    assert_eq!(
        (response.status, response.body.as_slice()),
        (201, &b"POST /a?b=c 5"[..])
    );
    assert_eq!(response.header("Content-Type"), Some("text/plain"));
    assert!((Duration::from_millis(30)..Duration::from_millis(200)).contains(&response.elapsed));
}

#[test]
fn failures_of_one_request_have_their_kinds() {
    let gone = scripted_server(|_| Reaction::ok()).address();
    let kind = |address, timeout| {
        send_once(&Target::plain(address), "GET", "/", &[], None, timeout)
            .unwrap_err()
            .0
    };
    assert_eq!(kind(gone, PATIENCE), FailureKind::Connect);
    let silent = scripted_server(|_| Reaction::silence());
    assert_eq!(
        kind(silent.address(), Duration::from_millis(100)),
        FailureKind::Timeout
    );
    let broken = scripted_server(|_| Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n"));
    assert_eq!(kind(broken.address(), PATIENCE), FailureKind::Protocol);
}

#[test]
fn idle_connections_stay_open_until_the_server_ends() {
    let server = scripted_server(|_| Reaction::ok());
    let target = Target::plain(server.address());
    let idle = IdleConnections::open(&target, &RequestSpec::get("/health"), 20).unwrap();
    assert_eq!(
        (idle.len(), idle.alive(), server.connections(), server.requests()),
        (20, 20, 20, 20)
    );
    drop(server);
    assert_eq!(idle.alive(), 0);
}

#[test]
fn idle_connections_to_a_server_with_a_wrong_status_are_an_error() {
    let server = scripted_server(|request| {
        if request.n < 3 {
            Reaction::ok()
        } else {
            Reaction::response(503, "text/plain", "full")
        }
    });
    let error =
        IdleConnections::open(&Target::plain(server.address()), &RequestSpec::get("/"), 10).unwrap_err();
    assert_eq!(
        error.to_string(),
        "connection 3 of 10: expected a status of the 200s, got 503"
    );
}
