//! The texts of scenarios and of a brief, as a person would write and edit them.

use super::operation::{Asked, Operation};
use bakeoff_core::scenario::Variable;
use serde::Serialize;
use std::collections::BTreeMap;

/// A scenario file: the keys that an operation has something to say about.
#[derive(Serialize)]
struct Written<'w> {
    id: &'w str,
    title: &'w str,
    summary: &'w str,
    token: bool,
    statements: u32,
    request: Request<'w>,
    answer: Answer<'w>,
}

#[derive(Serialize)]
struct Request<'w> {
    method: &'w str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'w str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: &'w BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    vars: &'w BTreeMap<String, Variable>,
}

#[derive(Serialize)]
struct Answer<'w> {
    status: &'w [u16],
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<&'w str>,
}

/// The file of a scenario. `base` stands before its path.
pub(super) fn scenario(id: &str, base: &str, operation: &Operation<'_>, asked: &Asked) -> String {
    let (title, summary) = operation.titles();
    let summary = match &asked.note {
        Some(note) => format!("{summary} ({note})"),
        None => summary,
    };
    let written = Written {
        id,
        title: &title,
        summary: &summary,
        token: false,
        statements: 0,
        request: Request {
            method: operation.method(),
            path: format!("{base}{}", asked.path),
            body: asked.body.as_deref(),
            headers: &asked.headers,
            vars: &asked.variables,
        },
        answer: Answer {
            status: &asked.status,
            content_type: asked.content_type.as_deref(),
            json_schema: asked.schema.as_deref(),
        },
    };
    toml::to_string(&written).expect("texts, numbers and tables are TOML")
}

/// The brief of that name and title that mixes these scenarios alike; `from` is the document's name. Rate and service
/// level are where a team begins, not what it needs.
pub(super) fn brief(name: &str, title: &str, from: &str, scenarios: &[&str]) -> String {
    let traffic = scenarios
        .iter()
        .map(|id| format!("[[traffic]]\nscenario = {id:?}\nshare = 1\n"));
    let question = toml::Value::from(format!("Which service should answer {title}?"));
    format!(
        "# Made from {from}: each operation has the same share. Write down the rate, the service level and the shares \
         that you need.\n\nname = {name:?}\nquestion = {question}\n\n[load]\npeak_rps = 100        # requests a second \
         at the peak of one instance\nslo = {{ p99_ms = 250, error_rate = 0.001 }}   # 99 of 100 responses come within \
         this time\n\n{}",
        traffic.collect::<String>()
    )
}
