//! The priorities: a slider for each criterion, the scores that the sliders weigh, and the average priorities under
//! which each contender wins. The page's script sums up the core's expected scores by the sliders' weights; it
//! simulates nothing, and the page says so.

use super::axis::percent;
use super::palette::{Named, Palette};
use crate::commands;
use crate::document::Document;
use crate::field::FieldRow;
use askama::Template;
use bakeoff_core::brief::BriefCriterion;
use bakeoff_core::words::number;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "priorities.html")]
pub(super) struct Priorities {
    sliders: Vec<Slider>,
    rows: Vec<ScoreRow>,
    central: Vec<CentralRow>,
    never: Vec<Named>,
    preferences: String,
}

impl askama::filters::HtmlSafe for Priorities {}

struct Slider {
    id: String,
    words: String,
    share: u32,
    text: String,
    interval: String,
}

struct ScoreRow {
    named: Named,
    slot: usize,
    cells: Vec<Cell>,
}

struct Cell {
    text: String,
    title: String,
    width: String,
}

struct CentralRow {
    named: Named,
    slot: usize,
    confidence: String,
    cells: Vec<Cell>,
}

impl Priorities {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        let ranked = || field.iter().filter(|row| row.is_ranked());
        Priorities {
            sliders: sliders(document),
            rows: ranked()
                .filter_map(|row| score_row(document, row, palette))
                .collect(),
            central: ranked()
                .filter_map(|row| central_row(document, row, palette))
                .collect(),
            never: ranked()
                .filter(|row| weights_of(document, row).is_none())
                .map(|row| Named::of(palette, row.name))
                .collect(),
            preferences: preferences(document),
        }
    }
}

fn sliders(document: &Document<'_>) -> Vec<Slider> {
    let criteria = document.criteria();
    let even = 1.0 / criteria.len() as f64;
    let one = |criterion: BriefCriterion| {
        let weight = document.weight(&criterion.id);
        let share = weight.map_or(even, |weight| weight.share.value).clamp(0.0, 1.0);
        let interval = weight.map_or(String::new(), |weight| {
            format!(
                "{} to {}",
                number::share(weight.share.low),
                number::share(weight.share.high)
            )
        });
        Slider {
            id: criterion.id,
            words: criterion.words,
            share: (share * 100.0).round() as u32,
            text: number::share(share),
            interval,
        }
    };
    criteria.into_iter().map(one).collect()
}

/// The brief's priorities in a sentence.
fn preferences(document: &Document<'_>) -> String {
    let said = &document.brief.preferences;
    if let Some(weights) = &said.weights {
        let sum: f64 = weights.values().sum();
        let parts: Vec<String> = weights
            .iter()
            .map(|(id, w)| format!("{} {}", document.criterion_words(id), number::share(w / sum)))
            .collect();
        return format!("The brief sets the priorities: {}.", number::list(&parts));
    }
    let mut parts = Vec::new();
    if !said.order.is_empty() {
        let names: Vec<String> = said.order.iter().map(|id| document.criterion_words(id)).collect();
        parts.push(format!("the order {}", names.join(" › ")));
    }
    if !said.ratios.is_empty() {
        parts.push(number::count(said.ratios.len(), "ratio"));
    }
    if !said.intervals.is_empty() {
        parts.push(number::count(said.intervals.len(), "interval"));
    }
    if parts.is_empty() {
        return "The brief sets no priorities, so all weightings are equally likely.".to_owned();
    }
    format!(
        "The brief sets {}; all weightings that fit it are equally likely.",
        number::list(&parts)
    )
}

fn score_row(document: &Document<'_>, row: &FieldRow<'_>, palette: &Palette) -> Option<ScoreRow> {
    let mark = palette.get(row.name)?;
    let cell = |criterion: BriefCriterion| match document.score(row.name, &criterion.id) {
        Some(row) => Cell {
            text: number::score(row.score.value),
            title: format!(
                "{} to {}",
                number::score(row.score.low),
                number::score(row.score.high)
            ),
            width: percent((row.score.value * 100.0).clamp(0.0, 100.0)),
        },
        None => Cell {
            text: "–".to_owned(),
            title: "no score".to_owned(),
            width: percent(0.0),
        },
    };
    let cells = document.criteria().into_iter().map(cell).collect();
    Some(ScoreRow {
        named: Named::of(palette, row.name),
        slot: mark.slot,
        cells,
    })
}

/// The mean of the weights under which a contender comes first; none when it never does.
fn weights_of<'a>(document: &Document<'a>, row: &FieldRow<'_>) -> Option<&'a BTreeMap<String, f64>> {
    document.judgement.verdict.central_weights.get(row.name)?.as_ref()
}

fn central_row(document: &Document<'_>, row: &FieldRow<'_>, palette: &Palette) -> Option<CentralRow> {
    let weights = weights_of(document, row)?;
    let confidence = document
        .judgement
        .verdict
        .confidence
        .get(row.name)
        .copied()
        .flatten();
    let cell = |criterion: BriefCriterion| {
        let share = weights.get(&criterion.id).copied().unwrap_or(0.0);
        Cell {
            text: number::share(share),
            title: criterion.words,
            width: percent((share * 100.0).clamp(0.0, 100.0)),
        }
    };
    Some(CentralRow {
        named: Named::of(palette, row.name),
        slot: palette.get(row.name)?.slot,
        confidence: confidence.map_or("–".to_owned(), number::probability),
        cells: document.criteria().into_iter().map(cell).collect(),
    })
}

/// What the page's script sums up.
#[derive(Serialize)]
pub(super) struct Scores {
    /// The command that judges with other weights, without the weights.
    decide: String,
    criteria: Vec<String>,
    /// The mean shares under the brief, in percent.
    weights: Vec<u32>,
    contenders: Vec<Scored>,
}

/// A contender that can be chosen: its expected score in each criterion, and the verdict's own figure.
#[derive(Serialize)]
struct Scored {
    title: String,
    slot: usize,
    score: Option<f64>,
    scores: Vec<f64>,
}

impl Scores {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        let criteria = document.brief.criterion_ids();
        let scored = |row: &FieldRow<'_>| {
            let mark = palette.get(row.name)?;
            Some(Scored {
                title: row.title.clone(),
                slot: mark.slot,
                score: row.score.map(|range| range.value),
                scores: criteria
                    .iter()
                    .map(|criterion| expected_score(document, row.name, criterion))
                    .collect(),
            })
        };
        let ranked = field.iter().filter(|row| row.is_ranked());
        Scores {
            decide: commands::decide(document),
            weights: sliders(document).iter().map(|slider| slider.share).collect(),
            contenders: ranked.filter_map(scored).collect(),
            criteria,
        }
    }
}

/// Without a score any score from 0 to 1 is equally likely, so 0.5 is expected.
fn expected_score(document: &Document<'_>, contender: &str, criterion: &str) -> f64 {
    let score = document.score(contender, criterion).map(|row| row.score.value);
    // Four decimals are finer than the two that are shown, and save half of the bytes.
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    score.filter(|value| value.is_finite()).map_or(0.5, rounded)
}
