//! WebSockets: one that blocks, and the ways in which a server can fail on one.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, Step};
use bakeoff_load::{
    Body, BodyRule, Expect, FailureKind, Plan, RequestSpec, Target, Variable, WebSocketClient,
    WebSocketMessage,
};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_websocket_is_opened_used_and_closed() {
    let server = scripted_server(Reaction::websocket);
    let mut socket =
        WebSocketClient::open(&Target::plain(server.address()), "/socket", &[], PATIENCE).unwrap();
    for text in ["hello", &"x".repeat(200_000)] {
        socket.send_text(text).unwrap();
        assert_eq!(
            socket.receive(PATIENCE),
            Ok(WebSocketMessage::Text(text.to_owned()))
        );
    }
    socket.ping(b"123").unwrap();
    assert_eq!(
        socket.receive(PATIENCE),
        Ok(WebSocketMessage::Pong(b"123".to_vec()))
    );
    let nothing = socket.receive(Duration::from_millis(50)).unwrap_err();
    assert_eq!(nothing, (FailureKind::Timeout, "no message in time".to_owned()));
    assert_eq!(socket.close(PATIENCE), Ok(None));
}

#[test]
fn a_message_that_comes_with_the_handshake_is_not_lost() {
    let server = scripted_server(|request| {
        let mut reaction = Reaction::upgrade(request);
        if let Step::Send(bytes) = &mut reaction.steps[0] {
            bytes.extend_from_slice(b"\x81\x05hello\x88\x02\x03\xe9");
        }
        reaction
    });
    let mut socket = WebSocketClient::open(&Target::plain(server.address()), "/", &[], PATIENCE).unwrap();
    assert_eq!(
        socket.receive(PATIENCE),
        Ok(WebSocketMessage::Text("hello".to_owned()))
    );
    let closed = WebSocketMessage::Closed {
        code: Some(1001),
        reason: String::new(),
    };
    assert_eq!(socket.receive(PATIENCE), Ok(closed));
}

/// A request for an echo with a number.
fn echo() -> RequestSpec {
    let text = r#"{"type": "echo", "data": "{number}"}"#;
    RequestSpec {
        body: Some(Body::Message(text.to_owned())),
        variables: vec![(
            "number".into(),
            Variable::Int {
                low: 1,
                high: 1_000_000,
            },
        )],
        expect: Expect {
            sampled: vec![BodyRule::Json(text.to_owned())],
            ..Expect::default()
        },
        ..RequestSpec::get("/socket")
    }
}

#[test]
fn a_load_of_echoes_is_right() {
    let server = scripted_server(Reaction::websocket);
    let mix = [echo(), RequestSpec::get("/socket-too")];
    let plan = constant(100.0, 300);
    let report = drive(&server, &[echo()], &plan);
    assert_eq!(
        (report.planned, report.correct),
        (30, 30),
        "{:?}",
        report.failures
    );
    assert!(
        report.body_bytes >= 30 * 30,
        "the messages that came back count: {}",
        report.body_bytes
    );
    // In a mix, WebSockets and plain requests share the connections.
    let plain = crate::setting::scripted_server(|request| match request.path.as_str() {
        "/socket" => Reaction::websocket(request),
        _ => Reaction::ok(),
    });
    let report = drive(&plain, &mix, &plan);
    assert_eq!(
        (report.planned, report.correct),
        (30, 30),
        "{:?}",
        report.failures
    );
}

/// Checks the failure that a load reports for a server with this script.
fn check(
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
    kind: FailureKind,
    words: &str,
) {
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(300),
        ..constant(40.0, 100)
    };
    let report = drive(&scripted_server(script), &[echo()], &plan);
    assert_eq!((report.planned, report.correct), (4, 0), "{:?}", report.failures);
    let [failure] = &report.failures[..] else {
        panic!("one kind of failure: {:?}", report.failures)
    };
    assert_eq!(failure.kind, kind, "{}", failure.example);
    assert!(
        failure.example.contains(words),
        "`{words}` in `{}`",
        failure.example
    );
}

/// Grants the WebSocket and sends these bytes.
fn sends(bytes: impl Into<Vec<u8>>) -> impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static {
    let bytes = bytes.into();
    move |request| {
        Reaction::upgrade(request)
            .then(Step::Send(bytes.clone()))
            .then(Step::Ignore)
    }
}

#[test]
fn handshakes_that_are_not_granted() {
    use FailureKind::{Protocol, Reset, Status, Timeout};
    check(|_| Reaction::ok(), Status, "expected status 101, got 200");
    check(
        |_| Reaction::response(426, "text/plain", "no"),
        Status,
        "expected status 101, got 426: `no`",
    );
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n";
    check(
        move |_| {
            Reaction::raw(format!(
                "{head}sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
            ))
        },
        Protocol,
        "`sec-websocket-accept` is `s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`",
    );
    check(
        move |_| Reaction::raw(format!("{head}\r\n")),
        Protocol,
        "without `sec-websocket-accept`",
    );
    check(
        |_| Reaction::raw("HTTP/1.1 101 Switching\r\n\r\n"),
        Protocol,
        "without `upgrade: websocket`",
    );
    check(
        |_| Reaction::default().then(Step::Close),
        Reset,
        "before the response began",
    );
    check(|_| Reaction::silence(), Timeout, "no complete response");
}

#[test]
fn websockets_that_break_the_protocol() {
    use FailureKind::Protocol;
    check(sends(b"\x81\x85abcd\0\0\0\0\0".to_vec()), Protocol, "masked");
    check(sends(b"\x91\x02hi".to_vec()), Protocol, "eserved");
    check(sends(b"\x83\x02hi".to_vec()), Protocol, "websocket:");
    check(sends(b"\x80\x02hi".to_vec()), Protocol, "ontinu");
    check(sends(b"\x81\x02\xff\xfe".to_vec()), Protocol, "websocket:");
    check(sends(b"\x09\x00".to_vec()), Protocol, "ragmented");
    // A frame that declares a gigabyte is refused by its header.
    check(
        sends(b"\x81\x7f\0\0\0\0\x40\0\0\0".to_vec()),
        Protocol,
        "too long",
    );
    check(
        sends(format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(30))),
        Protocol,
        "websocket:",
    );
    // Pings without a pause.
    check(sends(b"\x89\x00".repeat(500_000)), Protocol, "pings and pongs");
}

#[test]
fn websockets_that_do_not_reply() {
    use FailureKind::{Check, Reset, Timeout};
    check(
        |request| Reaction::upgrade(request).then(Step::Ignore),
        Timeout,
        "no complete response within 300 ms",
    );
    check(
        sends(b"\x88\x00".to_vec()),
        Reset,
        "closed the WebSocket without a code before it replied",
    );
    check(
        sends(b"\x88\x02\x03\xf3".to_vec()),
        Reset,
        "closed the WebSocket with 1011",
    );
    check(
        |request| Reaction::upgrade(request).then(Step::Close),
        Reset,
        "without closing the socket",
    );
    check(|request| Reaction::upgrade(request).then(Step::Reset), Reset, "");
    check(
        sends(b"\x82\x02hi".to_vec()),
        Check,
        "expected a text message, got 2 bytes of a binary one",
    );
    check(sends(b"\x81\x02{}".to_vec()), Check, "at `/data`: expected");
    // A message of endless fragments, empty ones and others.
    check(
        sends([b"\x01\x00".to_vec(), b"\x00\x00".repeat(500_000)].concat()),
        Timeout,
        "",
    );
    let endless = [b"\x01\x02hi".to_vec(), b"\x00\x02hi".repeat(1_000)].concat();
    check(sends(endless), Timeout, "no complete response");
    // One byte at a time is no reply either.
    check(
        |request| {
            let drip = Step::Drip {
                bytes: b"\x81\x7d{}".to_vec(),
                every: Duration::from_millis(20),
            };
            Reaction::upgrade(request).then(drip).then(Step::Ignore)
        },
        Timeout,
        "",
    );
}

#[test]
fn a_right_reply_may_come_in_fragments_and_between_pings() {
    let server = scripted_server(|request| {
        Reaction::upgrade(request).then(Step::Send(b"\x89\x01x\x01\x01{\x89\x00\x80\x01}".to_vec()))
    });
    let spec = RequestSpec {
        expect: Expect {
            sampled: vec![BodyRule::Exact("{}".into())],
            ..Expect::default()
        },
        ..echo()
    };
    let report = drive(&server, &[spec], &constant(40.0, 100));
    assert_eq!((report.planned, report.correct), (4, 4), "{:?}", report.failures);
}
