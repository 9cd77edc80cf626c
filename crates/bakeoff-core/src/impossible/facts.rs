//! What the laws look at: the machine, the trials that count, and the estimates of one contender. Judges nothing.

use crate::evidence::{Capacity, LoadSummary, Observation, Trial};
use crate::metric::{METRICS, Metric};
use crate::range::Range;

/// The machine, as far as it bounds values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Machine {
    /// All processors that the run could use; 0 where the number is unknown.
    pub(crate) processors: u32,
    /// The processors of the server; 0 where the number is unknown.
    pub(crate) server_processors: u32,
}

/// One contender's facts.
pub(crate) struct Facts<'a> {
    /// The trials that count for a metric.
    pub(crate) trials: Vec<TrialFacts<'a>>,
    /// The estimate of each metric, in the order of [`METRICS`].
    pub(crate) estimates: &'a [Option<Range>],
}

/// A trial, with what its launch was before any load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrialFacts<'a> {
    /// The trial.
    pub(crate) trial: &'a Trial,
    /// Observations of its launch before the first trial; empty in evidence of earlier versions.
    pub(crate) of_launch: &'a [Observation],
}

impl Facts<'_> {
    /// The estimate of the metric of that id.
    pub(super) fn estimate(&self, id: &str) -> Option<Range> {
        let place = METRICS.iter().position(|metric| metric.id == id)?;
        self.estimates.get(place).copied().flatten()
    }

    /// Every metric that has an estimate.
    pub(super) fn estimated(&self) -> impl Iterator<Item = (&'static Metric, Range)> {
        let estimates = METRICS.iter().zip(self.estimates);
        estimates.filter_map(|(metric, range)| Some((metric, (*range)?)))
    }

    /// The mean over the trials of what `value` says of each; none where it says nothing of any.
    pub(super) fn mean(&self, value: impl Fn(&TrialFacts<'_>) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.trials.iter().filter_map(value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }
}

impl<'a> TrialFacts<'a> {
    /// The last observation of that metric in the trial.
    pub(super) fn observation(&self, id: &str) -> Option<&'a Observation> {
        let mut seen = self.trial.observations.iter();
        seen.rfind(|observation| observation.metric == id)
    }

    /// The value of that observation with the interval that its probe found, where it found one.
    pub(super) fn observed(&self, id: &str) -> Option<Range> {
        let seen = self.observation(id)?;
        let own = seen.detail.as_ref().and_then(|detail| detail.interval);
        let (low, high) = own.unwrap_or((seen.value, seen.value));
        Some(Range {
            value: seen.value,
            low,
            high,
        })
    }

    /// The last observation of that metric before the launch's first trial, or in the trial where it was a launch of
    /// its own.
    pub(super) fn before_load(&self, id: &str) -> Option<&'a Observation> {
        let mut of_launch = self.of_launch.iter();
        of_launch
            .rfind(|observation| observation.metric == id)
            .or_else(|| self.observation(id))
    }

    /// The load at the brief's rate.
    pub(super) fn load(&self) -> Option<&'a LoadSummary> {
        self.trial.load.as_ref()
    }

    /// The closed loop that found the throughput.
    pub(super) fn capacity(&self) -> Option<&'a Capacity> {
        self.trial.capacity.as_ref()
    }
}
