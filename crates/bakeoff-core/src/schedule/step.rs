//! The steps of a run. Does not choose them: `next` does.

use crate::evidence::{DisturbedAttempt, StopReason};
use crate::plan::{LaunchBudget, PlannedLaunch, PlannedTrial, ProbeSlots, TrialBudget};

/// One step of a run. A driver performs it and adds what it leaves to the run.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Start an entrant and make it warm; it leaves a launch.
    Launch(ScheduledLaunch),
    /// Run this trial; it leaves a trial.
    Trial(ScheduledTrial),
    /// Run the last trial again, because it was disturbed; the trial that it leaves takes the place of the last one.
    Repeat(ScheduledTrial),
    /// End a launch; it leaves the end of the launch.
    Retire(ScheduledRetirement),
    /// Compute `stop::advise` for the run; it leaves an advice.
    Advise,
    /// Measure no more.
    Stop(StopReason),
}

/// A planned launch with the time of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledLaunch {
    /// The id that the launch gets: the number of launches before it.
    pub id: u32,
    /// Contender, round and seed.
    pub planned: PlannedLaunch,
    /// The time of its parts.
    pub budget: LaunchBudget,
    /// Whether no launch of the contender has come to its first trial before, and it is not the twin: it is held to the
    /// whole contract, and it warms up on the brief's processors alone, as a user's server does.
    pub is_first: bool,
}

/// A planned trial with the time of its parts and the probes that are due in its block.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledTrial {
    /// Contender, place and seed.
    pub planned: PlannedTrial,
    /// The id of the launch that wakes for it.
    pub launch: u32,
    /// Whether the first second after a rest is observed in it: it is the first of its entrant in the round that is no
    /// repeat, and it waits until the server has rested for the time that the launch's budget has for it.
    pub is_first_of_launch: bool,
    /// The time of its parts, and its probes.
    pub budget: TrialBudget,
    /// The attempt that it repeats; none for a first attempt.
    pub first_attempt: Option<DisturbedAttempt>,
}

/// The end of a launch whose round is over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScheduledRetirement {
    /// The id of the launch.
    pub launch: u32,
    /// The probes that end a server, which run where they are due; none for the twin.
    pub slots: ProbeSlots,
    /// The time of each part of its trials, which probes take their lengths from.
    pub budget: TrialBudget,
    /// The seed of the probes.
    pub seed: u64,
}
