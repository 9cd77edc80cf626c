//! The steps of a run. Does not choose them: `next` does.

use crate::evidence::{DisturbedAttempt, StopReason};
use crate::plan::{PlannedTrial, ProbeSlots, TrialBudget};

/// One step of a run. A driver performs it and adds what it leaves to the run.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Run this trial; it leaves a trial.
    Trial(ScheduledTrial),
    /// Run the last trial again, because it was disturbed; the trial that it leaves takes the place of the last one.
    Repeat(ScheduledTrial),
    /// Compute `stop::advise` for the run; it leaves an advice.
    Advise,
    /// Measure no more.
    Stop(StopReason),
}

/// A planned trial with the time of its parts and the probes that are due in its block.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledTrial {
    /// Contender, place and seed.
    pub planned: PlannedTrial,
    /// The time of its parts, and its probes.
    pub budget: TrialBudget,
    /// The attempt that it repeats; none for a first attempt.
    pub first_attempt: Option<DisturbedAttempt>,
}

impl ScheduledTrial {
    /// A first attempt with these probes. The twin has its load only: its purpose is the noise between two runs of
    /// the same.
    pub(super) fn new(planned: &PlannedTrial, budget: &TrialBudget, slots: ProbeSlots) -> ScheduledTrial {
        ScheduledTrial {
            planned: planned.clone(),
            budget: budget.with_slots(if planned.entrant.is_twin() {
                ProbeSlots::NONE
            } else {
                slots
            }),
            first_attempt: None,
        }
    }
}
