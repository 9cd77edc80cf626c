//! What a check found: a value and the bound that it passes, both on the check's own scale. Decides nothing.

use super::check::Check;
use crate::range::Range;
use serde::{Deserialize, Serialize};

/// An estimate of which the whole interval is impossible.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ImpossibleValue {
    /// The law that it breaks.
    pub check: Check,
    /// The value with its 95 % interval, on the check's scale.
    pub seen: Range,
    /// The bound that all of the interval is beyond, on the same scale.
    pub bound: f64,
}

/// Trials with an impossible value: kept and counted up to one in five, else the metric is no evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImpossibleTrials {
    /// The law that they break.
    pub check: Check,
    /// How many do.
    pub trials: usize,
    /// Their blocks.
    pub blocks: Vec<u32>,
    /// All trials that the check could judge.
    pub of: usize,
    /// The value that is furthest beyond the bound, on the check's scale.
    pub worst: f64,
    /// The bound.
    pub bound: f64,
}
