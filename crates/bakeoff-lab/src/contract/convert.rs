//! Translates scenarios into the generator's types, so that the contract's checks and the load come from the same text.
//! It adds nothing of its own.

use bakeoff_core::scenario::{Events, Expectation, LoadRequest, Scenario, Variable};
use bakeoff_load::{
    Body, BodyRule, Coding, EventsRule, Expect, RequestSpec, Schema, Variable as LoadVariable,
};
use std::ops::Range;

/// Response bodies a second that the generator can parse without falling behind; above this rate it samples.
const BODIES_RPS: f64 = 1_000.0;

/// A scenario's load request, with its share of the mix, for a load of `rate_rps` requests a second.
pub(crate) fn load_spec(scenario: &Scenario, weight: f64, rate_rps: f64) -> RequestSpec {
    let request = &scenario.request;
    RequestSpec {
        label: scenario.id.clone(),
        weight,
        method: request.method.clone(),
        path: request.path.clone(),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        body: body(request),
        variables: request
            .vars
            .iter()
            .map(|(name, value)| (name.clone(), variable(value)))
            .collect(),
        expect: Expect {
            sample_share: (BODIES_RPS / rate_rps).clamp(0.01, 1.0),
            ..expectation(&scenario.answer)
        },
    }
}

fn body(request: &LoadRequest) -> Option<Body> {
    let pattern = request.body_pattern.map(|bytes| Body::Pattern {
        bytes,
        coding: Coding::Length,
    });
    let message = request.message.clone().map(Body::Message);
    request.body.clone().map(Body::Text).or(pattern).or(message)
}

/// Every status of HTTP.
const ANY_STATUS: Range<u16> = 100..600;

/// The rules for a response.
pub(crate) fn expectation(expectation: &Expectation) -> Expect {
    let mut status = expectation.statuses();
    // To the generator no status is one of the 200s.
    if status.is_empty() && expectation.is_about_presence() {
        status.extend(ANY_STATUS);
    }
    Expect {
        status,
        content_type: expectation.content_type.clone(),
        headers: expectation
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        length: None,
        sampled: body_rules(expectation),
        body_of: expectation.body_of,
        sample_share: 1.0,
    }
}

/// Leaves the values of these fields out of the rules for a body.
pub(crate) fn leave_out(rules: &mut Vec<BodyRule>, fields: &[String]) {
    if fields.is_empty() {
        return;
    }
    let names = |pointer: &str| {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        fields.iter().any(|field| field == last)
    };
    rules.retain(|rule| !matches!(rule, BodyRule::JsonAt { pointer, .. } if names(pointer)));
    for rule in rules {
        if let BodyRule::Json(json) = rule {
            *rule = BodyRule::JsonBesides {
                json: std::mem::take(json),
                fields: fields.to_vec(),
            };
        }
    }
}

fn body_rules(expectation: &Expectation) -> Vec<BodyRule> {
    let mut rules: Vec<BodyRule> = Vec::new();
    rules.extend(expectation.problem.map(|status| BodyRule::Problem { status }));
    rules.extend(expectation.problem_fields.clone().map(BodyRule::ProblemFields));
    rules.extend(expectation.json.clone().map(BodyRule::Json));
    rules.extend(expectation.pattern.map(|bytes| BodyRule::Pattern { bytes }));
    rules.extend(expectation.events.clone().map(events));
    let at = |(pointer, value): (&String, &String)| BodyRule::JsonAt {
        pointer: pointer.clone(),
        value: value.clone(),
    };
    rules.extend(expectation.json_at.iter().map(at));
    let len = |(pointer, len): (&String, &usize)| BodyRule::JsonLen {
        pointer: pointer.clone(),
        len: *len,
    };
    rules.extend(expectation.json_len.iter().map(len));
    let schema = expectation.json_schema.as_deref().map(Schema::new);
    rules.extend(schema.map(BodyRule::Schema));
    rules.extend(expectation.contains.iter().cloned().map(BodyRule::Contains));
    rules.extend(expectation.lacks.iter().cloned().map(BodyRule::Lacks));
    let count = |(text, times): (&String, &usize)| BodyRule::Count {
        text: text.clone(),
        times: *times,
    };
    rules.extend(expectation.count.iter().map(count));
    rules
}

fn events(events: Events) -> BodyRule {
    let Events {
        count,
        from,
        name,
        data,
    } = events;
    BodyRule::Events(EventsRule {
        count,
        from,
        name,
        data,
    })
}

fn variable(variable: &Variable) -> LoadVariable {
    match variable.clone() {
        Variable::Int([low, high]) => LoadVariable::Int { low, high },
        Variable::Choice(texts) => LoadVariable::Choice(texts),
        Variable::Linear {
            of,
            times,
            modulo,
            plus,
        } => LoadVariable::Linear {
            of,
            times,
            modulo,
            plus,
        },
        Variable::Sum(names) => LoadVariable::Sum(names),
        Variable::Pick { of, from } => LoadVariable::Pick { of, from },
    }
}
