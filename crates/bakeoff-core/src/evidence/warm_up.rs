//! The way from the first request to the steady state. Classifies nothing: the lab finds the change points.

use serde::{Deserialize, Serialize};

/// The way to the steady state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WarmUp {
    /// How it went.
    pub class: WarmClass,
    /// Windows in order.
    pub windows: Vec<WarmWindow>,
    /// Requests of the load until the last level began; none in evidence from before it was counted, and where no
    /// level was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// The settled level; none where it was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<SettledLevel>,
}

/// The level on which CPU time a request settled, with its noise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SettledLevel {
    /// CPU time a request, in µs: the mean of the windows after the pause.
    pub cpu_us: f64,
    /// The standard deviation of a window around the level, as a share of it, from windows after the pause and what
    /// is known beforehand.
    pub noise: f64,
    /// By how much the level before the pause differed, as a ratio: 1 for no change.
    pub before_pause_ratio: f64,
    /// The rate of the windows, in requests a second: the brief's, or half of what the closed loop carried.
    #[serde(default)]
    pub rate_rps: f64,
}

/// How a warm-up went [after Barrett et al., OOPSLA 2017].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarmClass {
    /// It became faster and settled.
    Warm,
    /// It was settled from the first.
    Flat,
    /// It became slower and settled.
    SlowingDown,
    /// It had not settled when the time for it ended.
    NoSteadyState,
}

/// The part of a warm-up that a window belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarmPhase {
    /// A closed loop over all paths, until each was called often enough.
    #[default]
    ClosedLoop,
    /// At the brief's rate, before the pause.
    AtRate,
    /// At the brief's rate, after the pause.
    AfterPause,
}

/// A short window of the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmWindow {
    /// Its end, in seconds from the first request.
    pub at_s: f64,
    /// CPU time a request, in µs.
    pub cpu_us: f64,
    /// Median service time, in ms.
    pub service_ms_p50: f64,
    /// The part that it belongs to.
    #[serde(default)]
    pub phase: WarmPhase,
    /// Correct responses in it; 0 in evidence from before they were counted.
    #[serde(default)]
    pub requests: u64,
    /// The share of the server's CPU time that its compiler's threads took, 0 to 1; none where they cannot be told by
    /// name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiler_share: Option<f64>,
}
