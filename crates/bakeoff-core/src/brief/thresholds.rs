//! `[verdict]`: what it takes to be chosen, as probabilities. How much a value is worth is set by preferences and
//! value functions.

use serde::{Deserialize, Serialize};

/// The thresholds of the three answers; [`crate::judge::answer`] explains each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// To be chosen, the leader is the best of all with at least this probability.
    pub p_best: f64,
    /// To be chosen, the leader beats each other one with at least this probability.
    pub pairwise: f64,
    /// To be chosen, the leader is ahead of the next with at least this probability when priorities are settled at
    /// their mean: what is left is noise and missing evidence.
    pub separated: f64,
}

impl Default for Thresholds {
    /// One half, 0.6 and 0.95.
    fn default() -> Thresholds {
        Thresholds {
            p_best: 0.5,
            pairwise: 0.6,
            separated: 0.95,
        }
    }
}
