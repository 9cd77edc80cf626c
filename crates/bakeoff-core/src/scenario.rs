//! A scenario: one kind of request that a brief can mix, with the responses it must get and the cases of its
//! contract. The form of `scenarios/*.toml`. It is data: the load generator sends the requests, the lab checks the
//! cases.

mod change;
mod fill;
mod parse;
mod talk;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use fill::BodyFill;
pub use parse::change::{check_scenarios, parse as parse_change};
pub use parse::parse;
pub use talk::SocketStep;

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use talk::set;

/// One scenario file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The word of the brief.
    pub id: String,
    /// Its title for a reader.
    pub title: String,
    /// A paragraph for `bakeoff explain`.
    pub summary: String,
    /// Whether its requests need a token.
    #[serde(default = "needs_token")]
    pub token: bool,
    /// SQL statements that a correct response costs, transaction control not counted.
    #[serde(default)]
    pub statements: u32,
    /// How long a request of the load waits without using the processor, by its own definition, in ms.
    #[serde(default)]
    pub waits_ms: f64,
    /// Fields of responses whose value for a seeded row a correct request may change. Under load, the responses of the
    /// mix's other scenarios are not held to the values of these.
    #[serde(default)]
    pub changes: Vec<String>,
    /// Whether the rules that hold on every route of the shipped contract hold on its route: bearer tokens, methods,
    /// media types, security headers, the access log.
    #[serde(default)]
    pub common_rules: bool,
    /// The scenario of the shipped contract in whose place probes request this one: one of [`ROLES`].
    #[serde(default)]
    pub plays: Option<String>,
    /// The services that it needs besides PostgreSQL, by the names that a brief gives them.
    #[serde(default)]
    pub services: Vec<String>,
    /// What PostgreSQL counts at least for a correct response.
    #[serde(default)]
    pub database: Work,
    /// What the load sends.
    pub request: LoadRequest,
    /// What every response is held to, and what a sampled one is held to besides.
    pub answer: Expectation,
    /// The cases of the contract.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
}

/// The scenarios that another one can play: a light request, one that computes, one that waits.
pub const ROLES: [&str; 3] = ["compute", "json", "wait"];

/// The scenario that probes request in a role: one that plays it, else the shipped one.
#[must_use]
pub fn player<'s>(scenarios: &'s BTreeMap<String, Scenario>, role: &str) -> Option<&'s Scenario> {
    let plays = |scenario: &&Scenario| scenario.plays.as_deref() == Some(role);
    scenarios.values().find(plays).or_else(|| scenarios.get(role))
}

fn needs_token() -> bool {
    true
}

/// Work of the database on the contract's tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// SQL statements, transaction control not counted.
    pub statements: u64,
    /// Rows that they returned or changed.
    pub rows: u64,
}

/// The request of the load: a template with variables that are drawn anew each time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadRequest {
    /// The HTTP method.
    pub method: String,
    /// Template of path and query.
    pub path: String,
    /// Header templates by name.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Template of the body.
    #[serde(default)]
    pub body: Option<String>,
    /// A body of this many bytes of the pattern, sent as a stream.
    #[serde(default)]
    pub body_pattern: Option<u64>,
    /// Template of the text message that is sent on the WebSocket which the request asks for; the response is the
    /// message that comes back.
    #[serde(default)]
    pub message: Option<String>,
    /// The variables, by name.
    #[serde(default)]
    pub vars: BTreeMap<String, Variable>,
}

impl LoadRequest {
    /// The keys that say what it carries.
    #[must_use]
    pub fn carried(&self) -> Vec<&'static str> {
        set([
            ("body", self.body.is_some()),
            ("body_pattern", self.body_pattern.is_some()),
            ("message", self.message.is_some()),
        ])
    }
}

/// How a variable of a template gets its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Variable {
    /// A whole number, both ends included.
    Int([i64; 2]),
    /// One of the texts.
    Choice(Vec<String>),
    /// `of × times % modulo + plus`.
    Linear {
        /// The variable it comes from.
        of: String,
        /// Factor.
        times: i64,
        /// Modulus, above 0.
        modulo: i64,
        /// Summand.
        plus: i64,
    },
    /// The sum of variables.
    Sum(Vec<String>),
    /// The entry at index `of % length`.
    Pick {
        /// The variable it comes from.
        of: String,
        /// The entries.
        from: Vec<String>,
    },
}

/// A case of the contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What holds, in a few words.
    pub name: String,
    /// One request or more, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// A request of a case and what must come back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The HTTP method.
    pub method: String,
    /// Template of path and query; captured values are replaced.
    pub path: String,
    /// Header templates by name; captured values are replaced.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body as it is sent.
    #[serde(default)]
    pub body: Option<String>,
    /// A long body, described.
    #[serde(default)]
    pub body_fill: Option<BodyFill>,
    /// A body of this many bytes of the pattern, sent as a stream.
    #[serde(default)]
    pub body_pattern: Option<u64>,
    /// The stream is sent in chunks, and not with a length.
    #[serde(default)]
    pub chunked: bool,
    /// What is said on the WebSockets that the request opens.
    #[serde(default)]
    pub talk: Vec<SocketStep>,
    /// An `UPDATE` that the lab has run and not committed when the request arrives; it commits a little later, and the
    /// response must have waited.
    #[serde(default)]
    pub while_locked: Option<String>,
    /// How often the request is sent, one after the other; each response must hold. Once when absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// What must come back.
    pub expect: Expectation,
    /// Values for later steps: name to JSON pointer, or to `header:NAME`.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
}

impl Step {
    /// The keys that say what it carries.
    #[must_use]
    pub fn carried(&self) -> Vec<&'static str> {
        set([
            ("body", self.body.is_some()),
            ("body_fill", self.body_fill.is_some()),
            ("body_pattern", self.body_pattern.is_some()),
            ("talk", !self.talk.is_empty()),
        ])
    }
}

/// What a response must be. An empty rule holds for every response. No status is any status, in a step that has a rule
/// about headers that are there or are not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// Allowed statuses; empty when `problem` gives it.
    #[serde(deserialize_with = "one_or_many")]
    pub status: Vec<u16>,
    /// Of several statuses, the one whose body the rules below are about; absent: all of them.
    pub body_of: Option<u16>,
    /// The media type, parameters ignored.
    pub content_type: Option<String>,
    /// Exact header values by name.
    pub headers: BTreeMap<String, String>,
    /// Headers that are there, with any value.
    pub with_headers: Vec<String>,
    /// Headers that are not there.
    pub without_headers: Vec<String>,
    /// Headers that are lists, by name, and what is among their members, in small or capital letters.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Template of the whole body, compared as data.
    pub json: Option<String>,
    /// JSON pointer to the template of its value.
    pub json_at: BTreeMap<String, String>,
    /// JSON pointer to the length of the list there.
    pub json_len: BTreeMap<String, usize>,
    /// A JSON Schema of the whole body, as JSON; no template. Each response is held to it, and not to its values.
    pub json_schema: Option<String>,
    /// Texts of the body (templates).
    pub contains: Vec<String>,
    /// Texts that the body must not have (templates).
    pub lacks: Vec<String>,
    /// How often each text stands in the body (templates).
    pub count: BTreeMap<String, usize>,
    /// The body is this many bytes of the pattern.
    pub pattern: Option<u64>,
    /// The body is a stream of these events.
    pub events: Option<Events>,
    /// A problem document (RFC 9457) of that status.
    pub problem: Option<u16>,
    /// Exactly the fields that the problem's `errors` names.
    pub problem_fields: Option<Vec<String>>,
    /// The response takes at least this many milliseconds.
    pub min_ms: Option<u64>,
    /// At least this many milliseconds pass from the first event to the last.
    pub min_spread_ms: Option<u64>,
    /// At least this many calls reached the upstream at the same time during the step.
    pub upstream_concurrency: Option<u32>,
    /// Queries of the database after the response (templates, in which captured values are replaced) to their first
    /// row, values joined by `|`.
    pub rows: BTreeMap<String, String>,
    /// A token that the response issues.
    pub token_at: Option<IssuedToken>,
}

/// A token in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuedToken {
    /// JSON pointer to it.
    pub pointer: String,
    /// The user that it names.
    pub subject: String,
    /// The time from now to its end, in seconds, give or take five.
    pub expires_s: u64,
}

/// Server-sent events, in their order; comments are allowed between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// How many.
    pub count: u64,
    /// The `id` of the first; each further one is one more.
    pub from: u64,
    /// The `event` of each.
    pub name: String,
    /// The `data` of each, in which `{id}` is the event's own.
    pub data: String,
}

impl Expectation {
    /// The keys that say what the body must be.
    #[must_use]
    pub fn body_rules(&self) -> Vec<&'static str> {
        set([
            ("json", self.json.is_some()),
            ("json_at", !self.json_at.is_empty()),
            ("json_len", !self.json_len.is_empty()),
            ("json_schema", self.json_schema.is_some()),
            ("contains", !self.contains.is_empty()),
            ("lacks", !self.lacks.is_empty()),
            ("count", !self.count.is_empty()),
            ("pattern", self.pattern.is_some()),
            ("events", self.events.is_some()),
            ("problem", self.problem.is_some()),
            ("problem_fields", self.problem_fields.is_some()),
        ])
    }

    /// Whether it has a rule about which headers are there.
    #[must_use]
    pub fn is_about_presence(&self) -> bool {
        !self.with_headers.is_empty() || !self.without_headers.is_empty()
    }

    /// The statuses that are right, `problem` included.
    #[must_use]
    pub fn statuses(&self) -> Vec<u16> {
        self.status.iter().copied().chain(self.problem).collect()
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(u16),
        Many(Vec<u16>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(status) => vec![status],
        OneOrMany::Many(statuses) => statuses,
    })
}
