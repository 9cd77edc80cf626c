//! Whether an answer is the one that was expected, and if not, what was expected and what came, in one sentence.
//! The load calls the parts (head on every answer, body on sampled ones), the contract calls the whole.

use crate::expect::{BodyRule, Expect};
use crate::failure::FailureKind;
use crate::json::{first_difference, problem, problem_fields};
use crate::once::Answer;
use crate::streamed::Following;
use crate::template::render;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Holds an answer to all rules; the error says what was expected and what came.
pub fn check_answer(
    expect: &Expect,
    answer: &Answer,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    let find = |name: &str| {
        let mut found = answer
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_bytes())
    };
    check_head(expect, answer.status, find).map_err(|(_, reason)| reason)?;
    check_length(expect, answer.length())?;
    if let Some(streamed) = &answer.streamed {
        return streamed.held.clone();
    }
    let media = find("content-type").map(String::from_utf8_lossy);
    check_body(expect, answer.status, media.as_deref(), &answer.body, bindings)
}

/// Holds a message of a WebSocket to its rules, as a body would be.
///
/// # Errors
/// What was expected and what came.
pub fn check_message(
    rules: &[BodyRule],
    message: &str,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    check_rules(rules, 101, None, message.as_bytes(), bindings)
}

/// Holds status, media type and headers to their rules. `header` finds a header's value by its name.
pub(crate) fn check_head<'h>(
    expect: &Expect,
    status: u16,
    header: impl Fn(&str) -> Option<&'h [u8]>,
) -> Result<(), (FailureKind, String)> {
    check_status(expect, status).map_err(|reason| (FailureKind::Status, reason))?;
    if let Some(expected) = &expect.content_type {
        let got = header("content-type");
        if !got.is_some_and(|value| is_media_type(value, expected)) {
            return Err((
                FailureKind::Check,
                format!("expected `content-type: {expected}`, got {}", shown(got)),
            ));
        }
    }
    for (name, expected) in &expect.headers {
        let got = header(name);
        if got != Some(expected.as_bytes()) {
            return Err((
                FailureKind::Check,
                format!("expected `{name}: {expected}`, got {}", shown(got)),
            ));
        }
    }
    Ok(())
}

/// Holds a status to its rule.
pub(crate) fn check_status(expect: &Expect, status: u16) -> Result<(), String> {
    match is_expected(&expect.status, status) {
        true => Ok(()),
        false => Err(format!("expected {}, got {status}", statuses(&expect.status))),
    }
}

/// Holds the length of a body to its rule.
pub(crate) fn check_length(expect: &Expect, length: u64) -> Result<(), String> {
    match expect.length {
        Some(expected) if expected != length => {
            Err(format!("expected {expected} bytes of body, got {length}"))
        }
        _ => Ok(()),
    }
}

/// Holds a body to its rules.
pub(crate) fn check_body(
    expect: &Expect,
    status: u16,
    media_type: Option<&str>,
    body: &[u8],
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    check_rules(&expect.sampled, status, media_type, body, bindings)
}

fn check_rules(
    rules: &[BodyRule],
    status: u16,
    media_type: Option<&str>,
    body: &[u8],
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    let mut parsed = Parsed { body, value: None };
    for rule in rules {
        check_rule(rule, status, media_type, &mut parsed, bindings)?;
    }
    Ok(())
}

fn check_rule(
    rule: &BodyRule,
    status: u16,
    media_type: Option<&str>,
    body: &mut Parsed<'_>,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    match rule {
        BodyRule::Json(expected) => {
            let expected = expected_json(&render(expected, bindings))?;
            first_difference(&expected, body.json()?).map_or(Ok(()), Err)
        }
        BodyRule::JsonAt { pointer, value } => {
            let expected = expected_json(&render(value, bindings))?;
            let got = body.json()?.pointer(pointer);
            let got = got.ok_or_else(|| format!("at `{pointer}`: expected {expected}, got nothing"))?;
            first_difference(&expected, got).map_or(Ok(()), |d| Err(format!("under `{pointer}`: {d}")))
        }
        BodyRule::JsonLen { pointer, len } => match body.json()?.pointer(pointer) {
            Some(Value::Array(list)) if list.len() == *len => Ok(()),
            Some(Value::Array(list)) => Err(format!(
                "at `{pointer}`: expected {len} entries, got {}",
                list.len()
            )),
            other => Err(format!(
                "at `{pointer}`: expected a list of {len}, got {}",
                kind(other)
            )),
        },
        BodyRule::Contains(text) => match render(text, bindings) {
            text if body.text().contains(&text) => Ok(()),
            text => Err(format!(
                "expected `{text}` in the body, got {}",
                excerpt(body.body)
            )),
        },
        BodyRule::Lacks(text) => match render(text, bindings) {
            text if body.text().contains(&text) => {
                Err(format!("expected no `{text}` in the body, and it stands there"))
            }
            _ => Ok(()),
        },
        BodyRule::Count { text, times } => {
            let text = render(text, bindings);
            match body.text().matches(&text).count() {
                found if found == *times => Ok(()),
                found => Err(format!(
                    "expected `{text}` {times} times in the body, found it {found} times"
                )),
            }
        }
        BodyRule::Exact(text) => match render(text, bindings) {
            text if text.as_bytes() == body.body => Ok(()),
            text => Err(format!(
                "expected {}, got {}",
                excerpt(text.as_bytes()),
                excerpt(body.body)
            )),
        },
        BodyRule::Pattern { .. } | BodyRule::Events(_) => {
            let following = Following::of(std::slice::from_ref(rule));
            let mut following = following.expect("both rules are for streams");
            following.take(body.body);
            following.finish()
        }
        BodyRule::Problem { status: expected } => problem(*expected, status, media_type, body.json()?),
        BodyRule::ProblemFields(fields) => problem_fields(fields, body.json()?),
    }
}

/// A body that is parsed when the first rule asks for its data.
struct Parsed<'b> {
    body: &'b [u8],
    value: Option<Value>,
}

impl<'b> Parsed<'b> {
    fn json(&mut self) -> Result<&Value, String> {
        if self.value.is_none() {
            let parsed = serde_json::from_slice(self.body);
            self.value =
                Some(parsed.map_err(|e| format!("expected JSON, got {} ({e})", excerpt(self.body)))?);
        }
        Ok(self.value.as_ref().expect("it was parsed just above"))
    }

    fn text(&self) -> Cow<'b, str> {
        String::from_utf8_lossy(self.body)
    }
}

fn expected_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| format!("the rule itself is no JSON: `{text}` ({e})"))
}

fn is_expected(expected: &[u16], status: u16) -> bool {
    if expected.is_empty() {
        (200..300).contains(&status)
    } else {
        expected.contains(&status)
    }
}

fn statuses(expected: &[u16]) -> String {
    match expected {
        [] => "a status of the 200s".to_owned(),
        [one] => format!("status {one}"),
        many => format!(
            "status {}",
            many.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
        ),
    }
}

/// Whether a header's value names this media type, whatever its parameters.
pub(crate) fn is_media_type(value: &[u8], expected: &str) -> bool {
    let media = value.split(|&b| b == b';').next().unwrap_or_default();
    media.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
}

fn shown(value: Option<&[u8]>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| format!("`{}`", String::from_utf8_lossy(value)),
    )
}

fn kind(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

/// The beginning of a body, for a sentence.
pub(crate) fn excerpt(body: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(&body[..body.len().min(SHOWN)]);
    let more = if body.len() > SHOWN {
        format!("… ({} bytes)", body.len())
    } else {
        String::new()
    };
    if body.is_empty() {
        "an empty body".to_owned()
    } else {
        format!("`{}`{more}", text.escape_debug())
    }
}

#[cfg(test)]
mod tests;
