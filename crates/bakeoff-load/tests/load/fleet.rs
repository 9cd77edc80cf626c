//! Many WebSockets at once, and clients that are slow on purpose.

use crate::setting::scripted_server;
use bakeoff_load::scripted::{Reaction, Step};
use bakeoff_load::{LoadError, SlowClients, Target, WebSocketFleet};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_broadcast_reaches_every_websocket_of_a_fleet() {
    let server = scripted_server(Reaction::websocket);
    let target = Target::plain(server.address());
    let mut fleet = WebSocketFleet::open(&target, "/socket", 200).unwrap();
    assert_eq!(fleet.alive(), 200);
    for n in 0..3 {
        let text = format!(r#"{{"type": "broadcast", "data": "{n}"}}"#);
        let broadcast = fleet.broadcast(&text, PATIENCE).unwrap();
        assert_eq!((broadcast.latency.len(), broadcast.missed), (200, 0));
    }
    fleet.hold(Duration::from_millis(20)).unwrap();
    assert_eq!(fleet.alive(), 200);
}

#[test]
fn websockets_that_do_not_receive_a_broadcast_are_missed() {
    // Every fourth WebSocket is opened and then receives nothing. An echo comes back to its sender alone.
    let server = scripted_server(|request| match request.connection % 4 {
        3 => Reaction::upgrade(request).then(Step::Ignore),
        _ => Reaction::websocket(request),
    });
    let target = Target::plain(server.address());
    let mut fleet = WebSocketFleet::open(&target, "/socket", 40).unwrap();
    let limit = Duration::from_millis(300);
    let broadcast = fleet.broadcast(r#"{"type": "broadcast"}"#, limit).unwrap();
    assert_eq!((broadcast.latency.len(), broadcast.missed), (30, 10));
    let echo = fleet.broadcast("hello", limit).unwrap();
    assert_eq!((echo.latency.len(), echo.missed), (1, 39));
}

#[test]
fn a_broadcast_does_not_wait_for_websockets_that_the_server_has_ended() {
    let server = scripted_server(|request| match request.connection {
        1 => Reaction::upgrade(request)
            .then(Step::Wait(Duration::from_millis(100)))
            .then(Step::Close),
        _ => Reaction::websocket(request),
    });
    let mut fleet = WebSocketFleet::open(&Target::plain(server.address()), "/", 2).unwrap();
    fleet.hold(Duration::from_millis(300)).unwrap();
    assert_eq!(fleet.alive(), 1);
    let began = Instant::now();
    let broadcast = fleet.broadcast(r#"{"type": "broadcast"}"#, PATIENCE).unwrap();
    assert_eq!((broadcast.latency.len(), broadcast.missed), (1, 0));
    assert!(began.elapsed() < PATIENCE);
}

#[test]
fn a_fleet_that_cannot_be_opened_is_an_error_with_the_reason() {
    let server = scripted_server(|request| match request.connection {
        0..2 => Reaction::websocket(request),
        _ => Reaction::response(503, "text/plain", "full"),
    });
    let error = WebSocketFleet::open(&Target::plain(server.address()), "/", 3).unwrap_err();
    let LoadError::Connections {
        wanted: 3, reason, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(reason, "wrong status: expected status 101, got 503: `full`");
}

#[test]
fn slow_clients_count_the_connections_that_the_server_drops() {
    // The scripted server waits for a whole request for ever; dropping it closes the connections, as a timeout would.
    let patient = scripted_server(|_| Reaction::ok());
    let slow = SlowClients::start(&Target::plain(patient.address()), 5, Duration::from_millis(2)).unwrap();
    assert_eq!(slow.closed(), 0);
    drop(patient);
    let deadline = Instant::now() + PATIENCE;
    while slow.closed() < 5 && Instant::now() < deadline {
        std::thread::yield_now();
    }
    let report = slow.finish();
    assert_eq!((report.opened, report.closed), (5, 5));
}
