//! The throughput of a closed loop, and who was busy in it: what the probes of a server's limit rest on. Says nothing
//! about how long users wait, and judges nothing.

use serde::{Deserialize, Serialize};

/// The closed loop that had the highest throughput in a trial.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// Correct responses a second.
    pub rps: f64,
    /// Clients that sent again as soon as they had a response.
    pub clients: usize,
    /// CPU time of the generator's thread over the measured time, 0 to 1.
    pub generator_cpu_share: f64,
    /// 99th percentile of the generator's lag, in ms: from a free connection to the send.
    pub generator_lag_ms_p99: f64,
    /// CPU time of the server over the time of its processors, 0 to 1.
    pub server_cpu_share: f64,
    /// The busy share of the processors of the generator and the lab's services, 0 to 1; none where the kernel does not
    /// report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services_busy_share: Option<f64>,
    /// The service that used most of them; none where none of them did anything, or nobody could tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busiest_service: Option<Service>,
}

/// A service that the lab runs for contenders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// PostgreSQL.
    Database,
    /// The service for the scenario `fan-out`.
    Upstream,
}
