//! The user's own measures, such as hiring time or licence costs: what no run can measure, in the form of a decision
//! problem's criterion. A measure belongs to one of the six criteria or to one of its own. The brief is its only
//! source.

use crate::metric::{Better, Scale};
use crate::range::Range;
use crate::smaa::Evidence;
use crate::value::{Ends, ValueFunction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A measure that the brief states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnMeasure {
    /// The word of documents and `results.json`; no metric has it.
    pub id: String,
    /// Its title for a reader.
    pub title: String,
    /// The unit, as it stands beside the number; may be empty.
    pub unit: String,
    /// The id of the criterion whose weight it shares: one of the six, or a criterion of the brief's own.
    pub criterion: String,
    /// Which way is better.
    pub better: Better,
    /// Value 0, in its unit.
    pub worst: f64,
    /// Value 1, in its unit.
    pub best: f64,
    /// The scale between them.
    pub scale: Scale,
    /// What lies beyond them.
    pub ends: Ends,
    /// What is known, by contender; one that is not named has no evidence.
    pub values: BTreeMap<String, Evidence>,
}

impl OwnMeasure {
    /// Its value function.
    #[must_use]
    pub fn value_function(&self) -> ValueFunction {
        ValueFunction {
            zero: self.worst,
            one: self.best,
            scale: self.scale,
            ends: self.ends,
        }
    }

    /// What is known of a contender.
    #[must_use]
    pub fn evidence(&self, contender: &str) -> Evidence {
        self.values.get(contender).cloned().unwrap_or(Evidence::Missing)
    }

    /// The mean and the central 95 % of what is known of a contender; none without evidence.
    #[must_use]
    pub fn range(&self, contender: &str) -> Option<Range> {
        self.evidence(contender).range()
    }
}
