//! What the next block may cost: all of a trial, its load only, or nothing, so that the fewest blocks for an interval fit into the budget. Deliberately pure: it is told
//! what blocks have taken.

use bakeoff_core::plan::{MIN_BLOCKS, Probes};

/// A block may take a little longer than those before it.
const ALLOWANCE: f64 = 1.05;

/// What a block without probes takes of a whole one, until one has run.
const LOAD_ONLY_SHARE: f64 = 0.6;

/// What has been spent of a budget, and on what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    budget_s: f64,
    spent_s: f64,
    blocks: u32,
    /// The latest block of either kind, in seconds.
    whole_s: f64,
    load_only_s: Option<f64>,
}

impl Pace {
    /// A budget of which `spent_s` seconds are spent on `blocks` blocks, and what a block takes by the plan, in seconds.
    #[must_use]
    pub(crate) fn new(budget_s: f64, spent_s: f64, blocks: u32, planned_block_s: f64) -> Pace {
        let whole_s = if blocks == 0 {
            planned_block_s
        } else {
            spent_s / f64::from(blocks)
        };
        Pace {
            budget_s,
            spent_s,
            blocks,
            whole_s,
            load_only_s: None,
        }
    }

    /// A block has ended that took so many seconds.
    pub(crate) fn spend(&mut self, block_s: f64, probes: Probes) {
        self.spent_s += block_s;
        self.blocks += 1;
        match probes {
            Probes::Due => self.whole_s = block_s,
            Probes::LeftOut => self.load_only_s = Some(block_s),
        }
    }

    /// Seconds that are left when the block that runs now is whole and the fewest blocks have run after it.
    #[must_use]
    pub(crate) fn spare_s(&self) -> f64 {
        let load_only = self.load_only_s.unwrap_or(self.whole_s * LOAD_ONLY_SHARE);
        let after_this = f64::from(MIN_BLOCKS.saturating_sub(self.blocks + 1));
        self.budget_s - self.spent_s - ALLOWANCE * (self.whole_s + after_this * load_only)
    }

    /// What the next block may have, or none when it would not fit. The first block always runs: it tells what blocks take.
    #[must_use]
    pub(crate) fn next(&self) -> Option<Probes> {
        if self.blocks == 0 {
            return Some(Probes::Due);
        }
        let whole = self.whole_s * ALLOWANCE;
        let load_only = self.load_only_s.unwrap_or(self.whole_s * LOAD_ONLY_SHARE) * ALLOWANCE;
        let after_this = f64::from(MIN_BLOCKS.saturating_sub(self.blocks + 1));
        let left = self.budget_s - self.spent_s;
        if whole + after_this * load_only <= left {
            Some(Probes::Due)
        } else {
            (load_only <= left).then_some(Probes::LeftOut)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use bakeoff_core::plan::Probes;

    /// The blocks that fit when a whole one takes `whole_s` and one without probes `load_only_s`.
    fn blocks(budget_s: f64, whole_s: f64, load_only_s: f64) -> (u32, u32) {
        let mut pace = Pace::new(budget_s, 0.0, 0, whole_s);
        let mut counts = (0, 0);
        while let Some(probes) = pace.next() {
            match probes {
                Probes::Due => counts.0 += 1,
                Probes::LeftOut => counts.1 += 1,
            }
            pace.spend(
                if probes == Probes::Due {
                    whole_s
                } else {
                    load_only_s
                },
                probes,
            );
        }
        counts
    }

    #[test]
    fn probes_are_left_out_before_blocks_are() {
        assert_eq!(blocks(240.0, 40.0, 22.0), (5, 1));
        assert_eq!(blocks(240.0, 55.0, 30.0), (3, 2));
        assert_eq!(blocks(240.0, 70.0, 40.0), (1, 4));
        assert_eq!(blocks(100.0, 60.0, 36.0), (1, 1));
    }

    #[test]
    fn what_an_earlier_session_spent_counts() {
        assert_eq!(Pace::new(100.0, 95.0, 5, 20.0).next(), None);
        assert_eq!(Pace::new(100.0, 70.0, 4, 20.0).next(), Some(Probes::Due));
    }

    #[test]
    fn only_what_no_block_needs_is_to_spare() {
        let mut pace = Pace::new(300.0, 0.0, 0, 40.0);
        pace.spend(40.0, Probes::Due);
        // 260 s are left for a whole block and three of 24 s, each with its allowance.
        assert!((pace.spare_s() - (260.0 - 1.05 * (40.0 + 72.0))).abs() < 1e-9);
    }

    #[test]
    fn the_first_block_always_runs() {
        assert_eq!(Pace::new(1.0, 0.0, 0, 60.0).next(), Some(Probes::Due));
    }
}
