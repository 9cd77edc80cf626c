//! Known faults of long responses: streams, events and WebSockets.

use super::faults::counts;
use super::figure::Figure;
use super::stage::{drive, even};
use crate::interrupt::Interrupt;
use bakeoff_load::FailureKind::{Check, Protocol, Timeout};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, Step};
use bakeoff_load::{
    Body, BodyRule, EventsRule, Expect, LoadError, LoadReport, Plan, RequestSpec, pattern_byte,
};
use std::time::Duration;

const REQUESTS: u64 = 100;

/// A hundred requests in a second, each with one check.
fn held_to(
    interrupt: &Interrupt,
    rule: BodyRule,
    spec: RequestSpec,
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> Result<LoadReport, LoadError> {
    let spec = RequestSpec {
        expect: Expect {
            sampled: vec![rule],
            ..Expect::default()
        },
        ..spec
    };
    let plan = Plan {
        connections: 32,
        timeout: Duration::from_millis(500),
        ..even(REQUESTS as f64, 1.0)
    };
    drive(interrupt, spec, &plan, script)
}

/// A quarter of a megabyte: 1 in 10 has a wrong byte, 1 in 10 stalls in the middle.
pub(super) fn downloads(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    const BYTES: u64 = 256 * 1024;
    let rule = BodyRule::Pattern { bytes: BYTES };
    let report = held_to(interrupt, rule, RequestSpec::get("/download"), |request| {
        let head = Reaction::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {BYTES}\r\n\r\n"));
        match request.n % 10 {
            3 => {
                let mut body: Vec<u8> = (0..BYTES).map(pattern_byte).collect();
                body[200_000] ^= 1;
                head.then(Step::Send(body))
            }
            7 => head.then(Step::Pattern(BYTES / 2)),
            _ => head.then(Step::Pattern(BYTES)),
        }
    })?;
    let tenth = REQUESTS / 10;
    let mut figures = counts(
        &report,
        &[("wrong bytes", Check, tenth), ("stood still", Timeout, tenth)],
    );
    figures.push(Figure::count(
        "bytes of right bodies",
        (REQUESTS - 2 * tenth) * BYTES,
        report.body_bytes,
    ));
    Ok(figures)
}

/// Five events 5 ms apart: 1 in 10 streams omits the third.
pub(super) fn events(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let rule = BodyRule::Events(EventsRule {
        count: 5,
        from: 1,
        name: "tick".into(),
        data: "{\"n\":{id}}".into(),
    });
    let report = held_to(interrupt, rule, RequestSpec::get("/events"), |request| {
        let tenth = request.n % 10 == 3;
        let mut reaction = Reaction::raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
        for n in (1..=5).filter(|&n| !(tenth && n == 3)) {
            let event = format!("id: {n}\nevent: tick\ndata: {{\"n\":{n}}}\n\n");
            reaction = reaction
                .then(Step::Send(event.into_bytes()))
                .then(Step::Wait(Duration::from_millis(5)));
        }
        reaction.then(Step::Close)
    })?;
    let mut figures = counts(&report, &[("wrong streams", Check, REQUESTS / 10)]);
    let p50 = report.response.value_at_quantile(0.5);
    figures.push(Figure::time(
        "p50, to the end of the stream",
        25.0,
        p50 as f64 / 1e3,
    ));
    Ok(figures)
}

/// An echo: 1 in 10 has another text, 1 in 10 comes over a socket with the handshake of another key.
pub(super) fn sockets(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let echo = "{\"type\": \"echo\", \"data\": \"planted\"}";
    let spec = RequestSpec {
        body: Some(Body::Message(echo.into())),
        ..RequestSpec::get("/socket")
    };
    let report = held_to(interrupt, BodyRule::Json(echo.into()), spec, |request| {
        match request.n % 10 {
            3 => Reaction::upgrade(request)
                .then(Step::Send(b"\x81\x02{}".to_vec()))
                .then(Step::Ignore),
            7 => Reaction::raw(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            )
            .then(Step::Ignore),
            _ => Reaction::websocket(request),
        }
    })?;
    let tenth = REQUESTS / 10;
    Ok(counts(
        &report,
        &[
            ("wrong answers", Check, tenth),
            ("wrong openings", Protocol, tenth),
        ],
    ))
}
