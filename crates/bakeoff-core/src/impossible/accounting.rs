//! Due = correct + failed + open at the end: no request is lost and none counts twice. The generator counts what falls
//! due when it does, independent of what becomes of it. Counts are exact, so the scale is the requests that are missing
//! (below 0: too many), none is possible, and there is no interval.

use super::check::Check;
use super::facts::{Facts, Machine, TrialFacts};
use super::law::{Judged, Law, Possible, exactly};
use crate::metric::Metric;
use crate::range::Range;

/// The requests that may be missing.
const MISSING: f64 = 0.0;

/// Each request that was due is correct, failed or open.
pub(super) struct RequestsAccounted;

impl Law for RequestsAccounted {
    fn check(&self) -> Check {
        Check::RequestsAccounted
    }

    fn judges(&self) -> Judged {
        Judged::AtRate
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible {
            low: MISSING,
            high: MISSING,
        })
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        let load = trial.load()?;
        let count = load.count?;
        let failed: u64 = load.failures.iter().map(|failure| failure.count).sum();
        let accounted = load.correct + failed + count.open;
        Some(exactly(count.due as f64 - accounted as f64))
    }

    /// Each trial is exact, so there is no estimate of several.
    fn of_estimate(&self, _: &Metric, _: &Facts<'_>) -> Option<Range> {
        None
    }
}
