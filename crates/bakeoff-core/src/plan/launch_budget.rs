//! The time that each part of a launch gets. The limits of the parts are the same for every contender; what a runtime
//! needs to become warm is a column of its language's row. Does not decide which launches run.

use serde::{Deserialize, Serialize};

/// The time of a start, the idle memory, the contract's cases of the mix, and the way to rest, in seconds, as expected
/// before a run has shown it.
const START_S: f64 = 1.5;

/// The time from the first request of the closed loop to the second hold after the pause, in seconds, as expected
/// before a run has shown it: 2 to 9 s of calls, and 7 s at the brief's rate with the pause on a machine that does not
/// scatter, more on others.
const WARM_UP_S: f64 = 12.0;

/// The same where every launch warms up on the brief's processors alone, in seconds: only JVMs have a prepared start,
/// and on one processor, which compiles and serves, they settle after 80 to 100 s.
const WARM_UP_ALONE_S: f64 = 100.0;

/// What a contender's first launch takes beyond that, in seconds: the whole contract on a server of its own, and a
/// warm-up on the brief's processors alone.
const FIRST_MORE_S: f64 = 4.0;

/// How many times as long the warm-up of a runtime with compiler threads may take.
const WITH_COMPILER_THREADS: f64 = 3.0;

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
    /// Whether every launch warms up on the brief's processors alone, as a contender's first does: then each of them
    /// observes the warm-up that a user meets.
    #[serde(default, skip_serializing_if = "is_false")]
    pub alone: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(alone: &bool) -> bool {
    !*alone
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
        alone: false,
    };

    /// The time that stopping a server takes without any probe, in seconds, as expected before a run has shown it.
    pub const RETIRE_S: f64 = 0.5;

    /// The expected time of a launch until it is warm and at rest, in seconds; that of a contender's first is longer.
    #[must_use]
    pub fn expected_s(&self, is_first: bool) -> f64 {
        let more_s = if is_first { FIRST_MORE_S } else { 0.0 };
        let warm_up_s = if self.alone {
            WARM_UP_ALONE_S.min(self.warm_max_s * WITH_COMPILER_THREADS)
        } else {
            WARM_UP_S.min(self.warm_max_s)
        };
        START_S + warm_up_s + more_s
    }
}

impl Default for LaunchBudget {
    fn default() -> LaunchBudget {
        LaunchBudget::STANDARD
    }
}
