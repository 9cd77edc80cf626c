//! The limits that a load is held to, and which of them it broke.

use crate::report::LoadReport;
use std::time::Duration;

/// The share of requests above which the 99th percentile lies above a limit.
const SLOWEST: f64 = 0.01;

/// The share of requests that may be shed where a rate is held.
const UNSENT: f64 = 0.01;

/// The limits of a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The largest share of the planned requests that may fail, 0 to 1.
    pub max_error_rate: f64,
    /// The longest 99th percentile of the response time, failed requests counted as slower; `None`: no limit.
    pub slo_p99: Option<Duration>,
}

impl Default for Limits {
    /// One failed request in a hundred, and any response time.
    fn default() -> Self {
        Self {
            max_error_rate: 0.01,
            slo_p99: None,
        }
    }
}

/// A limit that a load broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenLimit {
    /// No request was due in the measured time, or no response was right.
    NothingRight,
    /// Too many requests failed.
    ErrorRate,
    /// The server did not hold the rate: requests piled up, or more than one in a hundred was shed.
    Rate,
    /// The 99th percentile of the response time.
    SloP99,
}

impl BrokenLimit {
    /// Its name in the JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NothingRight => "nothing-right",
            Self::ErrorRate => "max-error-rate",
            Self::Rate => "rate-held",
            Self::SloP99 => "slo-p99",
        }
    }
}

impl Limits {
    /// The limits that a load broke.
    #[must_use]
    pub fn broken(&self, report: &LoadReport) -> Vec<BrokenLimit> {
        let mut broken = Vec::new();
        let mut note = |is_broken: bool, limit| {
            if is_broken {
                broken.push(limit);
            }
        };
        note(report.correct == 0, BrokenLimit::NothingRight);
        note(
            share(failed(report), report) > self.max_error_rate,
            BrokenLimit::ErrorRate,
        );
        // Failures have a limit of their own, which the user may set.
        let waited_too_long = report.piled_up || share(report.shed, report) > UNSENT;
        note(waited_too_long, BrokenLimit::Rate);
        let slow = self.slo_p99.map_or(0, |limit| slower(report, limit));
        note(share(slow, report) > SLOWEST, BrokenLimit::SloP99);
        broken
    }
}

/// The failed requests.
pub(super) fn failed(report: &LoadReport) -> u64 {
    report.failures.iter().map(|failure| failure.count).sum()
}

/// The requests without a right response within a limit. A percentile of few responses says nothing, and this count
/// does: the 99th percentile lies above the limit where more than one in a hundred is in it.
pub(super) fn slower(report: &LoadReport, limit: Duration) -> u64 {
    let limit_us = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX);
    let within = report.response.count_between(0, limit_us);
    report.planned.saturating_sub(within.min(report.correct))
}

/// A count as a share of the planned requests.
pub(super) fn share(count: u64, report: &LoadReport) -> f64 {
    count as f64 / report.planned.max(1) as f64
}
