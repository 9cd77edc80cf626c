//! How much of a contender was measured under load, and whether that is enough for an answer.

use super::trial::Trial;
use crate::plan::{MIN_BLOCKS, MIN_LAUNCHES};
use serde::Serialize;
use std::collections::BTreeSet;

/// Launches and blocks that put load on a contender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// Launches; a trial of an earlier version was a launch of its own.
    pub launches: u32,
    /// Blocks.
    pub blocks: u32,
}

impl Extent {
    /// What an answer needs of a contender.
    pub const NEEDED: Extent = Extent {
        launches: MIN_LAUNCHES,
        blocks: MIN_BLOCKS,
    };

    /// What an answer needs of a service that ran already: nobody can start it again, and the answer is about the one
    /// that runs.
    pub const NEEDED_OF_RUNNING: Extent = Extent {
        launches: 1,
        blocks: MIN_BLOCKS,
    };

    /// What those trials of one contender are.
    pub(crate) fn of<'t>(trials: impl IntoIterator<Item = &'t Trial>) -> Extent {
        let mut launches = BTreeSet::new();
        let mut blocks = BTreeSet::new();
        for trial in trials.into_iter().filter(|trial| trial.load.is_some()) {
            blocks.insert(trial.block);
            launches.insert(match trial.launch {
                Some(launch) => (launch, None),
                None => (trial.block, Some(trial.position)),
            });
        }
        Extent {
            launches: launches.len() as u32,
            blocks: blocks.len() as u32,
        }
    }

    /// Whether both reach what is needed.
    #[must_use]
    pub const fn reaches(self, needed: Extent) -> bool {
        self.launches >= needed.launches && self.blocks >= needed.blocks
    }
}
