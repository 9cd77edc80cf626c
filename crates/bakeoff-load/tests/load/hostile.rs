//! Servers that lie, drip, stop and reset: each is reported as the right kind of failure, and none hangs the load.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::{Reaction, Step};
use bakeoff_load::{Expect, FailureKind, Plan, RequestSpec, Target, run};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

fn reported(reaction: Reaction) -> (FailureKind, String) {
    let server = scripted_server(move |_| reaction.clone());
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(300),
        ..constant(40.0, 100)
    };
    let report = drive(&server, &[RequestSpec::get("/")], &plan);
    assert_eq!((report.planned, report.correct), (4, 0), "{:?}", report.failures);
    let [failure] = &report.failures[..] else {
        panic!("one kind of failure: {:?}", report.failures)
    };
    (failure.kind, failure.example.clone())
}

fn check(reaction: Reaction, kind: FailureKind, words: &str) {
    let (got, example) = reported(reaction);
    assert_eq!(got, kind, "{example}");
    assert!(example.contains(words), "`{words}` in `{example}`");
}

fn right(reaction: Reaction) {
    let server = scripted_server(move |_| reaction.clone());
    let report = drive(&server, &[RequestSpec::get("/")], &constant(40.0, 100));
    assert_eq!((report.planned, report.correct), (4, 4), "{:?}", report.failures);
}

#[test]
fn connections_that_end_too_early_are_resets() {
    use FailureKind::Reset;
    check(
        Reaction::default().then(Step::Reset),
        Reset,
        "before the response began",
    );
    check(
        Reaction::default().then(Step::Close),
        Reset,
        "before the response began: the server closed it",
    );
    check(
        Reaction::raw("HTTP/1.1 200 OK\r\ncontent-").then(Step::Close),
        Reset,
        "within the head",
    );
    let body = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello";
    check(
        Reaction::raw(body).then(Step::Close),
        Reset,
        "5 bytes before the end of the body",
    );
    check(
        Reaction::raw(body)
            .then(Step::Wait(Duration::from_millis(20)))
            .then(Step::Reset),
        Reset,
        "5 bytes before the end",
    );
    check(
        Reaction::raw(body).then(Step::HalfClose),
        Reset,
        "5 bytes before the end",
    );
    let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    check(
        Reaction::raw(chunks).then(Step::Close),
        Reset,
        "within the chunks, after 5 bytes",
    );
}

#[test]
fn responses_that_never_complete_time_out() {
    use FailureKind::Timeout;
    check(Reaction::silence(), Timeout, "no complete response within 300 ms");
    check(
        Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"),
        Timeout,
        "no complete response",
    );
    check(
        Reaction::ok().dripping(Duration::from_millis(20)),
        Timeout,
        "no complete response",
    );
    check(
        Reaction::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        Timeout,
        "",
    );
    // Without a length the body runs until the connection ends, and it does not.
    check(Reaction::raw("HTTP/1.1 200 OK\r\n\r\nhello"), Timeout, "");
}

#[test]
fn bytes_that_are_not_http_are_protocol_failures() {
    use FailureKind::Protocol;
    let ok = "HTTP/1.1 200 OK\r\n";
    for (bytes, words) in [
        ("SSH-2.0-OpenSSH_9.6\r\n".to_owned(), "the head is not HTTP/1.1"),
        ("HTTP/2.0 200 OK\r\n\r\n".to_owned(), "invalid HTTP version"),
        ("HTTP/1.1 99 Low\r\n\r\n".to_owned(), "the head is not HTTP/1.1"),
        ("HTTP/1.1 007 Low\r\n\r\n".to_owned(), "status 007"),
        (
            "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
            "status 101",
        ),
        (
            format!("{ok}content-length: ten\r\n\r\n"),
            "`content-length` is not a number",
        ),
        (
            format!("{ok}content-length: -1\r\n\r\n"),
            "`content-length` is not a number",
        ),
        (
            format!("{ok}content-length: +5\r\n\r\nhello"),
            "`content-length` is not a number",
        ),
        (
            format!("{ok}content-length: 99999999999999999999\r\n\r\n"),
            "`content-length` is not a number",
        ),
        (
            format!("{ok}content-length: 999999999999999\r\n\r\n"),
            "the body is longer",
        ),
        (
            format!("{ok}content-length: 5\r\ncontent-length: 6\r\n\r\n"),
            "differ: 5 and 6",
        ),
        (
            format!("{ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"),
            "both `content-length`",
        ),
        (
            format!("{ok}transfer-encoding: gzip\r\n\r\n"),
            "unknown `transfer-encoding`: `gzip`",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\nxyz\r\n"),
            "no hexadecimal number",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\n-5\r\n"),
            "no hexadecimal number",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
            "too many digits",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\n3\r\nhello\r\n"),
            "data longer than its size",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\n3\nabc"),
            "no hexadecimal number",
        ),
        (
            format!("{ok}transfer-encoding: chunked\r\n\r\n1;{}", "x".repeat(20_000)),
            "an extension without end",
        ),
        (
            format!(
                "{ok}transfer-encoding: chunked\r\n\r\n0\r\n{}",
                "x: y\r\n".repeat(5_000)
            ),
            "trailers without end",
        ),
        (
            format!("{ok}content-length: 3\r\n\r\nhello"),
            "2 bytes or more came after the end",
        ),
        (
            "HTTP/1.1 204 No Content\r\n\r\nhello".to_owned(),
            "5 bytes or more came after the end",
        ),
        (
            format!("{ok}{}\r\n", "x: y\r\n".repeat(101)),
            "more than 100 headers",
        ),
        (
            format!("{ok}x: {}", "y".repeat(70_000)),
            "the head is longer than 65536 bytes",
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(17),
            "more than 16 interim responses",
        ),
        (format!("{ok}bad header\r\n\r\n"), "the head is not HTTP/1.1"),
        ("\0\0\0\0".to_owned(), "the head is not HTTP/1.1"),
    ] {
        check(Reaction::raw(bytes), Protocol, words);
    }
}

#[test]
fn a_wrong_head_that_never_ends_is_a_protocol_failure_in_any_pieces() {
    for pause in [Duration::ZERO, Duration::from_micros(200)] {
        let reaction = Reaction::raw("HTTP/1.1 200 OK\r\nbad header")
            .dripping(pause)
            .then(Step::Close);
        check(reaction, FailureKind::Protocol, "the head is not HTTP/1.1");
    }
}

#[test]
fn unusual_responses_that_are_right() {
    let length = "content-length: 5\r\n\r\nhello";
    for bytes in [
        format!("HTTP/1.1 200 OK\r\n{length}"),
        format!("HTTP/1.1 200\r\n{length}"),
        format!(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n{length}"
        ),
        "HTTP/1.1 200 OK\r\ncontent-length: 5, 5\r\n\r\nhello".to_owned(),
        "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        "HTTP/1.1 204 No Content\r\ncontent-length: 7\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n00\r\nx: y\r\n\r\n"
            .to_owned(),
    ] {
        right(Reaction::raw(bytes.clone()));
        right(Reaction::raw(bytes).dripping(Duration::from_micros(50)));
    }
    for bytes in [
        "HTTP/1.1 200 OK\r\n\r\nhello".to_owned(),
        "HTTP/1.0 200 OK\r\n\r\nhello".to_owned(),
        format!("HTTP/1.0 200 OK\r\n{length}"),
        format!("HTTP/1.1 200 OK\r\nconnection: x, Close\r\n{length}"),
    ] {
        right(Reaction::raw(bytes).then(Step::Close));
    }
}

#[test]
fn the_response_to_head_has_no_body() {
    let server = scripted_server(|_| Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n"));
    let head = RequestSpec {
        method: "HEAD".into(),
        ..RequestSpec::get("/")
    };
    let report = drive(&server, &[head], &constant(40.0, 100));
    assert_eq!(
        (report.correct, report.body_bytes, report.reconnects),
        (4, 0, 0),
        "{:?}",
        report.failures
    );
}

#[test]
fn unrequested_bytes_end_the_connection_and_are_counted() {
    let server = scripted_server(|_| {
        Reaction::ok()
            .then(Step::Wait(Duration::from_millis(5)))
            .then(Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()))
    });
    let report = drive(&server, &[RequestSpec::get("/")], &constant(40.0, 250));
    assert_eq!(
        (report.planned, report.correct),
        (10, 10),
        "{:?}",
        report.failures
    );
    assert!(
        report.unsolicited_responses >= 9,
        "{}",
        report.unsolicited_responses
    );
}

#[test]
fn a_refusal_before_the_whole_body_was_read_is_a_response() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 1024]).ok();
            stream
                .write_all(
                    b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                )
                .ok();
            stream.shutdown(Shutdown::Write).ok();
            std::io::copy(&mut stream, &mut std::io::sink()).ok();
        }
    });
    let spec = RequestSpec {
        method: "POST".into(),
        body: Some("x".repeat(8_000_000).into()),
        expect: Expect {
            status: vec![413],
            ..Expect::default()
        },
        ..RequestSpec::get("/")
    };
    let plan = Plan {
        connections: 1,
        ..constant(20.0, 100)
    };
    let report = run(
        &Target::plain(address),
        &[spec],
        &plan,
        &mut |_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!((report.planned, report.correct), (2, 2), "{:?}", report.failures);
}
