//! Why a contender has no evidence of a metric, and why it was not measured at all. Writes no sentence.

use super::counting::has_settled;
use super::observed::{ContenderEvidence, most_frequent};
use crate::evidence::{Fault, FaultAt, GateResult, Status};
use crate::judgement::Missing;
use crate::metric::Metric;
use crate::verdict::Unmeasured;

impl ContenderEvidence<'_> {
    /// Why there is no evidence of a metric.
    pub(super) fn missing(&self, metric: &Metric, failed: &[GateResult]) -> Missing {
        if let Some(obstacle) = self.record.no_evidence.get(metric.id) {
            return Missing::from(obstacle);
        }
        if !self.has_launches() && metric.levels.needs_launches {
            return Missing::EarlierVersion;
        }
        if let Some(gate) = most_frequent(failed) {
            return Missing::Gate {
                gate: gate.clone(),
                missed: failed.iter().filter(|result| result.gate == gate.gate).count(),
                of: self.tries_of(metric),
            };
        }
        if !self.was_measured() {
            return Missing::NotMeasured(self.unmeasured());
        }
        let of_its_probe = |fault: &&&Fault| fault.is_of_metric(metric.id);
        let of_no_probe = |fault: &&&Fault| matches!(fault.at, FaultAt::Stage(_));
        let faults = self.faults();
        if let Some(fault) = faults.iter().rfind(of_its_probe) {
            return fault.obstacle.as_ref().map_or_else(
                || Missing::ProbeFailed {
                    message: fault.message.clone(),
                },
                Missing::from,
            );
        }
        if metric.levels.is_once() && self.never_settled() {
            return Missing::NotWarm {
                launches: self.launches.len() as u32,
            };
        }
        if self.is_dropped {
            return Missing::DroppedByRacing;
        }
        // What went wrong when it was prepared explains most; else the last fault of a launch or a trial does.
        let of_the_record: Vec<&Fault> = self.record.faults.iter().collect();
        let last = of_the_record.iter().rfind(of_no_probe);
        match last.or_else(|| faults.iter().rfind(of_no_probe)) {
            Some(fault) => Missing::NoTrial {
                fault: (*fault).clone(),
            },
            None => Missing::NoTurn,
        }
    }

    /// Whether a trial of it ended well. A record of a run that was cut off may still say that it is ready.
    pub(super) fn was_measured(&self) -> bool {
        let observed = || self.trials.iter().any(|trial| !trial.observations.is_empty());
        self.record.status == Status::Measured || (self.record.status == Status::Ready && observed())
    }

    /// Where a contender stands that was not measured, with the last of its faults.
    pub(super) fn unmeasured(&self) -> Unmeasured {
        let last = self.record.faults.iter().chain(self.faults()).last();
        Unmeasured {
            status: self.record.status,
            fault: last.map(|fault| fault.message.clone()),
        }
    }

    /// The faults of its launches and trials, those of a launch before those of its trials and its end.
    fn faults(&self) -> Vec<&Fault> {
        let without_launch = self.trials.iter().filter(|trial| trial.launch.is_none());
        let mut faults: Vec<&Fault> = without_launch.flat_map(|trial| &trial.faults).collect();
        for launch in &self.launches {
            faults.extend(&launch.faults);
            let own = self.trials.iter().filter(|trial| trial.launch == Some(launch.id));
            faults.extend(own.flat_map(|trial| &trial.faults));
            faults.extend(launch.end.iter().flat_map(|end| &end.faults));
        }
        faults
    }

    /// How often the metric could have been observed.
    fn tries_of(&self, metric: &Metric) -> usize {
        if self.has_launches() && metric.levels.is_once() {
            self.launches.len()
        } else {
            self.trials.len()
        }
    }

    /// Whether it settled in none of its launches.
    fn never_settled(&self) -> bool {
        self.has_launches() && !self.launches.iter().any(|launch| has_settled(launch))
    }
}
