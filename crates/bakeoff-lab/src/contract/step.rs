//! One step of a case: a request, the checks of its response, and the values that later steps use. No retries: a
//! correct server is correct the first time.

use super::access_log::{Logged, Sent};
use super::case::{Expected, Mismatch, QUOTED_CHARS, RESPONSE_LIMIT, shortened};
use super::convert::expectation;
use super::socket_step;
use super::subject::Subject;
use crate::service::PeakWatch;
use crate::token;
use bakeoff_core::scenario::{IssuedToken, Step};
use bakeoff_load::{
    BodyRule, Coding, FailureCause, Payload, Response, SingleRequest, Target, check_response, render,
    send_single,
};
use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

/// How long the lab holds a row that a request waits for.
const HELD: Duration = Duration::from_millis(300);

/// How far the end of an issued token may be from the expected one, in seconds.
const LIFE_TOLERANCE_S: i64 = 5;

/// The route of a case's requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    /// Whether they carry a valid token, unless they set one themselves.
    pub(super) token: bool,
    /// Whether the scenario's route asks for one.
    pub(super) needs_token: bool,
    /// Whether the rules for every route of the shipped contract hold.
    pub(super) common_rules: bool,
}

/// Sends the step's request as often as the step says, checks each response, and captures the values for later steps.
pub(super) fn run(
    subject: &Subject<'_>,
    step: &Step,
    route: Route,
    captured: &mut BTreeMap<String, String>,
) -> Result<(), Mismatch> {
    let times = step.times.unwrap_or(1);
    for time in 1..=times {
        run_once(subject, step, route, captured).map_err(|mut mismatch| {
            if times > 1 {
                mismatch.sent.push_str(&format!(", time {time} of {times}"));
            }
            mismatch
        })?;
    }
    Ok(())
}

fn run_once(
    subject: &Subject<'_>,
    step: &Step,
    route: Route,
    captured: &mut BTreeMap<String, String>,
) -> Result<(), Mismatch> {
    let path = path_of(&render(&step.path, captured));
    let target = subject.target(route.token);
    let headers: Vec<(String, String)> = step
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), render(value, captured)))
        .collect();
    if !step.talk.is_empty() {
        return socket_step::run(target, &path, &headers, &step.talk);
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
    let outcome = match &step.while_locked {
        Some(sql) => send_while_locked(subject, target, sql, &single, &expect.sampled),
        None => Ok(send_single(target, &single, &expect.sampled, RESPONSE_LIMIT)),
    };
    let outcome = outcome.map_err(|broken| Mismatch {
        sent: sent.clone(),
        expected: Expected::Rule(broken),
        received: "a response before the lock's end".to_owned(),
    })?;
    let response = outcome.map_err(|(kind, reason)| Mismatch {
        sent: sent.clone(),
        expected: Expected::Response,
        received: format!("{kind}: {reason}"),
    })?;
    subject.remember(Sent {
        logged: Logged {
            method: step.method.clone(),
            path: without_query(&target.path(&path)),
            status: response.status,
            user: user(target, &headers),
        },
        needs_token: route.needs_token,
    });
    let response = subject.seen(response);
    let broken = check_response(&expect, &response, captured)
        .and_then(|()| check_presence(step, &response))
        .and_then(|()| check_lists(step, &response))
        .and_then(|()| check_security(route, &response))
        .and_then(|()| check_time(step, &response))
        .and_then(|()| check_spread(step, &response))
        .and_then(|()| check_upstream(step, &upstream))
        .and_then(|()| capture(step, &response, captured))
        .and_then(|()| check_token(step.expect.token_at.as_ref(), &response))
        .and_then(|()| check_rows(subject, step, captured));
    broken.map_err(|broken| Mismatch {
        sent,
        expected: Expected::Rule(broken),
        received: received(&response),
    })
}

/// Sends the request while the lab's own transaction holds a row, and ends that transaction a little later. The inner
/// result is the response.
fn send_while_locked(
    subject: &Subject<'_>,
    target: &Target,
    sql: &str,
    single: &SingleRequest<'_>,
    rules: &[BodyRule],
) -> Result<Result<Response, FailureCause>, String> {
    thread::scope(|scope| {
        let database = subject.workspace.database();
        let held = database.while_uncommitted(sql, || {
            let request = scope.spawn(|| send_single(target, single, rules, RESPONSE_LIMIT));
            thread::sleep(HELD);
            (request.is_finished(), request)
        });
        let (was_early, request) = held.map_err(|error| error.to_string())?;
        let outcome = request
            .join()
            .map_err(|_| "the lab's own thread panicked".to_owned())?;
        match was_early && outcome.is_ok() {
            true => Err("no response while another transaction holds the row".to_owned()),
            false => Ok(outcome),
        }
    })
}

/// The user of the token that a request carries, if the token is valid.
fn user(target: &Target, headers: &[(String, String)]) -> Option<String> {
    let mut all = headers.iter().chain(&target.headers);
    let (_, value) = all.find(|(name, _)| name == "authorization")?;
    let (user, seconds) = token::read(value.strip_prefix("Bearer ")?).ok()?;
    (seconds > 0).then_some(user)
}

/// The headers that must be there, and those that must not.
fn check_presence(step: &Step, response: &Response) -> Result<(), String> {
    let mut with = step.expect.with_headers.iter();
    if let Some(name) = with.find(|name| response.header(name).is_none()) {
        return Err(format!("the header `{name}`"));
    }
    let mut without = step.expect.without_headers.iter();
    match without.find_map(|name| Some((name, response.header(name)?))) {
        Some((name, value)) => Err(format!("no header `{name}`, it is `{value}`")),
        None => Ok(()),
    }
}

fn check_lists(step: &Step, response: &Response) -> Result<(), String> {
    for (name, members) in &step.expect.lists {
        // Several headers of one name are one list [RFC 9110, 5.3].
        let lines = response.headers.iter();
        let lines = lines.filter(|(its, _)| its.eq_ignore_ascii_case(name));
        let values: Vec<&str> = lines.map(|(_, value)| value.as_str()).collect();
        let value = values.join(", ");
        let has = |member: &str| {
            value
                .split([',', ' '])
                .any(|part| part.trim().eq_ignore_ascii_case(member))
        };
        if let Some(member) = members.iter().find(|member| !has(member)) {
            return Err(format!("`{name}` with `{member}`, it is `{value}`"));
        }
    }
    Ok(())
}

/// The headers that every response has where the common rules hold.
fn check_security(route: Route, response: &Response) -> Result<(), String> {
    if !route.common_rules {
        return Ok(());
    }
    let sniffing = "x-content-type-options";
    if response.header(sniffing) != Some("nosniff") {
        return Err(format!("`{sniffing}: nosniff`"));
    }
    let missing = ["x-frame-options", "referrer-policy"]
        .into_iter()
        .find(|name| response.header(name).is_none());
    missing.map_or(Ok(()), |name| Err(format!("the header `{name}`")))
}

fn check_token(issued: Option<&IssuedToken>, response: &Response) -> Result<(), String> {
    let Some(issued) = issued else {
        return Ok(());
    };
    let text = at_pointer(&response.body, &issued.pointer).ok_or_else(|| format!("`{}`", issued.pointer))?;
    let (user, seconds) = token::read(&text).map_err(|reason| format!("a valid token: {reason}"))?;
    let wanted_s = issued.expires_s as i64;
    if user != issued.subject {
        return Err(format!("a token for `{}`, it is for `{user}`", issued.subject));
    }
    if (seconds - wanted_s).abs() > LIFE_TOLERANCE_S {
        return Err(format!(
            "a token that ends in {wanted_s} s, it ends in {seconds} s"
        ));
    }
    Ok(())
}

fn check_rows(subject: &Subject<'_>, step: &Step, captured: &BTreeMap<String, String>) -> Result<(), String> {
    for (sql, expected) in &step.expect.rows {
        let sql = render(sql, captured);
        let row = subject
            .workspace
            .database()
            .first_row(&sql)
            .map_err(|error| error.to_string())?;
        if row.as_deref() != Some(expected) {
            let row = row.unwrap_or_else(|| "no row".to_owned());
            return Err(format!("`{expected}` from `{sql}`, the database has `{row}`"));
        }
    }
    Ok(())
}

fn without_query(path: &str) -> String {
    path.split('?').next().unwrap_or_default().to_owned()
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

#[cfg(test)]
mod tests;
