//! The request bodies that both sides answer: those of the contract's cases, one of each scenario's load, and what is
//! derived from it. Sends them to the running contender. It does not hold the contender to the contract.

use super::edges;
use super::outcome::BrowserAnswer;
use crate::contract::convert::load_spec;
use bakeoff_core::scenario::{Scenario, Step};
use bakeoff_load::{Response, Target, bindings, render, send_once};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The time for one response.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the contract expects of requests that are refused for another reason than what the body says: too large,
/// another media type.
const NOT_ABOUT_CONTENT: [u16; 2] = [413, 415];

/// A request body with its way to the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestBody {
    /// The scenario's id.
    pub(super) scenario: String,
    /// The case, or what was derived.
    pub(super) case: String,
    /// The body.
    pub(super) body: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
}

/// All bodies of these scenarios, each once. The first is a right one.
pub(super) fn all<'s>(scenarios: impl Iterator<Item = &'s Scenario>) -> Vec<RequestBody> {
    let mut seen = BTreeSet::new();
    let mut bodies: Vec<RequestBody> = scenarios.flat_map(of_scenario).collect();
    bodies.retain(|one| seen.insert((one.scenario.clone(), one.body.clone())));
    bodies
}

fn of_scenario(scenario: &Scenario) -> Vec<RequestBody> {
    let Some(right) = of_its_load(scenario) else {
        return Vec::new();
    };
    let derived = edges::of(&right.body);
    let derived = derived.into_iter().map(|(case, body)| RequestBody {
        case,
        body,
        ..right.clone()
    });
    let derived: Vec<RequestBody> = derived.collect();
    let cases = scenario.cases.iter();
    let steps = cases.flat_map(|case| case.steps.iter().map(|step| (case.name.clone(), step)));
    let of_cases = steps.filter_map(|(case, step)| of_step(scenario, case, step));
    std::iter::once(right).chain(of_cases).chain(derived).collect()
}

/// A body of the load, with drawn values; none where it is no JSON.
fn of_its_load(scenario: &Scenario) -> Option<RequestBody> {
    let request = &scenario.request;
    let body = request.body.as_ref()?;
    let drawn = bindings(&load_spec(scenario, 1.0, 1.0), 0, 0).ok()?;
    let headers: Vec<(String, String)> = headers(&request.headers, &drawn);
    is_json(&headers).then(|| RequestBody {
        scenario: scenario.id.clone(),
        case: "a request of the load".to_owned(),
        body: render(body, &drawn),
        method: request.method.clone(),
        path: render(&request.path, &drawn),
        headers,
    })
}

/// The body of a case's step; none where it has none, or where its request needs what an earlier response brought.
fn of_step(scenario: &Scenario, case: String, step: &Step) -> Option<RequestBody> {
    let body = step.body.clone()?;
    let headers = headers(&step.headers, &BTreeMap::new());
    let needs_more = step.path.contains('{') || headers.iter().any(|(_, value)| value.contains('{'));
    let mut statuses = step.expect.statuses().into_iter();
    let about_content = !statuses.any(|status| NOT_ABOUT_CONTENT.contains(&status));
    (!needs_more && about_content && is_json(&headers)).then(|| RequestBody {
        scenario: scenario.id.clone(),
        case,
        body,
        method: step.method.clone(),
        path: step.path.clone(),
        headers,
    })
}

fn headers(all: &BTreeMap<String, String>, drawn: &BTreeMap<String, String>) -> Vec<(String, String)> {
    all.iter()
        .map(|(name, value)| (name.clone(), render(value, drawn)))
        .collect()
}

fn is_json(headers: &[(String, String)]) -> bool {
    headers
        .iter()
        .any(|(name, value)| name == "content-type" && value == "application/json")
}

/// What the contender that listens there makes of a body.
///
/// # Errors
/// It does not respond.
pub(super) fn answer(target: &Target, one: &RequestBody) -> Result<BrowserAnswer, String> {
    let response = send_once(
        target,
        &one.method,
        &one.path,
        &one.headers,
        Some(one.body.as_bytes()),
        TIMEOUT,
    );
    let response = response.map_err(|(kind, reason)| {
        format!(
            "the server gave no response to `{}`, {}: {kind}: {reason}",
            one.scenario, one.case
        )
    })?;
    Ok(of_response(&response))
}

/// A conflict, an unknown item or a wrong password are found after the body was right.
fn of_response(response: &Response) -> BrowserAnswer {
    match response.status {
        200..=299 | 401 | 403 | 404 | 409 => BrowserAnswer::Accepts,
        status @ (400 | 422) => refusal(status, problem_in(&response.body).as_ref()),
        status => BrowserAnswer::Fails {
            with: status.to_string(),
        },
    }
}

/// The problem document of a response. Its messages may quote what was sent, half of a surrogate pair included, which a
/// JSON text may have [RFC 8259, section 8.2] and a Rust string may not.
fn problem_in(body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let whole = text.replace(edges::HALF_A_PAIR, "\\ufffd");
    serde_json::from_str(&whole).ok()
}

/// A problem document of the contract: each of its `errors` names a `field`.
pub(super) fn refusal(status: u16, problem: Option<&Value>) -> BrowserAnswer {
    let errors = problem.and_then(|problem| problem.get("errors")?.as_array());
    let names = errors
        .into_iter()
        .flatten()
        .filter_map(|error| error.get("field")?.as_str());
    let fields: BTreeSet<String> = names.map(str::to_owned).collect();
    BrowserAnswer::Refuses {
        status,
        fields: fields.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{all, problem_in, refusal};
    use crate::browser::outcome::BrowserAnswer;
    use bakeoff_core::scenario::{self, Scenario};
    use serde_json::json;
    use std::path::Path;

    fn shipped(id: &str) -> Scenario {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let text = std::fs::read_to_string(folder.join(format!("{id}.toml"))).unwrap();
        scenario::parse(&text, &format!("{id}.toml")).unwrap()
    }

    #[test]
    fn bodies_are_those_of_cases_that_are_about_content_and_what_is_derived() {
        let scenarios = ["create-item", "json", "upload"].map(shipped);
        let bodies = all(scenarios.iter());
        assert!(
            bodies.iter().all(|one| one.scenario == "create-item"),
            "{bodies:#?}"
        );
        assert_eq!(bodies[0].case, "a request of the load");
        let has = |case: &str| bodies.iter().any(|one| one.case == case);
        assert!(has("malformed JSON") && has("null is no string"));
        assert!(!has("a body that is too large"));
        assert!(has("`price_cents` is `NaN`") && has("`name` is a NUL"));
    }

    #[test]
    fn a_problem_document_names_its_fields() {
        let problem = json!({ "status": 422, "errors": [{ "field": "stock" }, { "field": "name" }, { "field": "stock" }] });
        let expected = BrowserAnswer::Refuses {
            status: 422,
            fields: vec!["name".to_owned(), "stock".to_owned()],
        };
        assert_eq!(refusal(422, Some(&problem)), expected);
        let quoting = br#"{"errors": [{"field": "name", "message": "\ud800"}]}"#;
        assert_eq!(problem_in(quoting).unwrap()["errors"][0]["field"], "name");
    }
}
