//! The problem that the simulation takes: alternatives, criteria with their measures, what is known of each value,
//! and the weights that fit the stated priorities.

use super::evidence::Evidence;
use super::weights::Region;
use crate::value::ValueFunction;

/// A decision problem.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The alternatives' names, all different, at least one.
    pub alternatives: Vec<String>,
    /// The criteria, named as in `region`, in its order; at least one.
    pub criteria: Vec<Criterion>,
    /// The weights that fit what was said.
    pub region: Region,
    /// Whether samples were drawn together: all [`Evidence::Samples`] have one length, and the samples at one place
    /// belong to one world. Else every unknown is independent of the others.
    pub joint: bool,
    /// How many samples, at least one.
    pub samples: u32,
    /// The seed: the same gives the same decision to the last bit.
    pub seed: u64,
}

/// A criterion and the measures that share its weight.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// Its measures. A criterion without one has no weight; the others keep their proportions.
    pub measures: Vec<Measure>,
}

/// What is known of every alternative in one respect.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its name, different from the others of the criterion.
    pub name: String,
    /// How a value becomes a score.
    pub value: ValueFunction,
    /// For each alternative.
    pub evidence: Vec<Evidence>,
}
