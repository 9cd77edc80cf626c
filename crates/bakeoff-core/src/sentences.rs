//! The words: what a judgement says to somebody who decides, written once and used by terminal, page and record. Every sentence carries the numbers
//! it rests on. Deliberately pure text: nothing is computed here that a number in the judgement does not say.

pub mod absence;
mod answer;
mod criteria;
mod decision;
pub mod number;
mod reasons;
mod remarks;

pub use decision::decision;

use crate::brief::Brief;
use crate::evidence::{ContenderRecord, Run};
use crate::judge::margin::Margin;
use crate::judgement::{CriterionScore, Judgement, MetricEstimate, Words};
use crate::smaa::Contradiction;
use crate::verdict::{Flip, Verdict};
use number::quantity;
use std::collections::BTreeSet;

/// What sentences are made from.
pub struct Facts<'a> {
    run: &'a Run,
    brief: &'a Brief,
    judgement: &'a Judgement,
    /// What separates the best two; none with fewer than two that fit.
    margin: Option<Margin>,
    /// Why the stated priorities were left aside, if they were.
    contradiction: Option<Contradiction>,
}

/// The verdict in words.
#[must_use]
pub fn words(facts: &Facts) -> Words {
    Words {
        answer: answer::answer(facts),
        because: remarks::because(facts),
        unless: remarks::unless(facts),
        beware: remarks::beware(facts),
        criteria: criteria::sentences(facts),
    }
}

/// Why this one and not the next: sentences, each with its numbers.
#[must_use]
pub fn reasons(facts: &Facts) -> Vec<String> {
    reasons::reasons(facts)
}

impl<'a> Facts<'a> {
    /// The facts of a judgement that is complete but for its words.
    #[must_use]
    pub fn new(
        run: &'a Run,
        brief: &'a Brief,
        judgement: &'a Judgement,
        margin: Option<Margin>,
        contradiction: Option<Contradiction>,
    ) -> Facts<'a> {
        Facts {
            run,
            brief,
            judgement,
            margin,
            contradiction,
        }
    }

    fn verdict(&self) -> &'a Verdict {
        &self.judgement.verdict
    }

    fn record(&self, name: &str) -> Option<&'a ContenderRecord> {
        self.run.contenders.iter().find(|record| record.name == name)
    }

    /// What a reader calls a contender.
    fn title(&self, name: &str) -> &'a str {
        self.record(name).map_or("", |record| record.title.as_str())
    }

    fn score(&self, contender: &str, criterion: &str) -> Option<&'a CriterionScore> {
        self.judgement
            .criteria
            .iter()
            .find(|score| score.contender == contender && score.criterion == criterion)
    }

    fn estimate(&self, contender: &str, metric: &str) -> Option<&'a MetricEstimate> {
        self.judgement
            .metrics
            .iter()
            .find(|estimate| estimate.contender == contender && estimate.metric == metric)
    }

    /// How many contenders were judged.
    fn contenders(&self) -> usize {
        let names = self.judgement.metrics.iter().map(|estimate| &estimate.contender);
        names.collect::<BTreeSet<_>>().len()
    }

    /// The mean weight of a criterion.
    fn weight(&self, criterion: &str) -> f64 {
        self.judgement
            .weights
            .iter()
            .find(|weight| weight.criterion == criterion)
            .map_or(0.0, |weight| weight.share.value)
    }

    /// A value of a metric with its unit.
    fn quantity(&self, value: f64, metric: &str) -> String {
        quantity(value, self.unit(metric), &self.brief.deploy.price.currency)
    }

    /// An end of a metric's value function with its unit.
    fn limit(&self, value: f64, metric: &str) -> String {
        number::limit(value, self.unit(metric), &self.brief.deploy.price.currency)
    }

    fn unit(&self, metric: &str) -> &'a str {
        crate::metric::metric(metric).map_or_else(|| self.brief.unit_of(metric), |metric| metric.unit)
    }

    /// The title of a metric within a sentence.
    fn metric_words(&self, metric: &str) -> String {
        within_sentence(self.brief.title_of(metric))
    }

    fn criterion_words(&self, criterion: &str) -> String {
        let asked = self.brief.criteria();
        asked
            .into_iter()
            .find(|known| known.id == criterion)
            .map_or_else(|| criterion.to_owned(), |known| known.words)
    }

    /// Those that were measured and are out, the one that comes closest first: fewest vetoes, then the greatest value.
    fn closest(&self) -> Vec<&'a str> {
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
        out.sort_by(|a, b| {
            vetoes(a.0)
                .cmp(&vetoes(b.0))
                .then(b.1.total_cmp(&a.1))
                .then(a.0.cmp(b.0))
        });
        out.into_iter().map(|(name, _)| name).collect()
    }

    /// The nearest change of weight that changes the choice.
    fn nearest_weight_flip(&self) -> Option<&'a Flip> {
        self.verdict()
            .flips
            .iter()
            .find(|flip| matches!(flip, Flip::Weight { .. }))
    }
}

/// With a small first letter, unless the word is an abbreviation.
pub(crate) fn within_sentence(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}
