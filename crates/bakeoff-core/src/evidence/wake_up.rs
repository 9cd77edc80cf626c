//! How a launch woke for a trial: the rest before it, and the load that does not count. Judges nothing: the lab says
//! whether the settled level came back.

use super::warm_up::WarmWindow;
use serde::{Deserialize, Serialize};

/// The rest before a trial and the load that woke the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WakeUp {
    /// How long it had rested, in seconds.
    pub rested_s: f64,
    /// The share of one processor that it used while it rested, 0 and up.
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
