//! The report of a load. Pure data: made in [`crate::engine`] and printed in [`crate::output`].

use crate::failure::{Failure, FailureKind};
use hdrhistogram::Histogram;
use std::time::Instant;

/// The report of one load. All histograms count microseconds, 1 µs to 60 s, three digits.
///
/// Every planned request is correct, one of `failures`, or shed: `planned = correct + Σ failures + shed`.
#[derive(Debug, Clone)]
pub struct LoadReport {
    /// Requests whose intended instant lay in the measured time; of a closed loop, those that were sent in it.
    pub planned: u64,
    /// Those of them that were written to a connection.
    pub sent: u64,
    /// Those of them that got a complete response, right or wrong.
    pub completed: u64,
    /// Those of them whose response was right.
    pub correct: u64,
    /// When the measured time began.
    pub begun: Instant,
    /// The measured time; shorter than planned when stopped.
    pub seconds: f64,
    /// `due / seconds`: what was asked of the server, answered or not.
    pub offered_rps: f64,
    /// `correct / seconds`; of an open loop that a count ends, by the time until the last of them ended.
    pub achieved_rps: f64,
    /// From the intended instant to the last byte, correct responses only.
    pub response: Histogram<u64>,
    /// From the actual send to the last byte, correct responses only.
    pub service: Histogram<u64>,
    /// From the intended instant to the failure; a timeout counts with its age.
    pub failed: Histogram<u64>,
    /// The generator's own lateness: from the instant at which a request could have been sent (intended, and a
    /// connection free) to the actual send.
    pub lag: Histogram<u64>,
    /// The same by kind of request, in the order of the mix.
    pub by_label: Vec<LabelReport>,
    /// The failures, by kind and label.
    pub failures: Vec<Failure>,
    /// Each measured request, in the order in which they ended; empty unless the plan has [`crate::Keep::Each`].
    pub requests: Vec<RequestRecord>,
    /// Second by second, warm-up included.
    pub series: Vec<Second>,
    /// CPU time of the generator's threads in the measured time, seconds.
    pub own_cpu_s: f64,
    /// Time in which the generator's threads were ready and had no core, seconds; 0 where the kernel has no such
    /// counter.
    pub own_wait_s: f64,
    /// Whether the generator itself was the limit.
    pub saturation: Saturation,
    /// Whether the server kept up: at least 0.99 of the planned requests got a complete response, and none piled up.
    /// Always true of a closed loop.
    pub rate_held: bool,
    /// Whether requests piled up, because they came faster than the server responds: they waited for a connection until
    /// it was too late, more were open at the end of the time than the service time explains, or the response time grew
    /// with the time. Requests that fail for another reason pile nothing up. Never true of a closed loop.
    pub piled_up: bool,
    /// Requests that were shed, because they could not be sent by the plan's deadline.
    pub shed: u64,
    /// Connections made after the start because the server had closed one. Every client has to do that, so it is no
    /// failure.
    pub reconnects: u64,
    /// Connections that were closed because unrequested bytes came on them.
    pub unsolicited_responses: u64,
    /// Measured requests that were open or waiting when the load was stopped; not in `planned`.
    pub dropped: u64,
    /// Requests whose intended instant lay in the measured time, counted when they fell due and not when they ended:
    /// `due = planned + dropped`.
    pub due: u64,
    /// The mean number of them in flight over the measured time, each from the instant at which it was due until it
    /// ended, also after that time. Counted by the clock and not from the histograms; by Little's law it is the mean
    /// response time × the rate.
    pub mean_in_flight: f64,
    /// Body bytes of the responses.
    pub body_bytes: u64,
}

impl LoadReport {
    /// All correct responses, those of the warm-up before the measured time included: what a counter of the server's
    /// side has seen.
    #[must_use]
    pub fn correct_with_warm_up(&self) -> u64 {
        self.series.iter().map(|second| second.correct).sum()
    }
}

/// How and when one measured request ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestRecord {
    /// When it was due, in seconds since the measured time began.
    pub due_s: f64,
    /// When it ended, on the same clock.
    pub at_s: f64,
    /// How it failed; `None` if its response was right.
    pub failed: Option<FailureKind>,
}

/// One kind of request of the mix.
#[derive(Debug, Clone)]
pub struct LabelReport {
    /// Its label.
    pub label: String,
    /// The number of planned requests.
    pub planned: u64,
    /// The number of correct responses.
    pub correct: u64,
    /// Those of them whose status is not [`crate::Expect::body_of`]: conflicts, where most requests change something.
    /// 0 without `body_of`.
    pub other_status: u64,
    /// From the intended instant, correct responses only, µs.
    pub response: Histogram<u64>,
    /// From the actual send, correct responses only, µs.
    pub service: Histogram<u64>,
}

/// One second of the series: the requests that ended in it, whenever they began.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Second {
    /// Its number since the measured time began; negative during warm-up.
    pub second: i64,
    /// Requests sent.
    pub sent: u64,
    /// Correct responses.
    pub correct: u64,
    /// Failures.
    pub failed: u64,
    /// Requests that were shed.
    #[serde(default)]
    pub shed: u64,
    /// Median response time of the correct responses, µs; 0 when there were none.
    pub p50_us: u64,
    /// 99th percentile of the response time, µs; 0 when there were none.
    pub p99_us: u64,
    /// The response times of the correct responses, as [`crate::histogram::to_blob`] writes them: those of the measured
    /// requests, whose seconds add up to [`LoadReport::response`], and before the measured time those of the warm-up.
    #[serde(skip)]
    pub response_blob: Vec<u8>,
}

/// The figures of the last quarter of a second, for a live display.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// Seconds since the measured time began; negative during warm-up.
    pub at_s: f64,
    /// Requests sent a second.
    pub sent_rps: f64,
    /// Correct responses a second.
    pub correct_rps: f64,
    /// Failures in the interval.
    pub failed: u64,
    /// Failures since the start, warm-up included.
    pub failed_total: u64,
    /// Correct responses since the start, warm-up included.
    pub correct_total: u64,
    /// Median response time of the interval, µs; 0 when there was no correct response.
    pub p50_us: u64,
    /// 99th percentile of the interval, µs; 0 when there was no correct response.
    pub p99_us: u64,
}

/// Whether the generator itself limited or disturbed what it measured.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Saturation {
    /// It had time to spare and was on time.
    Fine,
    /// Its threads had no time to spare: they ran, or waited for a core, for this share of the time, 0 to 1.
    CpuBound {
        /// CPU time and waiting, by threads × time.
        share: f64,
    },
    /// It sent later than it could have.
    Late {
        /// The 99th percentile of its lag, µs.
        lag_p99_us: u64,
    },
}
