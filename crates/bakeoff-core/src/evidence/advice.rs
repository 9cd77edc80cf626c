//! Advice: whether the next block is worth its time, with the numbers that say so. Stored with the run; how it is computed is
//! [`crate::stop`].

use crate::plan::Probes;
use serde::{Deserialize, Serialize};

/// Whether to measure on and what, and why. It is computed after each block and stored as evidence of why a run went on or
/// stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Blocks that had run by then.
    pub after_blocks: u32,
    /// What to do next.
    pub next: Next,
    /// Whether the next block should have its probes.
    pub probes: Probes,
    /// Why, in a sentence with its numbers.
    pub reason: String,
    /// Expected loss of choosing the leader then, in value (0 to 1).
    pub expected_loss: f64,
    /// How many further blocks the value and the price are for.
    pub blocks: u32,
    /// What they would take, in seconds.
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
    /// Enough is known, or more would not be worth its time.
    Stop,
}

impl Advice {
    /// Expected value of sample information a second of the blocks that were weighed; none where none were.
    #[must_use]
    pub fn value_a_second(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.value / self.seconds)
    }
}
