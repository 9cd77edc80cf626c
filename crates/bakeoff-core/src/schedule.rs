//! What runs next: one pure function from a plan and the evidence so far to the next step. It has no clock and no
//! state of its own. Everything that it depends on stands in the stored run, so that a run that was interrupted after
//! any trial goes on with the steps that it would have had. Does not perform steps: a driver does, and any driver
//! does the same ones.

mod block;
mod block_cost;
mod budget;
mod forecast;
mod history;
mod lab_faults;
mod repeat;
mod slots;
mod standing;
mod step;

pub use budget::Budget;
pub use forecast::{probes_in_min_blocks, sufficient_budget_s};
pub use standing::{is_active, status_after};
pub use step::{ScheduledTrial, Step};

use crate::evidence::{Next, Run, StopReason};
use crate::plan::{Plan, StopRule};
use block::BlockTerms;
use history::History;

/// The next step of `run`, which follows `plan`.
///
/// The rules, in order: stop when the lab keeps failing; repeat the last trial if it was disturbed and time allows;
/// finish the block that has begun; after each block get advice, and follow it unless the user wants all blocks;
/// begin the next block if its load fits into the budget.
#[must_use]
pub fn next(plan: &Plan, run: &Run, budget: Budget) -> Step {
    if let Some(reason) = lab_faults::reason_to_stop(run) {
        return Step::Stop(StopReason::LabFailed(reason));
    }
    let history = History::new(plan, run);
    let Some(block) = history.last_block() else {
        return begin_next_block(&history, budget);
    };
    let terms = BlockTerms::of_last(&history, budget);
    if let Some(repeat) = repeat::due(&history, block, &terms) {
        return Step::Repeat(repeat);
    }
    match history.first_pending(block) {
        Some(planned) => Step::Trial(ScheduledTrial::new(planned, &plan.trial, terms.slots)),
        None => after_block(&history, budget),
    }
}

/// The step after the last trial of a block.
fn after_block(history: &History<'_>, budget: Budget) -> Step {
    if history.active_contenders() == 0 {
        return no_contender_left();
    }
    // Also after the last block: the advice says how far the verdict is settled.
    let Some(advice) = history.advice() else {
        return Step::Advise;
    };
    let may_stop = history.plan().stop_rule == StopRule::Settled && history.following_block().is_some();
    if may_stop && advice.next == Next::Stop {
        return Step::Stop(StopReason::Settled(advice.reason.clone()));
    }
    begin_next_block(history, budget)
}

fn begin_next_block(history: &History<'_>, budget: Budget) -> Step {
    let Some(block) = history.following_block() else {
        return Step::Stop(StopReason::PlanDone);
    };
    let Some(planned) = history.first_pending(block) else {
        return no_contender_left();
    };
    match BlockTerms::of_next(history, budget) {
        Some(terms) => Step::Trial(ScheduledTrial::new(planned, &history.plan().trial, terms.slots)),
        None => Step::Stop(StopReason::BudgetSpent),
    }
}

fn no_contender_left() -> Step {
    Step::Stop(StopReason::Settled(
        "no contender is left in the field".to_owned(),
    ))
}

#[cfg(test)]
mod tests;
