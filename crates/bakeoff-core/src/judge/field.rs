//! The field as a decision problem: the candidates without a veto as alternatives, and the criteria with the metrics
//! that can tell contenders apart under this brief and the brief's own measures. References and contenders that are
//! out get a decision of their own with the same numbers, so that a reader sees what was lost. The two decisions are
//! separate, so a contender that is out changes no probability of the others.

mod conclusions;
mod families;
mod rivals;
mod verdict;

use super::case::Case;
use super::metrics::Measured;
use super::observed::ContenderEvidence;
use super::options::JudgeOptions;
use super::scored::Scored;
use crate::brief::Brief;
use crate::evidence::Run;
use crate::judgement::{CriterionScore, WeightSummary};
use crate::margin::{Cell, Margin, Source};
use crate::metric::{METRICS, Reduce};
use crate::range::Range;
use crate::smaa::{self, Decision, Evidence, Measure, Problem, Region};
use crate::verdict::Veto;
use std::collections::BTreeSet;

/// All contenders, valued.
pub(super) struct Field<'a> {
    contenders: &'a [ContenderEvidence<'a>],
    measured: &'a [Vec<Measured>],
    vetoes: &'a [Veto],
    references: &'a [String],
    brief: &'a Brief,
    criteria: Vec<String>,
    scored: &'a [Scored<'a>],
    /// Places of those that may be chosen, and their decision.
    fit: Vec<usize>,
    decision: Option<Decision>,
    /// Places of the others, and their values.
    out: Vec<usize>,
    beside: Option<Decision>,
    region: &'a Region,
}

impl<'a> Field<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Field<'a> {
        let is_out = |place: &usize| {
            let name = &case.contenders[*place].record.name;
            let is_vetoed = case.vetoes.iter().any(|veto| veto.contender == *name);
            is_vetoed || case.references.contains(name)
        };
        let (out, fit): (Vec<usize>, Vec<usize>) = (0..case.contenders.len()).partition(is_out);
        let mut field = Field {
            contenders: &case.contenders,
            measured: &case.measured,
            vetoes: &case.vetoes,
            references: &case.references,
            brief: case.brief,
            criteria: case.brief.criterion_ids(),
            scored: &case.scored,
            fit,
            decision: None,
            out,
            beside: None,
            region: &case.region,
        };
        // Two simulations, so that a contender that is out cannot take a rank from one that fits.
        field.decision = field.decide(&field.fit, case.options);
        field.beside = field.decide(&field.out, case.options);
        field
    }

    fn decide(&self, places: &[usize], options: &JudgeOptions) -> Option<Decision> {
        let criterion = |(index, criterion): (usize, &String)| {
            let own = self.scored.iter().filter(|scored| scored.criterion == index);
            let measure = |scored: &Scored| Measure {
                name: scored.id.to_owned(),
                value: scored.function,
                evidence: places
                    .iter()
                    .map(|place| self.evidence(*place, scored).clone())
                    .collect(),
            };
            smaa::Criterion {
                name: criterion.clone(),
                measures: own.map(measure).collect(),
            }
        };
        let problem = Problem {
            alternatives: places.iter().map(|place| self.name(*place).to_owned()).collect(),
            criteria: self.criteria.iter().enumerate().map(criterion).collect(),
            region: self.region.clone(),
            samples: options.samples,
            seed: options.seed,
            joint: false,
        };
        (!places.is_empty()).then(|| smaa::decide(&problem))
    }

    /// Every contender in every criterion, in the order of the run.
    pub(super) fn criterion_scores(&self) -> Vec<CriterionScore> {
        let mut all = Vec::new();
        for place in 0..self.contenders.len() {
            let Some((decision, alternative)) = self.decision_of(place) else {
                continue;
            };
            for (index, criterion) in self.criteria.iter().enumerate() {
                let own = self.scored.iter().filter(|scored| scored.criterion == index);
                let missing = own.filter(|scored| *self.evidence(place, scored) == Evidence::Missing);
                all.push(CriterionScore {
                    contender: self.name(place).to_owned(),
                    criterion: criterion.clone(),
                    score: decision.scores[alternative][index],
                    missing: missing.map(|scored| scored.id.to_owned()).collect(),
                });
            }
        }
        all
    }

    pub(super) fn weight_summaries(&self) -> Vec<WeightSummary> {
        let Some(decision) = self.decision.as_ref().or(self.beside.as_ref()) else {
            return Vec::new();
        };
        let share = |(criterion, share): (&String, &Range)| WeightSummary {
            criterion: criterion.clone(),
            share: *share,
        };
        self.criteria.iter().zip(&decision.weights).map(share).collect()
    }

    /// What separates the leader from each other one that fits at the mean weights, the runner-up first.
    pub(super) fn margins(&self, run: &Run) -> Vec<Margin> {
        let Some(decision) = &self.decision else {
            return Vec::new();
        };
        let order = decision.order();
        let Some((leader, others)) = order.split_first() else {
            return Vec::new();
        };
        let of_load = metrics_of_the_load(run);
        let of_load = &of_load;
        let cells = |alternative: usize| {
            let measured = &self.measured[self.fit[alternative]];
            self.scored.iter().map(move |scored| {
                let measured = &measured[scored.place];
                let weight = decision.weights[scored.criterion].value / scored.sharers as f64;
                Cell {
                    weight,
                    doubt: measured.doubt,
                    source: if of_load.contains(scored.id) {
                        Source::Load
                    } else {
                        Source::Probe
                    },
                }
            })
        };
        let margin = |other: &usize| {
            let lead = decision.expected_value[*leader].value - decision.expected_value[*other].value;
            Margin::new(lead, cells(*leader).chain(cells(*other)), run)
        };
        others.iter().map(margin).collect()
    }

    /// The judged contenders that racing gave no further launch, in the order of the run.
    fn dropped(&self) -> Vec<String> {
        let contenders = self.contenders.iter();
        contenders
            .filter(|contender| contender.is_dropped)
            .map(|contender| contender.record.name.clone())
            .collect()
    }

    fn decision_of(&self, place: usize) -> Option<(&Decision, usize)> {
        let among = |places: &[usize]| places.iter().position(|other| *other == place);
        match among(&self.fit) {
            Some(alternative) => Some((self.decision.as_ref()?, alternative)),
            None => Some((self.beside.as_ref()?, among(&self.out)?)),
        }
    }

    fn evidence(&self, place: usize, scored: &Scored) -> &Evidence {
        &self.measured[place][scored.place].evidence
    }

    fn name(&self, place: usize) -> &str {
        &self.contenders[place].record.name
    }

    fn is_reference(&self, place: usize) -> bool {
        let name = self.name(place);
        self.references.iter().any(|reference| reference == name)
    }
}

/// The metrics that every launch and block brings: percentiles, and what was observed of the twin, which has the load
/// only.
fn metrics_of_the_load(run: &Run) -> BTreeSet<&str> {
    let twin = run.plan.twin();
    let of_twin = run
        .trials
        .iter()
        .filter(|trial| Some(&trial.entrant) == twin.as_ref());
    let its_launches = run
        .launches
        .iter()
        .filter(|launch| Some(&launch.entrant) == twin.as_ref());
    let observed = of_twin
        .flat_map(|trial| &trial.observations)
        .chain(its_launches.flat_map(|launch| &launch.observations));
    let percentiles = METRICS
        .iter()
        .filter(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)));
    observed
        .map(|seen| seen.metric.as_str())
        .chain(percentiles.map(|metric| metric.id))
        .collect()
}
