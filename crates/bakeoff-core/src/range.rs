//! A value with its 95 % interval: what estimates, scores, weights and probabilities are passed on as. It carries no
//! unit: the field that holds it names the unit.

use serde::{Deserialize, Serialize};

/// A value and the two ends of its 95 % interval, all in the same unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The value.
    pub value: f64,
    /// Lower end, at most `value`.
    pub low: f64,
    /// Upper end, at least `value`.
    pub high: f64,
}
