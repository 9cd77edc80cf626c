//! Every estimate with all that stands behind it: value, interval, n, blocks, gate, cautions, the metric's sentence. A click
//! on a number opens its article; with scripts off the number is a link to it. Deliberately also those without evidence.

use super::lane::Axis;
use super::mark::{Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::brief::OwnMeasure;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::judgement::MetricEstimate;
use bakeoff_core::metric::{METRICS, Metric, Scale};
use bakeoff_core::range::Range;
use bakeoff_core::words::{absence, state};

#[derive(Template)]
#[template(path = "estimates.html")]
pub(super) struct MetricGroup {
    id: String,
    title: String,
    criterion: String,
    sentence: String,
    source: String,
    articles: Vec<Article>,
}

impl askama::filters::HtmlSafe for MetricGroup {}

struct Article {
    id: String,
    named: Named,
    slot: usize,
    value: Option<Value>,
    missing: String,
    rows: Vec<(&'static str, String)>,
    cautions: Vec<String>,
    blocks: Vec<Block>,
}

struct Value {
    text: String,
    interval: String,
}

/// The value of one block on a small lane.
struct Block {
    at: String,
    words: String,
}

/// The id of an estimate's article.
pub(super) fn link(marks: &Marks, contender: &str, metric: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    match marks.get(contender) {
        Some(mark) if !contender.chars().all(plain) => format!("e-{}-{metric}", mark.slot),
        _ => format!("e-{contender}-{metric}"),
    }
}

/// The estimates of every metric of the table, contenders in the field's order.
pub(super) fn groups(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Vec<MetricGroup> {
    let group = |metric: &'static Metric| MetricGroup {
        id: metric.id.to_owned(),
        title: metric.title.to_owned(),
        criterion: Criterion::words(metric.criterion).to_owned(),
        sentence: metric.sentence.to_owned(),
        source: metric.source.to_owned(),
        articles: articles(document, field, marks, metric.id),
    };
    let own = |own: &OwnMeasure| MetricGroup {
        id: own.id.clone(),
        title: own.title.clone(),
        criterion: document.criterion_words(&own.criterion),
        sentence: "What the brief states; no run measures it.".to_owned(),
        source: "the brief".to_owned(),
        articles: articles(document, field, marks, &own.id),
    };
    let stated = document.brief.measures.iter().map(own);
    METRICS.iter().map(group).chain(stated).collect()
}

fn articles(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks, id: &str) -> Vec<Article> {
    let of = |entrant| article(document, entrant, marks, id);
    field.iter().filter_map(of).collect()
}

fn article(document: &Document<'_>, entrant: &FieldRow<'_>, marks: &Marks, id: &str) -> Option<Article> {
    let mark = marks.get(entrant.name)?;
    let unit = document.brief.unit_of(id);
    let estimate = document.estimate(entrant.name, id);
    let range = estimate
        .and_then(|e| e.estimate)
        .filter(|range| range.value.is_finite());
    let missing = estimate
        .and_then(|e| e.missing.as_ref().map(absence::missing))
        .unwrap_or_else(|| "nothing was observed".to_owned());
    Some(Article {
        id: link(marks, entrant.name, id),
        named: Named::of(marks, entrant.name),
        slot: mark.slot,
        value: range.map(|range| value(range, unit)),
        missing: if range.is_some() { String::new() } else { missing },
        rows: estimate.map_or(Vec::new(), |estimate| rows(estimate, unit)),
        cautions: estimate.map_or(Vec::new(), |e| {
            e.cautions.iter().map(ToString::to_string).collect()
        }),
        blocks: estimate.map_or(Vec::new(), |estimate| blocks(estimate, document.scale(id), unit)),
    })
}

fn value(range: Range, unit: &str) -> Value {
    Value {
        text: number::in_table(range.value, unit),
        interval: if range.low < range.high {
            format!(
                "{} to {}",
                number::in_table(range.low, unit),
                number::in_table(range.high, unit)
            )
        } else {
            String::new()
        },
    }
}

fn rows(estimate: &MetricEstimate, unit: &str) -> Vec<(&'static str, String)> {
    let mut rows = vec![("n", estimate.n.to_string())];
    if let Some(score) = estimate.score {
        rows.push((
            "score",
            format!(
                "{}, {} to {}",
                number::score(score.value),
                number::score(score.low),
                number::score(score.high)
            ),
        ));
    }
    let (required, ideal) = estimate.anchor;
    rows.push(("score 0 at", number::level(required, unit)));
    rows.push(("score 1 at", number::level(ideal, unit)));
    rows.push(match &estimate.gate {
        Some(gate) => (
            "gate",
            format!(
                "{} {}: {}, asked: {}",
                gate.gate,
                state::gate_outcome(gate.outcome),
                gate.measured,
                gate.limit
            ),
        ),
        None => ("gate", "none failed".to_owned()),
    });
    if let Some(note) = &estimate.note {
        rows.push(("note", note.clone()));
    }
    if !estimate.by_block.is_empty() {
        let values = estimate
            .by_block
            .iter()
            .map(|(_, value)| number::bare(*value, unit))
            .collect::<Vec<_>>();
        rows.push(("by block", values.join(" · ")));
    }
    rows
}

fn blocks(estimate: &MetricEstimate, scale: Scale, unit: &str) -> Vec<Block> {
    let points = estimate.by_block.iter().map(|(_, value)| Range {
        value: *value,
        low: *value,
        high: *value,
    });
    let points: Vec<Range> = points.filter(|range| range.value.is_finite()).collect();
    if points.len() < 2 {
        return Vec::new();
    }
    let axis = Axis::around(&points, &[], scale);
    let block = |(block, value): &(u32, f64)| Block {
        at: axis.at(*value),
        words: format!("block {}: {}", block + 1, number::in_table(*value, unit)),
    };
    estimate.by_block.iter().map(block).collect()
}
