//! Whether the next block still fits into the budget. Deliberately pure: it is told what blocks have taken.

/// A block may take a little longer than the longest before it.
const ALLOWANCE: f64 = 1.03;

/// What has been spent of a budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    budget_s: f64,
    spent_s: f64,
    longest_block_s: f64,
}

impl Pace {
    /// A budget of which `spent_s` seconds are spent, and what a block takes by the plan, in seconds.
    #[must_use]
    pub(crate) fn new(budget_s: f64, spent_s: f64, planned_block_s: f64) -> Pace {
        // The plan is a guess: it counts for half, so that a slow machine is found out by its first block and not before it.
        Pace {
            budget_s,
            spent_s,
            longest_block_s: planned_block_s / 2.0,
        }
    }

    /// A block has ended that took so many seconds.
    pub(crate) fn spend(&mut self, block_s: f64) {
        self.spent_s += block_s;
        self.longest_block_s = self.longest_block_s.max(block_s);
    }

    /// Whether one more block fits.
    #[must_use]
    pub(crate) fn has_room(&self) -> bool {
        self.spent_s + self.longest_block_s * ALLOWANCE <= self.budget_s
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn stops_before_the_block_that_would_not_fit() {
        let mut pace = Pace::new(100.0, 0.0, 20.0);
        let mut blocks = 0;
        while pace.has_room() {
            pace.spend(24.0);
            blocks += 1;
        }
        assert_eq!(blocks, 4);
    }

    #[test]
    fn what_an_earlier_session_spent_counts() {
        assert!(!Pace::new(100.0, 95.0, 20.0).has_room());
        assert!(Pace::new(100.0, 80.0, 20.0).has_room());
    }
}
