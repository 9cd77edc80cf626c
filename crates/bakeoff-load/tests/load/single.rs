//! One request at a time, and connections that only stand there.

use crate::setting::puppet;
use bakeoff_load::puppet::Act;
use bakeoff_load::{FailureKind, IdleConnections, RequestSpec, Target, send_once};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

#[test]
fn one_request_and_its_whole_answer() {
    let puppet = puppet(|asked| {
        assert!(asked.head.contains("connection: close\r\n"), "{}", asked.head);
        Act::answer(
            201,
            "text/plain",
            &format!("{} {} {}", asked.method, asked.path, asked.body.len()),
        )
        .after(Duration::from_millis(30))
    });
    let target = Target::plain(puppet.address());
    let answer = send_once(&target, "POST", "/a?b=c", &[], Some(b"12345"), PATIENCE).unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (201, &b"POST /a?b=c 5"[..])
    );
    assert_eq!(answer.header("Content-Type"), Some("text/plain"));
    assert!((Duration::from_millis(30)..Duration::from_millis(200)).contains(&answer.elapsed));
}

#[test]
fn failures_of_one_request_have_their_kinds() {
    let gone = puppet(|_| Act::ok()).address();
    let kind = |address, timeout| {
        send_once(&Target::plain(address), "GET", "/", &[], None, timeout)
            .unwrap_err()
            .0
    };
    assert_eq!(kind(gone, PATIENCE), FailureKind::Connect);
    let silent = puppet(|_| Act::silence());
    assert_eq!(
        kind(silent.address(), Duration::from_millis(100)),
        FailureKind::Timeout
    );
    let broken = puppet(|_| Act::raw("HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n"));
    assert_eq!(kind(broken.address(), PATIENCE), FailureKind::Protocol);
}

#[test]
fn idle_connections_stand_until_they_are_dropped() {
    let puppet = puppet(|_| Act::ok());
    let target = Target::plain(puppet.address());
    let idle = IdleConnections::open(&target, &RequestSpec::get("/health"), 20).unwrap();
    assert_eq!(
        (idle.len(), idle.alive(), puppet.accepted(), puppet.asked()),
        (20, 20, 20, 20)
    );
    drop(puppet);
    assert_eq!(idle.alive(), 0);
}

#[test]
fn idle_connections_to_a_server_that_errs_are_an_error() {
    let puppet = puppet(|asked| {
        if asked.n < 3 {
            Act::ok()
        } else {
            Act::answer(503, "text/plain", "full")
        }
    });
    let error =
        IdleConnections::open(&Target::plain(puppet.address()), &RequestSpec::get("/"), 10).unwrap_err();
    assert_eq!(
        error.to_string(),
        "connection 3 of 10: expected a status of the 200s, got 503"
    );
}
