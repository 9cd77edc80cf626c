//! What holds on every route, as cases that are derived from a scenario's own request, so that no file has to repeat
//! it: the token is asked for, other methods are refused by name, `OPTIONS` and `HEAD` are answered, and another media
//! type is refused.

use super::convert::load_spec;
use crate::token::{self, Flaw};
use bakeoff_core::scenario::{Case, Expectation, Scenario, Step};
use bakeoff_load::{bindings, render};
use std::collections::BTreeMap;

/// A method that no route of the contract serves.
const UNSERVED: &str = "DELETE";

/// A derived case.
pub(super) struct Derived {
    /// The case.
    pub(super) case: Case,
    /// Whether its request has a token.
    pub(super) token: bool,
}

/// The cases of a scenario.
pub(super) fn cases(scenario: &Scenario) -> Vec<Derived> {
    let Some(request) = Request::of(scenario) else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    if scenario.token {
        cases.extend(request.without_a_right(scenario));
    }
    cases.extend(request.by_other_methods(scenario));
    cases.extend(request.of_another_media_type(scenario));
    cases
}

/// One request of a scenario's load, with drawn values.
struct Request {
    path: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

impl Request {
    fn of(scenario: &Scenario) -> Option<Request> {
        let drawn = bindings(&load_spec(scenario, 1.0, 1.0), 0, 0).ok()?;
        let filled = |text: &String| render(text, &drawn);
        let request = &scenario.request;
        Some(Request {
            path: filled(&request.path),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), filled(value)))
                .collect(),
            body: request.body.as_ref().map(filled),
        })
    }

    /// No token, and flawed ones.
    fn without_a_right(&self, scenario: &Scenario) -> Vec<Derived> {
        let refused = Expectation {
            problem: Some(401),
            lists: BTreeMap::from([("www-authenticate".to_owned(), vec!["Bearer".to_owned()])]),
            ..Expectation::default()
        };
        let mut step = Step {
            expect: refused,
            ..self.step(&scenario.request.method)
        };
        if scenario.request.message.is_some() {
            let upgrade = [
                ("connection", "Upgrade"),
                ("upgrade", "websocket"),
                ("sec-websocket-version", "13"),
                ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ];
            let upgrade = upgrade.map(|(name, value)| (name.to_owned(), value.to_owned()));
            step.headers.extend(upgrade);
        }
        let none = Derived {
            case: case("a request without a token is refused", step.clone()),
            token: false,
        };
        let flawed = Flaw::ALL.into_iter().map(|flaw| {
            let mut step = step.clone();
            let value = format!("Bearer {}", token::flawed(flaw));
            step.headers.insert("authorization".to_owned(), value);
            Derived {
                case: case(&format!("a token that {} is refused", flaw.words()), step),
                token: true,
            }
        });
        std::iter::once(none).chain(flawed).collect()
    }

    fn by_other_methods(&self, scenario: &Scenario) -> Vec<Derived> {
        let method = &scenario.request.method;
        let allowed = BTreeMap::from([("allow".to_owned(), vec![method.clone()])]);
        let unserved = Step {
            expect: Expectation {
                problem: Some(405),
                lists: allowed.clone(),
                ..Expectation::default()
            },
            ..self.bare_step(UNSERVED)
        };
        let options = Step {
            expect: Expectation {
                status: vec![200, 204],
                lists: allowed,
                ..Expectation::default()
            },
            ..self.bare_step("OPTIONS")
        };
        let head = Step {
            expect: Expectation {
                status: scenario.answer.statuses(),
                content_type: scenario.answer.content_type.clone(),
                ..Expectation::default()
            },
            ..self.bare_step("HEAD")
        };
        let is_stream = scenario.answer.pattern.is_some() || scenario.answer.events.is_some();
        let has_head = method == "GET" && scenario.request.message.is_none() && !is_stream;
        let cases = [
            Some(("another method is refused by name", unserved)),
            Some(("`OPTIONS` lists the methods", options)),
            has_head.then_some(("`HEAD` is answered as `GET` is, without the body", head)),
        ];
        let with_token = |(name, step): (&str, Step)| Derived {
            case: case(name, step),
            token: true,
        };
        cases.into_iter().flatten().map(with_token).collect()
    }

    /// A JSON body under another name.
    fn of_another_media_type(&self, scenario: &Scenario) -> Option<Derived> {
        let media_type = "content-type".to_owned();
        let is_json = self
            .headers
            .get(&media_type)
            .is_some_and(|kind| kind == "application/json");
        if !is_json || self.body.is_none() {
            return None;
        }
        let mut step = self.step(&scenario.request.method);
        step.headers.insert(media_type, "text/plain".to_owned());
        step.expect.problem = Some(415);
        Some(Derived {
            case: case("a body of another media type is refused", step),
            token: true,
        })
    }

    fn step(&self, method: &str) -> Step {
        Step {
            headers: self.headers.clone(),
            body: self.body.clone(),
            ..self.bare_step(method)
        }
    }

    /// Without a body and its headers.
    fn bare_step(&self, method: &str) -> Step {
        Step {
            method: method.to_owned(),
            path: self.path.clone(),
            ..Step::default()
        }
    }
}

fn case(name: &str, step: Step) -> Case {
    Case {
        name: name.to_owned(),
        steps: vec![step],
    }
}
