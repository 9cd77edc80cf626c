//! The field as a decision problem: the contenders that no veto removed as alternatives, the six criteria with the metrics that can tell
//! contenders apart under this brief. Those that are out are valued beside, by the same numbers, so that a reader sees what was lost.
//! Deliberately two separate decisions: who is out changes no probability of the others.

mod verdict;

use super::JudgeOptions;
use super::margin::{Cell, Margin};
use super::metrics::Measured;
use super::observed::Turns;
use crate::brief::Brief;
use crate::criterion::Criterion;
use crate::evidence::Run;
use crate::judgement::{CriterionScore, WeightSummary};
use crate::metric::METRICS;
use crate::smaa::{self, Decision, Evidence, Measure, Problem, Region};
use crate::value::{self, ValueFunction};
use crate::verdict::Veto;

/// A metric of the table with its value function under the brief.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    /// Its place in [`METRICS`].
    pub(super) place: usize,
    pub(super) function: ValueFunction,
    /// The place of its criterion in [`Criterion::ALL`].
    pub(super) criterion: usize,
    /// How many metrics share the criterion.
    pub(super) sharers: usize,
}

/// All contenders, valued.
pub(super) struct Field<'a> {
    turns: &'a [Turns<'a>],
    measured: &'a [Vec<Measured>],
    vetoes: Vec<Veto>,
    scored: Vec<Scored>,
    /// Places of those that may be chosen, and their decision.
    fit: Vec<usize>,
    decision: Option<Decision>,
    /// Places of the others, and their values.
    out: Vec<usize>,
    beside: Option<Decision>,
    region: Region,
}

impl<'a> Field<'a> {
    pub(super) fn new(
        turns: &'a [Turns<'a>],
        measured: &'a [Vec<Measured>],
        vetoes: Vec<Veto>,
        brief: &Brief,
        host_cores: u32,
        region: Region,
        options: &JudgeOptions,
    ) -> Field<'a> {
        let is_out = |place: &usize| {
            vetoes
                .iter()
                .any(|veto| veto.contender == turns[*place].record.name)
        };
        let (out, fit): (Vec<usize>, Vec<usize>) = (0..turns.len()).partition(is_out);
        let mut field = Field {
            turns,
            measured,
            vetoes,
            scored: asked(scored(brief, host_cores), measured),
            fit,
            decision: None,
            out,
            beside: None,
            region,
        };
        field.decision = field.decide(&field.fit, options);
        field.beside = field.decide(&field.out, options);
        field
    }

    fn decide(&self, places: &[usize], options: &JudgeOptions) -> Option<Decision> {
        let criterion = |(index, criterion): (usize, &Criterion)| {
            let own = self.scored.iter().filter(|scored| scored.criterion == index);
            let measure = |scored: &Scored| Measure {
                name: METRICS[scored.place].id.to_owned(),
                value: scored.function,
                evidence: places
                    .iter()
                    .map(|place| self.evidence(*place, scored).clone())
                    .collect(),
            };
            smaa::Criterion {
                name: criterion.id().to_owned(),
                measures: own.map(measure).collect(),
            }
        };
        let problem = Problem {
            alternatives: places.iter().map(|place| self.name(*place).to_owned()).collect(),
            criteria: Criterion::ALL.iter().enumerate().map(criterion).collect(),
            region: self.region.clone(),
            samples: options.samples,
            seed: options.seed,
        };
        (!places.is_empty()).then(|| smaa::decide(&problem))
    }

    /// Every contender in every criterion, in the order of the run.
    pub(super) fn criterion_scores(&self) -> Vec<CriterionScore> {
        let mut all = Vec::new();
        for place in 0..self.turns.len() {
            let Some((decision, alternative)) = self.decision_of(place) else {
                continue;
            };
            for (index, criterion) in Criterion::ALL.iter().enumerate() {
                let own = self.scored.iter().filter(|scored| scored.criterion == index);
                let missing = own.filter(|scored| *self.evidence(place, scored) == Evidence::Missing);
                all.push(CriterionScore {
                    contender: self.name(place).to_owned(),
                    criterion: criterion.id().to_owned(),
                    score: decision.scores[alternative][index],
                    missing: missing
                        .map(|scored| METRICS[scored.place].id.to_owned())
                        .collect(),
                });
            }
        }
        all
    }

    pub(super) fn weight_summaries(&self) -> Vec<WeightSummary> {
        let Some(decision) = self.decision.as_ref().or(self.beside.as_ref()) else {
            return Vec::new();
        };
        let share = |(criterion, share): (&Criterion, &crate::verdict::Range)| WeightSummary {
            criterion: criterion.id().to_owned(),
            share: *share,
        };
        Criterion::ALL.iter().zip(&decision.weights).map(share).collect()
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
        let cells = |alternative: usize| {
            let measured = &self.measured[self.fit[alternative]];
            self.scored.iter().map(move |scored| {
                let measured = &measured[scored.place];
                let weight = decision.weights[scored.criterion].value / scored.sharers as f64;
                Cell {
                    weight,
                    noise: measured.noise,
                    blocks: measured.shown.n,
                }
            })
        };
        let margin = |other: &usize| {
            let lead = decision.expected_value[*leader].value - decision.expected_value[*other].value;
            Margin::new(lead, cells(*leader).chain(cells(*other)), run)
        };
        others.iter().map(margin).collect()
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
        &self.turns[place].record.name
    }
}

/// The metrics that can tell contenders apart under a brief.
fn scored(brief: &Brief, host_cores: u32) -> Vec<Scored> {
    let mut scored: Vec<Scored> = METRICS
        .iter()
        .enumerate()
        .filter_map(|(place, metric)| {
            let criterion = Criterion::ALL
                .iter()
                .position(|criterion| *criterion == metric.criterion)?;
            let function = value::function(metric, brief, host_cores)?;
            Some(Scored {
                place,
                function,
                criterion,
                sharers: 0,
            })
        })
        .collect();
    let counts: Vec<usize> = (0..Criterion::ALL.len())
        .map(|index| scored.iter().filter(|one| one.criterion == index).count())
        .collect();
    scored
        .iter_mut()
        .for_each(|one| one.sharers = counts[one.criterion]);
    scored
}

/// Without the metrics that no contender of the run has evidence of, as when the time was too short for their probe: what was asked of nobody has no share of its criterion.
/// A criterion of which nothing was asked keeps all of them, and is not known.
fn asked(scored: Vec<Scored>, measured: &[Vec<Measured>]) -> Vec<Scored> {
    let has_evidence = |one: &Scored| {
        measured
            .iter()
            .any(|contender| contender[one.place].evidence != Evidence::Missing)
    };
    let known: Vec<usize> = scored
        .iter()
        .filter(|one| has_evidence(one))
        .map(|one| one.criterion)
        .collect();
    let sharers = |criterion: usize| known.iter().filter(|other| **other == criterion).count();
    scored
        .into_iter()
        .filter(|one| has_evidence(one) || sharers(one.criterion) == 0)
        .map(|one| Scored {
            sharers: match sharers(one.criterion) {
                0 => one.sharers,
                known => known,
            },
            ..one
        })
        .collect()
}
