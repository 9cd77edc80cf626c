//! The rules of a whole run: which round is next, whether it begins, and when the run stops. Does not look into a
//! round: `round` does.

use super::budget::BudgetTracker;
use super::lab_faults;
use super::round;
use super::step::Step;
use crate::evidence::{Next, StopReason};
use crate::plan::{BudgetRule, PlannedRound, StopRule};
use crate::words::advice;

/// The next step of the history that a budget is tracked for, `stop` being why its last session stopped.
pub(super) fn next(tracker: &BudgetTracker<'_>, stop: Option<&StopReason>) -> Step {
    let history = tracker.history();
    if history.plan().rounds.is_empty() {
        return Step::Stop(StopReason::LabFailed(
            "its plan is of a version that measured in another way".to_owned(),
        ));
    }
    if let Some(reason) = lab_faults::reason_to_stop(history, stop) {
        return Step::Stop(StopReason::LabFailed(reason));
    }
    match history.round() {
        Some(round) => round::next_step(tracker, round).unwrap_or_else(|| after_round(tracker, round)),
        None => begin_next_round(tracker),
    }
}

/// The step after the last retirement of a round.
fn after_round(tracker: &BudgetTracker<'_>, round: &PlannedRound) -> Step {
    let history = tracker.history();
    if history.active_contenders() == 0 {
        return no_contender_left();
    }
    // Also after the last round: the advice says how far the verdict is settled.
    let advised = history.advice_after(round);
    if advised.is_none() && history.has_trials(round) {
        return Step::Advise;
    }
    let may_stop = history.plan().stop_rule == StopRule::Settled && history.following_round().is_some();
    match advised {
        Some(advised) if may_stop && advised.next == Next::Stop => {
            Step::Stop(StopReason::Settled(advice::why(advised)))
        }
        _ => begin_next_round(tracker),
    }
}

fn begin_next_round(tracker: &BudgetTracker<'_>) -> Step {
    let history = tracker.history();
    let Some(round) = history.following_round() else {
        let was_cut = history.round().is_some_and(|last| has_blocks_left(tracker, last));
        return Step::Stop(match history.plan().budget_rule {
            BudgetRule::Given if was_cut => StopReason::BudgetSpent,
            BudgetRule::Given | BudgetRule::FullAnswer => StopReason::PlanDone,
        });
    };
    let is_first = history.round().is_none();
    // The first round always begins: it shows what rounds take.
    if !is_first && !tracker.fits_round(round) {
        return Step::Stop(match history.plan().budget_rule {
            BudgetRule::Given => StopReason::BudgetSpent,
            // Its rounds always fit, so this one would have been a further one.
            BudgetRule::FullAnswer => StopReason::PlanDone,
        });
    }
    let mut launches = round.launches.iter();
    match launches.find(|planned| history.is_active(&planned.entrant)) {
        Some(planned) => Step::Launch(round::scheduled_launch(history, planned)),
        None => no_contender_left(),
    }
}

/// Whether no trial of one of its blocks has run: it did not fit into the budget.
fn has_blocks_left(tracker: &BudgetTracker<'_>, round: &PlannedRound) -> bool {
    let history = tracker.history();
    let mut blocks = round.blocks.iter();
    history.active_contenders() > 0 && blocks.any(|block| !history.has_begun(block))
}

fn no_contender_left() -> Step {
    Step::Stop(StopReason::Settled(
        "no contender is left in the field".to_owned(),
    ))
}
