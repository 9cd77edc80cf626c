//! The time that each part of a trial gets. Does not decide which trials run.

use super::probe_slots::ProbeSlots;
use serde::{Deserialize, Serialize};

/// The time of one start on average, in seconds, as measured over the field.
const START_S: f64 = 0.7;

/// The time that each part of a trial gets, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrialBudget {
    /// The longest time to wait for a steady state.
    pub warm_max_s: f64,
    /// The load at the brief's rate.
    pub measure_s: f64,
    /// Additional starts that are timed and stopped at once.
    pub extra_starts: u32,
    /// The probes of one trial, on average over the blocks.
    #[serde(default, alias = "turns_s")]
    pub probe_s: f64,
    /// Reset, start, contract check and stop together, as measured over the field.
    pub overhead_s: f64,
    /// The probes that run after the load; the schedule sets them block by block.
    #[serde(default, alias = "turns")]
    pub slots: ProbeSlots,
}

impl TrialBudget {
    /// The shortest trial that gives usable figures.
    pub const SHORTEST: TrialBudget = TrialBudget {
        warm_max_s: 1.0,
        measure_s: 1.25,
        extra_starts: 0,
        probe_s: 0.0,
        overhead_s: 0.65,
        slots: ProbeSlots::NONE,
    };

    /// The expected time of a whole trial, in seconds.
    #[must_use]
    pub fn trial_s(&self) -> f64 {
        self.load_s() + self.probe_s + f64::from(self.extra_starts) * START_S
    }

    /// The expected time of a trial that has its load only, as the twin's, in seconds.
    #[must_use]
    pub fn load_s(&self) -> f64 {
        self.warm_max_s + self.measure_s + self.overhead_s
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

    /// The same trial with a load that is `more_s` seconds longer, the other parts in proportion.
    pub(super) fn stretched(self, more_s: f64) -> TrialBudget {
        TrialBudget {
            warm_max_s: self.warm_max_s + more_s * 0.2,
            measure_s: self.measure_s + more_s,
            probe_s: self.probe_s + if self.probe_s > 0.0 { more_s * 0.5 } else { 0.0 },
            extra_starts: self.extra_starts + (more_s.ceil() as u32).min(3),
            ..self
        }
    }
}
