//! The probes of a trial, and the time that is left for repeats. The probes are derived anew from the evidence before
//! each trial, as of its block's start, so that an interrupted block goes on as it began.

use super::budget::BudgetTracker;
use super::probes::{never_ran, passed};
use super::slots::{Share, next_slots};
use crate::entrant::Entrant;
use crate::plan::{ALLOWANCE, BudgetRule, PROBE_ROUNDS, PlannedBlock, PlannedRound, ProbeSlots, Probes};

/// The least time for probes in each trial of the first block where no second round fits into the budget, however small
/// that is, in seconds: enough for a figure or two of each criterion.
const FIRST_BLOCK_S: f64 = 3.0;

/// The probes of an entrant's trial in a block, `at_start` being the budget as it was when the block began; none for
/// the twin.
pub(super) fn slots_of(
    at_start: &BudgetTracker<'_>,
    round: &PlannedRound,
    block: &PlannedBlock,
    entrant: &Entrant,
) -> ProbeSlots {
    let history = at_start.history();
    if entrant.is_twin() || history.advised_probes(round) == Probes::LeftOut {
        return ProbeSlots::NONE;
    }
    let plan = history.plan();
    let contenders = f64::from(history.active_contenders().max(1));
    // The same slowness for all, so that all contenders of a block run the same probes.
    let affordable_s =
        at_start.left_for_probes_s() / (ALLOWANCE * contenders * at_start.costs().slowness_of_field());
    let (planned_s, affordable_s) = match plan.budget_rule {
        // A full answer has time for each probe once, however long it takes.
        BudgetRule::FullAnswer => {
            let never_ran_s = never_ran(history, entrant).seconds(&plan.probe_costs_s);
            (plan.trial.probe_s, affordable_s.max(never_ran_s))
        }
        BudgetRule::Given => {
            let is_alone = block.index == 0 && plan.min_rounds() == 1;
            let at_least_s = if is_alone { FIRST_BLOCK_S } else { 0.0 };
            (plan.trial.probe_s.max(at_least_s), affordable_s.max(at_least_s))
        }
    };
    let share = Share {
        planned_s,
        affordable_s,
        blocks: blocks_to_come(plan.min_rounds(), plan.blocks_of_a_launch(), block.index),
    };
    next_slots(&plan.probe_costs_s, passed(history, entrant), share)
}

/// The time that is left for repeats when a block's remaining trials have run their probes, in seconds.
pub(super) fn slack_s(tracker: &BudgetTracker<'_>, round: &PlannedRound, block: &PlannedBlock) -> f64 {
    let at_start = tracker.before(block);
    let probes = tracker.history().pending(block).map(|planned| {
        let slots = slots_of(&at_start, round, block, &planned.entrant);
        tracker.costs().probes_s(&planned.entrant, slots)
    });
    let probes_s = ALLOWANCE * probes.sum::<f64>();
    tracker.left_for_probes_s() - probes_s.max(tracker.reserved_for_probes_s())
}

/// The number of blocks, with this one, over which the probes that never ran are spread: those of the first rounds, and
/// then those of the plan's least.
fn blocks_to_come(rounds: u32, blocks_of_a_launch: u32, block: u32) -> u32 {
    let of_first = rounds.min(PROBE_ROUNDS) * blocks_of_a_launch;
    let of_all = rounds * blocks_of_a_launch;
    let last = if block < of_first { of_first } else { of_all };
    last.saturating_sub(block).max(1)
}

#[cfg(test)]
mod tests {
    use super::blocks_to_come;

    #[test]
    fn probes_are_spread_over_the_first_two_rounds_and_catch_up_in_the_third() {
        let spread = |rounds, block| blocks_to_come(rounds, 2, block);
        assert_eq!([0, 1, 2, 3].map(|block| spread(3, block)), [4, 3, 2, 1]);
        assert_eq!([4, 5, 6].map(|block| spread(3, block)), [2, 1, 1]);
        assert_eq!([0, 1, 2].map(|block| spread(1, block)), [2, 1, 1]);
    }
}
