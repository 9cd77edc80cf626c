//! The rounds of a run: in each, every contender is launched once, lives through the round's blocks and is retired.
//! Does not decide whether a round runs.

use super::PlannedBlock;
use crate::entrant::Entrant;
use serde::{Deserialize, Serialize};

/// Launches of all entrants, and the blocks that they live through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRound {
    /// Counted from 0.
    pub index: u32,
    /// Launches in the order in which they begin.
    pub launches: Vec<PlannedLaunch>,
    /// Blocks in order; their indices count on through the run.
    pub blocks: Vec<PlannedBlock>,
}

/// One entrant's launch in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLaunch {
    /// The round, counted from 0.
    pub round: u32,
    /// Who is started.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// The seed of its warm-up: the same for every entrant of a round.
    pub seed: u64,
}
