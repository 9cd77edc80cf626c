//! What sentences are made from: the run, the brief and the judgement, with the look-ups that several sentences
//! share. It makes no sentence itself.

use super::number::Quantity;
use super::title::within_sentence;
use crate::lookup::Lookup;
use crate::margin::Margin;
use crate::verdict::{Flip, Verdict};
use std::collections::BTreeSet;
use std::ops::Deref;

/// The facts of a judgement: the shared look-ups, and those that only sentences need.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a>(pub(super) Lookup<'a>);

impl<'a> Deref for Facts<'a> {
    type Target = Lookup<'a>;

    fn deref(&self) -> &Lookup<'a> {
        &self.0
    }
}

impl<'a> Facts<'a> {
    /// What separates the best two; none with fewer than two that fit.
    pub(super) fn margin(&self) -> Option<Margin> {
        self.judgement.margins.first().copied()
    }

    pub(super) fn verdict(&self) -> &'a Verdict {
        &self.judgement.verdict
    }

    /// The probability that a contender is the best.
    pub(super) fn p_best(&self, name: &str) -> f64 {
        self.verdict().p_best.get(name).copied().unwrap_or(0.0)
    }

    /// The probability that the first beats the second.
    pub(super) fn pairwise(&self, first: &str, second: &str) -> f64 {
        let of_first = self.verdict().pairwise.get(first);
        let wins = of_first.and_then(|others| others.get(second));
        wins.copied().unwrap_or(0.5)
    }

    /// How many candidates were judged.
    pub(super) fn contenders(&self) -> usize {
        let names = self.judgement.metrics.iter().map(|estimate| &estimate.contender);
        let candidates = names.filter(|name| !self.is_reference(name));
        candidates.collect::<BTreeSet<_>>().len()
    }

    /// Whether a contender was judged as a reference.
    pub(super) fn is_reference(&self, name: &str) -> bool {
        let mut references = self.verdict().references.iter();
        references.any(|reference| reference == name)
    }

    /// The mean weight of a criterion, 0 to 1.
    pub(super) fn mean_weight(&self, criterion: &str) -> f64 {
        self.weight(criterion).map_or(0.0, |weight| weight.share.value)
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

    /// The candidates that were measured and are out, the closest to fitting first: fewest vetoes, then the highest
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
            .filter(|(name, _)| vetoes(name) > 0 && !self.is_reference(name))
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
