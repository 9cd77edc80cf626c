//! One section for each criterion: its finding in a sentence, then one panel a metric. Deliberately no score drawings:
//! panels show what was measured, in its unit.

use super::drawing::Drawing;
use super::latency::Latency;
use super::mark::{Marks, Named};
use super::panel::Panel;
use super::prose::Prose;
use super::warm_up::WarmUp;
use crate::contender::FieldRow;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::brief::{AskedCriterion, OwnMeasure};
use bakeoff_core::criterion::Criterion;
use bakeoff_core::metric::METRICS;

#[derive(Template)]
#[template(path = "criterion.html")]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) words: String,
    asks: String,
    finding: Prose,
    weight: String,
    panels: Vec<Panel>,
    stated: Vec<Stated>,
    latency: Option<Latency>,
    warm_up: Option<WarmUp>,
    drawings: Vec<Drawing>,
    remark: Option<&'static str>,
}

impl askama::filters::HtmlSafe for Section {}

/// A measure that the brief states.
struct Stated {
    title: String,
    ends: String,
    rows: Vec<(Named, String, String, String)>,
}

/// The sections, those of the six criteria first; latency curves and warm-up stand in that of speed, drawings of probes in that of
/// scalability.
pub(super) fn sections(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    marks: &Marks,
    latency: Latency,
    mut warm_up: Option<WarmUp>,
    mut drawings: Vec<Drawing>,
) -> Vec<Section> {
    let mut latency = Some(latency).filter(|latency| !latency.is_empty());
    let section = |criterion: AskedCriterion| Section {
        finding: finding(document, &criterion.id),
        weight: weight(document, &criterion.id),
        stated: stated(document, field, marks, &criterion.id),
        panels: METRICS
            .iter()
            .filter(|metric| Some(metric.criterion) == criterion.founding)
            .map(|metric| Panel::of(document, field, marks, metric))
            .collect(),
        latency: if criterion.founding == Some(Criterion::Speed) {
            latency.take()
        } else {
            None
        },
        warm_up: if criterion.founding == Some(Criterion::Speed) {
            warm_up.take()
        } else {
            None
        },
        drawings: if criterion.founding == Some(Criterion::Scalability) {
            std::mem::take(&mut drawings)
        } else {
            Vec::new()
        },
        remark: match criterion.founding {
            Some(Criterion::LearningCurve) => Some(
                "No human was timed. These are properties of the source, of the installation and of the team; how long a person takes to learn is not among them.",
            ),
            _ => None,
        },
        id: criterion.id,
        words: criterion.words,
        asks: criterion.sentence,
    };
    document.brief.criteria().into_iter().map(section).collect()
}

/// What the brief states of a criterion, contenders in the field's order.
fn stated(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks, criterion: &str) -> Vec<Stated> {
    let own = document.brief.measures.iter();
    own.filter(|own| own.criterion == criterion)
        .map(|own| Stated {
            title: own.title.clone(),
            ends: format!(
                "score 0 at {}, 1 at {}",
                number::level(own.worst, &own.unit),
                number::level(own.best, &own.unit)
            ),
            rows: field
                .iter()
                .map(|entrant| stated_row(document, marks, entrant.name, own))
                .collect(),
        })
        .collect()
}

fn stated_row(
    document: &Document<'_>,
    marks: &Marks,
    contender: &str,
    own: &OwnMeasure,
) -> (Named, String, String, String) {
    let range = document
        .estimate(contender, &own.id)
        .and_then(|estimate| estimate.estimate);
    let text = range.map_or("not stated".to_owned(), |range| {
        let value = number::in_table(range.value, &own.unit);
        if range.low < range.high {
            let (low, high) = (
                number::in_table(range.low, &own.unit),
                number::in_table(range.high, &own.unit),
            );
            format!("{value} ({low} to {high})")
        } else {
            value
        }
    });
    let score = document
        .estimate(contender, &own.id)
        .and_then(|estimate| estimate.score);
    (
        Named::of(marks, contender),
        super::estimates::link(marks, contender, &own.id),
        text,
        score.map_or("–".to_owned(), |score| number::score(score.value)),
    )
}

fn finding(document: &Document<'_>, criterion: &str) -> Prose {
    let sentences = &document.words.criteria;
    let sentence = sentences.iter().find(|(id, _)| id == criterion);
    Prose::of(sentence.map_or("", |(_, sentence)| sentence))
}

fn weight(document: &Document<'_>, criterion: &str) -> String {
    let weight = document
        .judgement
        .weights
        .iter()
        .find(|weight| weight.criterion == criterion);
    weight.map_or(String::new(), |weight| {
        format!("{} of the weight", number::part(weight.share.value))
    })
}
