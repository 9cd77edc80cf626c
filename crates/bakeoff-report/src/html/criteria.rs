//! One section for each criterion: its finding in a sentence, then one panel a metric. Deliberately no score drawings:
//! panels show what was measured, in its unit.

use super::drawing::Drawing;
use super::latency::Latency;
use super::mark::Marks;
use super::panel::Panel;
use super::prose::Prose;
use super::warm_up::WarmUp;
use crate::contender::Entrant;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::metric::METRICS;

#[derive(Template)]
#[template(path = "criterion.html")]
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) words: &'static str,
    asks: &'static str,
    finding: Prose,
    weight: String,
    panels: Vec<Panel>,
    latency: Option<Latency>,
    warm_up: Option<WarmUp>,
    drawings: Vec<Drawing>,
    remark: Option<&'static str>,
}

impl askama::filters::HtmlSafe for Section {}

/// The six sections; latency curves and warm-up stand in that of speed, drawings of probes in that of scalability.
pub(super) fn sections(
    document: &Document<'_>,
    field: &[Entrant<'_>],
    marks: &Marks,
    latency: Latency,
    mut warm_up: Option<WarmUp>,
    mut drawings: Vec<Drawing>,
) -> Vec<Section> {
    let mut latency = Some(latency).filter(|latency| !latency.is_empty());
    let section = |criterion: Criterion| Section {
        id: criterion.id(),
        words: criterion.words(),
        asks: criterion.sentence(),
        finding: finding(document, criterion),
        weight: weight(document, criterion),
        panels: METRICS
            .iter()
            .filter(|metric| metric.criterion == criterion)
            .map(|metric| Panel::of(document, field, marks, metric))
            .collect(),
        latency: if criterion == Criterion::Speed {
            latency.take()
        } else {
            None
        },
        warm_up: if criterion == Criterion::Speed {
            warm_up.take()
        } else {
            None
        },
        drawings: if criterion == Criterion::Scalability {
            std::mem::take(&mut drawings)
        } else {
            Vec::new()
        },
        remark: match criterion {
            Criterion::LearningCurve => Some(
                "No human was timed. These are properties of the source, of the installation and of the team; how long a person takes to learn is not among them.",
            ),
            _ => None,
        },
    };
    Criterion::ALL.into_iter().map(section).collect()
}

fn finding(document: &Document<'_>, criterion: Criterion) -> Prose {
    let sentences = &document.judgement.words.criteria;
    let sentence = sentences.iter().find(|(id, _)| id == criterion.id());
    Prose::of(sentence.map_or("", |(_, sentence)| sentence))
}

fn weight(document: &Document<'_>, criterion: Criterion) -> String {
    let weight = document
        .judgement
        .weights
        .iter()
        .find(|weight| weight.criterion == criterion.id());
    weight.map_or(String::new(), |weight| {
        format!("{} of the weight", number::part(weight.share.value))
    })
}
