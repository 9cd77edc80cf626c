//! What a load at the brief's rate was, and what came of it, in figures. Holds no latency: that is in the histograms.

use super::database::DatabaseCount;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The load at the brief's rate, in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadSummary {
    /// Requests that were due.
    pub planned: u64,
    /// Answers that were right.
    pub correct: u64,
    /// Answers and requests that failed, by kind.
    pub failures: Vec<FailureSummary>,
    /// Seconds of the window.
    pub seconds: f64,
    /// The rate that was asked for, in 1/s.
    pub offered_rps: f64,
    /// Correct responses a second.
    pub achieved_rps: f64,
    /// Correct responses a second that came between the readings of CPU time: fewer than `achieved_rps` where a queue
    /// grew, since those of its end come after the window. None in evidence from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_rps: Option<f64>,
    /// 99th percentile of actual minus intended send instant, in ms.
    pub send_lag_ms_p99: f64,
    /// The generator's share of its processors, 0 to 1.
    pub generator_cpu_share: f64,
    /// The contender's CPU time in the window, in seconds.
    pub server_cpu_s: f64,
    /// What PostgreSQL did for it by its own count; none where it could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseCount>,
    /// What the generator counted beside its histograms; none in evidence from before it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<RequestCount>,
}

/// What the generator counted beside its histograms, to hold them against it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestCount {
    /// Requests that fell due in the measured time, counted when they did.
    pub due: u64,
    /// Those of them that were open when the load ended; 0 unless it was stopped.
    pub open: u64,
    /// The mean number of them in flight, from when each was due until it ended, over the measured time: counted by
    /// the clock, not from latencies.
    pub mean_in_flight: f64,
    /// Mean response time of the correct ones, in ms, from the histogram; 0 without one.
    pub mean_response_ms: f64,
    /// Mean time until the failure of those that failed, in ms, from the histogram; 0 without one.
    pub mean_failed_ms: f64,
}

/// Failures of one kind with a first example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureSummary {
    /// The scenario.
    pub scenario: String,
    /// Which kind.
    pub kind: FailureKind,
    /// How many.
    pub count: u64,
    /// The first, in words.
    pub example: String,
}

/// How a request fails, in the order of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureKind {
    /// No connection could be made.
    Connect,
    /// No whole response came in time.
    Timeout,
    /// The connection ended before the response did.
    Reset,
    /// What came breaks the protocol.
    Protocol,
    /// The response has an unexpected status.
    Status,
    /// The response has the right status and a wrong header, length or body.
    Check,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FailureKind::Connect => "connect",
            FailureKind::Timeout => "timeout",
            FailureKind::Reset => "reset",
            FailureKind::Protocol => "protocol",
            FailureKind::Status => "status",
            FailureKind::Check => "check",
        })
    }
}
