//! `openapi_true`: the share of the contract's scenarios that the contender's own OpenAPI document describes rightly.
//! The running server generates the document, so that it cannot be older than the code. A contender without a document
//! has the value 0. The probe does not judge schemas, descriptions or examples.

use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::probe::kit::{Context, NoEvidence};
use bakeoff_core::evidence::Observation;
use bakeoff_core::scenario::Scenario;
use bakeoff_load::{Target, send_once};
use serde_json::Value;
use std::time::Duration;

/// Where frameworks serve the document unless they are configured otherwise: FastAPI and many others; Fastify's plugin;
/// NestJS; Spring; Swagger's tools; drf-spectacular; Litestar.
const PATHS: &[&str] = &[
    "/openapi.json",
    "/documentation/json",
    "/api-json",
    "/v3/api-docs",
    "/swagger.json",
    "/api/schema/?format=json",
    "/schema/openapi.json",
];

/// The time for one response. Frameworks generate the document at the first request.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The number of wrong scenarios that the note explains.
const MAX_EXPLAINED: usize = 3;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let description = description(
        context.server.target(),
        &describable(context.lab, context.prepared),
    )?;
    let mut observation = Observation::new("openapi_true", description.share());
    observation.note = Some(description.note());
    Ok(vec![observation])
}

/// The scenarios that OpenAPI has words for and the contender serves.
pub(crate) fn describable<'l>(lab: &Lab<'l>, prepared: &Prepared) -> Vec<&'l Scenario> {
    let source = &prepared.contender.source;
    let scenarios = lab.config.scenarios.values();
    let describable = scenarios.filter(|scenario| is_describable(scenario) && !source.lacks(&scenario.id));
    describable.collect()
}

/// How a contender's own document describes scenarios.
pub(crate) struct Description {
    /// Where the document is; none without one.
    pub(crate) path: Option<&'static str>,
    /// The number of scenarios.
    all: usize,
    /// What it leaves out or has wrong, a sentence for each scenario.
    pub(crate) wrong: Vec<String>,
}

impl Description {
    /// The share of the scenarios that it describes rightly; 0 without a document.
    fn share(&self) -> f64 {
        match self.path {
            Some(_) => (self.all - self.wrong.len()) as f64 / self.all as f64,
            None => 0.0,
        }
    }

    fn note(&self) -> String {
        let Some(path) = self.path else {
            return NO_DOCUMENT.to_owned();
        };
        note(path, self.all - self.wrong.len(), self.all, &self.wrong)
    }
}

/// The note about a contender without a document.
pub(crate) const NO_DOCUMENT: &str = "the contender serves no OpenAPI document";

/// Reads the document of a running contender and compares it with these scenarios.
///
/// # Errors
/// No scenario, or a server that fails to respond.
pub(crate) fn description(target: &Target, scenarios: &[&Scenario]) -> Result<Description, String> {
    if scenarios.is_empty() {
        return Err("no scenario that OpenAPI can describe".to_owned());
    }
    let found = document(target)?;
    let wrong = |document: &Value| {
        let each = scenarios
            .iter()
            .filter_map(|scenario| Some(format!("{}: {}", scenario.id, mistake(document, scenario)?)));
        each.collect::<Vec<String>>()
    };
    Ok(Description {
        all: scenarios.len(),
        wrong: found
            .as_ref()
            .map_or_else(Vec::new, |(_, document)| wrong(document)),
        path: found.map(|(path, _)| path),
    })
}

fn note(path: &str, right: usize, all: usize, wrong: &[String]) -> String {
    let explained = wrong
        .iter()
        .take(MAX_EXPLAINED)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    let separator = if wrong.is_empty() { "" } else { ". " };
    format!("`{path}` describes {right} of {all} scenarios rightly{separator}{explained}")
}

/// The document and its path, from the first path with one.
///
/// A server that fails to respond is no contender without a document, so that is an error.
fn document(target: &Target) -> Result<Option<(&'static str, Value)>, String> {
    let headers = [("accept".to_owned(), "application/json".to_owned())];
    for path in PATHS {
        let response = send_once(target, "GET", path, &headers, None, TIMEOUT)
            .map_err(|(_, reason)| format!("`{path}`: {reason}"))?;
        let document = serde_json::from_slice::<Value>(&response.body).ok();
        // Swagger 2 has the key `swagger` and another form.
        let is_openapi = |document: &Value| document["openapi"].is_string() && document["paths"].is_object();
        if let Some(document) = document.filter(|document| response.status == 200 && is_openapi(document)) {
            return Ok(Some((path, document)));
        }
    }
    Ok(None)
}

/// Whether OpenAPI has words for the scenario: it has none for the messages of a WebSocket.
fn is_describable(scenario: &Scenario) -> bool {
    scenario.request.message.is_none()
}

/// The first thing about a scenario that the document leaves out or has wrong.
fn mistake(document: &Value, scenario: &Scenario) -> Option<String> {
    let request = &scenario.request;
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let Some(item) = path_item(document, path) else {
        return Some(format!("no path `{path}`"));
    };
    let method = request.method.to_ascii_lowercase();
    let operation = &item[&method];
    if !operation.is_object() {
        return Some(format!("no `{}` of `{path}`", request.method));
    }
    missing_parameter(document, item, operation, query)
        .or_else(|| wrong_request_body(document, scenario, operation))
        .or_else(|| wrong_response(document, scenario, operation))
}

/// The path item whose template fits, the names of parameters ignored. A template without parameters takes precedence
/// [OpenAPI 3.1, 4.8.8.2].
fn path_item<'d>(document: &'d Value, path: &str) -> Option<&'d Value> {
    let is_variable = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    let fits = |template: &str| {
        let (mut ours, mut theirs) = (path.split('/'), template.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if one == other || is_variable(one) && is_variable(other) => {}
                _ => return false,
            }
        }
    };
    let paths = document["paths"].as_object()?;
    paths
        .get(path)
        .or_else(|| {
            paths
                .iter()
                .find(|(template, _)| fits(template))
                .map(|(_, item)| item)
        })
        .map(|item| resolved(document, item))
}

/// A query parameter that the load sends and the document does not declare, on the path or on the operation.
fn missing_parameter(document: &Value, item: &Value, operation: &Value, query: &str) -> Option<String> {
    let declared = [&item["parameters"], &operation["parameters"]];
    let is_declared = |name: &str| {
        declared
            .iter()
            .filter_map(|list| list.as_array())
            .flatten()
            .map(|parameter| resolved(document, parameter))
            .any(|parameter| parameter["in"] == "query" && parameter["name"] == name)
    };
    query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .find(|name| !name.is_empty() && !is_declared(name))
        .map(|name| format!("no query parameter `{name}`"))
}

/// A body that the load sends with a media type that the document does not accept.
fn wrong_request_body(document: &Value, scenario: &Scenario, operation: &Value) -> Option<String> {
    let request = &scenario.request;
    request.carried().first()?;
    let body = resolved(document, &operation["requestBody"]);
    let sent = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("application/octet-stream", |(_, value)| value.as_str());
    (!has_media_type(&body["content"], sent)).then(|| format!("no request body of `{sent}`"))
}

/// A right response of the contract whose status or media type the document does not have.
fn wrong_response(document: &Value, scenario: &Scenario, operation: &Value) -> Option<String> {
    let responses = &operation["responses"];
    let response = scenario.answer.statuses().iter().find_map(|status| {
        // A range such as `2XX` stands for its statuses [OpenAPI 3.1, 4.8.16].
        let keys = [status.to_string(), format!("{}XX", status / 100)];
        keys.iter().find_map(|key| responses.get(key))
    });
    let Some(response) = response else {
        let statuses: Vec<String> = scenario.answer.statuses().iter().map(u16::to_string).collect();
        return Some(format!("no response {}", statuses.join(" or ")));
    };
    let expected = scenario.answer.content_type.as_deref()?;
    let content = &resolved(document, response)["content"];
    (!has_media_type(content, expected)).then(|| format!("no response of `{expected}`"))
}

/// Whether a `content` object has the media type, parameters ignored, or a range that holds it.
fn has_media_type(content: &Value, wanted: &str) -> bool {
    let essence = |text: &str| text.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let wanted = essence(wanted);
    let main_type = wanted.split('/').next().unwrap_or("");
    let holds =
        |declared: String| declared == wanted || declared == "*/*" || declared == format!("{main_type}/*");
    content
        .as_object()
        .is_some_and(|content| content.keys().any(|declared| holds(essence(declared))))
}

/// The object itself, or the one in the same document to which its `$ref` points.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    value["$ref"]
        .as_str()
        .and_then(|reference| document.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::{is_describable, mistake};
    use bakeoff_core::scenario::{Expectation, LoadRequest, Scenario, Work};
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn document() -> Value {
        json!({
            "openapi": "3.1.0",
            "paths": {
                "/items/{item_id}": { "get": { "responses": { "2XX": { "$ref": "#/components/responses/item" } } } },
                "/items/latest": { "get": { "responses": { "204": {} } } },
                "/items": {
                    "parameters": [{ "in": "query", "name": "after" }],
                    "get": {
                        "parameters": [{ "$ref": "#/components/parameters/limit" }],
                        "responses": { "200": { "content": { "application/json": {} } } }
                    },
                    "post": {
                        "requestBody": { "content": { "application/json": {} } },
                        "responses": { "201": { "content": { "application/*": {} } } }
                    }
                }
            },
            "components": {
                "responses": { "item": { "content": { "application/json; charset=utf-8": {} } } },
                "parameters": { "limit": { "in": "query", "name": "limit" } }
            }
        })
    }

    fn scenario(method: &str, path: &str, status: u16) -> Scenario {
        Scenario {
            id: "any".to_owned(),
            title: String::new(),
            summary: String::new(),
            common_rules: true,
            plays: None,
            token: true,
            statements: 0,
            waits_ms: 0.0,
            changes: Vec::new(),
            services: Vec::new(),
            database: Work::default(),
            request: LoadRequest {
                method: method.to_owned(),
                path: path.to_owned(),
                headers: BTreeMap::new(),
                body: None,
                body_pattern: None,
                message: None,
                vars: BTreeMap::new(),
            },
            answer: Expectation {
                status: vec![status],
                content_type: Some("application/json".to_owned()),
                ..Expectation::default()
            },
            cases: Vec::new(),
        }
    }

    #[test]
    fn a_described_scenario_has_no_mistake() {
        let described = [
            scenario("GET", "/items/{id}", 200),
            scenario("GET", "/items?limit=20&after={after}", 200),
        ];
        for scenario in described {
            assert_eq!(mistake(&document(), &scenario), None, "{}", scenario.request.path);
        }
    }

    #[test]
    fn each_part_of_a_scenario_that_the_document_has_wrong_is_named() {
        let cases = [
            ("GET", "/orders/{id}", 200, "no path `/orders/{id}`"),
            ("GET", "/items/latest", 200, "no response 200"),
            ("DELETE", "/items", 204, "no `DELETE` of `/items`"),
            (
                "GET",
                "/items?category=toys",
                200,
                "no query parameter `category`",
            ),
            ("GET", "/items", 206, "no response 206"),
        ];
        for (method, path, status, expected) in cases {
            let found = mistake(&document(), &scenario(method, path, status));
            assert_eq!(found.as_deref(), Some(expected), "{method} {path}");
        }
        let mut page = scenario("GET", "/items/{id}", 200);
        page.answer.content_type = Some("text/html".to_owned());
        assert_eq!(
            mistake(&document(), &page).as_deref(),
            Some("no response of `text/html`")
        );
    }

    #[test]
    fn the_media_type_of_a_body_must_be_accepted() {
        let mut create = scenario("POST", "/items", 201);
        create.request.body = Some("{}".to_owned());
        let media_type = |text: &str| BTreeMap::from([("Content-Type".to_owned(), text.to_owned())]);
        create.request.headers = media_type("application/json; charset=utf-8");
        assert_eq!(mistake(&document(), &create), None);
        create.request.headers = media_type("text/csv");
        assert_eq!(
            mistake(&document(), &create).as_deref(),
            Some("no request body of `text/csv`")
        );
        let unstated = scenario("POST", "/items", 201);
        assert_eq!(mistake(&document(), &unstated), None, "it sends no body");
    }

    #[test]
    fn openapi_has_no_words_for_messages_of_a_websocket() {
        let mut socket = scenario("GET", "/socket", 101);
        assert!(is_describable(&socket));
        socket.request.message = Some("hello".to_owned());
        assert!(!is_describable(&socket));
    }
}
