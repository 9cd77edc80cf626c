//! The outcome of a contract case: what was sent, expected and received. The cases run in [`super`] and its steps.

use crate::fault::of_contender;
use bakeoff_core::evidence::{Fault, Stage};
use std::fmt;
use std::time::Duration;

/// The outcome of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The scenario's id.
    pub scenario: String,
    /// The case's name.
    pub case: String,
    /// The first broken rule, if any.
    pub failure: Option<Mismatch>,
}

/// A broken rule: what was sent, expected and received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The request line and the beginning of the body.
    pub sent: String,
    /// The expectation that failed.
    pub expected: Expected,
    /// Status, media type and the beginning of the body, or the reason why there was no response.
    pub received: String,
}

/// An expectation that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A response at all.
    Response,
    /// A response that holds this rule, in words.
    Rule(String),
}

impl Mismatch {
    /// Whether there was no response at all.
    pub(super) fn is_unanswered(&self) -> bool {
        self.expected == Expected::Response
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match &self.expected {
            Expected::Response => "a response",
            Expected::Rule(words) => words,
        };
        write!(
            f,
            "sent      {}\nexpected  {expected}\nreceived  {}",
            self.sent, self.received
        )
    }
}

/// How long a response may take, and how long a stream may make no progress.
pub(super) const RESPONSE_LIMIT: Duration = Duration::from_secs(5);

/// How much of a body a message quotes, in characters.
pub(super) const QUOTED_CHARS: usize = 300;

/// The beginning of a body, with its length when it is longer.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED_CHARS).collect();
    if shown.len() < text.len() {
        shown.push_str(&format!("… ({} bytes)", text.len()));
    }
    shown
}

/// How many broken cases a fault quotes.
const QUOTED_CASES: usize = 5;

/// The broken cases as one fault of the contender; none when all hold.
pub(crate) fn broken_contract(cases: &[CaseResult]) -> Option<Fault> {
    let broken: Vec<(&CaseResult, String)> = cases
        .iter()
        .filter_map(|case| case.failure.as_ref().map(|failure| (case, failure.to_string())))
        .collect();
    let (first, _) = broken.first()?;
    let more = if broken.len() > 1 {
        format!(" and {} more", broken.len() - 1)
    } else {
        String::new()
    };
    let mut fault = of_contender(
        Stage::Contract,
        format!(
            "breaks {} of {} cases: `{}`, {}{more}",
            broken.len(),
            cases.len(),
            first.scenario,
            first.case
        ),
    );
    fault.log = broken
        .iter()
        .take(QUOTED_CASES)
        .map(|(case, failure)| format!("{}, {}:\n{failure}", case.scenario, case.case))
        .collect();
    Some(fault)
}
