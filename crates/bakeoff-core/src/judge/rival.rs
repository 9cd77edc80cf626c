//! A contender on its way to the choice: how near it is, and what separates it from the leader. Decides nothing.

use crate::margin::Margin;

/// A contender that no veto has removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// Its name.
    pub contender: String,
    /// Probability of being the best, over measurement noise, missing data and open priorities.
    pub p_best: f64,
    /// What separates the leader from it; none for the leader itself.
    pub margin: Option<Margin>,
}
