//! WebSockets: one that blocks, and what a server can do wrong with one.

use crate::setting::{constant, drive, puppet};
use bakeoff_load::puppet::{Act, Asked, Step};
use bakeoff_load::{
    Body, BodyRule, Expect, FailureKind, Plan, RequestSpec, SocketClient, SocketMessage, Target, Variable,
};
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

/// An echo with a number, as a load asks for it.
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
    let puppet = puppet(Act::socket);
    let mix = [echo(), RequestSpec::get("/socket-too")];
    let plan = constant(100.0, 300);
    let report = drive(&puppet, &[echo()], &plan);
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
    // Each of a mix goes its own way over the same connections.
    let plain = crate::setting::puppet(|asked| match asked.path.as_str() {
        "/socket" => Act::socket(asked),
        _ => Act::ok(),
    });
    let report = drive(&plain, &mix, &plan);
    assert_eq!(
        (report.planned, report.correct),
        (30, 30),
        "{:?}",
        report.failures
    );
}

/// What a load says of a server that treats every socket like this.
fn check(script: impl Fn(&Asked) -> Act + Send + Sync + 'static, kind: FailureKind, words: &str) {
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(300),
        ..constant(40.0, 100)
    };
    let report = drive(&puppet(script), &[echo()], &plan);
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

/// Grants the socket and sends these bytes.
fn says(bytes: impl Into<Vec<u8>>) -> impl Fn(&Asked) -> Act + Send + Sync + 'static {
    let bytes = bytes.into();
    move |asked| {
        Act::upgrade(asked)
            .then(Step::Send(bytes.clone()))
            .then(Step::Ignore)
    }
}

#[test]
fn openings_that_are_not_granted() {
    use FailureKind::{Protocol, Reset, Status, Timeout};
    check(|_| Act::ok(), Status, "expected status 101, got 200");
    check(
        |_| Act::answer(426, "text/plain", "no"),
        Status,
        "expected status 101, got 426: `no`",
    );
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n";
    check(
        move |_| {
            Act::raw(format!(
                "{head}sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
            ))
        },
        Protocol,
        "`sec-websocket-accept` is `s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`",
    );
    check(
        move |_| Act::raw(format!("{head}\r\n")),
        Protocol,
        "without `sec-websocket-accept`",
    );
    check(
        |_| Act::raw("HTTP/1.1 101 Switching\r\n\r\n"),
        Protocol,
        "without `upgrade: websocket`",
    );
    check(
        |_| Act::default().then(Step::Close),
        Reset,
        "before the answer began",
    );
    check(|_| Act::silence(), Timeout, "no whole answer");
}

#[test]
fn sockets_that_break_the_protocol() {
    use FailureKind::Protocol;
    check(says(b"\x81\x85abcd\0\0\0\0\0".to_vec()), Protocol, "masked");
    check(says(b"\x91\x02hi".to_vec()), Protocol, "eserved");
    check(says(b"\x83\x02hi".to_vec()), Protocol, "websocket:");
    check(says(b"\x80\x02hi".to_vec()), Protocol, "ontinu");
    check(says(b"\x81\x02\xff\xfe".to_vec()), Protocol, "websocket:");
    check(says(b"\x09\x00".to_vec()), Protocol, "ragmented");
    // A frame that says it is a gigabyte is refused by its head.
    check(says(b"\x81\x7f\0\0\0\0\x40\0\0\0".to_vec()), Protocol, "too long");
    check(
        says(format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(30))),
        Protocol,
        "websocket:",
    );
    // Pings as fast as they can be sent.
    check(says(b"\x89\x00".repeat(500_000)), Protocol, "pings and pongs");
}

#[test]
fn sockets_that_do_not_answer() {
    use FailureKind::{Check, Reset, Timeout};
    check(
        |asked| Act::upgrade(asked).then(Step::Ignore),
        Timeout,
        "no whole answer within 300 ms",
    );
    check(
        says(b"\x88\x00".to_vec()),
        Reset,
        "closed the socket without a code before it answered",
    );
    check(
        says(b"\x88\x02\x03\xf3".to_vec()),
        Reset,
        "closed the socket with 1011",
    );
    check(
        |asked| Act::upgrade(asked).then(Step::Close),
        Reset,
        "without closing the socket",
    );
    check(|asked| Act::upgrade(asked).then(Step::Reset), Reset, "");
    check(
        says(b"\x82\x02hi".to_vec()),
        Check,
        "expected a text message, got 2 bytes of a binary one",
    );
    check(says(b"\x81\x02{}".to_vec()), Check, "at `/data`: expected");
    // A message in fragments that never ends, with nothing in them and with something.
    check(
        says([b"\x01\x00".to_vec(), b"\x00\x00".repeat(500_000)].concat()),
        Timeout,
        "",
    );
    let endless = [b"\x01\x02hi".to_vec(), b"\x00\x02hi".repeat(1_000)].concat();
    check(says(endless), Timeout, "no whole answer");
    // One byte at a time is no answer either.
    check(
        |asked| {
            let drip = Step::Drip {
                bytes: b"\x81\x7d{}".to_vec(),
                every: Duration::from_millis(20),
            };
            Act::upgrade(asked).then(drip).then(Step::Ignore)
        },
        Timeout,
        "",
    );
}

#[test]
fn a_right_answer_may_come_in_fragments_and_between_pings() {
    let puppet =
        puppet(|asked| Act::upgrade(asked).then(Step::Send(b"\x89\x01x\x01\x01{\x89\x00\x80\x01}".to_vec())));
    let spec = RequestSpec {
        expect: Expect {
            sampled: vec![BodyRule::Exact("{}".into())],
            ..Expect::default()
        },
        ..echo()
    };
    let report = drive(&puppet, &[spec], &constant(40.0, 100));
    assert_eq!((report.planned, report.correct), (4, 4), "{:?}", report.failures);
}
