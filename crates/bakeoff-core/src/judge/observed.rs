//! From the trials of one contender to its observations of one metric by block, with what was left out and why.
//! Averages over blocks are [`crate::estimate`]'s.

use super::gates;
use crate::entrant::Entrant;
use crate::estimate::histogram::{Counts, Decoder};
use crate::estimate::latency::Blocks;
use crate::evidence::{
    Caution, ContenderRecord, Curve, CurveKind, Fault, FaultAt, GateResult, Label, Run, Status, Trial,
};
use crate::judgement::Missing;
use crate::metric::{METRICS, Metric, Reduce};
use crate::parallel;
use crate::verdict::Unmeasured;
use std::borrow::Cow;

/// The label and the kind of the histograms of all requests, which percentiles are computed from.
pub(super) const RESPONSE_OF_ALL: (&Label, CurveKind) = (&Label::All, CurveKind::Response);

pub(super) fn is_response_of_all(curve: &Curve) -> bool {
    (&curve.label, curve.kind) == RESPONSE_OF_ALL
}

/// A contender, or the twin, with its trials in the order of the blocks.
pub(super) struct ContenderEvidence<'a> {
    pub(super) record: &'a ContenderRecord,
    pub(super) trials: Vec<&'a Trial>,
    /// The response times of all requests, for any merge of blocks.
    pub(super) response: Option<Blocks>,
}

/// What was observed of a metric.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Value by block, several in a block one after the other.
    pub(super) values: Vec<(u32, f64)>,
    /// What weakens them.
    pub(super) cautions: Vec<Caution>,
    /// Gates that took numbers away, one for each trial.
    pub(super) failed: Vec<GateResult>,
    /// The last note.
    pub(super) note: Option<String>,
    /// The last interval that a probe's own data gave.
    pub(super) interval: Option<(f64, f64)>,
}

impl<'a> ContenderEvidence<'a> {
    /// The evidence of every contender of a run.
    pub(super) fn all(run: &'a Run) -> Vec<ContenderEvidence<'a>> {
        parallel::map(&run.contenders, |record| {
            ContenderEvidence::new(record, &Entrant::contender(&record.name), &run.trials)
        })
    }

    /// The trials of that entrant, which is the record's contender or its twin.
    pub(super) fn new(
        record: &'a ContenderRecord,
        entrant: &Entrant,
        trials: &'a [Trial],
    ) -> ContenderEvidence<'a> {
        let mut own: Vec<&Trial> = trials.iter().filter(|trial| trial.entrant == *entrant).collect();
        // A run keeps its trials in the order in which they ended; a repeated one comes after trials of later blocks.
        own.sort_by_key(|trial| (trial.block, trial.position));
        let response = Some(response(&own)).filter(|blocks| !blocks.is_empty());
        ContenderEvidence {
            record,
            trials: own,
            response,
        }
    }

    /// The response times of the trials in which the machine did not hide that quantile.
    pub(super) fn response_to(&self, q: f64) -> Option<Cow<'_, Blocks>> {
        let shown = self
            .trials
            .iter()
            .filter(|trial| !trial.environment.quantile_is_unreliable(q));
        let seen: Vec<&Trial> = shown.copied().collect();
        // Merging histograms is the dearest part of judging, so the merge of all trials is made once and shared.
        if seen.len() == self.trials.len() {
            return self.response.as_ref().map(Cow::Borrowed);
        }
        Some(response(&seen))
            .filter(|blocks| !blocks.is_empty())
            .map(Cow::Owned)
    }

    /// All observations of a metric that count.
    pub(super) fn observed(&self, metric: &Metric) -> Observed {
        let mut observed = Observed::default();
        for (place, observation) in self
            .record
            .observations
            .iter()
            .filter(|seen| seen.metric == metric.id)
            .enumerate()
        {
            observed.values.push((place as u32, observation.value));
            observed.cautions.extend(observation.cautions.iter().cloned());
            observed.note.clone_from(&observation.note);
        }
        for trial in &self.trials {
            match gates::failed(trial, metric) {
                Some(gate) => observed.failed.push(gate.into_owned()),
                None => observed.take(trial, metric),
            }
        }
        // A ratio over zero is no evidence.
        observed.values.retain(|(_, value)| value.is_finite());
        observed
    }

    /// Why there is no evidence of a metric.
    pub(super) fn missing(&self, metric: &Metric, failed: &[GateResult]) -> Missing {
        if let Some(reason) = self.record.no_evidence.get(metric.id) {
            return Missing::Impossible {
                reason: reason.clone(),
            };
        }
        if let Some(gate) = most_frequent(failed) {
            return Missing::Gate {
                gate: gate.clone(),
                missed: failed.iter().filter(|result| result.gate == gate.gate).count(),
                of: self.trials.len(),
            };
        }
        if !self.was_measured() {
            return Missing::NotMeasured(self.unmeasured());
        }
        let in_trials = || self.trials.iter().flat_map(|trial| &trial.faults);
        let of_its_probe = |fault: &&Fault| fault.is_of_metric(metric.id);
        let of_no_probe = |fault: &&Fault| matches!(fault.at, FaultAt::Stage(_));
        if let Some(fault) = in_trials().rfind(of_its_probe) {
            return Missing::ProbeFailed {
                message: fault.message.clone(),
            };
        }
        match in_trials().chain(&self.record.faults).rfind(of_no_probe) {
            Some(fault) => Missing::NoTrial { fault: fault.clone() },
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
        let in_trials = self.trials.iter().flat_map(|trial| &trial.faults);
        let last = self.record.faults.iter().chain(in_trials).last();
        Unmeasured {
            status: self.record.status,
            fault: last.map(|fault| fault.message.clone()),
        }
    }
}

impl Observed {
    fn take(&mut self, trial: &Trial, metric: &Metric) {
        let mut counts = matches!(metric.reduce, Reduce::ResponseQuantile(_)) && !trial.curves.is_empty();
        for observation in trial.observations.iter().filter(|seen| seen.metric == metric.id) {
            counts = true;
            self.values.push((trial.block, observation.value));
            self.cautions.extend(observation.cautions.iter().cloned());
            if observation.note.is_some() {
                self.note.clone_from(&observation.note);
            }
            let interval = observation.detail.as_ref().and_then(|detail| detail.interval);
            self.interval = interval.or(self.interval);
        }
        if counts {
            self.cautions.extend(gates::cautions(trial, metric));
        }
    }
}

/// The gate that most trials failed; of several the first in the order of the gates.
pub(super) fn most_frequent(failed: &[GateResult]) -> Option<&GateResult> {
    let count = |result: &GateResult| failed.iter().filter(|other| other.gate == result.gate).count();
    failed
        .iter()
        .rev()
        .max_by(|a, b| count(a).cmp(&count(b)).then(b.gate.cmp(&a.gate)))
}

/// The trials of which latency counts.
pub(super) fn with_latency<'a>(trials: &'a [&'a Trial]) -> impl Iterator<Item = &'a Trial> {
    let latency = METRICS
        .iter()
        .find(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)));
    let counts = move |trial: &&Trial| latency.is_none_or(|metric| gates::failed(trial, metric).is_none());
    trials.iter().copied().filter(counts)
}

/// The response times of all requests by block.
fn response(trials: &[&Trial]) -> Blocks {
    let mut decoder = Decoder::default();
    let mut by_block: Vec<(u32, Counts)> = Vec::new();
    for trial in with_latency(trials) {
        for curve in trial.curves.iter().filter(|curve| is_response_of_all(curve)) {
            let counts = decoder.decode(&curve.hdr);
            by_block.extend(counts.map(|counts| (trial.block, counts)));
        }
    }
    Blocks::new(by_block)
}
