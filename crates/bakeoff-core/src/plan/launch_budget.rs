//! The time that each part of a launch gets. The limits of the parts are the same for every contender; what a runtime
//! needs to become warm is a column of its language's row. Does not decide which launches run.

use serde::{Deserialize, Serialize};

/// The time that each part of a launch gets, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LaunchBudget {
    /// The longest warm-up, from the first request to the settled level; a runtime with compiler threads gets three
    /// times as long.
    pub warm_max_s: f64,
    /// The rest before the first trial, which `after_rest_ratio` needs.
    pub rest_s: f64,
}

impl LaunchBudget {
    /// The limits of `docs/method.md`.
    pub const STANDARD: LaunchBudget = LaunchBudget {
        warm_max_s: 60.0,
        rest_s: 30.0,
    };
}
