//! The priorities: a slider for each criterion that rank the field anew while one drags, the scores that they weigh as a table, and the
//! weights that each contender is for. Deliberately says what the page's script computes and what the verdict computed.

use super::lane::percent;
use super::mark::{Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::brief::AskedCriterion;
use serde::Serialize;
use std::collections::BTreeMap;

/// How often the page's script draws scores and weights.
pub(super) const DRAWS: u32 = 2000;

#[derive(Template)]
#[template(path = "priorities.html")]
pub(super) struct Priorities {
    sliders: Vec<Slider>,
    rows: Vec<ScoreRow>,
    central: Vec<CentralRow>,
    never: Vec<Named>,
    draws: String,
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
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Self {
        let ranked = || field.iter().filter(|entrant| entrant.is_ranked());
        Priorities {
            sliders: sliders(document),
            rows: ranked()
                .filter_map(|entrant| score_row(document, entrant, marks))
                .collect(),
            central: ranked()
                .filter_map(|entrant| central_row(document, entrant, marks))
                .collect(),
            never: ranked()
                .filter(|entrant| weights_of(document, entrant).is_none())
                .map(|entrant| Named::of(marks, entrant.name))
                .collect(),
            draws: number::count(u64::from(DRAWS)),
            preferences: preferences(document),
        }
    }
}

fn sliders(document: &Document<'_>) -> Vec<Slider> {
    let criteria = document.brief.criteria();
    let even = 1.0 / criteria.len() as f64;
    let one = |criterion: AskedCriterion| {
        let weight = document
            .judgement
            .weights
            .iter()
            .find(|weight| weight.criterion == criterion.id);
        let share = weight.map_or(even, |weight| weight.share.value).clamp(0.0, 1.0);
        let interval = weight.map_or(String::new(), |weight| {
            format!(
                "{} to {}",
                number::part(weight.share.low),
                number::part(weight.share.high)
            )
        });
        Slider {
            id: criterion.id,
            words: criterion.words,
            share: (share * 100.0).round() as u32,
            text: number::part(share),
            interval,
        }
    };
    criteria.into_iter().map(one).collect()
}

/// What the brief says about weights, in a sentence.
fn preferences(document: &Document<'_>) -> String {
    let said = &document.brief.preferences;
    if let Some(weights) = &said.weights {
        let sum: f64 = weights.values().sum();
        let parts: Vec<String> = weights
            .iter()
            .map(|(id, w)| format!("{} {}", document.criterion_words(id), number::part(w / sum)))
            .collect();
        return format!("The brief sets the weights: {}.", crate::wording::list(&parts));
    }
    let mut parts = Vec::new();
    if !said.order.is_empty() {
        let names: Vec<String> = said.order.iter().map(|id| document.criterion_words(id)).collect();
        parts.push(format!("the order {}", names.join(" › ")));
    }
    if !said.ratios.is_empty() {
        parts.push(crate::wording::plural(said.ratios.len(), "ratio"));
    }
    if !said.intervals.is_empty() {
        parts.push(crate::wording::plural(said.intervals.len(), "interval"));
    }
    if parts.is_empty() {
        return "The brief says nothing about weights, so every weighting is as likely as any other."
            .to_owned();
    }
    format!(
        "The brief says {}; every weighting that fits is as likely as any other.",
        crate::wording::list(&parts)
    )
}

fn score_row(document: &Document<'_>, entrant: &FieldRow<'_>, marks: &Marks) -> Option<ScoreRow> {
    let mark = marks.get(entrant.name)?;
    let cell = |criterion: AskedCriterion| match document.criterion(entrant.name, &criterion.id) {
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
    let cells = document.brief.criteria().into_iter().map(cell).collect();
    Some(ScoreRow {
        named: Named::of(marks, entrant.name),
        slot: mark.slot,
        cells,
    })
}

/// The mean of the weights under which a contender comes first; none when it never does.
fn weights_of<'a>(document: &Document<'a>, entrant: &FieldRow<'_>) -> Option<&'a BTreeMap<String, f64>> {
    document
        .judgement
        .verdict
        .central_weights
        .get(entrant.name)?
        .as_ref()
}

fn central_row(document: &Document<'_>, entrant: &FieldRow<'_>, marks: &Marks) -> Option<CentralRow> {
    let weights = weights_of(document, entrant)?;
    let confidence = document
        .judgement
        .verdict
        .confidence
        .get(entrant.name)
        .copied()
        .flatten();
    let cell = |criterion: AskedCriterion| {
        let share = weights.get(&criterion.id).copied().unwrap_or(0.0);
        Cell {
            text: number::part(share),
            title: criterion.words,
            width: percent((share * 100.0).clamp(0.0, 100.0)),
        }
    };
    Some(CentralRow {
        named: Named::of(marks, entrant.name),
        slot: marks.get(entrant.name)?.slot,
        confidence: confidence.map_or("–".to_owned(), number::probability),
        cells: document.brief.criteria().into_iter().map(cell).collect(),
    })
}

/// What the page's script weighs.
#[derive(Serialize)]
pub(super) struct Scores {
    draws: u32,
    seed: u64,
    criteria: Vec<String>,
    /// The mean shares under the brief.
    weights: Vec<f64>,
    contenders: Vec<Ranked>,
}

/// A contender that is not out: its scores by criterion as (value, low, high), and the verdict's own figures.
#[derive(Serialize)]
struct Ranked {
    title: String,
    slot: usize,
    shape: usize,
    p_best: f64,
    value: Option<f64>,
    scores: Vec<[f64; 3]>,
}

impl Scores {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>]) -> Self {
        let marks = Marks::of(document, field);
        let weights = sliders(document)
            .iter()
            .map(|slider| f64::from(slider.share))
            .collect();
        let ranked = field.iter().filter(|entrant| entrant.is_ranked());
        Scores {
            draws: DRAWS,
            seed: document.run.plan.seed % (1 << 32),
            criteria: document.brief.criterion_ids(),
            weights,
            contenders: ranked
                .filter_map(|entrant| {
                    let mark = marks.get(entrant.name)?;
                    Some(Ranked {
                        title: entrant.title.clone(),
                        slot: mark.slot,
                        shape: mark.shape,
                        p_best: entrant.p_best,
                        value: entrant.value.map(|range| range.value),
                        scores: document
                            .brief
                            .criterion_ids()
                            .iter()
                            .map(|id| scores(document, entrant.name, id))
                            .collect(),
                    })
                })
                .collect(),
        }
    }
}

/// Without a score anything from 0 to 1 is as likely.
fn scores(document: &Document<'_>, contender: &str, criterion: &str) -> [f64; 3] {
    let round = |v: f64| {
        if v.is_finite() {
            (v * 1e4).round() / 1e4
        } else {
            0.5
        }
    };
    document
        .criterion(contender, criterion)
        .map_or([0.5, 0.0, 1.0], |row| {
            [
                round(row.score.value),
                round(row.score.low),
                round(row.score.high),
            ]
        })
}
