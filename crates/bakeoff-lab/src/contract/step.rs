//! One step of a case: a request, the checks of its response, and the values that later steps use. No retries: a
//! correct server is correct the first time.

use super::case::{Expected, Mismatch, QUOTED_CHARS, RESPONSE_LIMIT, Subject, shortened};
use super::convert::expectation;
use super::socket_step;
use crate::service::PeakWatch;
use bakeoff_core::scenario::Step;
use bakeoff_load::{Coding, Payload, Response, SingleRequest, check_response, render, send_single};
use std::collections::BTreeMap;
use std::time::Duration;

/// Sends the step's request, checks the response, and captures the values for later steps.
pub(super) fn run(
    subject: Subject<'_>,
    step: &Step,
    captured: &mut BTreeMap<String, String>,
) -> Result<(), Mismatch> {
    let path = path_of(&render(&step.path, captured));
    let headers: Vec<(String, String)> = step
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !step.talk.is_empty() {
        return socket_step::run(subject.target, &path, &headers, &step.talk);
    }
    let body = body_of(step, captured);
    let sent = describe(step, &path, body.as_deref());
    let upstream = subject.upstream.watch_peak();
    let expect = expectation(&step.expect);
    let single = SingleRequest {
        method: &step.method,
        path: &path,
        headers: &headers,
        payload: payload(step, body.as_deref()),
    };
    let response =
        send_single(subject.target, &single, &expect.sampled, RESPONSE_LIMIT).map_err(|(kind, reason)| {
            Mismatch {
                sent: sent.clone(),
                expected: Expected::Response,
                received: format!("{kind}: {reason}"),
            }
        })?;
    let broken = check_response(&expect, &response, captured)
        .and_then(|()| check_time(step, &response))
        .and_then(|()| check_spread(step, &response))
        .and_then(|()| check_upstream(step, &upstream))
        .and_then(|()| capture(step, &response, captured));
    broken.map_err(|broken| Mismatch {
        sent,
        expected: Expected::Rule(broken),
        received: received(&response),
    })
}

/// The path of a `Location`, which may be an absolute URL [RFC 9110, 10.2.2].
fn path_of(location: &str) -> String {
    let after_scheme = location
        .strip_prefix("http://")
        .or_else(|| location.strip_prefix("https://"));
    let path = after_scheme.map(|rest| rest.find('/').map_or("/", |at| &rest[at..]));
    path.unwrap_or(location).to_owned()
}

fn body_of(step: &Step, captured: &BTreeMap<String, String>) -> Option<String> {
    let filled = step.body_fill.as_ref().map(|fill| fill.text());
    filled.or_else(|| step.body.as_ref().map(|body| render(body, captured)))
}

fn check_time(step: &Step, response: &Response) -> Result<(), String> {
    match step.expect.min_ms {
        Some(min) if response.elapsed < Duration::from_millis(min) => Err(format!(
            "at least {min} ms, it took {:.1} ms",
            response.elapsed.as_secs_f64() * 1e3
        )),
        _ => Ok(()),
    }
}

fn check_spread(step: &Step, response: &Response) -> Result<(), String> {
    let spread = response
        .streamed
        .as_ref()
        .map_or(Duration::ZERO, |streamed| streamed.spread);
    match step.expect.min_spread_ms {
        Some(min) if spread < Duration::from_millis(min) => Err(format!(
            "at least {min} ms from the first event to the last, it was {:.1} ms: does the server flush each event?",
            spread.as_secs_f64() * 1e3
        )),
        _ => Ok(()),
    }
}

fn check_upstream(step: &Step, upstream: &PeakWatch) -> Result<(), String> {
    let most = upstream.most();
    match step.expect.upstream_concurrency {
        Some(least) if most < least => Err(format!(
            "{least} concurrent calls of the upstream, there were at most {most}"
        )),
        _ => Ok(()),
    }
}

fn capture(step: &Step, response: &Response, captured: &mut BTreeMap<String, String>) -> Result<(), String> {
    for (name, from) in &step.capture {
        let value = match from.strip_prefix("header:") {
            Some(header) => response.header(header).map(str::to_owned),
            None => at_pointer(&response.body, from),
        };
        captured.insert(
            name.clone(),
            value.ok_or_else(|| format!("`{from}` in the response"))?,
        );
    }
    Ok(())
}

fn at_pointer(body: &[u8], pointer: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let found = value.pointer(pointer)?;
    Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
}

fn payload<'b>(step: &Step, body: Option<&'b str>) -> Payload<'b> {
    let coding = if step.chunked {
        Coding::Chunked
    } else {
        Coding::Length
    };
    match (step.body_pattern, body) {
        (Some(bytes), _) => Payload::Pattern { bytes, coding },
        (None, Some(body)) => Payload::Bytes(body.as_bytes()),
        (None, None) => Payload::Nothing,
    }
}

fn describe(step: &Step, path: &str, body: Option<&str>) -> String {
    let method = &step.method;
    match (step.body_pattern, body) {
        (Some(bytes), _) => format!("{method} {path} with {bytes} bytes of the pattern"),
        (None, Some(body)) => format!("{method} {path} {}", shortened(body)),
        (None, None) => format!("{method} {path}"),
    }
}

fn received(response: &Response) -> String {
    let kind = response.header("content-type").unwrap_or("no media type");
    let status = response.status;
    if response.streamed.is_some() && response.length() > QUOTED_CHARS as u64 {
        return format!("{status} {kind}, {} bytes read", response.length());
    }
    format!(
        "{status} {kind} {}",
        shortened(&String::from_utf8_lossy(&response.body))
    )
}
