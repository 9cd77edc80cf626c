//! Streams up and down and server-sent events: right ones count, wrong ones are reported with the reason, and stalled
//! ones time out.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, Step};
use bakeoff_load::{
    Body, BodyRule, Coding, EventsRule, Expect, FailureKind, LoadReport, Payload, Plan, RequestSpec,
    SingleRequest, Target, pattern_byte, send_single,
};
use std::time::Duration;

const PIECE: u64 = 64 * 1024;

fn held_to(rule: BodyRule) -> RequestSpec {
    RequestSpec {
        expect: Expect {
            sampled: vec![rule],
            ..Expect::default()
        },
        ..RequestSpec::get("/")
    }
}

fn ticks(count: u64, from: u64) -> BodyRule {
    let name = "tick".into();
    let data = "{\"n\":{id}}".into();
    BodyRule::Events(EventsRule {
        count,
        from,
        name,
        data,
    })
}

fn event(n: u64) -> Step {
    let text = format!("id: {n}\nevent: tick\ndata: {{\"n\":{n}}}\n\n");
    Step::Send(format!("{:x}\r\n{text}\r\n", text.len()).into_bytes())
}

/// The head of a stream of events in chunks.
fn stream() -> Reaction {
    Reaction::raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
}

fn end() -> Step {
    Step::Send(b"0\r\n\r\n".to_vec())
}

/// Two requests, each with a timeout of 300 ms without progress.
fn twice(
    spec: RequestSpec,
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> LoadReport {
    let plan = Plan {
        connections: 2,
        timeout: Duration::from_millis(300),
        ..constant(20.0, 100)
    };
    drive(&scripted_server(script), &[spec], &plan)
}

fn right(spec: RequestSpec, script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static) {
    let report = twice(spec, script);
    assert_eq!((report.planned, report.correct), (2, 2), "{:?}", report.failures);
}

fn check(spec: RequestSpec, reaction: Reaction, kind: FailureKind, words: &str) {
    let report = twice(spec, move |_| reaction.clone());
    assert_eq!((report.planned, report.correct), (2, 0), "{:?}", report.failures);
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

fn download(bytes: u64) -> Reaction {
    Reaction::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n"))
}

#[test]
fn uploads_are_the_pattern_in_both_codings() {
    for coding in [Coding::Length, Coding::Chunked] {
        for bytes in [0, 1, PIECE, 1_000_000] {
            let spec = RequestSpec {
                method: "POST".into(),
                body: Some(Body::Pattern { bytes, coding }),
                ..RequestSpec::get("/upload")
            };
            right(spec, move |request| {
                match (request.body_len, request.unlike_pattern) {
                    (length, None) if length == bytes => Reaction::ok(),
                    wrong => Reaction::response(500, "text/plain", &format!("{wrong:?}")),
                }
            });
        }
    }
}

#[test]
fn downloads_are_compared_with_the_pattern() {
    let bytes = 1_000_000;
    let spec = || held_to(BodyRule::Pattern { bytes });
    right(spec(), move |_| download(bytes).then(Step::Pattern(bytes)));
    let mut wrong: Vec<u8> = (0..bytes).map(pattern_byte).collect();
    wrong[700_000] ^= 1;
    check(
        spec(),
        download(bytes).then(Step::Send(wrong)),
        FailureKind::Check,
        "the byte at 700000 is",
    );
    let short = download(bytes - 1).then(Step::Pattern(bytes - 1));
    check(
        spec(),
        short,
        FailureKind::Check,
        "expected 1000000 bytes of body, got 999999",
    );
    // An endless body is not read to its end.
    let endless = Reaction::raw("HTTP/1.1 200 OK\r\n\r\n").then(Step::Pattern(1 << 40));
    check(
        spec(),
        endless,
        FailureKind::Check,
        "expected 1000000 bytes of body, got",
    );
    let lost = download(bytes).then(Step::Pattern(500_000)).then(Step::Close);
    check(
        spec(),
        lost,
        FailureKind::Reset,
        "500000 bytes before the end of the body",
    );
}

#[test]
fn a_stream_times_out_only_without_progress() {
    let bytes = 8 * PIECE;
    let mut slow = download(bytes);
    for n in 0..8 {
        let piece = (n * PIECE..(n + 1) * PIECE).map(pattern_byte).collect();
        slow = slow
            .then(Step::Wait(Duration::from_millis(100)))
            .then(Step::Send(piece));
    }
    right(held_to(BodyRule::Pattern { bytes }), move |_| slow.clone());
    // A stream that stops moving times out.
    let stalls = download(bytes).then(Step::Pattern(2 * PIECE));
    check(
        held_to(BodyRule::Pattern { bytes }),
        stalls,
        FailureKind::Timeout,
        "no progress of the stream within 300 ms",
    );
    let dripping = Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").then(Step::Drip {
        bytes: vec![0; 1_000],
        every: Duration::from_millis(20),
    });
    check(
        held_to(BodyRule::Pattern { bytes: 100_000 }),
        dripping,
        FailureKind::Check,
        "the byte at 1 is 0",
    );
}

#[test]
fn an_upload_that_the_server_does_not_read_times_out() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = Target::plain(listener.local_addr().unwrap());
    let single = SingleRequest {
        method: "POST",
        path: "/",
        headers: &[],
        payload: Payload::Pattern {
            bytes: 64 << 20,
            coding: Coding::Length,
        },
    };
    let (kind, reason) = send_single(&target, &single, &[], Duration::from_millis(300)).unwrap_err();
    assert_eq!(kind, FailureKind::Timeout, "{reason}");
}

#[test]
fn events_are_checked_one_by_one() {
    let all = |from: u64, to: u64| (from..=to).fold(stream(), |reaction, n| reaction.then(event(n)));
    right(held_to(ticks(3, 1)), move |_| all(1, 3).then(end()));
    right(held_to(ticks(0, 1)), move |_| stream().then(end()));
    let spaced = (1..=6).fold(stream(), |reaction, n| {
        reaction
            .then(Step::Wait(Duration::from_millis(100)))
            .then(event(n))
    });
    right(held_to(ticks(6, 1)), move |_| spaced.clone().then(end()));

    let wrong =
        |reaction: Reaction, words: &str| check(held_to(ticks(3, 1)), reaction, FailureKind::Check, words);
    wrong(all(1, 2).then(end()), "expected 3 events, got 2");
    wrong(all(2, 4).then(end()), "event 1: expected `id: 1`, got `2`");
    // One event too many is wrong, even before the stream ends.
    wrong(all(1, 4), "expected 3 events, got one more");
    wrong(
        stream().then(event(1)).then(event(1)),
        "event 2: expected `id: 2`, got `1`",
    );
    let late =
        |reaction: Reaction, words: &str| check(held_to(ticks(3, 1)), reaction, FailureKind::Timeout, words);
    late(all(1, 2), "no progress of the stream within 300 ms");
}

#[test]
fn endless_comments_and_lines_are_failures() {
    let comments =
        Reaction::raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").then(Step::Drip {
            bytes: b": still there\n".repeat(500),
            every: Duration::from_millis(1),
        });
    check(
        held_to(ticks(3, 1)),
        comments,
        FailureKind::Timeout,
        "no complete response within 300 ms",
    );
    let line = Reaction::raw(format!("HTTP/1.1 200 OK\r\n\r\ndata: {}", "x".repeat(100_000)));
    check(
        held_to(ticks(3, 1)),
        line,
        FailureKind::Check,
        "longer than 65536 bytes",
    );
}

#[test]
fn the_spread_of_events_distinguishes_streaming_from_buffering() {
    let pause = Duration::from_millis(50);
    let spread = |reaction: Reaction| {
        let server = scripted_server(move |_| reaction.clone());
        let single = SingleRequest {
            method: "GET",
            path: "/",
            headers: &[],
            payload: Payload::Nothing,
        };
        let target = Target::plain(server.address());
        let response = send_single(&target, &single, &[ticks(3, 1)], Duration::from_secs(5)).unwrap();
        let streamed = response.streamed.unwrap();
        assert_eq!(streamed.outcome, Ok(()));
        streamed.spread
    };
    let flushed = stream()
        .then(event(1))
        .then(Step::Wait(pause))
        .then(event(2))
        .then(Step::Wait(pause))
        .then(event(3));
    assert!(spread(flushed.then(end())) >= Duration::from_millis(80));
    let buffered = stream()
        .then(Step::Wait(2 * pause))
        .then(event(1))
        .then(event(2))
        .then(event(3));
    assert!(spread(buffered.then(end())) < Duration::from_millis(80));
}
