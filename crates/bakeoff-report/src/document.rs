//! What every document is made from, and the look-ups that they share. Deliberately nothing that computes: sorting and
//! finding only.

use crate::contender::{FieldRow, Standing};
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{ContenderRecord, Run};
use bakeoff_core::judgement::{CriterionScore, Judgement, MetricEstimate};
use bakeoff_core::metric::{Metric, Scale, metric};
use bakeoff_core::words::Words;
use std::path::Path;

/// A run, what it says under a brief, and the brief.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The evidence.
    pub run: &'a Run,
    /// What it says.
    pub judgement: &'a Judgement,
    /// The judgement in words.
    pub words: &'a Words,
    /// What was asked; its preferences may differ from those that the run was started with.
    pub brief: &'a Brief,
    /// The results folder, as the user names it.
    pub results: &'a Path,
}

impl<'a> Document<'a> {
    /// The record of that contender.
    pub(crate) fn record(&self, name: &str) -> Option<&'a ContenderRecord> {
        self.run.contenders.iter().find(|record| record.name == name)
    }

    /// What a reader calls that contender.
    pub(crate) fn title(&self, name: &str) -> String {
        match self.record(name) {
            Some(record) if !record.title.is_empty() => record.title.clone(),
            _ => name.to_owned(),
        }
    }

    /// What a reader calls who ran; the twin is `Express, again`.
    pub(crate) fn entrant_title(&self, entrant: &Entrant) -> String {
        match entrant {
            Entrant::Contender(name) => self.title(name),
            Entrant::Twin(name) => format!("{}, again", self.title(name)),
        }
    }

    /// The contenders of the field in its order, then the twin.
    pub(crate) fn entrants(&self, field: &[FieldRow<'_>]) -> Vec<Entrant> {
        let contenders = field.iter().map(|row| Entrant::contender(row.name));
        contenders.chain(self.run.plan.twin()).collect()
    }

    /// The estimate of that contender and metric.
    pub(crate) fn estimate(&self, contender: &str, metric: &str) -> Option<&'a MetricEstimate> {
        self.judgement
            .metrics
            .iter()
            .find(|e| e.contender == contender && e.metric == metric)
    }

    /// The score of that contender on that criterion.
    pub(crate) fn criterion(&self, contender: &str, criterion: &str) -> Option<&'a CriterionScore> {
        self.judgement
            .criteria
            .iter()
            .find(|s| s.contender == contender && s.criterion == criterion)
    }

    /// The words for a criterion in a sentence.
    pub(crate) fn criterion_words(&self, id: &str) -> String {
        let asked = self.brief.criteria().into_iter().find(|known| known.id == id);
        asked.map_or_else(|| id.to_owned(), |known| known.words)
    }

    /// The scale of a metric, or of a measure of the brief's own.
    pub(crate) fn scale(&self, id: &str) -> Scale {
        let own = self.brief.measure(id).map(|own| own.scale);
        metric(id).map(|row| row.scale).or(own).unwrap_or(Scale::Linear)
    }

    /// The unit beside that metric's numbers.
    pub(crate) fn unit(&self, metric: &Metric) -> &'a str {
        match metric.unit {
            "currency" => &self.brief.deploy.price.currency,
            other => other,
        }
    }

    /// Every contender: by rank, then who is out, then who was not measured.
    pub(crate) fn field(&self) -> Vec<FieldRow<'a>> {
        let mut field: Vec<_> = self
            .names()
            .into_iter()
            .map(|name| FieldRow::of(self, name))
            .collect();
        let choice = self.judgement.verdict.choice.as_deref();
        field.sort_by(|a, b| a.before(b, choice));
        let mut last: Option<(f64, f64)> = None;
        let mut rank = 0;
        for (place, entrant) in field.iter_mut().enumerate() {
            if let Standing::Ranked(slot) = &mut entrant.standing {
                let key = (
                    entrant.p_best,
                    entrant.value.map_or(f64::NEG_INFINITY, |v| v.value),
                );
                if last != Some(key) {
                    rank = place + 1;
                }
                *slot = rank;
                last = Some(key);
            }
        }
        field
    }

    fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self
            .run
            .contenders
            .iter()
            .map(|record| record.name.as_str())
            .collect();
        let judged = self.judgement.verdict.p_best.keys().map(String::as_str);
        let vetoed = self
            .judgement
            .verdict
            .vetoes
            .iter()
            .map(|veto| veto.contender.as_str());
        let estimated = self
            .judgement
            .metrics
            .iter()
            .map(|estimate| estimate.contender.as_str());
        for name in judged.chain(vetoed).chain(estimated) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
