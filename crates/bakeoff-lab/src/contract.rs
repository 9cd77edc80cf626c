//! The contract: runs the cases of the scenarios against a running contender, one request after the other over new
//! connections, because this is about correctness and not about speed.

mod access_log;
pub mod case;
pub(crate) mod convert;
mod derived;
mod socket_step;
mod step;
pub(crate) mod subject;

use bakeoff_core::scenario::{Case, Scenario};
use case::{CaseResult, Mismatch};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use step::Token;
use subject::Subject;

/// Consecutive cases without any response after which the check stops: a server that hangs would take minutes.
const MAX_UNANSWERED: usize = 3;

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The listed cases, what is derived from each scenario, and the access log.
    Whole,
    /// The listed cases.
    Listed,
}

/// Runs the cases of the scenarios in order, until `stop`. Skipped cases are not among the results.
pub(crate) fn check<'a>(
    subject: &Subject<'_>,
    scenarios: impl IntoIterator<Item = &'a Scenario>,
    extent: Extent,
    stop: &AtomicBool,
) -> Vec<CaseResult> {
    let mut results = Vec::new();
    let mut unanswered = 0;
    for scenario in scenarios {
        let derived = match extent {
            Extent::Whole => derived::cases(scenario),
            Extent::Listed => Vec::new(),
        };
        let token = |carried| Token {
            carried,
            needed: scenario.token,
        };
        let listed = scenario.cases.iter().map(|case| (case, token(true)));
        let derived = derived
            .iter()
            .map(|derived| (&derived.case, token(derived.token)));
        for (case, token) in listed.chain(derived) {
            if unanswered == MAX_UNANSWERED || stop.load(Ordering::Relaxed) {
                return results;
            }
            let failure = run_case(subject, case, token).err();
            unanswered = if failure.as_ref().is_some_and(Mismatch::is_unanswered) {
                unanswered + 1
            } else {
                0
            };
            results.push(CaseResult {
                scenario: scenario.id.clone(),
                case: case.name.clone(),
                failure,
            });
        }
    }
    if extent == Extent::Whole {
        results.push(access_log::check(
            &subject.workspace.access_log(),
            &subject.sent(),
        ));
    }
    results
}

fn run_case(subject: &Subject<'_>, case: &Case, token: Token) -> Result<(), Mismatch> {
    let mut captured = BTreeMap::new();
    case.steps
        .iter()
        .try_for_each(|step| step::run(subject, step, token, &mut captured))
}
