//! Known faults: the generator must count each one as its kind, and no right response with them.

use super::figure::Figure;
use super::stage::{drive, even, failed};
use crate::interrupt::Interrupt;
use bakeoff_load::FailureKind::{Check, Protocol, Reset, Status, Timeout};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, Step};
use bakeoff_load::{BodyRule, Expect, FailureKind, LoadError, LoadReport, Plan, RequestSpec};
use std::time::Duration;

const REQUESTS: u64 = 200;

/// Two hundred requests in a second, to a server that misbehaves on some of them.
fn misbehaving(
    interrupt: &Interrupt,
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> Result<LoadReport, LoadError> {
    let spec = RequestSpec {
        expect: Expect {
            sampled: vec![BodyRule::Json("{\"message\": \"ok\"}".into())],
            ..Expect::default()
        },
        ..RequestSpec::get("/")
    };
    let plan = Plan {
        connections: 16,
        timeout: Duration::from_millis(500),
        ..even(REQUESTS as f64, 1.0)
    };
    drive(interrupt, spec, &plan, script)
}

/// The right responses, the failures of each known kind, and all failures.
pub(super) fn counts(report: &LoadReport, planted: &[(&'static str, FailureKind, u64)]) -> Vec<Figure> {
    let wrong: u64 = planted.iter().map(|(_, _, count)| count).sum();
    let all: u64 = report.failures.iter().map(|failure| failure.count).sum();
    let mut figures = vec![Figure::count(
        "right answers",
        report.planned - wrong,
        report.correct,
    )];
    figures.extend(
        planted
            .iter()
            .map(|&(name, kind, count)| Figure::count(name, count, failed(report, kind))),
    );
    figures.push(Figure::count("failures in all", wrong, all));
    figures
}

/// Every tenth request, by its last digit.
fn is_tenth(request: &ReceivedRequest, digit: u64) -> bool {
    request.n % 10 == digit
}

/// 1 in 5 responses is a 500.
pub(super) fn statuses(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |request| match request.n % 5 {
        4 => Reaction::response(500, "text/plain", "planted"),
        _ => Reaction::ok(),
    })?;
    Ok(counts(&report, &[("wrong statuses", Status, REQUESTS / 5)]))
}

/// 1 in 10 has a wrong body of the right length.
pub(super) fn bodies(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |request| match is_tenth(request, 3) {
        true => Reaction::response(200, "application/json", "{\"message\":\"no\"}"),
        false => Reaction::ok(),
    })?;
    Ok(counts(&report, &[("wrong answers", Check, REQUESTS / 10)]))
}

/// 1 in 10 connections is reset within the response.
pub(super) fn resets(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |request| match request.n % 10 {
        3 => Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{").then(Step::Reset),
        _ => Reaction::ok(),
    })?;
    Ok(counts(&report, &[("lost connections", Reset, REQUESTS / 10)]))
}

/// 1 in 10 arrives byte by byte and would take three seconds.
pub(super) fn drips(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |request| match is_tenth(request, 3) {
        true => Reaction::ok().dripping(Duration::from_millis(40)),
        false => Reaction::ok(),
    })?;
    Ok(counts(&report, &[("given up", Timeout, REQUESTS / 10)]))
}

/// 1 in 10 announces more bytes than it sends, and 1 in 10 fewer.
pub(super) fn lengths(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |request| match request.n % 10 {
        3 => Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"message\":\"ok\"}")
            .then(Step::Close),
        7 => Reaction::raw("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"message\":\"ok\"}"),
        _ => Reaction::ok(),
    })?;
    Ok(counts(
        &report,
        &[
            ("cut short", Reset, REQUESTS / 10),
            ("longer than promised", Protocol, REQUESTS / 10),
        ],
    ))
}

/// Every response ends its connection: each is right, and each needs a new connection.
pub(super) fn refusals(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let report = misbehaving(interrupt, |_| {
        let body = "{\"message\":\"ok\"}";
        Reaction::raw(format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .then(Step::Close)
    })?;
    let mut figures = counts(&report, &[]);
    // The generator opens sixteen before the first request.
    figures.push(Figure::count(
        "connections made again",
        REQUESTS - 16,
        report.reconnects,
    ));
    Ok(figures)
}
