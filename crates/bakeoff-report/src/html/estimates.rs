//! Every estimate with its interval, n, blocks, quality check, cautions and the metric's sentence; estimates without
//! evidence are here too. A click on a number opens its article; with scripts off the number is a link to it.

use super::axis::Axis;
use super::palette::{Named, Palette};
use crate::document::Document;
use crate::field::FieldRow;
use crate::wording;
use askama::Template;
use bakeoff_core::brief::OwnMeasure;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::judgement::MetricEstimate;
use bakeoff_core::metric::{METRICS, Metric, Scale};
use bakeoff_core::range::Range;
use bakeoff_core::words::number::{self, Quantity};
use bakeoff_core::words::{absence, state};

#[derive(Template)]
#[template(path = "estimates.html")]
pub(super) struct MetricGroup {
    id: String,
    title: String,
    criterion: String,
    sentence: String,
    /// Which values have the scores 0 and 1; empty without an estimate.
    ends: String,
    source: String,
    articles: Vec<Article>,
}

impl askama::filters::HtmlSafe for MetricGroup {}

struct Article {
    id: String,
    named: Named,
    slot: usize,
    value: Option<Value>,
    /// What stands in place of the value, and why; empty with a value.
    absent: &'static str,
    missing: String,
    rows: Vec<(&'static str, String)>,
    cautions: Vec<String>,
    /// A path with a dot for the value of each block, on a lane of 1,000 by 16; empty without a second value.
    blocks: String,
}

struct Value {
    text: String,
    interval: String,
}

/// The id of an estimate's article.
pub(super) fn link(palette: &Palette, contender: &str, metric: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    match palette.get(contender) {
        Some(mark) if !contender.chars().all(plain) => format!("e-{}-{metric}", mark.slot),
        _ => format!("e-{contender}-{metric}"),
    }
}

/// The estimates of every metric of the table, contenders in the field's order.
pub(super) fn groups(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Vec<MetricGroup> {
    let group = |metric: &'static Metric| MetricGroup {
        id: metric.id.to_owned(),
        title: metric.title.to_owned(),
        criterion: Criterion::words(metric.criterion).to_owned(),
        sentence: metric.sentence.to_owned(),
        ends: ends(document, metric.id),
        source: metric.source.to_owned(),
        articles: articles(document, field, palette, metric.id),
    };
    let own = |own: &OwnMeasure| MetricGroup {
        id: own.id.clone(),
        title: own.title.clone(),
        criterion: document.criterion_words(&own.criterion),
        sentence: "The brief states this value; no run measures it.".to_owned(),
        ends: ends(document, &own.id),
        source: "the brief".to_owned(),
        articles: articles(document, field, palette, &own.id),
    };
    let stated = document.brief.measures.iter().map(own);
    let mentioned = METRICS.iter().filter(|metric| document.mentions(metric));
    mentioned.map(group).chain(stated).collect()
}

fn articles(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette, id: &str) -> Vec<Article> {
    let of = |row| article(document, row, palette, id);
    field.iter().filter_map(of).collect()
}

fn article(document: &Document<'_>, row: &FieldRow<'_>, palette: &Palette, id: &str) -> Option<Article> {
    let mark = palette.get(row.name)?;
    let unit = document.brief.unit_of(id);
    let estimate = document.estimate(row.name, id);
    let range = estimate
        .and_then(|e| e.estimate)
        .filter(|range| range.value.is_finite());
    let missing = estimate
        .and_then(|e| e.missing.as_ref().map(absence::missing))
        .unwrap_or_else(|| "no trial observed it".to_owned());
    Some(Article {
        id: link(palette, row.name, id),
        named: Named::of(palette, row.name),
        slot: mark.slot,
        value: range.map(|range| value(range, unit)),
        absent: wording::absent(estimate.and_then(|e| e.missing.as_ref())),
        missing: if range.is_some() { String::new() } else { missing },
        rows: estimate.map_or(Vec::new(), |estimate| rows(estimate, unit)),
        cautions: estimate.map_or(Vec::new(), |e| {
            e.cautions.iter().map(ToString::to_string).collect()
        }),
        blocks: estimate.map_or(String::new(), |estimate| blocks(estimate, document.scale(id))),
    })
}

fn value(range: Range, unit: &str) -> Value {
    Value {
        text: Quantity::new(range.value, unit).in_table(),
        interval: if range.low < range.high {
            format!(
                "{} to {}",
                Quantity::new(range.low, unit).in_table(),
                Quantity::new(range.high, unit).in_table()
            )
        } else {
            String::new()
        },
    }
}

fn rows(estimate: &MetricEstimate, unit: &str) -> Vec<(&'static str, String)> {
    let mut rows = vec![("n", wording::sample(estimate))];
    if let Some(score) = estimate.score {
        rows.push((
            "score",
            number::with_interval(score.value, (score.low, score.high), number::score),
        ));
    }
    // Nearly every estimate passed all checks, so only a failure is worth its line.
    if let Some(gate) = &estimate.gate {
        let outcome = state::gate_outcome(gate.outcome);
        let text = format!(
            "{}, {outcome}: {}; required: {}",
            gate.gate, gate.measured, gate.limit
        );
        rows.push(("quality check", text));
    }
    if let Some(note) = &estimate.note {
        rows.push(("note", note.clone()));
    }
    let bare = |blocks: &[(u32, f64)]| {
        let values = blocks.iter().map(|(_, value)| Quantity::new(*value, unit).bare());
        values.collect::<Vec<_>>().join(" · ")
    };
    if !estimate.by_launch.is_empty() {
        let launches = estimate.by_launch.iter().map(|launch| bare(&launch.blocks));
        rows.push(("by launch", launches.collect::<Vec<_>>().join(" | ")));
    } else if !estimate.by_block.is_empty() {
        rows.push(("by block", bare(&estimate.by_block)));
    }
    rows
}

/// The ends of the metric's scale: the same for all contenders.
fn ends(document: &Document<'_>, id: &str) -> String {
    let mut estimates = document.judgement.metrics.iter();
    let unit = document.brief.unit_of(id);
    estimates
        .find(|estimate| estimate.metric == id)
        .map_or_else(String::new, |estimate| {
            let (required, ideal) = estimate.anchor;
            format!(
                "Score 0 at {}, score 1 at {}.",
                Quantity::new(required, unit).as_set(),
                Quantity::new(ideal, unit).as_set()
            )
        })
}

fn blocks(estimate: &MetricEstimate, scale: Scale) -> String {
    let values = estimate.by_block.iter().map(|(_, value)| *value);
    let points: Vec<Range> = values
        .filter(|value| value.is_finite())
        .map(|value| Range {
            value,
            low: value,
            high: value,
        })
        .collect();
    if points.len() < 2 {
        return String::new();
    }
    let axis = Axis::around(&points, &[], scale);
    points
        .iter()
        .map(|point| format!("M{:.0} 8h0", axis.percent(point.value) * 10.0))
        .collect()
}
