//! The advice after a block, kept as evidence of why a run went on and why it stopped. Does not give it: `stop` does.

use crate::plan::Probes;
use serde::{Deserialize, Serialize};

/// Whether to measure on and what, and why, as of one block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// The number of blocks that had run.
    pub after_blocks: u32,
    /// What to do next.
    pub next: Next,
    /// Whether the next block should have probes.
    pub probes: Probes,
    /// Why, in a sentence with its numbers.
    pub reason: String,
    /// Expected loss of choosing the leader then, in value (0 to 1).
    pub expected_loss: f64,
    /// The blocks that were weighed.
    pub blocks: u32,
    /// The time that they would take, in seconds.
    pub seconds: f64,
    /// Their expected value of sample information, in value (0 to 1).
    pub value: f64,
    /// Their price, in value (0 to 1).
    pub price: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// Run another block.
    GoOn,
    /// The verdict is settled, or more blocks would not be worth their time.
    Stop,
}

impl Advice {
    /// Expected value of sample information of the weighed blocks, per second; none where no block was weighed.
    #[must_use]
    pub fn value_per_second(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.value / self.seconds)
    }
}
