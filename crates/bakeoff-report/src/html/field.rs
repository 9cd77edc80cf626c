//! The field: a row for each contender in the verdict's order. A reference has its numbers and no rank. A contender
//! that is out is struck through, one that was not measured stands there too, both with the reason. No column sorts
//! it: the order is the verdict's.

use super::axis::{Axis, percent};
use super::estimates;
use super::palette::{Named, Palette};
use super::panel::Point;
use super::prose::Prose;
use crate::document::Document;
use crate::field::{FieldRow, Standing};
use crate::flags::{Flag, flags};
use crate::wording;
use askama::Template;
use bakeoff_core::metric::columns;
use bakeoff_core::words::number::{self, Quantity};

#[derive(Template)]
#[template(path = "field.html")]
pub(super) struct Field {
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    longest: usize,
}

impl askama::filters::HtmlSafe for Field {}

struct Row {
    named: Named,
    stack: String,
    standing: Standing,
    flags: Vec<Flag>,
    p_best: String,
    bar: Vec<Slice>,
    value: String,
    interval: String,
    point: Option<Point>,
    numbers: Vec<Number>,
}

/// The probability of one rank.
struct Slice {
    from: String,
    width: String,
    opacity: String,
    words: String,
    slot: usize,
}

/// A number that opens its estimate.
struct Number {
    head: &'static str,
    /// None without evidence.
    text: Option<String>,
    /// What stands in its place then.
    absent: &'static str,
    link: String,
}

impl Field {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        Field {
            heads: columns().into_iter().map(|(_, column)| column.head).collect(),
            rows: field
                .iter()
                .map(|row| table_row(document, row, palette))
                .collect(),
            longest: field
                .iter()
                .filter(|row| row.is_ranked())
                .map(|row| row.ranks.len())
                .max()
                .unwrap_or(0),
        }
    }
}

fn table_row(document: &Document<'_>, row: &FieldRow<'_>, palette: &Palette) -> Row {
    let value = row.score.filter(|_| row.has_numbers());
    Row {
        named: Named::of(palette, row.name),
        stack: row.stack(),
        standing: row.standing.clone(),
        flags: flags(document, row.name),
        p_best: number::probability(row.p_best),
        bar: bar(row, palette),
        value: value.map_or("–".to_owned(), |v| number::score(v.value)),
        interval: value.map_or(String::new(), |v| {
            format!("{} to {}", number::score(v.low), number::score(v.high))
        }),
        point: value.and_then(|v| Point::of(&Axis::PADDED_UNIT, v, palette, row.name)),
        numbers: columns()
            .into_iter()
            .map(|(metric, column)| key_number(document, row.name, palette, metric.id, column.head))
            .collect(),
    }
}

fn bar(row: &FieldRow<'_>, palette: &Palette) -> Vec<Slice> {
    let Some(mark) = palette.get(row.name).filter(|_| row.is_ranked()) else {
        return Vec::new();
    };
    let mut from = 0.0;
    let mut slices = Vec::new();
    for (rank, &p) in row.ranks.iter().enumerate() {
        if p > 0.0 {
            slices.push(Slice {
                from: percent(from * 100.0),
                width: percent(p * 100.0),
                opacity: opacity(rank, row.ranks.len()),
                words: format!("rank {}: {}", rank + 1, number::probability(p)),
                slot: mark.slot,
            });
        }
        from += p;
    }
    slices
}

/// The first rank is solid, the last nearly paper.
pub(super) fn opacity(rank: usize, ranks: usize) -> String {
    let share = if ranks > 1 {
        rank as f64 / (ranks - 1) as f64
    } else {
        0.0
    };
    format!("{:.3}", 0.07 + 0.93 * (1.0 - share).powf(2.2))
}

fn key_number(
    document: &Document<'_>,
    contender: &str,
    palette: &Palette,
    id: &str,
    head: &'static str,
) -> Number {
    let estimate = document.estimate(contender, id);
    let range = estimate.and_then(|estimate| estimate.estimate);
    let text = range.map(|range| Quantity::new(range.value, document.brief.unit_of(id)).in_table());
    Number {
        head,
        text,
        absent: wording::absent(estimate.and_then(|estimate| estimate.missing.as_ref())),
        link: estimates::link(palette, contender, id),
    }
}

impl Field {
    /// The steps of the legend: opacity and words.
    fn legend(&self) -> Vec<(String, String)> {
        let last = self.longest;
        (0..last)
            .map(|rank| (opacity(rank, last), (rank + 1).to_string()))
            .collect()
    }
}
