//! Which probes of a plan will have a turn in its fewest blocks, as far as is known before anything has run. Deliberately the same pace as a run's,
//! given what the plan itself expects.

use crate::measure::pace::{Pace, Taken};
use bakeoff_core::plan::{Plan, Until};
use bakeoff_lab::probe::Turn;

/// In such steps a budget is looked for, in seconds.
const STEP_S: f64 = 30.0;

/// How far beyond the plan's own a budget is looked for, in steps.
const STEPS: u32 = 240;

/// How many of the probes have a turn in the fewest blocks.
#[must_use]
pub(crate) fn with_a_turn(plan: &Plan, probes: &[Turn]) -> usize {
    let takes_s: Vec<f64> = probes.iter().map(|probe| probe.takes_s).collect();
    let mut pace = Pace::new(plan, takes_s.clone());
    let trials = plan.contenders.len() as u32;
    let mut taken = 0;
    for block in 0..plan.fewest_blocks() {
        let Some(turns) = pace.next(trials) else { break };
        let probes_s = f64::from(trials) * turns.seconds(&takes_s);
        let more_s = if block == 0 {
            plan.first_block_more_s()
        } else {
            0.0
        };
        pace.spend(Taken {
            block_s: plan.load_only_block_s() + more_s + probes_s,
            probes_s,
            turns,
            trials,
        });
        taken += turns.count as usize;
    }
    taken.min(probes.len())
}

/// The smallest budget, of those not below the plan's own, in which all of them have one, in seconds; none when it is very long.
#[must_use]
pub(crate) fn enough_s(plan: &Plan, probes: &[Turn]) -> Option<f64> {
    let first_s = (plan.budget_s / STEP_S).ceil() * STEP_S;
    let longer = |budget_s: f64| {
        let longer = Plan::new(plan.contenders.clone(), budget_s, plan.seed);
        match plan.until {
            Until::Settled => longer,
            Until::AllBlocks => longer.with_blocks(plan.blocks.len() as u32),
        }
    };
    (0..STEPS)
        .map(|step| first_s + f64::from(step) * STEP_S)
        .find(|budget_s| with_a_turn(&longer(*budget_s), probes) == probes.len())
}

#[cfg(test)]
mod tests {
    use super::{enough_s, with_a_turn};
    use bakeoff_core::plan::Plan;
    use bakeoff_lab::probe;

    fn plan(contenders: usize, budget_s: f64) -> Plan {
        Plan::new((0..contenders).map(|n| format!("c{n}")).collect(), budget_s, 1)
    }

    #[test]
    fn a_longer_budget_never_has_fewer_turns_and_at_some_length_all() {
        let probes = probe::turns();
        let counts: Vec<usize> = [60.0, 180.0, 300.0, 420.0, 900.0]
            .map(|budget_s| with_a_turn(&plan(8, budget_s), &probes))
            .into();
        assert!(counts.is_sorted(), "{counts:?}");
        assert_eq!(counts[4], probes.len());
        let enough_s = enough_s(&plan(8, 60.0), &probes).unwrap();
        assert!((180.0..900.0).contains(&enough_s), "{enough_s}");
        assert_eq!(with_a_turn(&plan(8, enough_s), &probes), probes.len());
    }

    #[test]
    fn two_contenders_have_all_of_them_in_the_usual_time() {
        let probes = probe::turns();
        assert_eq!(with_a_turn(&plan(2, 300.0), &probes), probes.len());
    }
}
