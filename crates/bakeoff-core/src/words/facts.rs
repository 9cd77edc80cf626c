//! What sentences are made from: the run, the brief and the judgement, with the look-ups that several sentences
//! share. It makes no sentence itself.

use super::number::Quantity;
use super::title::within_sentence;
use crate::brief::Brief;
use crate::evidence::{ContenderRecord, Run};
use crate::judgement::{CriterionScore, Judgement, MetricEstimate};
use crate::margin::Margin;
use crate::verdict::{Flip, Verdict};
use std::collections::BTreeSet;

/// A judgement with the run and the brief that it was made from.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) run: &'a Run,
    pub(super) brief: &'a Brief,
    pub(super) judgement: &'a Judgement,
}

impl<'a> Facts<'a> {
    /// What separates the best two; none with fewer than two that fit.
    pub(super) fn margin(&self) -> Option<Margin> {
        self.judgement.margins.first().copied()
    }

    pub(super) fn verdict(&self) -> &'a Verdict {
        &self.judgement.verdict
    }

    pub(super) fn record(&self, name: &str) -> Option<&'a ContenderRecord> {
        self.run.contenders.iter().find(|record| record.name == name)
    }

    /// What a reader calls a contender.
    pub(super) fn title(&self, name: &str) -> &'a str {
        self.record(name).map_or("", |record| record.title.as_str())
    }

    pub(super) fn score(&self, contender: &str, criterion: &str) -> Option<&'a CriterionScore> {
        self.judgement
            .criteria
            .iter()
            .find(|score| score.contender == contender && score.criterion == criterion)
    }

    pub(super) fn estimate(&self, contender: &str, metric: &str) -> Option<&'a MetricEstimate> {
        self.judgement
            .metrics
            .iter()
            .find(|estimate| estimate.contender == contender && estimate.metric == metric)
    }

    /// How many contenders were judged.
    pub(super) fn contenders(&self) -> usize {
        let names = self.judgement.metrics.iter().map(|estimate| &estimate.contender);
        names.collect::<BTreeSet<_>>().len()
    }

    /// The mean weight of a criterion.
    pub(super) fn weight(&self, criterion: &str) -> f64 {
        self.judgement
            .weights
            .iter()
            .find(|weight| weight.criterion == criterion)
            .map_or(0.0, |weight| weight.share.value)
    }

    /// A measured value of a metric in a sentence.
    pub(super) fn quantity(&self, value: f64, metric: &str) -> String {
        Quantity::new(value, self.brief.unit_of(metric)).in_prose()
    }

    /// An end of a metric's value function in a sentence.
    pub(super) fn limit(&self, value: f64, metric: &str) -> String {
        Quantity::new(value, self.brief.unit_of(metric)).as_set()
    }

    /// The title of a metric within a sentence.
    pub(super) fn metric_words(&self, metric: &str) -> String {
        within_sentence(self.brief.title_of(metric))
    }

    pub(super) fn criterion_words(&self, criterion: &str) -> String {
        let criteria = self.brief.criteria();
        criteria
            .into_iter()
            .find(|known| known.id == criterion)
            .map_or_else(|| criterion.to_owned(), |known| known.words)
    }

    /// The contenders that were measured and are out, the closest to fitting first: fewest vetoes, then the highest
    /// score.
    pub(super) fn closest(&self) -> Vec<&'a str> {
        let verdict = self.verdict();
        let vetoes = |name: &str| {
            verdict
                .vetoes
                .iter()
                .filter(|veto| veto.contender == name)
                .count()
        };
        let mut out: Vec<(&str, f64)> = verdict
            .expected_value
            .iter()
            .filter(|(name, _)| vetoes(name) > 0)
            .map(|(name, range)| (name.as_str(), range.value))
            .collect();
        // Names break ties, so that the same judgement always has the same words.
        out.sort_by(|a, b| {
            vetoes(a.0)
                .cmp(&vetoes(b.0))
                .then(b.1.total_cmp(&a.1))
                .then(a.0.cmp(b.0))
        });
        out.into_iter().map(|(name, _)| name).collect()
    }

    /// The nearest change of weight that changes the choice.
    pub(super) fn nearest_weight_flip(&self) -> Option<&'a Flip> {
        self.verdict()
            .flips
            .iter()
            .find(|flip| matches!(flip, Flip::Weight { .. }))
    }
}
