//! How a launch woke for a trial: the rest before it, and the load that does not count. Judges nothing: the lab says
//! whether the settled level came back.

use super::warm_up::WarmWindow;
use serde::{Deserialize, Serialize};

/// The rest before a trial and the load that woke the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WakeUp {
    /// How long it had rested, in seconds.
    pub rested_s: f64,
    /// The share of one processor that it used while it rested, 0 and up; where it was found at work and paused in the
    /// midst of its rest, from then on: the trial that it disturbed says so itself.
    pub resting_cores: f64,
    /// Whether it was paused while it rested, because it did not rest by itself.
    pub paused: bool,
    /// Requests of the burst, which touches every path before the windows.
    pub burst_requests: u64,
    /// Windows at the brief's rate until two lay within the noise of the settled level.
    pub windows: Vec<WarmWindow>,
    /// Whether the settled level came back within the time for it; a trial in which it did not is not warm.
    pub returned: bool,
}

impl WakeUp {
    /// A server that uses less of a processor than this rests, as a share of one processor.
    pub const RESTS_BELOW_CORES: f64 = 0.005;

    /// From this share of one processor on, a server that should rest disturbs what others measure: four times what
    /// counts as rest. Less is lost in the noise of any trial.
    pub const DISTURBS_FROM_CORES: f64 = 0.02;
}
