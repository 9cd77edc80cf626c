//! How much of a run is left, from the time of its trials so far. Reads no clock: the caller passes the time of day.

use bakeoff_core::plan::Plan;
use bakeoff_core::words::number;
use jiff::{SignedDuration, ZonedDateTime};

/// The rest of the measuring.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Remaining {
    blocks: u32,
    block: u32,
    trials: usize,
    done: usize,
    budget_s: f64,
    spent_s: f64,
    /// Seconds and number of the trials that ended in this session.
    seen: (f64, usize),
    /// The planned time of a trial, in seconds, for as long as none has ended.
    planned_trial_s: f64,
}

impl Remaining {
    /// The rest of a plan of which `done` trials are stored, which took `spent_s` seconds.
    pub(super) fn new(plan: &Plan, done: usize, spent_s: f64) -> Remaining {
        let trials: usize = plan.blocks.iter().map(|block| block.trials.len()).sum();
        let per_block = trials as f64 / plan.blocks.len().max(1) as f64;
        Remaining {
            blocks: plan.blocks.len() as u32,
            block: 0,
            trials,
            done,
            budget_s: plan.budget_s,
            spent_s,
            seen: (0.0, 0),
            planned_trial_s: plan.block_s() / per_block.max(1.0),
        }
    }

    pub(super) fn blocks(&self) -> u32 {
        self.blocks
    }

    pub(super) fn block(&self) -> u32 {
        self.block
    }

    pub(super) fn started(&mut self, block: u32) {
        self.block = block;
    }

    pub(super) fn add_trial(&mut self) {
        self.trials += 1;
    }

    pub(super) fn finished(&mut self, seconds: f64) {
        self.done += 1;
        self.seen = (self.seen.0 + seconds, self.seen.1 + 1);
    }

    /// The time that is left, in seconds, if the trials to come take as long as those that ran, within the budget.
    pub(super) fn seconds(&self) -> f64 {
        let budget_s = (self.budget_s - self.spent_s - self.seen.0).max(0.0);
        self.by_trials_s().min(budget_s)
    }

    fn by_trials_s(&self) -> f64 {
        let each = if self.seen.1 == 0 {
            self.planned_trial_s
        } else {
            self.seen.0 / self.seen.1 as f64
        };
        each * self.trials.saturating_sub(self.done) as f64
    }

    /// `3 min 20 s left, until about 10:42`.
    pub(super) fn words(&self, now: ZonedDateTime) -> String {
        let seconds = self.seconds();
        let left = number::duration_s((seconds / 5.0).ceil() * 5.0);
        match now.checked_add(SignedDuration::from_secs(seconds as i64)) {
            Ok(end) => format!("about {left} left, until {}", end.strftime("%H:%M")),
            Err(_) => format!("about {left} left"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Remaining;
    use bakeoff_core::plan::Plan;

    #[test]
    fn the_estimate_follows_the_plan_then_the_trials_and_never_exceeds_the_budget() {
        let plan = Plan::new(vec!["a".to_owned(), "b".to_owned()], 120.0, 1, vec![28.4]);
        let trials: usize = plan.blocks.iter().map(|block| block.trials.len()).sum();
        let mut remaining = Remaining::new(&plan, 0, 0.0);
        let planned = plan.block_s() * plan.blocks.len() as f64;
        assert!((remaining.seconds() - planned.min(120.0)).abs() < 1e-6);
        remaining.finished(1.0);
        assert!((remaining.seconds() - ((trials - 1) as f64).min(119.0)).abs() < 1e-6);
        remaining.finished(100.0);
        assert!((remaining.seconds() - 19.0).abs() < 1e-6);
    }
}
