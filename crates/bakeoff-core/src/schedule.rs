//! What runs next: one pure function from a plan and the evidence so far to the next step. It has no clock and no
//! state of its own. Everything that it depends on stands in the stored run, so that a run that was interrupted after
//! any step goes on with the steps that it would have had; only the launches that ended with the session are made
//! again. Does not perform steps: a driver does, and any driver does the same ones.

mod block;
mod budget;
mod costs;
mod elapsed;
mod forecast;
mod history;
mod imagined;
mod lab_faults;
mod left_out;
mod probes;
mod repeat;
mod round;
mod rules;
mod slots;
mod standing;
mod step;

pub use budget::Budget;
pub use elapsed::elapsed_s;
pub use forecast::{Forecast, forecast, further_round_s};
pub use left_out::{LeftOut, left_out};
pub use standing::status_after;
pub use step::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial, Step};

use crate::entrant::Entrant;
use crate::evidence::Run;
use crate::plan::Plan;
use budget::BudgetTracker;
use history::History;

/// The next step of `run`, which follows `plan`.
///
/// The rules, in order: stop when the lab keeps failing. Within a round: launch each entrant that has work and no
/// server; repeat the last trial if it was disturbed and time allows; run the trials in the order of the blocks, a
/// block after the first only if it fits into the budget; retire the launches. After a round get advice, and follow it
/// unless the user wants all blocks. Begin the next round if its loads fit into the budget.
#[must_use]
pub fn next(plan: &Plan, run: &Run, budget: Budget) -> Step {
    let tracker = BudgetTracker::new(History::new(plan, run), budget);
    rules::next(&tracker, run.stop.as_ref())
}

/// Whether an entrant gets a further launch: it could be started, did not fail twice in a row, and racing has not
/// dropped its contender.
#[must_use]
pub fn is_active(entrant: &Entrant, run: &Run) -> bool {
    History::new(&run.plan, run).is_active(entrant)
}

#[cfg(test)]
mod tests;
