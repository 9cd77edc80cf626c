//! The contract: runs the cases of the scenarios against a running contender, one request after the other over new
//! connections, because this is about correctness and not about speed.

pub mod case;
pub(crate) mod convert;
mod socket_step;
mod step;

use bakeoff_core::scenario::{Case, Scenario};
use case::{CaseResult, Mismatch, Subject};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Consecutive cases without any response after which the check stops: a server that hangs would take minutes.
const MAX_UNANSWERED: usize = 3;

/// Runs every case of the scenarios in order, until `stop`. Skipped cases are not among the results.
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
        if unanswered == MAX_UNANSWERED || stop.load(Ordering::Relaxed) {
            break;
        }
        let failure = run_case(subject, case).err();
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
    results
}

fn run_case(subject: Subject<'_>, case: &Case) -> Result<(), Mismatch> {
    let mut captured = BTreeMap::new();
    case.steps
        .iter()
        .try_for_each(|step| step::run(subject, step, &mut captured))
}
