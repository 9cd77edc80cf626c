//! What a budget leaves out of a full answer, as far as is known before the run. Has no words for it.

use super::forecast::Forecast;
use crate::plan::{FULL_ROUNDS, MIN_BLOCKS, MIN_LAUNCHES, Plan};

/// What a plan leaves out of a full answer.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// The time that a full answer takes, in seconds.
    pub full_answer_s: f64,
    /// The time that the plan takes, in seconds.
    pub planned_s: f64,
    /// Rounds of the plan that run.
    pub rounds: u32,
    /// Rounds of a full answer.
    pub of_rounds: u32,
    /// Blocks of the plan that run.
    pub blocks: u32,
    /// Blocks of a full answer.
    pub of_blocks: u32,
    /// The places of the probe table, counted from 0, of the probes that do not run for every contender.
    pub probes: Vec<u32>,
}

impl LeftOut {
    /// Whether the plan is a full answer.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.rounds >= self.of_rounds && self.blocks >= self.of_blocks && self.probes.is_empty()
    }

    /// Whether too little runs for any decision, so that the answer can only be that it is not decided yet.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        self.rounds < MIN_LAUNCHES || self.blocks < MIN_BLOCKS
    }
}

/// What this plan leaves out of a full answer, if its steps take what it expects.
#[must_use]
pub fn left_out(plan: &Plan) -> LeftOut {
    let forecast = Forecast::of_plan(plan);
    LeftOut {
        full_answer_s: plan.full_answer_s(),
        planned_s: forecast.total_s,
        rounds: forecast.rounds,
        of_rounds: FULL_ROUNDS,
        blocks: forecast.blocks,
        of_blocks: plan.full_blocks(),
        probes: forecast.probes_left_out,
    }
}

#[cfg(test)]
mod tests {
    use super::left_out;
    use crate::plan::{Plan, ProbeCosts};

    /// The lab's probe table on a machine of two processors, as of its first version; two end a server.
    fn costs() -> ProbeCosts {
        let table = [
            0.2, 0.5, 0.4, 2.1, 4.0, 1.1, 1.4, 1.7, 3.9, 2.9, 1.7, 2.6, 2.2, 3.7,
        ];
        (0..)
            .zip(table)
            .map(|(place, cost_s)| (cost_s, place == 7 || place == 13))
            .collect()
    }

    fn names(contenders: usize) -> Vec<String> {
        (0..contenders).map(|n| format!("c{n}")).collect()
    }

    #[test]
    fn a_full_answer_leaves_nothing_out_and_takes_the_time_that_it_says() {
        for contenders in [2, 4, 8] {
            let plan = Plan::full(names(contenders), 1, costs());
            let left = left_out(&plan);
            assert!(left.is_nothing() && !left.is_undecided(), "{left:?}");
            let given = Plan::new(names(contenders), plan.full_answer_s(), 1, costs());
            assert!(
                left_out(&given).is_nothing(),
                "the same time as a budget: {:?}",
                left_out(&given)
            );
            let ratio = left.planned_s / plan.budget_s;
            assert!((0.9..=1.01).contains(&ratio), "{contenders}: {ratio}");
        }
    }

    #[test]
    fn a_short_budget_says_what_it_leaves_out_and_a_longer_one_never_leaves_out_more() {
        let of = |budget_s| left_out(&Plan::new(names(8), budget_s, 1, costs()));
        let short = of(180.0);
        assert_eq!((short.rounds, short.of_rounds), (1, 3));
        assert!(short.is_undecided() && !short.probes.is_empty());
        let mut before = short;
        for budget_s in [300.0, 420.0, 600.0, 750.0, 900.0, 1_200.0] {
            let left = of(budget_s);
            assert!(left.rounds >= before.rounds, "{budget_s}: {left:?}");
            assert!(
                left.rounds > before.rounds || left.probes.len() <= before.probes.len(),
                "{budget_s}: {left:?}"
            );
            before = left;
        }
        assert!(of(1_200.0).is_nothing());
        assert!(!of(600.0).is_undecided(), "{:?}", of(600.0));
    }
}
