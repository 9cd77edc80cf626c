//! A plan whose trials all run one probe, since the run is about it. Does not know which probe that is.

use super::{Plan, TrialBudget};

impl Plan {
    /// The same plan with the probe at that place of the probe table in each trial of a contender.
    #[must_use]
    pub fn with_probe_in_each_trial(self, place: u32) -> Plan {
        let cost_s = self.probe_costs_s.get(place as usize).copied().unwrap_or(0.0);
        let trial = TrialBudget {
            each: Some(place),
            overhead_s: self.trial.overhead_s + cost_s,
            ..self.trial
        };
        let launch = self.launch;
        self.with_limits(launch, trial)
    }
}
