//! What the rounds of a plan take, as expected before any of them has run. Does not learn: `schedule::costs` does.

use super::launch_budget::LaunchBudget;
use super::trial_budget::TrialBudget;

/// The sizes of a field and of its rounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    /// Contenders of the field.
    pub(super) contenders: u32,
    /// Twins: one, or none.
    pub(super) twins: u32,
    /// The time of the parts of a launch.
    pub(super) launch: LaunchBudget,
    /// The time of the parts of a trial.
    pub(super) trial: TrialBudget,
}

impl Expected {
    /// This many rounds of all entrants without probes, each launch with `blocks` blocks, in seconds.
    pub(super) fn rounds_s(&self, rounds: u32, blocks: u32) -> f64 {
        let later_s = self.launch.expected_s(false);
        let first_more_s = f64::from(self.contenders) * (self.launch.expected_s(true) - later_s);
        let entrants = self.contenders + self.twins;
        f64::from(rounds) * self.round_s(entrants, blocks) + first_more_s
    }

    /// A later round of this many entrants without probes, in seconds.
    pub(super) fn round_s(&self, entrants: u32, blocks: u32) -> f64 {
        let launch_s = self.launch.expected_s(false);
        let each_s = launch_s + f64::from(blocks) * self.trial.load_s() + LaunchBudget::RETIRE_S;
        f64::from(entrants) * each_s + waits_s(entrants, launch_s, self.trial.load_s(), self.launch.rest_s)
    }
}

/// The time that a round waits because servers have not rested for `rest_s` when their first trials come, which run in
/// the order of the launches, in seconds.
pub(super) fn waits_s(entrants: u32, launch_s: f64, trial_s: f64, rest_s: f64) -> f64 {
    let mut now_s = f64::from(entrants) * launch_s;
    let mut waits_s = 0.0;
    for place in 0..entrants {
        let rested_s = now_s - f64::from(place + 1) * launch_s;
        let wait_s = (rest_s - rested_s).max(0.0);
        waits_s += wait_s;
        now_s += wait_s + trial_s;
    }
    waits_s
}

#[cfg(test)]
mod tests {
    use super::{Expected, waits_s};
    use crate::plan::{LaunchBudget, TrialBudget};

    #[test]
    fn a_small_field_waits_for_its_rest_and_a_large_one_does_not() {
        // The first of three has rested for 20 s when the launches are over, the second for 25 s at its turn.
        assert_eq!(waits_s(3, 10.0, 5.0, 30.0), 20.0);
        assert_eq!(waits_s(9, 10.0, 5.0, 30.0), 0.0);
        assert_eq!(waits_s(0, 10.0, 5.0, 30.0), 0.0);
    }

    #[test]
    fn three_rounds_of_eight_contenders_and_a_twin_leave_time_for_probes_in_twenty_minutes() {
        let field = Expected {
            contenders: 8,
            twins: 1,
            launch: LaunchBudget::STANDARD,
            trial: TrialBudget::STANDARD,
        };
        let loads_s = field.rounds_s(3, 2);
        assert!((450.0..750.0).contains(&loads_s), "{loads_s}");
        assert!(field.rounds_s(2, 3) < loads_s);
    }
}
