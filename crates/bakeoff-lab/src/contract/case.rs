//! The outcome of a contract case: what was sent, expected and received. The cases run in [`super`] and its steps.

use super::access_log::Sent;
use crate::fault::of_contender;
use crate::service::Upstream;
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_load::Target;
use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

/// The contender and the services on which the cases run.
pub(crate) struct Subject<'a> {
    /// The contender, with a valid token.
    target: &'a Target,
    /// The contender without a token.
    without_token: Target,
    /// The service that the contender calls.
    pub(super) upstream: &'a Upstream,
    /// Its database and its access log.
    pub(super) workspace: &'a Workspace,
    /// The requests that got a response.
    sent: RefCell<Vec<Sent>>,
}

impl<'a> Subject<'a> {
    /// A contender that listens there and uses these.
    pub(crate) fn new(target: &'a Target, upstream: &'a Upstream, workspace: &'a Workspace) -> Subject<'a> {
        Subject {
            target,
            without_token: Target {
                headers: Vec::new(),
                ..target.clone()
            },
            upstream,
            workspace,
            sent: RefCell::default(),
        }
    }

    /// Where requests with or without a token go.
    pub(super) fn target(&self, with_token: bool) -> &Target {
        if with_token {
            self.target
        } else {
            &self.without_token
        }
    }

    /// Remembers a request that got a response.
    pub(super) fn remember(&self, request: Sent) {
        self.sent.borrow_mut().push(request);
    }

    /// The requests that got a response so far.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }
}

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
