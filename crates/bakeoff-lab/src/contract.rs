//! The contract: every case of every scenario, asked of a running contender. Deliberately one request after
//! the other over fresh connections: this is about right and wrong, not about speed.

mod convert;
mod step;
mod talk;

pub(crate) use convert::{expectation, load_spec};

use crate::service::Upstream;
use bakeoff_core::scenario::{Case, Scenario};
use bakeoff_load::Target;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The scenario's id.
    pub scenario: String,
    /// The case's name.
    pub case: String,
    /// What did not hold.
    pub failure: Option<Mismatch>,
}

/// What was sent, expected and received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The request line, and the body's beginning.
    pub sent: String,
    /// What was expected.
    pub expected: Expected,
    /// Status, media type and the body's beginning; or why there was no answer.
    pub received: String,
}

/// What a request was expected to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Any response: none came.
    Response,
    /// A response that holds a rule: the rule, and what the response had instead.
    Rule(String),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Response => "an answer",
            Expected::Rule(broken) => broken,
        })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sent      {}\nexpected  {}\nreceived  {}",
            self.sent, self.expected, self.received
        )
    }
}

/// What the cases are asked of.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The contender.
    pub(crate) target: &'a Target,
    /// The service that it calls.
    pub(crate) upstream: &'a Upstream,
}

/// Cases without any answer, one after the other, after which no more are asked: a server that hangs would
/// take minutes.
const UNANSWERED: usize = 3;

/// Runs every case of the scenarios in their order, until `stop`. Cases that are not asked any more are not
/// among the results.
pub(crate) fn check<'a>(
    subject: Subject<'_>,
    scenarios: impl IntoIterator<Item = &'a Scenario>,
    stop: &AtomicBool,
) -> Vec<CaseResult> {
    let mut results = Vec::new();
    let mut unanswered = 0;
    for (scenario, case) in scenarios
        .into_iter()
        .flat_map(|scenario| scenario.cases.iter().map(move |case| (scenario, case)))
    {
        if unanswered == UNANSWERED || stop.load(Ordering::Relaxed) {
            break;
        }
        let failure = run_case(subject, case).err();
        let no_response = failure
            .as_ref()
            .is_some_and(|mismatch| mismatch.expected == Expected::Response);
        unanswered = if no_response { unanswered + 1 } else { 0 };
        results.push(CaseResult {
            scenario: scenario.id.clone(),
            case: case.name.clone(),
            failure,
        });
    }
    results
}

fn run_case(subject: Subject<'_>, case: &Case) -> Result<(), Mismatch> {
    let mut captured = BTreeMap::new();
    case.steps
        .iter()
        .try_for_each(|step| step::run(subject, step, &mut captured))
}
