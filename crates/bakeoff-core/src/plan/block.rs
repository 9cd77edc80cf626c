//! The blocks of a run: every entrant once, in random order. Does not draw the orders: `round` does.

use crate::entrant::Entrant;
use serde::{Deserialize, Serialize};

/// Every entrant once, in random order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedBlock {
    /// Counted from 0.
    pub index: u32,
    /// Trials in the order in which they run.
    pub trials: Vec<PlannedTrial>,
}

/// One entrant's place in a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTrial {
    /// The block, counted from 0.
    pub block: u32,
    /// The place within the block, counted from 0.
    pub position: u32,
    /// Who runs.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// The seed of this trial's load: the same for every entrant of a block, so that all get the same requests.
    pub seed: u64,
}
