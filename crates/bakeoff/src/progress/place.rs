//! Where a run is: the round, and the block where a trial runs. Shows nothing of when it will end.

use bakeoff_core::evidence::Run;
use bakeoff_core::schedule::Step;
use std::fmt;

/// A place in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Counted from 0.
    round: u32,
    /// Counted from 0 through the whole run; none while servers start or end.
    block: Option<u32>,
}

impl Place {
    /// The place of a step; none between rounds.
    pub(super) fn of(step: &Step, run: &Run) -> Option<Place> {
        let round_of = |id: u32| {
            let launch = run.launches.iter().find(|launch| launch.id == id);
            launch.map(|launch| launch.round)
        };
        match step {
            Step::Launch(scheduled) => Some(Place {
                round: scheduled.planned.round,
                block: None,
            }),
            Step::Trial(scheduled) | Step::Repeat(scheduled) => Some(Place {
                round: round_of(scheduled.launch)?,
                block: Some(scheduled.planned.block),
            }),
            Step::Retire(scheduled) => Some(Place {
                round: round_of(scheduled.launch)?,
                block: None,
            }),
            Step::Advise | Step::Stop(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "round {}", self.round + 1)?;
        match self.block {
            Some(block) => write!(f, " · block {}", block + 1),
            None => Ok(()),
        }
    }
}
