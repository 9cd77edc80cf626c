//! What the next block may cost, from what blocks have cost: which probes it can pay for, so that the minimum number of
//! blocks fits into the budget. Does not know trials or contenders.

use super::block_cost::{BlockCost, spent_s};
use super::slots::{Share, next_slots};
use crate::evidence::Run;
use crate::plan::{ALLOWANCE, Plan, ProbeSlots};

/// The least time for probes in each trial of the first block, however small the budget, in seconds: enough for a
/// figure or two of each criterion.
const FIRST_BLOCK_S: f64 = 3.0;

/// The range of the ratio of measured to expected probe times that is believed.
const SLOWNESS: (f64, f64) = (0.5, 5.0);

/// The measuring time of a run, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// The time that the run may take.
    pub total_s: f64,
    /// The time that it has taken.
    pub spent_s: f64,
}

impl Budget {
    /// The budget of a run as its evidence shows it.
    #[must_use]
    pub fn of(run: &Run) -> Budget {
        Budget {
            total_s: run.plan.budget_s,
            spent_s: spent_s(&run.trials),
        }
    }
}

/// What has been spent of a budget, and what it teaches about the blocks to come.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BudgetTracker {
    budget: Budget,
    min_blocks: u32,
    /// The planned time for the probes of each trial, in seconds.
    planned_probe_s: f64,
    /// The typical time of each probe, in the order of the probe table, in seconds.
    probe_costs_s: Vec<f64>,
    /// The number of blocks that have run.
    blocks: u32,
    /// The number of probe slots that have run in them.
    slots_run: u32,
    /// A block without its probes, in seconds: first as planned, then as the latest one was.
    load_s: f64,
    /// The contract check in the first block, in seconds.
    contract_check_s: f64,
    /// The expected time of all probes that have run, in seconds.
    expected_probes_s: f64,
    /// Their time in fact, in seconds.
    probes_s: f64,
}

impl BudgetTracker {
    /// The budget of a plan before any block.
    pub(super) fn new(plan: &Plan, budget: Budget) -> BudgetTracker {
        BudgetTracker {
            budget,
            min_blocks: plan.min_blocks(),
            planned_probe_s: plan.trial.probe_s,
            probe_costs_s: plan.probe_costs_s.clone(),
            blocks: 0,
            slots_run: 0,
            load_s: plan.load_only_block_s(),
            contract_check_s: plan.contract_check_s(),
            expected_probes_s: 0.0,
            probes_s: 0.0,
        }
    }

    /// Learns from a block whose time the budget includes already.
    pub(super) fn learn(&mut self, cost: BlockCost) {
        self.blocks += 1;
        self.slots_run += cost.slots.count;
        self.load_s = (cost.block_s - cost.probes_s).max(0.0);
        if self.blocks == 1 {
            // No later block checks the whole contract. Half of the block remains where the check took unusually
            // little.
            self.load_s = (self.load_s - self.contract_check_s).max(self.load_s / 2.0);
        }
        self.expected_probes_s += f64::from(cost.trials) * cost.slots.seconds(&self.probe_costs_s);
        self.probes_s += cost.probes_s;
    }

    /// Spends the time of a block, and learns from it.
    pub(super) fn spend(&mut self, cost: BlockCost) {
        self.budget.spent_s += cost.block_s;
        self.learn(cost);
    }

    /// The time that remains when the next block runs these probes in `trials` trials, and the minimum number of
    /// blocks runs after it, in seconds.
    pub(super) fn slack_s(&self, slots: ProbeSlots, trials: u32) -> f64 {
        let probes_s = f64::from(trials) * slots.seconds(&self.probe_costs_s) * self.slowness();
        self.left_for_probes_s() - ALLOWANCE * probes_s
    }

    /// The probes of the next block, in which `trials` contenders run; none when not even its load fits. The first
    /// block always runs: it shows what blocks take.
    pub(super) fn next_slots(&self, trials: u32) -> Option<ProbeSlots> {
        let is_first = self.blocks == 0;
        let affordable_s =
            self.left_for_probes_s() / (ALLOWANCE * f64::from(trials.max(1)) * self.slowness());
        let at_least_s = if is_first { FIRST_BLOCK_S } else { 0.0 };
        let share = Share {
            planned_s: self.planned_probe_s.max(at_least_s),
            affordable_s: affordable_s.max(at_least_s),
            blocks: self.blocks_after_next() + 1,
        };
        let fits = is_first || self.load_s * ALLOWANCE <= self.budget.total_s - self.budget.spent_s;
        fits.then(|| next_slots(&self.probe_costs_s, self.slots_run, share))
    }

    /// The time that remains after the load of the next block and of the minimum number of blocks after it, in seconds.
    fn left_for_probes_s(&self) -> f64 {
        let load_s = f64::from(self.blocks_after_next() + 1) * self.load_s * ALLOWANCE;
        let contract_check_s = if self.blocks == 0 {
            self.contract_check_s
        } else {
            0.0
        };
        self.budget.total_s - self.budget.spent_s - load_s - contract_check_s
    }

    /// The number of blocks after the next one that the minimum demands.
    fn blocks_after_next(&self) -> u32 {
        self.min_blocks.saturating_sub(self.blocks + 1)
    }

    /// The ratio of measured to expected probe times on this machine.
    fn slowness(&self) -> f64 {
        if self.expected_probes_s > 0.0 && self.probes_s > 0.0 {
            (self.probes_s / self.expected_probes_s).clamp(SLOWNESS.0, SLOWNESS.1)
        } else {
            1.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockCost, Budget, BudgetTracker};
    use crate::plan::{Plan, ProbeSlots};

    const COSTS_S: [f64; 4] = [1.0, 1.0, 3.0, 2.0];

    fn tracker(budget_s: f64) -> BudgetTracker {
        let names = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let budget = Budget {
            total_s: budget_s,
            spent_s: 0.0,
        };
        // The plan sees a dearer table than the tracker, so that its share never limits the probes of these tests.
        let mut plan = Plan::new(names, budget_s, 1, vec![28.4]);
        plan.probe_costs_s = COSTS_S.to_vec();
        BudgetTracker::new(&plan, budget)
    }

    fn load_only(block_s: f64) -> BlockCost {
        BlockCost {
            block_s,
            probes_s: 0.0,
            slots: ProbeSlots::NONE,
            trials: 0,
        }
    }

    /// The number of probes in each block that fits, when the load of a block takes `load_s`, and probes `slowness`
    /// times as long as expected.
    fn probes_by_block(budget_s: f64, load_s: f64, slowness: f64) -> Vec<u32> {
        let mut tracker = tracker(budget_s);
        let mut counts = Vec::new();
        while let Some(slots) = tracker.next_slots(3) {
            // The first block holds three contenders to the whole contract.
            let contract_s = if counts.is_empty() { 3.9 } else { 0.0 };
            counts.push(slots.count);
            let probes_s = 3.0 * slots.seconds(&COSTS_S) * slowness;
            tracker.spend(BlockCost {
                block_s: load_s + contract_s + probes_s,
                probes_s,
                slots,
                trials: 3,
            });
            if counts.len() == 5 {
                break;
            }
        }
        counts
    }

    #[test]
    fn every_probe_runs_where_the_budget_allows_and_blocks_come_before_probes() {
        let all = probes_by_block(120.0, 12.0, 1.0);
        assert_eq!((all.len(), all.iter().sum::<u32>() >= 4), (5, true), "{all:?}");
        let tight = probes_by_block(78.0, 12.0, 1.0);
        assert_eq!(tight.len(), 5, "{tight:?}");
        assert!((1..4).contains(&tight.iter().sum::<u32>()), "{tight:?}");
        let slow = probes_by_block(100.0, 12.0, 3.0);
        assert_eq!(slow.len(), 5, "{slow:?}");
        assert!(probes_by_block(30.0, 12.0, 1.0).len() < 5);
    }

    #[test]
    fn probes_go_on_after_those_that_ran_and_a_spent_budget_ends_the_blocks() {
        let mut tracker = tracker(120.0);
        let first = tracker.next_slots(3).unwrap();
        tracker.spend(BlockCost {
            block_s: 20.0,
            probes_s: 6.0,
            slots: first,
            trials: 3,
        });
        tracker.spend(load_only(12.0));
        let next = tracker.next_slots(3).unwrap();
        assert_eq!(next.first, first.count, "a block without probes skips no probe");
        tracker.spend(load_only(85.0));
        assert_eq!(tracker.next_slots(3), None);
    }

    #[test]
    fn the_first_block_always_runs_and_has_some_probes() {
        assert!(tracker(1.0).next_slots(3).is_some_and(|slots| slots.count >= 2));
    }

    #[test]
    fn slack_is_what_no_block_needs() {
        let mut tracker = tracker(300.0);
        tracker.spend(load_only(12.0));
        // 288 s are left for the load of four blocks with its allowance, and for probes of 2 s in three trials.
        let load_s = 12.0 - 3.0 * 1.3;
        let slots = ProbeSlots { first: 0, count: 2 };
        let expected = 288.0 - 1.05 * (4.0 * load_s + 6.0);
        assert!((tracker.slack_s(slots, 3) - expected).abs() < 1e-9);
    }
}
