//! Drift: whether a launch kept its level of CPU time a request while it was measured, and which of its trials count
//! when it did not. Pure; it reads stored evidence and writes no sentence.

use crate::evidence::{Launch, Trial};

/// What was seen of a launch's CPU time a request over its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// For each trial, in the order given, whether it measured the launch's lasting level: the server had come back
    /// from its rest, and no change of level followed.
    pub counts: Vec<bool>,
    /// The change of level; none when it kept the level that it had.
    pub drift: Option<Drift>,
    /// Correct responses of all loads that were watched.
    pub requests: u64,
    /// CPU time of the server in them, in seconds.
    pub cpu_s: f64,
}

/// A change of level over the trials of a launch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Which way.
    pub kind: DriftKind,
    /// The level after the last change ÷ the first level.
    pub ratio: f64,
    /// The place of the first trial on the last level, among the trials given.
    pub from: usize,
}

/// Which way a level moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftKind {
    /// It became cheaper while it was measured.
    StillWarmingUp,
    /// It became dearer while it was measured.
    SlowsDownLate,
}

/// Watches the trials of one launch, in their order. Trials of earlier versions have no launch: each counts.
#[must_use]
pub fn watch(launch: Option<&Launch>, trials: &[&Trial]) -> Watched {
    let _ = (launch, trials);
    todo!()
}
