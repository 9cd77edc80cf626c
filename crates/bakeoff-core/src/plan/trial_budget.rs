//! The time that each part of a trial gets. Does not decide which trials run.

use super::probe_slots::ProbeSlots;
use serde::{Deserialize, Serialize};

/// The time of one start on average, in seconds, as measured over the field by earlier versions.
const START_S: f64 = 0.7;

/// The time that each part of a trial gets, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrialBudget {
    /// The longest wake-up; in plans of earlier versions the longest warm-up.
    pub warm_max_s: f64,
    /// The expected wake-up; 0 in plans of earlier versions, whose trials warmed up for `warm_max_s`.
    #[serde(default)]
    pub wake_s: f64,
    /// The load at the brief's rate.
    pub measure_s: f64,
    /// Additional starts that are timed and stopped at once, in plans of earlier versions.
    #[serde(default)]
    pub extra_starts: u32,
    /// The probes of one trial, on average over the blocks.
    #[serde(default, alias = "turns_s")]
    pub probe_s: f64,
    /// Restoring the rows and coming to rest together; in plans of earlier versions reset, start, contract check and
    /// stop.
    pub overhead_s: f64,
    /// The probes that run after the load; the schedule sets them trial by trial.
    #[serde(default, alias = "turns")]
    pub slots: ProbeSlots,
    /// The place of the probe that runs in each trial of a contender, since the run is about it; none in most runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<u32>,
}

impl TrialBudget {
    /// The trial of every plan: the load brings 1,000 responses at 400 requests a second.
    pub const STANDARD: TrialBudget = TrialBudget {
        warm_max_s: 10.0,
        wake_s: 1.5,
        measure_s: 2.5,
        extra_starts: 0,
        probe_s: 0.0,
        overhead_s: 0.75,
        slots: ProbeSlots::NONE,
        each: None,
    };

    /// The expected time of a whole trial, in seconds.
    #[must_use]
    pub fn trial_s(&self) -> f64 {
        self.load_s() + self.probe_s + f64::from(self.extra_starts) * START_S
    }

    /// The expected time of a trial that has its load only, as the twin's, in seconds.
    #[must_use]
    pub fn load_s(&self) -> f64 {
        let before_load_s = if self.wake_s > 0.0 {
            self.wake_s
        } else {
            self.warm_max_s
        };
        before_load_s + self.measure_s + self.overhead_s
    }

    /// The same trial with these probes; without any, also without additional starts, since time is short then.
    #[must_use]
    pub fn with_slots(self, slots: ProbeSlots) -> TrialBudget {
        if slots == ProbeSlots::NONE {
            self.load_only()
        } else {
            TrialBudget { slots, ..self }
        }
    }

    /// The same trial without probes and additional starts.
    #[must_use]
    pub fn load_only(self) -> TrialBudget {
        TrialBudget {
            extra_starts: 0,
            probe_s: 0.0,
            slots: ProbeSlots::NONE,
            ..self
        }
    }
}
