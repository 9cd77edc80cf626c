//! Measures of the user's own, as hiring time or the cost of licences: what no run can measure, in the form of a decision problem's criterion. A measure
//! belongs to one of the six criteria or is one of its own. Deliberately without evidence of where it comes from: the brief is the source.

use super::Brief;
use crate::criterion::Criterion;
use crate::metric::{Better, METRICS, Scale};
use crate::range::Range;
use crate::smaa::Evidence;
use crate::value::{Ends, ValueFunction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A measure that the brief states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnMeasure {
    /// The word of documents and `results.json`; no metric has it.
    pub id: String,
    /// Its title for a reader.
    pub title: String,
    /// The unit, as it stands beside the number; may be empty.
    pub unit: String,
    /// The id of the criterion whose weight it shares: one of the six, or a criterion of the brief's own.
    pub criterion: String,
    /// Which way is better.
    pub better: Better,
    /// Value 0, in its unit.
    pub worst: f64,
    /// Value 1, in its unit.
    pub best: f64,
    /// The scale between them.
    pub scale: Scale,
    /// What lies beyond them.
    pub ends: Ends,
    /// What is known, by contender; one that is not named has no evidence.
    pub values: BTreeMap<String, Evidence>,
}

impl OwnMeasure {
    /// Its value function.
    #[must_use]
    pub fn value_function(&self) -> ValueFunction {
        ValueFunction {
            zero: self.worst,
            one: self.best,
            scale: self.scale,
            ends: self.ends,
        }
    }

    /// What is known of a contender.
    #[must_use]
    pub fn evidence(&self, contender: &str) -> Evidence {
        self.values.get(contender).cloned().unwrap_or(Evidence::Missing)
    }

    /// The mean and the central 95 % of what is known of a contender; none without evidence.
    #[must_use]
    pub fn range(&self, contender: &str) -> Option<Range> {
        self.evidence(contender).range()
    }
}

/// A criterion of a brief, as a reader meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedCriterion {
    /// The word of briefs, commands and `results.json`.
    pub id: String,
    /// The words of a sentence.
    pub words: String,
    /// What it asks, in one sentence.
    pub sentence: String,
    /// One of the six; none for a criterion of the brief's own.
    pub founding: Option<Criterion>,
}

impl From<Criterion> for AskedCriterion {
    fn from(criterion: Criterion) -> AskedCriterion {
        AskedCriterion {
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
    pub fn criteria(&self) -> Vec<AskedCriterion> {
        let mut all: Vec<AskedCriterion> = Criterion::ALL.into_iter().map(AskedCriterion::from).collect();
        for measure in &self.measures {
            if all.iter().all(|known| known.id != measure.criterion) {
                all.push(self.own_criterion(&measure.criterion));
            }
        }
        all
    }

    fn own_criterion(&self, id: &str) -> AskedCriterion {
        let own = self.measures.iter().filter(|measure| measure.criterion == id);
        let titles: Vec<String> = own.map(|measure| measure.title.clone()).collect();
        AskedCriterion {
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
        match crate::metric::metric(id).map(|metric| metric.unit) {
            Some("currency") => &self.deploy.price.currency,
            Some(unit) => unit,
            None => self.measure(id).map_or("", |measure| &measure.unit),
        }
    }

    /// The title of a metric or a measure.
    #[must_use]
    pub fn title_of<'a>(&'a self, id: &'a str) -> &'a str {
        crate::metric::metric(id)
            .map(|metric| metric.title)
            .or_else(|| self.measure(id).map(|measure| measure.title.as_str()))
            .unwrap_or(id)
    }

    /// The id of the criterion of a metric or a measure.
    #[must_use]
    pub fn criterion_of(&self, id: &str) -> Option<&str> {
        crate::metric::metric(id)
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
