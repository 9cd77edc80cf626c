//! A trial's first attempt, where the trial ran twice. Does not hold what the attempt left: the repeat replaces it.

use serde::{Deserialize, Serialize};

/// The attempt that the machine, the generator or the lab's services disturbed, so that the trial ran a second time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisturbedAttempt {
    /// Its start, in seconds from the start of the measuring.
    pub at_s: f64,
    /// Its length, in seconds.
    pub seconds: f64,
    /// What disturbed it, in words.
    pub reason: String,
}
