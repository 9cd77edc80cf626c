//! One panel for each metric: a lane for each contender with its value and interval, lines for the required and the
//! ideal value, a band for the noise floor. A reference is a lane, and a dashed line through the lanes of its family.
//! Missing evidence is hatched. All lanes have one unit and one scale.

use super::axis::{Axis, Tick, percent};
use super::palette::{Named, Palette};
use super::prose::Prose;
use crate::document::Document;
use crate::field::{FieldRow, Standing};
use crate::wording;
use askama::Template;
use bakeoff_core::evidence::Caution;
use bakeoff_core::metric::{Better, Metric};
use bakeoff_core::range::Range;
use bakeoff_core::words::absence;
use bakeoff_core::words::number::{self, Quantity};

/// Lines nearer than this, in percent of a lane, have their labels on their outer sides.
const LABELS_APART: f64 = 30.0;
/// A name of this many characters or fewer fits beside a lane on a phone.
const SHORT_NAME: usize = 9;

#[derive(Template)]
#[template(path = "panel.html")]
pub(super) struct Panel {
    id: &'static str,
    title: &'static str,
    sentence: Prose,
    unit: String,
    better: &'static str,
    ticks: Vec<Tick>,
    required: End,
    ideal: End,
    band: Option<Band>,
    /// The references whose lines are drawn.
    runtimes: Vec<Named>,
    rows: Vec<Lane>,
}

impl askama::filters::HtmlSafe for Panel {}

/// An end of the value function.
struct End {
    words: String,
    /// Where it lies; none when it is too far from the data.
    at: Option<String>,
    /// Where its label stands: `middle`, or to the side that is away from the other end when that is near.
    toward: &'static str,
}

/// The noise floor around the best value, as place and size of a background.
struct Band {
    from: String,
    width: String,
    words: String,
}

/// One contender's lane.
struct Lane {
    named: Named,
    out: bool,
    link: String,
    value: String,
    point: Option<Point>,
    /// What the runtime of its family does without a framework.
    runtime: Option<Line>,
    why: String,
    cautions: usize,
}

impl Lane {
    /// Whether a narrow column may cut the name off.
    fn is_long(&self) -> bool {
        self.named.title.chars().count() > SHORT_NAME
    }
}

/// The value of a reference, as a line through the lanes of its family.
#[derive(Clone)]
struct Line {
    at: String,
    slot: usize,
}

/// A value on its lane.
pub(super) struct Point {
    pub(super) at: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) shape: usize,
    pub(super) slot: usize,
}

impl Point {
    /// Whether there is an interval to be seen.
    pub(super) fn is_wide(&self) -> bool {
        self.from != self.to
    }

    pub(super) fn of(axis: &Axis, range: Range, palette: &Palette, name: &str) -> Option<Point> {
        let mark = palette.get(name)?;
        Some(Point {
            at: axis.at(range.value),
            from: axis.at(range.low),
            to: axis.at(range.high),
            shape: mark.shape,
            slot: mark.slot,
        })
    }
}

impl Panel {
    pub(super) fn of(
        document: &Document<'_>,
        field: &[FieldRow<'_>],
        palette: &Palette,
        metric: &'static Metric,
    ) -> Self {
        let unit = document.brief.unit_of(metric.id);
        let ranges: Vec<Range> = field
            .iter()
            .filter_map(|row| document.estimate(row.name, metric.id)?.estimate)
            .filter(|range| range.value.is_finite())
            .collect();
        let (required, ideal) = anchors(document, metric);
        let axis = axis(metric, &ranges, &[required, ideal]);
        let lines: Vec<(&FieldRow<'_>, Line)> = field
            .iter()
            .filter_map(|row| Some((row, line(document, row, palette, metric, &axis)?)))
            .collect();
        let end = |value: f64, other: f64| End {
            words: Quantity::new(value, unit).as_set(),
            at: axis.holds(value).then(|| axis.at(value)),
            toward: toward(&axis, value, other),
        };
        Panel {
            id: metric.id,
            title: metric.title,
            sentence: Prose::of(metric.sentence),
            unit: if stands_above(metric) {
                unit.to_owned()
            } else {
                String::new()
            },
            better: match metric.better {
                Better::Lower => "lower is better",
                Better::Higher => "higher is better",
            },
            ticks: axis.ticks(|value| Quantity::new(value, unit).as_set_bare()),
            required: end(required, ideal),
            ideal: end(ideal, required),
            band: band(document, metric, &ranges, &axis),
            runtimes: lines
                .iter()
                .map(|(row, _)| Named::of(palette, row.name))
                .collect(),
            rows: field
                .iter()
                .map(|row| Lane {
                    runtime: line_of(&lines, row),
                    ..lane(document, row, palette, metric, &axis)
                })
                .collect(),
        }
    }
}

impl Panel {
    fn has_cautions(&self) -> bool {
        self.rows.iter().any(|row| row.cautions > 0)
    }
}

/// Which way a label stands from its line, so that the two never overlap.
fn toward(axis: &Axis, value: f64, other: f64) -> &'static str {
    let distance = axis.percent(value) - axis.percent(other);
    let near = axis.holds(value) && axis.holds(other) && distance.abs() < LABELS_APART;
    match near {
        true if distance < 0.0 => "left",
        true => "right",
        false => "middle",
    }
}

fn anchors(document: &Document<'_>, metric: &Metric) -> (f64, f64) {
    let estimates = &document.judgement.metrics;
    estimates
        .iter()
        .find(|e| e.metric == metric.id)
        .map_or((f64::NAN, f64::NAN), |e| e.anchor)
}

fn axis(metric: &Metric, ranges: &[Range], anchors: &[f64]) -> Axis {
    if metric.unit == "share" {
        return Axis::PADDED_UNIT;
    }
    Axis::around(ranges, anchors, metric.scale)
}

/// The noise floor around the best value: the twins show no smaller difference.
fn band(document: &Document<'_>, metric: &Metric, ranges: &[Range], axis: &Axis) -> Option<Band> {
    let factor = document
        .judgement
        .verdict
        .noise_floor
        .as_ref()?
        .factor(metric.id)?;
    let values = ranges.iter().map(|range| range.value);
    let best = match metric.better {
        Better::Lower => values.min_by(f64::total_cmp)?,
        Better::Higher => values.max_by(f64::total_cmp)?,
    };
    let (from, to) = (axis.percent(best / factor), axis.percent(best * factor));
    Some(Band {
        // A background's place in percent counts from both edges: 100 % is where its right edge meets that of the lane.
        from: percent(100.0 * from / (100.0 - (to - from)).max(1.0)),
        width: percent(to - from),
        words: format!("±{}", Quantity::new(factor - 1.0, "share").in_prose()),
    })
}

fn lane(
    document: &Document<'_>,
    row: &FieldRow<'_>,
    palette: &Palette,
    metric: &Metric,
    axis: &Axis,
) -> Lane {
    let estimate = document.estimate(row.name, metric.id);
    let range = estimate
        .and_then(|e| e.estimate)
        .filter(|range| range.value.is_finite());
    let missing = estimate.and_then(|e| e.missing.as_ref());
    let why = match (&range, &row.standing, missing) {
        (Some(_), ..) => String::new(),
        (None, _, Some(why)) => absence::missing_beside(why),
        (None, Standing::NotMeasured(why), None) => why.clone(),
        _ => "no trial observed it".to_owned(),
    };
    Lane {
        named: Named::of(palette, row.name),
        out: !row.has_numbers(),
        link: super::estimates::link(palette, row.name, metric.id),
        value: range.map_or(wording::absent(missing).to_owned(), |range| {
            written(range.value, metric, document.brief.unit_of(metric.id))
        }),
        point: range.and_then(|range| Point::of(axis, range, palette, row.name)),
        runtime: None,
        why,
        cautions: estimate.map_or(0, |e| {
            e.cautions.iter().filter(|c| !matches!(c, Caution::Once)).count()
        }),
    }
}

/// The line of a reference; none of others, and where it has no value on the axis.
fn line(
    document: &Document<'_>,
    row: &FieldRow<'_>,
    palette: &Palette,
    metric: &Metric,
    axis: &Axis,
) -> Option<Line> {
    let value = document.estimate(row.name, metric.id)?.estimate?.value;
    let slot = palette.get(row.name)?.slot;
    (row.is_reference() && axis.holds(value)).then(|| Line {
        at: axis.at(value),
        slot,
    })
}

/// The line through a contender's lane: that of the first reference of its family, which has none itself.
fn line_of(lines: &[(&FieldRow<'_>, Line)], row: &FieldRow<'_>) -> Option<Line> {
    let mut lines = lines.iter().filter(|_| !row.is_reference());
    let (_, line) = lines.find(|(reference, _)| reference.family() == row.family())?;
    Some(line.clone())
}

/// Whether the unit is too long for every lane and stands once above the column.
fn stands_above(metric: &Metric) -> bool {
    number::is_count(metric.unit) || metric.unit == "currency"
}

fn written(value: f64, metric: &Metric, unit: &str) -> String {
    if stands_above(metric) {
        Quantity::new(value, unit).bare()
    } else {
        Quantity::new(value, unit).in_table()
    }
}
