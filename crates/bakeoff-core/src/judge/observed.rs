//! From the launches and trials of one contender to its samples of one metric, with what was left out and why.
//! Averages over blocks and launches are [`crate::estimate`]'s.

use super::counting::Counting;
use super::gates;
use crate::entrant::Entrant;
use crate::estimate::Sample;
use crate::estimate::histogram::{Counts, Decoder};
use crate::estimate::latency::Blocks;
use crate::evidence::{
    Caution, ContenderRecord, Curve, CurveKind, Gate, GateResult, Label, Launch, Observation, Run, Trial,
};
use crate::metric::{METRICS, Metric, Reduce};
use crate::parallel;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The label and the kind of the histograms of all requests, which percentiles are computed from.
pub(super) const RESPONSE_OF_ALL: (&Label, CurveKind) = (&Label::All, CurveKind::Response);

/// The quantile that decides which trials count for every percentile, beside launches: that of the service level. All
/// percentiles of a contender come from the same trials, so that they never cross.
const DECIDES: f64 = 0.99;

pub(super) fn is_response_of_all(curve: &Curve) -> bool {
    (&curve.label, curve.kind) == RESPONSE_OF_ALL
}

/// A contender, or the twin, with its launches, and its trials in the order of the blocks.
pub(super) struct ContenderEvidence<'a> {
    pub(super) record: &'a ContenderRecord,
    /// Empty in evidence in which each trial was a launch of its own.
    pub(super) launches: Vec<&'a Launch>,
    pub(super) trials: Vec<&'a Trial>,
    /// The response times of all requests, for any merge of blocks.
    pub(super) response: Option<Blocks>,
    /// Whether the schedule gave it no further launch, because it could no longer become the choice.
    pub(super) is_dropped: bool,
    /// The day of the run, `YYYY-MM-DD`.
    pub(super) day: &'a str,
    /// What weakens every number of it: a runtime or framework that is old, or past its end on the day of the run.
    pub(super) lifetimes: Vec<Caution>,
    counting: Counting,
}

/// What was observed of a metric.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The values, several of a block one after the other.
    pub(super) samples: Vec<Sample>,
    /// What weakens them.
    pub(super) cautions: Vec<Caution>,
    /// Gates that took numbers away, one for each trial or launch.
    pub(super) failed: Vec<GateResult>,
    /// The last note.
    pub(super) note: Option<String>,
    /// The last interval that a probe's own data gave.
    pub(super) interval: Option<(f64, f64)>,
    /// By how much the contender still changed, as a logarithm; none where it was warm.
    pub(super) still_changed: Option<f64>,
}

impl<'a> ContenderEvidence<'a> {
    /// The evidence of every contender of a run.
    pub(super) fn all(run: &'a Run) -> Vec<ContenderEvidence<'a>> {
        parallel::map(&run.contenders, |record| {
            ContenderEvidence::new(record, &Entrant::contender(&record.name), run)
        })
    }

    /// The evidence of the twin of that record's contender.
    pub(super) fn of_twin(record: &'a ContenderRecord, run: &'a Run) -> ContenderEvidence<'a> {
        ContenderEvidence::new(record, &Entrant::twin_of(&record.name), run)
    }

    /// The evidence of that entrant, which is the record's contender or its twin.
    fn new(record: &'a ContenderRecord, entrant: &Entrant, run: &'a Run) -> ContenderEvidence<'a> {
        let own = |trial: &&Trial| trial.entrant == *entrant;
        let mut trials: Vec<&Trial> = run.trials.iter().filter(own).collect();
        // A run keeps its trials in the order in which they ended; a repeated one comes after trials of later blocks.
        trials.sort_by_key(|trial| (trial.block, trial.position));
        let own = |launch: &&Launch| launch.entrant == *entrant;
        let launches: Vec<&Launch> = run.launches.iter().filter(own).collect();
        let mut dropped = run.advice.iter().flat_map(|advice| &advice.dropped);
        let mut evidence = ContenderEvidence {
            record,
            counting: Counting::of(&launches, &trials),
            launches,
            trials,
            response: None,
            is_dropped: dropped.any(|name| entrant.is_contender(name)),
            day: run.day(),
            lifetimes: record
                .support
                .iter()
                .filter_map(|part| part.caution_on(run.day()))
                .collect(),
        };
        let response = response(evidence.with_latency());
        evidence.response = Some(response).filter(|blocks| !blocks.is_empty());
        evidence
    }

    /// Whether its trials belong to launches.
    pub(super) fn has_launches(&self) -> bool {
        !self.launches.is_empty()
    }

    /// Whether it ran already, so that its one launch is what the answer is about.
    pub(super) fn is_running_service(&self) -> bool {
        self.record.running.is_some()
    }

    /// The trials of which latency counts.
    pub(super) fn with_latency(&self) -> impl Iterator<Item = &'a Trial> {
        let row = self.row_that_decides();
        let counts = move |place: &usize| row.is_none_or(|metric| self.counts(*place, metric));
        (0..self.trials.len())
            .filter(counts)
            .map(move |place| self.trials[place])
    }

    /// The row of the percentile whose gates decide which trials count for all of them.
    fn row_that_decides(&self) -> Option<&'static Metric> {
        let mut rows = METRICS
            .iter()
            .filter(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)));
        if self.has_launches() {
            rows.find(|metric| metric.reduce == Reduce::ResponseQuantile(DECIDES))
        } else {
            rows.next()
        }
    }

    /// The response times from which that quantile comes. Without launches these are of the trials in which the machine
    /// did not hide it; beside launches they are the same for every quantile, and [`ContenderEvidence::hidden`] says
    /// whether the machine hides this one.
    pub(super) fn response_to(&self, q: f64) -> Option<Cow<'_, Blocks>> {
        let hides = |trial: &&Trial| trial.environment.quantile_is_unreliable(q);
        // Merging histograms is the dearest part of judging, so the merge of all trials is made once and shared.
        if self.has_launches() || !self.trials.iter().any(hides) {
            return self.response.as_ref().map(Cow::Borrowed);
        }
        let response = response(self.with_latency().filter(|trial| !hides(trial)));
        Some(response).filter(|blocks| !blocks.is_empty()).map(Cow::Owned)
    }

    /// The failed check of a quantile where the machine stood still, on average over the trials that count, for a
    /// larger share of the time than lies beyond it: all of them together have one percentile.
    pub(super) fn hidden(&self, q: f64) -> Option<GateResult> {
        let shares = self
            .with_latency()
            .filter_map(|trial| trial.environment.stalled_share);
        let shares: Vec<f64> = shares.filter(|_| self.has_launches()).collect();
        gates::stalls(shares.iter().sum::<f64>() / shares.len().max(1) as f64, q, 1.0)
    }

    /// All observations of a metric that count.
    pub(super) fn observed(&self, metric: &Metric) -> Observed {
        let mut observed = Observed::default();
        observed.take_record(self.record, metric);
        for launch in &self.launches {
            observed.take_launch(launch, metric);
        }
        for (place, trial) in self.trials.iter().enumerate() {
            if let Some(gate) = self.failed(place, metric) {
                observed.failed.push(gate.into_owned());
            } else if self.is_warm_for(place, metric) {
                observed.take(trial, metric);
            }
        }
        if self.has_launches() && !metric.levels.is_once() {
            self.add_what_was_found(metric, &mut observed);
        }
        // A ratio over zero is no evidence.
        observed.samples.retain(|sample| sample.value.is_finite());
        observed
    }

    /// The check that takes the metric's numbers of a trial away.
    fn failed(&self, place: usize, metric: &Metric) -> Option<Cow<'a, GateResult>> {
        let trial = self.trials[place];
        let row = match metric.reduce {
            Reduce::ResponseQuantile(_) if self.has_launches() => self.row_that_decides(),
            _ => None,
        };
        gates::failed(trial, row.unwrap_or(metric))
    }

    /// Whether the server was as warm in a trial as the metric needs.
    fn is_warm_for(&self, place: usize, metric: &Metric) -> bool {
        self.counting.warm[place] || !gates::affects(Gate::SteadyState, metric)
    }

    /// Whether the trial at that place counts for the metric.
    pub(super) fn counts(&self, place: usize, metric: &Metric) -> bool {
        self.is_warm_for(place, metric) && self.failed(place, metric).is_none()
    }

    /// What was found of launches as a whole that weakens what their trials show.
    fn add_what_was_found(&self, metric: &Metric, observed: &mut Observed) {
        let of_launches = self.launches.iter().flat_map(|launch| &launch.cautions);
        let found = self.counting.cautions.iter().chain(of_launches);
        observed.cautions.extend(
            found
                .filter(|caution| gates::applies_to(caution, metric))
                .cloned(),
        );
        if gates::affects(Gate::SteadyState, metric) {
            observed.still_changed = self.counting.still_changed;
        }
    }
}

impl Observed {
    /// What was observed outside of launches and trials, each time a try of its own.
    fn take_record(&mut self, record: &ContenderRecord, metric: &Metric) {
        let own = record.observations.iter().filter(|seen| seen.metric == metric.id);
        for (place, observation) in (0..).zip(own) {
            self.samples.push(Sample {
                launch: place,
                block: place,
                value: observation.value,
            });
            self.cautions.extend(observation.cautions.iter().cloned());
            self.note.clone_from(&observation.note);
        }
    }

    /// What is observed once a launch: before its first trial, and at its end. The launch's gates judge the former.
    fn take_launch(&mut self, launch: &Launch, metric: &Metric) {
        let of_metric = |seen: &&Observation| seen.metric == metric.id;
        let before: Vec<&Observation> = launch.observations.iter().filter(of_metric).collect();
        match gates::failed_of_launch(launch, metric) {
            Some(gate) if !before.is_empty() => self.failed.push(gate.clone()),
            _ => before
                .into_iter()
                .for_each(|seen| self.take_one(seen, launch.id, launch.round)),
        }
        let at_its_end = launch.end.iter().flat_map(|end| &end.observations);
        at_its_end
            .filter(of_metric)
            .for_each(|seen| self.take_one(seen, launch.id, launch.round));
        if self
            .samples
            .last()
            .is_some_and(|sample| sample.launch == launch.id)
        {
            self.cautions.extend(gates::cautions_of_launch(launch, metric));
        }
    }

    fn take(&mut self, trial: &Trial, metric: &Metric) {
        let mut counts = matches!(metric.reduce, Reduce::ResponseQuantile(_)) && !trial.curves.is_empty();
        for observation in trial.observations.iter().filter(|seen| seen.metric == metric.id) {
            counts = true;
            self.take_one(observation, trial.launch.unwrap_or(trial.block), trial.block);
        }
        if counts {
            self.cautions.extend(gates::cautions(trial, metric));
        }
    }

    fn take_one(&mut self, observation: &Observation, launch: u32, block: u32) {
        self.samples.push(Sample {
            launch,
            block,
            value: observation.value,
        });
        self.cautions.extend(observation.cautions.iter().cloned());
        if observation.note.is_some() {
            self.note.clone_from(&observation.note);
        }
        let interval = observation.detail.as_ref().and_then(|detail| detail.interval);
        self.interval = interval.or(self.interval);
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

/// The response times of all requests of these trials, by launch and block.
fn response<'a>(trials: impl Iterator<Item = &'a Trial>) -> Blocks {
    let mut decoder = Decoder::default();
    let mut by_block: Vec<(u32, Counts)> = Vec::new();
    let mut launches: BTreeMap<u32, u32> = BTreeMap::new();
    for trial in trials {
        launches.extend(trial.launch.map(|launch| (trial.block, launch)));
        for curve in trial.curves.iter().filter(|curve| is_response_of_all(curve)) {
            let counts = decoder.decode(&curve.hdr);
            by_block.extend(counts.map(|counts| (trial.block, counts)));
        }
    }
    Blocks::in_launches(by_block, |block| launches.get(&block).copied().unwrap_or(block))
}
