//! Checks of a response's body, or of a WebSocket message, against its rules. Heads are checked in
//! [`crate::check::head`], and long bodies while they come, in [`crate::check::stream`].

use crate::check::json::first_difference;
use crate::check::problem::{check_problem, check_problem_fields};
use crate::check::stream::StreamVerifier;
use crate::request::expect::{BodyRule, Expect};
use crate::request::template::render;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Checks a WebSocket message against the rules for bodies.
///
/// # Errors
/// The first rule that does not hold: what was expected, and what came.
pub fn check_message(
    rules: &[BodyRule],
    message: &str,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    check_rules(rules, 101, None, message.as_bytes(), bindings)
}

/// Checks a body against its rules.
pub(crate) fn check_body(
    expect: &Expect,
    status: u16,
    media_type: Option<&str>,
    body: &[u8],
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    if expect.body_of.is_some_and(|of| of != status) {
        return Ok(());
    }
    check_rules(&expect.sampled, status, media_type, body, bindings)
}

fn check_rules(
    rules: &[BodyRule],
    status: u16,
    media_type: Option<&str>,
    body: &[u8],
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    let mut parsed = ParsedBody { body, value: None };
    for rule in rules {
        check_rule(rule, status, media_type, &mut parsed, bindings)?;
    }
    Ok(())
}

/// The first difference at a JSON pointer.
fn differs_at(pointer: &str, expected: &Value, body: &Value) -> Result<(), String> {
    let got = body.pointer(pointer);
    let got = got.ok_or_else(|| format!("at `{pointer}`: expected {expected}, got nothing"))?;
    first_difference(expected, got).map_or(Ok(()), |d| Err(format!("under `{pointer}`: {d}")))
}

/// The first difference, but for the values of these fields.
fn differs_besides(mut expected: Value, got: &Value, fields: &[String]) -> Result<(), String> {
    let mut got = got.clone();
    blank(&mut expected, fields);
    blank(&mut got, fields);
    first_difference(&expected, &got).map_or(Ok(()), Err)
}

/// Sets the values of these fields to null, in objects at any depth.
fn blank(value: &mut Value, fields: &[String]) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if fields.contains(name) {
                    *value = Value::Null;
                } else {
                    blank(value, fields);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| blank(value, fields)),
        _ => {}
    }
}

fn check_rule(
    rule: &BodyRule,
    status: u16,
    media_type: Option<&str>,
    body: &mut ParsedBody<'_>,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    match rule {
        BodyRule::Json(expected) => {
            let expected = expected_json(&render(expected, bindings))?;
            first_difference(&expected, body.json()?).map_or(Ok(()), Err)
        }
        BodyRule::JsonBesides { json, fields } => {
            differs_besides(expected_json(&render(json, bindings))?, body.json()?, fields)
        }
        BodyRule::JsonAt { pointer, value } => {
            differs_at(pointer, &expected_json(&render(value, bindings))?, body.json()?)
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
        BodyRule::Schema(schema) => schema.validate(body.json()?),
        BodyRule::Contains(text) => match render(text, bindings) {
            text if body.text().contains(&text) => Ok(()),
            text => Err(format!(
                "expected `{text}` in the body, got {}",
                excerpt(body.body)
            )),
        },
        BodyRule::Lacks(text) => match render(text, bindings) {
            text if body.text().contains(&text) => {
                Err(format!("expected no `{text}` in the body, and it is there"))
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
        BodyRule::Exact(text) => same_bytes(render(text, bindings).as_bytes(), body.body),
        BodyRule::Bytes(bytes) => same_bytes(bytes, body.body),
        BodyRule::Pattern { .. } | BodyRule::Events(_) => {
            let verifier = StreamVerifier::for_rules(std::slice::from_ref(rule));
            let mut verifier = verifier.expect("both rules are for streams");
            verifier.take(body.body);
            verifier.finish()
        }
        BodyRule::Problem { status: expected } => check_problem(*expected, status, media_type, body.json()?),
        BodyRule::ProblemFields(fields) => check_problem_fields(fields, body.json()?),
    }
}

fn same_bytes(expected: &[u8], got: &[u8]) -> Result<(), String> {
    if expected == got {
        return Ok(());
    }
    Err(format!("expected {}, got {}", excerpt(expected), excerpt(got)))
}

/// A body that is parsed at most once, when the first rule needs JSON.
struct ParsedBody<'b> {
    body: &'b [u8],
    value: Option<Value>,
}

impl<'b> ParsedBody<'b> {
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
    serde_json::from_str(text).map_err(|e| format!("the rule itself is not JSON: `{text}` ({e})"))
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
