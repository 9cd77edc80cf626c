//! The field: a row for every contender, in order; who is out is struck through with the reason, who was not measured
//! stands there with why. Deliberately no sorting by a single metric: the order is the verdict's.

use super::estimates;
use super::lane::{Axis, percent};
use super::mark::{Marks, Named};
use super::panel::Point;
use super::prose::Prose;
use crate::contender::{FieldRow, Standing};
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::metric::{Metric, columns};

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
    link: String,
}

impl Field {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Self {
        Field {
            heads: columns().into_iter().map(|(_, column)| column.head).collect(),
            rows: field
                .iter()
                .map(|entrant| row(document, entrant, marks))
                .collect(),
            longest: field
                .iter()
                .filter(|entrant| entrant.is_ranked())
                .map(|entrant| entrant.ranks.len())
                .max()
                .unwrap_or(0),
        }
    }
}

fn row(document: &Document<'_>, entrant: &FieldRow<'_>, marks: &Marks) -> Row {
    let value = entrant.value.filter(|_| entrant.is_ranked());
    Row {
        named: Named::of(marks, entrant.name),
        stack: entrant.stack(),
        standing: entrant.standing.clone(),
        p_best: number::probability(entrant.p_best),
        bar: bar(entrant, marks),
        value: value.map_or("–".to_owned(), |v| number::score(v.value)),
        interval: value.map_or(String::new(), |v| {
            format!("{} to {}", number::score(v.low), number::score(v.high))
        }),
        point: value.and_then(|v| Point::of(&Axis::PADDED_UNIT, v, marks, entrant.name)),
        numbers: columns()
            .into_iter()
            .map(|(metric, column)| key_number(document, entrant.name, marks, metric, column.head))
            .collect(),
    }
}

fn bar(entrant: &FieldRow<'_>, marks: &Marks) -> Vec<Slice> {
    let Some(mark) = marks.get(entrant.name).filter(|_| entrant.is_ranked()) else {
        return Vec::new();
    };
    let mut from = 0.0;
    let mut slices = Vec::new();
    for (rank, &p) in entrant.ranks.iter().enumerate() {
        if p > 0.0 {
            slices.push(Slice {
                from: percent(from * 100.0),
                width: percent(p * 100.0),
                opacity: opacity(rank, entrant.ranks.len()),
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
    marks: &Marks,
    metric: &Metric,
    head: &'static str,
) -> Number {
    let range = document
        .estimate(contender, metric.id)
        .and_then(|estimate| estimate.estimate);
    let text = range.map(|range| number::in_table(range.value, document.unit(metric)));
    Number {
        head,
        text,
        link: estimates::link(marks, contender, metric.id),
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
