//! WebSockets: one that blocks, and what a server can do wrong with one.

use crate::setting::puppet;
use bakeoff_load::puppet::{Act, Step};
use bakeoff_load::{FailureKind, SocketClient, SocketMessage, Target};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_socket_is_opened_used_and_closed() {
    let puppet = puppet(Act::socket);
    let mut socket = SocketClient::open(&Target::plain(puppet.address()), "/socket", &[], PATIENCE).unwrap();
    for text in ["hello", &"x".repeat(200_000)] {
        socket.send_text(text).unwrap();
        assert_eq!(socket.receive(PATIENCE), Ok(SocketMessage::Text(text.to_owned())));
    }
    socket.ping(b"123").unwrap();
    assert_eq!(socket.receive(PATIENCE), Ok(SocketMessage::Pong(b"123".to_vec())));
    let nothing = socket.receive(Duration::from_millis(50)).unwrap_err();
    assert_eq!(nothing, (FailureKind::Timeout, "no message in time".to_owned()));
    assert_eq!(socket.close(PATIENCE), Ok(None));
}

#[test]
fn a_message_that_comes_with_the_opening_is_not_lost() {
    let puppet = puppet(|asked| {
        let mut act = Act::upgrade(asked);
        if let Step::Send(bytes) = &mut act.steps[0] {
            bytes.extend_from_slice(b"\x81\x05hello\x88\x02\x03\xe9");
        }
        act
    });
    let mut socket = SocketClient::open(&Target::plain(puppet.address()), "/", &[], PATIENCE).unwrap();
    assert_eq!(
        socket.receive(PATIENCE),
        Ok(SocketMessage::Text("hello".to_owned()))
    );
    let closed = SocketMessage::Closed {
        code: Some(1001),
        reason: String::new(),
    };
    assert_eq!(socket.receive(PATIENCE), Ok(closed));
}
