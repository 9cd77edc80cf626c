//! What V8's compilers are worth: the stages of one contender as multiples of it with all compilers, for computing and
//! for the brief's requests on one scale. The core compares; this places on the scale.

use super::axis::{Axis, Tick};
use super::estimates::link;
use super::palette::{Named, Palette};
use super::panel::Point;
use super::prose::Prose;
use crate::document::Document;
use askama::Template;
use bakeoff_core::metric::{Scale, metric};
use bakeoff_core::range::Range;
use bakeoff_core::tiers::{Figure, Row, Tiers, tiers};
use bakeoff_core::words::absence;
use bakeoff_core::words::number::Quantity;
use bakeoff_core::words::tiers::{sentences, stage, times};

#[derive(Template)]
#[template(path = "tiers.html")]
pub(super) struct TierSection {
    id: String,
    named: Named,
    runtime: String,
    sentences: Vec<Prose>,
    panels: Vec<TierPanel>,
    ticks: Vec<Tick>,
}

impl askama::filters::HtmlSafe for TierSection {}

struct TierPanel {
    title: &'static str,
    lanes: Vec<TierLane>,
}

/// One stage.
struct TierLane {
    stage: &'static str,
    link: String,
    value: String,
    ratio: String,
    point: Option<Point>,
    why: String,
}

impl TierSection {
    pub(super) fn all(document: &Document<'_>, palette: &Palette) -> Vec<TierSection> {
        let found = tiers(document.run, document.judgement, document.brief);
        let shown = found.iter().filter(|tiers| !tiers.figures.is_empty());
        shown.map(|tiers| section(document, palette, tiers)).collect()
    }
}

fn section(document: &Document<'_>, palette: &Palette, tiers: &Tiers) -> TierSection {
    let rows = tiers.figures.iter().flat_map(|figure| &figure.rows);
    let ranges: Vec<Range> = rows.filter_map(multiple).collect();
    let axis = Axis::around(&ranges, &[], Scale::Log);
    TierSection {
        id: tiers.of.clone(),
        named: Named::of(palette, &tiers.of),
        runtime: tiers.runtime.clone(),
        sentences: sentences(tiers, document)
            .iter()
            .map(|text| Prose::of(text))
            .collect(),
        panels: tiers
            .figures
            .iter()
            .map(|figure| panel(document, palette, figure, &axis))
            .collect(),
        ticks: axis.ticks(|value| Quantity::new(value, "×").as_set()),
    }
}

fn panel(document: &Document<'_>, palette: &Palette, figure: &Figure, axis: &Axis) -> TierPanel {
    let row = metric(&figure.metric);
    TierPanel {
        title: row.map_or("", |row| row.title),
        lanes: figure
            .rows
            .iter()
            .map(|row| lane(document, palette, figure, row, axis))
            .collect(),
    }
}

fn lane(document: &Document<'_>, palette: &Palette, figure: &Figure, row: &Row, axis: &Axis) -> TierLane {
    let unit = document.brief.unit_of(&figure.metric);
    let why = row.missing.as_ref().map(absence::missing_beside);
    TierLane {
        stage: stage(row.stage),
        link: link(palette, &row.contender, &figure.metric),
        value: row.value.map_or_else(
            || "no value".to_owned(),
            |range| Quantity::new(range.value, unit).in_table(),
        ),
        ratio: row.to_full.as_ref().map(times).unwrap_or_default(),
        point: multiple(row).and_then(|range| Point::of(axis, range, palette, &row.contender)),
        why: why.unwrap_or_default(),
    }
}

/// As a multiple of all compilers, which itself is exactly 1.
fn multiple(row: &Row) -> Option<Range> {
    row.value?;
    Some(row.to_full.map_or(
        Range {
            value: 1.0,
            low: 1.0,
            high: 1.0,
        },
        |change| change.range,
    ))
}
