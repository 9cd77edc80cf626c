//! Finds by name what a run, its judgement and its brief hold: the record, the title, an estimate, a score, a weight.
//! Sentences and reports share these look-ups. They compute nothing: sorting the field is [`crate::standings`].

use crate::brief::{Brief, BriefCriterion};
use crate::entrant::Entrant;
use crate::evidence::{ContenderRecord, Run};
use crate::judgement::{CriterionScore, Judgement, MetricEstimate, WeightSummary};
use crate::metric::{Metric, Scale, metric};

/// A run, its judgement under a brief, and the brief.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The evidence.
    pub run: &'a Run,
    /// The scores and the verdict.
    pub judgement: &'a Judgement,
    /// The requirements; its preferences may differ from those that the run was started with.
    pub brief: &'a Brief,
}

impl<'a> Lookup<'a> {
    /// The record of that contender.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&'a ContenderRecord> {
        self.run.contenders.iter().find(|record| record.name == name)
    }

    /// The contender's title, or its name where it has none.
    #[must_use]
    pub fn title<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        match self.record(name) {
            Some(record) if !record.title.is_empty() => &record.title,
            _ => name,
        }
    }

    /// Whether the contenders are services that ran already.
    #[must_use]
    pub fn is_about_running_services(&self) -> bool {
        self.run.contenders.iter().any(|record| record.running.is_some())
    }

    /// The criteria of the brief; of services that ran already, those of which anything can be known from outside.
    #[must_use]
    pub fn criteria(&self) -> Vec<BriefCriterion> {
        let unknown = |criterion: &BriefCriterion| {
            let weight = self.weight(&criterion.id);
            self.is_about_running_services() && weight.is_some_and(|weight| weight.share.high <= 0.0)
        };
        let mut criteria = self.brief.criteria();
        criteria.retain(|criterion| !unknown(criterion));
        criteria
    }

    /// The title of the contender that ran; the twin of Express is `Express, again`.
    #[must_use]
    pub fn entrant_title(&self, entrant: &Entrant) -> String {
        match entrant {
            Entrant::Contender(name) => self.title(name).to_owned(),
            Entrant::Twin(name) => format!("{}, again", self.title(name)),
        }
    }

    /// The estimate of that metric for that contender.
    #[must_use]
    pub fn estimate(&self, contender: &str, metric: &str) -> Option<&'a MetricEstimate> {
        let estimates = &self.judgement.metrics;
        estimates
            .iter()
            .find(|estimate| estimate.contender == contender && estimate.metric == metric)
    }

    /// Whether a report has a place for that metric: one that only earlier versions measured has it in their runs.
    #[must_use]
    pub fn mentions(&self, metric: &Metric) -> bool {
        let mut estimates = self.judgement.metrics.iter();
        !metric.is_of_earlier_versions() || estimates.any(|estimate| estimate.metric == metric.id)
    }

    /// The score of that contender on that criterion.
    #[must_use]
    pub fn score(&self, contender: &str, criterion: &str) -> Option<&'a CriterionScore> {
        let scores = &self.judgement.criteria;
        scores
            .iter()
            .find(|score| score.contender == contender && score.criterion == criterion)
    }

    /// The weight of that criterion.
    #[must_use]
    pub fn weight(&self, criterion: &str) -> Option<&'a WeightSummary> {
        let weights = &self.judgement.weights;
        weights.iter().find(|weight| weight.criterion == criterion)
    }

    /// The words for a criterion in a sentence.
    #[must_use]
    pub fn criterion_words(&self, id: &str) -> String {
        let mut known = self.brief.criteria().into_iter();
        known
            .find(|criterion| criterion.id == id)
            .map_or_else(|| id.to_owned(), |criterion| criterion.words)
    }

    /// The scale of a metric, or of a measure of the brief's own.
    #[must_use]
    pub fn scale(&self, id: &str) -> Scale {
        let own = self.brief.measure(id).map(|own| own.scale);
        metric(id).map(|row| row.scale).or(own).unwrap_or(Scale::Linear)
    }
}
