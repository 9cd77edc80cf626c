//! The contract: runs the cases of the scenarios against a running contender, one request after the other over new
//! connections, because this is about correctness and not about speed.

mod access_log;
pub mod case;
pub(crate) mod convert;
mod derived;
mod socket_step;
mod step;
pub(crate) mod subject;

use bakeoff_core::scenario::{Case, Change, Scenario};
use case::{CaseResult, Mismatch};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use step::Route;
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
    let mut cases = Cases::new(subject, stop);
    let mut has_common_rules = false;
    for scenario in scenarios {
        let derived = match extent {
            Extent::Whole if scenario.common_rules => derived::cases(scenario),
            Extent::Whole | Extent::Listed => Vec::new(),
        };
        let route = |token| Route {
            token,
            needs_token: scenario.token,
            common_rules: scenario.common_rules,
        };
        has_common_rules |= scenario.common_rules;
        let listed = scenario.cases.iter().map(|case| (case, route(true)));
        let derived = derived
            .iter()
            .map(|derived| (&derived.case, route(derived.token)));
        if !cases.run(&scenario.id, listed.chain(derived)) {
            return cases.results;
        }
    }
    if extent == Extent::Whole && has_common_rules {
        cases.results.push(check_access_log(subject));
    }
    cases.results
}

/// Runs the cases of a change in order, until `stop`. Nobody knows which of its routes ask for a token.
pub(crate) fn check_change(subject: &Subject<'_>, change: &Change, stop: &AtomicBool) -> Vec<CaseResult> {
    let mut cases = Cases::new(subject, stop);
    let route = Route {
        token: true,
        needs_token: false,
        common_rules: true,
    };
    cases.run(&change.id, change.cases.iter().map(|case| (case, route)));
    cases.results
}

/// The case that compares the access log with all requests of the subject that got a response.
pub(crate) fn check_access_log(subject: &Subject<'_>) -> CaseResult {
    access_log::check(&subject.workspace.access_log(), &subject.sent())
}

/// Cases while they run.
struct Cases<'c, 's> {
    subject: &'c Subject<'s>,
    stop: &'c AtomicBool,
    /// Consecutive cases without any response, up to now.
    unanswered: usize,
    results: Vec<CaseResult>,
}

impl<'c, 's> Cases<'c, 's> {
    fn new(subject: &'c Subject<'s>, stop: &'c AtomicBool) -> Cases<'c, 's> {
        Cases {
            subject,
            stop,
            unanswered: 0,
            results: Vec::new(),
        }
    }

    /// Runs these; false when the check must not go on.
    fn run<'a>(&mut self, of: &str, cases: impl Iterator<Item = (&'a Case, Route)>) -> bool {
        for (case, route) in cases {
            if self.unanswered == MAX_UNANSWERED || self.stop.load(Ordering::Relaxed) {
                return false;
            }
            let failure = run_case(self.subject, case, route).err();
            self.unanswered = if failure.as_ref().is_some_and(Mismatch::is_unanswered) {
                self.unanswered + 1
            } else {
                0
            };
            self.results.push(CaseResult {
                scenario: of.to_owned(),
                case: case.name.clone(),
                failure,
            });
        }
        true
    }
}

fn run_case(subject: &Subject<'_>, case: &Case, route: Route) -> Result<(), Mismatch> {
    let mut captured = BTreeMap::new();
    case.steps
        .iter()
        .try_for_each(|step| step::run(subject, step, route, &mut captured))
}
