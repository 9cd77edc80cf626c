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
    /// The longest load that wakes a server before a trial.
    #[serde(default = "standard_wake_max_s")]
    pub wake_max_s: f64,
    /// The pause in which a settled server must keep its level, as a multiple of the pause of its language's row: 1,
    /// and less only in tests.
    #[serde(default = "standard_pause_share")]
    pub pause_share: f64,
}

const fn standard_wake_max_s() -> f64 {
    LaunchBudget::STANDARD.wake_max_s
}

const fn standard_pause_share() -> f64 {
    LaunchBudget::STANDARD.pause_share
}

impl LaunchBudget {
    /// The limits of `docs/method.md`.
    pub const STANDARD: LaunchBudget = LaunchBudget {
        warm_max_s: 60.0,
        rest_s: 30.0,
        wake_max_s: 10.0,
        pause_share: 1.0,
    };
}
