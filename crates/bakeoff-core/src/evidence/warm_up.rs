//! The way from the first request to the steady state. Classifies nothing: the lab finds the change points.

use serde::{Deserialize, Serialize};

/// The way to the steady state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WarmUp {
    /// How it went.
    pub class: WarmClass,
    /// Windows in order.
    pub windows: Vec<WarmWindow>,
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

/// A short window of the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmWindow {
    /// Its end, in seconds from the first request.
    pub at_s: f64,
    /// CPU time a request, in µs.
    pub cpu_us: f64,
    /// Median service time, in ms.
    pub service_ms_p50: f64,
}
