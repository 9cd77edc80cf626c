//! Which probes of a plan will run, as far as is known before any trial. Uses the same rules as the run, with the
//! times that the plan expects.

use super::block_cost::BlockCost;
use super::budget::{Budget, BudgetTracker};
use crate::plan::{Plan, StopRule};

/// The step in which longer budgets are tried, in seconds.
const STEP_S: f64 = 30.0;

/// The number of steps that are tried.
const STEPS: u32 = 240;

/// The number of probes that run within the minimum number of blocks, from the first of the probe table on.
#[must_use]
pub fn probes_in_min_blocks(plan: &Plan) -> usize {
    let budget = Budget {
        total_s: plan.budget_s,
        spent_s: 0.0,
    };
    let mut tracker = BudgetTracker::new(plan, budget);
    let trials = plan.contenders.len() as u32;
    let mut slots_run = 0;
    for block in 0..plan.min_blocks() {
        let Some(slots) = tracker.next_slots(trials) else {
            break;
        };
        let probes_s = f64::from(trials) * slots.seconds(&plan.probe_costs_s);
        let contract_check_s = if block == 0 { plan.contract_check_s() } else { 0.0 };
        tracker.spend(BlockCost {
            block_s: plan.load_only_block_s() + contract_check_s + probes_s,
            probes_s,
            slots,
            trials,
        });
        slots_run += slots.count as usize;
    }
    slots_run.min(plan.probe_costs_s.len())
}

/// The smallest budget, not below the plan's own, in which every probe runs, in seconds; none when it is very long.
#[must_use]
pub fn sufficient_budget_s(plan: &Plan) -> Option<f64> {
    let first_s = (plan.budget_s / STEP_S).ceil() * STEP_S;
    let with_budget = |budget_s: f64| {
        let longer = Plan::new(
            plan.contenders.clone(),
            budget_s,
            plan.seed,
            plan.probe_costs_s.clone(),
        );
        match plan.stop_rule {
            StopRule::Settled => longer,
            StopRule::AllBlocks => longer.with_blocks(plan.blocks.len() as u32),
        }
    };
    (0..STEPS)
        .map(|step| first_s + f64::from(step) * STEP_S)
        .find(|budget_s| probes_in_min_blocks(&with_budget(*budget_s)) == plan.probe_costs_s.len())
}

#[cfg(test)]
mod tests {
    use super::{probes_in_min_blocks, sufficient_budget_s};
    use crate::plan::Plan;

    /// The lab's probe table on a machine of two processors, as of its first version.
    const COSTS_S: [f64; 14] = [
        0.2, 0.5, 0.4, 2.1, 4.0, 1.1, 1.4, 1.7, 3.9, 2.9, 1.7, 2.6, 2.2, 3.7,
    ];

    fn plan(contenders: usize, budget_s: f64) -> Plan {
        let names = (0..contenders).map(|n| format!("c{n}")).collect();
        Plan::new(names, budget_s, 1, COSTS_S.to_vec())
    }

    #[test]
    fn a_longer_budget_never_has_fewer_probes_and_at_some_length_all() {
        let counts: Vec<usize> = [60.0, 180.0, 300.0, 420.0, 900.0]
            .map(|budget_s| probes_in_min_blocks(&plan(8, budget_s)))
            .into();
        assert!(counts.is_sorted(), "{counts:?}");
        assert_eq!(counts[4], COSTS_S.len());
        let enough_s = sufficient_budget_s(&plan(8, 60.0)).unwrap();
        assert!((180.0..900.0).contains(&enough_s), "{enough_s}");
        assert_eq!(probes_in_min_blocks(&plan(8, enough_s)), COSTS_S.len());
    }

    #[test]
    fn every_probe_of_two_contenders_runs_in_the_usual_time() {
        assert_eq!(probes_in_min_blocks(&plan(2, 300.0)), COSTS_S.len());
    }
}
