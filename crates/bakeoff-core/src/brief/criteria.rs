//! The criteria of a brief: the six of the founding question and those of the brief's own measures, each with its
//! metrics, titles and units.

use super::Brief;
use super::measure::OwnMeasure;
use crate::criterion::Criterion;
use crate::metric::{METRICS, metric};

/// A criterion of a brief, as a reader meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefCriterion {
    /// The word of briefs, commands and `results.json`.
    pub id: String,
    /// The words of a sentence.
    pub words: String,
    /// What it asks, in one sentence.
    pub sentence: String,
    /// One of the six; none for a criterion of the brief's own.
    pub founding: Option<Criterion>,
}

impl From<Criterion> for BriefCriterion {
    fn from(criterion: Criterion) -> BriefCriterion {
        BriefCriterion {
            id: criterion.id().to_owned(),
            words: criterion.words().to_owned(),
            sentence: criterion.sentence().to_owned(),
            founding: Some(criterion),
        }
    }
}

impl Brief {
    /// The six criteria, then those of the brief's own in the order in which their measures stand there.
    #[must_use]
    pub fn criteria(&self) -> Vec<BriefCriterion> {
        let mut all: Vec<BriefCriterion> = Criterion::ALL.into_iter().map(BriefCriterion::from).collect();
        for measure in &self.measures {
            if all.iter().all(|known| known.id != measure.criterion) {
                all.push(self.own_criterion(&measure.criterion));
            }
        }
        all
    }

    fn own_criterion(&self, id: &str) -> BriefCriterion {
        let own = self.measures.iter().filter(|measure| measure.criterion == id);
        let titles: Vec<String> = own.map(|measure| measure.title.clone()).collect();
        BriefCriterion {
            id: id.to_owned(),
            words: id.replace(['-', '_'], " "),
            sentence: format!("What the brief states of {}.", titles.join(", ")),
            founding: None,
        }
    }

    /// The ids of [`Brief::criteria`].
    #[must_use]
    pub fn criterion_ids(&self) -> Vec<String> {
        self.criteria()
            .into_iter()
            .map(|criterion| criterion.id)
            .collect()
    }

    /// The measure of that id, if the brief has one.
    #[must_use]
    pub fn measure(&self, id: &str) -> Option<&OwnMeasure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// The unit of a metric or a measure, as it stands beside the number.
    #[must_use]
    pub fn unit_of(&self, id: &str) -> &str {
        match metric(id).map(|metric| metric.unit) {
            Some("currency") => &self.deploy.price.currency,
            Some(unit) => unit,
            None => self.measure(id).map_or("", |measure| &measure.unit),
        }
    }

    /// The title of a metric or a measure.
    #[must_use]
    pub fn title_of<'a>(&'a self, id: &'a str) -> &'a str {
        metric(id)
            .map(|metric| metric.title)
            .or_else(|| self.measure(id).map(|measure| measure.title.as_str()))
            .unwrap_or(id)
    }

    /// The id of the criterion of a metric or a measure.
    #[must_use]
    pub fn criterion_of(&self, id: &str) -> Option<&str> {
        metric(id)
            .map(|metric| metric.criterion.id())
            .or_else(|| self.measure(id).map(|measure| measure.criterion.as_str()))
    }

    /// The ids of the metrics and measures of a criterion.
    #[must_use]
    pub fn metrics_of(&self, criterion: &str) -> Vec<&str> {
        let measured = METRICS
            .iter()
            .filter(|metric| metric.criterion.id() == criterion)
            .map(|metric| metric.id);
        let stated = self
            .measures
            .iter()
            .filter(|measure| measure.criterion == criterion)
            .map(|measure| measure.id.as_str());
        measured.chain(stated).collect()
    }
}
