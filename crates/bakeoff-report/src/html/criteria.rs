//! One section for each criterion: its finding in a sentence, then one panel for each metric. Panels show measurements
//! in their units; scores stand under the priorities.

use super::latency::Latency;
use super::launches::Launches;
use super::palette::{Named, Palette};
use super::panel::Panel;
use super::plot::Plot;
use super::probe_curves::ProbeCurves;
use super::prose::Prose;
use super::warm_up::WarmUp;
use crate::document::Document;
use crate::field::FieldRow;
use askama::Template;
use bakeoff_core::brief::{BriefCriterion, OwnMeasure};
use bakeoff_core::criterion::Criterion;
use bakeoff_core::metric::METRICS;
use bakeoff_core::words::number::{self, Quantity};

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
    launches: Option<Launches>,
    probes: Vec<ProbeCurves>,
    remark: Option<&'static str>,
}

impl askama::filters::HtmlSafe for Section {}

/// The charts of all sections.
pub(super) struct Charts {
    latency: Option<Latency>,
    /// Of runs in which each trial was a launch of its own.
    warm_up: Option<WarmUp>,
    launches: Option<Launches>,
    probes: Vec<ProbeCurves>,
}

impl Charts {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Charts {
        let latency = Latency::of(document, field, palette);
        Charts {
            latency: Some(latency).filter(|latency| !latency.is_empty()),
            warm_up: WarmUp::of(document, field, palette),
            launches: Launches::of(document, field, palette),
            probes: ProbeCurves::all(document, field, palette),
        }
    }

    pub(super) fn plots(&self) -> impl Iterator<Item = &Plot> {
        let latency = self.latency.iter().flat_map(Latency::plots);
        let launches = self.launches.iter().flat_map(Launches::plots);
        latency
            .chain(self.warm_up.iter().map(WarmUp::plot))
            .chain(launches)
            .chain(self.probes.iter().map(ProbeCurves::plot))
    }
}

/// A measure that the brief states.
struct Stated {
    title: String,
    ends: String,
    rows: Vec<(Named, String, String, String)>,
}

/// The sections, those of the six criteria first. Latency curves, warm-up and launches stand under speed, the charts of
/// probes under scalability.
pub(super) fn sections(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    palette: &Palette,
    mut charts: Charts,
) -> Vec<Section> {
    let section = |criterion: BriefCriterion| Section {
        finding: finding(document, &criterion.id),
        weight: weight(document, &criterion.id),
        stated: stated(document, field, palette, &criterion.id),
        panels: METRICS
            .iter()
            .filter(|metric| Some(metric.criterion) == criterion.founding && document.mentions(metric))
            .map(|metric| Panel::of(document, field, palette, metric))
            .collect(),
        latency: charts
            .latency
            .take_if(|_| criterion.founding == Some(Criterion::Speed)),
        warm_up: charts
            .warm_up
            .take_if(|_| criterion.founding == Some(Criterion::Speed)),
        launches: charts
            .launches
            .take_if(|_| criterion.founding == Some(Criterion::Speed)),
        probes: if criterion.founding == Some(Criterion::Scalability) {
            std::mem::take(&mut charts.probes)
        } else {
            Vec::new()
        },
        remark: match criterion.founding {
            Some(Criterion::LearningCurve) => Some(
                "No human was timed. These are properties of the source code, of the installation and of the team. They do \
                 not include how long a person takes to learn.",
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
fn stated(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    palette: &Palette,
    criterion: &str,
) -> Vec<Stated> {
    let own = document.brief.measures.iter();
    own.filter(|own| own.criterion == criterion)
        .map(|own| Stated {
            title: own.title.clone(),
            ends: format!(
                "score 0 at {}, 1 at {}",
                Quantity::new(own.worst, &own.unit).as_set(),
                Quantity::new(own.best, &own.unit).as_set()
            ),
            rows: field
                .iter()
                .map(|row| stated_row(document, palette, row.name, own))
                .collect(),
        })
        .collect()
}

fn stated_row(
    document: &Document<'_>,
    palette: &Palette,
    contender: &str,
    own: &OwnMeasure,
) -> (Named, String, String, String) {
    let range = document
        .estimate(contender, &own.id)
        .and_then(|estimate| estimate.estimate);
    let written = |value: f64| Quantity::new(value, &own.unit).in_table();
    let text = range.map_or("not stated".to_owned(), |range| {
        if range.low < range.high {
            number::with_interval(range.value, (range.low, range.high), written)
        } else {
            written(range.value)
        }
    });
    let score = document
        .estimate(contender, &own.id)
        .and_then(|estimate| estimate.score);
    (
        Named::of(palette, contender),
        super::estimates::link(palette, contender, &own.id),
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
    let weight = document.weight(criterion);
    weight.map_or(String::new(), |weight| {
        format!("{} of the weight", number::share(weight.share.value))
    })
}
