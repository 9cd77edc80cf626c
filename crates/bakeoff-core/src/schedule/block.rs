//! The terms of a block: its probes, and the time that its repeats may take. They are derived anew from the evidence
//! before each of its trials, as of the block's start, so that an interrupted block goes on as it began.

use super::block_cost::{BlockCost, repeated_s, slots_of};
use super::budget::{Budget, BudgetTracker};
use super::history::History;
use crate::plan::{ProbeSlots, Probes};

/// The terms of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BlockTerms {
    /// The probes of each of its trials.
    pub(super) slots: ProbeSlots,
    /// The time that is left for repeats, in seconds.
    pub(super) slack_s: f64,
}

impl BlockTerms {
    /// The terms of the block that follows this history; none when not even its load fits into the budget.
    pub(super) fn of_next(history: &History<'_>, budget: Budget) -> Option<BlockTerms> {
        let contenders = history.active_contenders();
        let tracker = tracker(history, budget);
        let affordable = tracker.next_slots(contenders)?;
        let slots = match history.advised_probes() {
            Probes::Due => affordable,
            Probes::LeftOut => ProbeSlots::NONE,
        };
        let slack_s = tracker.slack_s(slots, contenders);
        Some(BlockTerms { slots, slack_s })
    }

    /// The terms of the last block of this history, in which at least one trial has run.
    pub(super) fn of_last(history: &History<'_>, budget: Budget) -> BlockTerms {
        let (before, trials) = history.split_last_block();
        let at_start = Budget {
            spent_s: budget.spent_s - BlockCost::of(trials).block_s,
            ..budget
        };
        // The stored trials come first: another version may have begun the block, and its trials must stay comparable.
        let slots = slots_of(trials)
            .or_else(|| BlockTerms::of_next(&before, at_start).map(|terms| terms.slots))
            .unwrap_or(ProbeSlots::NONE);
        let slack_s = tracker(&before, at_start).slack_s(slots, before.active_contenders());
        BlockTerms {
            slots,
            slack_s: slack_s - repeated_s(trials),
        }
    }
}

fn tracker(history: &History<'_>, budget: Budget) -> BudgetTracker {
    let mut tracker = BudgetTracker::new(history.plan(), budget);
    history.block_costs().for_each(|cost| tracker.learn(cost));
    tracker
}
