//! What the next block may cost: so many probes, its load only, or nothing, so that the fewest blocks for an interval fit into the budget. Deliberately pure: it is told
//! what blocks have taken.

use bakeoff_core::plan::{Plan, Share, Turns};

/// A block may take a little longer than those before it.
const ALLOWANCE: f64 = 1.05;

/// What the first block has for probes however short the time is, in seconds of each trial: a figure or two for each criterion.
const FIRST_S: f64 = 3.0;

/// How many times as long as expected probes are taken to take at least and at most.
const SLOWNESS: (f64, f64) = (0.5, 5.0);

/// What a block has taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taken {
    /// The whole block, in seconds.
    pub(crate) block_s: f64,
    /// All its probes together, in seconds.
    pub(crate) probes_s: f64,
    /// Which they were.
    pub(crate) turns: Turns,
    /// In how many trials they ran.
    pub(crate) trials: u32,
}

/// What has been spent of a budget, and on what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pace {
    budget_s: f64,
    fewest: u32,
    /// What the plan gives to the probes of each trial, in seconds.
    planned_s: f64,
    /// What each probe takes, in their order, as far as is known.
    takes_s: Vec<f64>,
    spent_s: f64,
    blocks: u32,
    /// Turns that have been taken.
    turns: u32,
    /// A block without its probes: by the plan, then as the latest one was.
    load_s: f64,
    /// The first block, in which more is checked, takes so much longer by the plan.
    first_more_s: f64,
    /// What probes were to take, and what they took.
    expected_s: f64,
    probes_s: f64,
}

impl Pace {
    /// The pace of a plan of which nothing has run, with what each probe takes, in seconds.
    #[must_use]
    pub(crate) fn new(plan: &Plan, takes_s: Vec<f64>) -> Pace {
        Pace {
            budget_s: plan.budget_s,
            fewest: plan.fewest_blocks(),
            planned_s: plan.shape.turns_s,
            takes_s,
            spent_s: 0.0,
            blocks: 0,
            turns: 0,
            load_s: plan.load_only_block_s(),
            first_more_s: plan.first_block_more_s(),
            expected_s: 0.0,
            probes_s: 0.0,
        }
    }

    /// A block has ended.
    pub(crate) fn spend(&mut self, taken: Taken) {
        self.spent_s += taken.block_s;
        self.blocks += 1;
        self.turns += taken.turns.count;
        self.load_s = (taken.block_s - taken.probes_s).max(0.0);
        if self.blocks == 1 {
            // The first checks more than those that come.
            self.load_s = (self.load_s - self.first_more_s).max(self.load_s / 2.0);
        }
        self.expected_s += f64::from(taken.trials) * taken.turns.seconds(&self.takes_s);
        self.probes_s += taken.probes_s;
    }

    /// Seconds that are left when the block that runs now has these probes in so many trials, and the fewest blocks have run after it.
    #[must_use]
    pub(crate) fn spare_s(&self, turns: Turns, trials: u32) -> f64 {
        let probes_s = f64::from(trials) * turns.seconds(&self.takes_s) * self.slowness();
        self.left_for_probes_s() - ALLOWANCE * probes_s
    }

    /// The probes of the next block, which has so many trials, or none of it when not even its load would fit. The first block always runs: it
    /// tells what blocks take.
    #[must_use]
    pub(crate) fn next(&self, trials: u32) -> Option<Turns> {
        let affordable_s =
            self.left_for_probes_s() / (ALLOWANCE * f64::from(trials.max(1)) * self.slowness());
        let at_least_s = if self.blocks == 0 { FIRST_S } else { 0.0 };
        let share = Share {
            planned_s: self.planned_s.max(at_least_s),
            affordable_s: affordable_s.max(at_least_s),
            blocks: self.after_this() + 1,
        };
        let fits = self.blocks == 0 || self.load_s * ALLOWANCE <= self.budget_s - self.spent_s;
        fits.then(|| Turns::next(&self.takes_s, self.turns, share))
    }

    /// What is left when this block and the fewest after it have had their load.
    fn left_for_probes_s(&self) -> f64 {
        let load_s = f64::from(self.after_this() + 1) * self.load_s * ALLOWANCE;
        let more_s = if self.blocks == 0 { self.first_more_s } else { 0.0 };
        self.budget_s - self.spent_s - load_s - more_s
    }

    /// How many of the fewest blocks come after the next one.
    fn after_this(&self) -> u32 {
        self.fewest.saturating_sub(self.blocks + 1)
    }

    /// How many times as long as expected probes take here.
    fn slowness(&self) -> f64 {
        if self.expected_s > 0.0 && self.probes_s > 0.0 {
            (self.probes_s / self.expected_s).clamp(SLOWNESS.0, SLOWNESS.1)
        } else {
            1.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, Taken};
    use bakeoff_core::plan::{Plan, Turns};

    const TAKES_S: [f64; 4] = [1.0, 1.0, 3.0, 2.0];

    fn pace(budget_s: f64) -> Pace {
        let names = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        Pace::new(&Plan::new(names, budget_s, 1), TAKES_S.to_vec())
    }

    /// The turns of the blocks that fit, when the load of a block takes `load_s`, and probes `slowness` times as long as thought.
    fn blocks(budget_s: f64, load_s: f64, slowness: f64) -> Vec<u32> {
        let mut pace = pace(budget_s);
        let mut counts = Vec::new();
        while let Some(turns) = pace.next(3) {
            // The first block holds three contenders to the whole contract.
            let more_s = if counts.is_empty() { 3.9 } else { 0.0 };
            counts.push(turns.count);
            let probes_s = 3.0 * turns.seconds(&TAKES_S) * slowness;
            pace.spend(Taken {
                block_s: load_s + more_s + probes_s,
                probes_s,
                turns,
                trials: 3,
            });
            if counts.len() == 5 {
                break;
            }
        }
        counts
    }

    #[test]
    fn all_probes_have_a_turn_where_the_budget_allows_and_blocks_come_before_probes() {
        let all = blocks(120.0, 12.0, 1.0);
        assert_eq!((all.len(), all.iter().sum::<u32>() >= 4), (5, true), "{all:?}");
        let tight = blocks(78.0, 12.0, 1.0);
        assert_eq!(tight.len(), 5, "{tight:?}");
        assert!((1..4).contains(&tight.iter().sum::<u32>()), "{tight:?}");
        let slow = blocks(100.0, 12.0, 3.0);
        assert_eq!(slow.len(), 5, "{slow:?}");
        assert!(blocks(30.0, 12.0, 1.0).len() < 5);
    }

    #[test]
    fn what_an_earlier_session_spent_counts_and_its_turns_go_on() {
        let mut pace = pace(120.0);
        let first = pace.next(3).unwrap();
        pace.spend(Taken {
            block_s: 20.0,
            probes_s: 6.0,
            turns: first,
            trials: 3,
        });
        pace.spend(Taken {
            block_s: 12.0,
            probes_s: 0.0,
            turns: Turns::NONE,
            trials: 0,
        });
        let next = pace.next(3).unwrap();
        assert_eq!(next.first, first.count, "a block without probes takes no turn");
        pace.spend(Taken {
            block_s: 85.0,
            probes_s: 0.0,
            turns: Turns::NONE,
            trials: 0,
        });
        assert_eq!(pace.next(3), None);
    }

    #[test]
    fn the_first_block_always_runs_and_has_some_probes() {
        assert!(pace(1.0).next(3).is_some_and(|turns| turns.count >= 2));
    }

    #[test]
    fn only_what_no_block_needs_is_to_spare() {
        let mut pace = pace(300.0);
        pace.spend(Taken {
            block_s: 12.0,
            probes_s: 0.0,
            turns: Turns::NONE,
            trials: 0,
        });
        // 288 s are left for four blocks' load with their allowance, which the first block told, and probes of 2 s in three trials.
        let load_s = 12.0 - 3.0 * 1.3;
        let turns = Turns { first: 0, count: 2 };
        let expected = 288.0 - 1.05 * (4.0 * load_s + 6.0);
        assert!((pace.spare_s(turns, 3) - expected).abs() < 1e-9);
    }
}
