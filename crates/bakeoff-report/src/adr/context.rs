//! What a record says before it decides: the problem, what drives the decision, what was found on each criterion.

use super::markdown::{code, inline};
use crate::document::Document;
use crate::{number, wording};
use bakeoff_core::brief::AskedCriterion;

pub(super) fn context(document: &Document<'_>) -> Vec<String> {
    let load = &document.brief.load;
    let mix: f64 = document.brief.traffic.iter().map(|part| part.share).sum();
    let parts: Vec<String> = document
        .brief
        .traffic
        .iter()
        .map(|part| format!("{} {}", number::part(part.share / mix), code(&part.scenario)))
        .collect();
    let mut lines = vec![
        format!(
            "One instance has {} and {} and must carry {} requests a second: {}.",
            wording::plural(load.cores as usize, "core"),
            number::level(load.memory_mb, "MB"),
            number::exact(load.peak_rps),
            wording::list(&parts)
        ),
        format!(
            "99 of 100 answers must come within {} ms, and at most {} % may fail.",
            number::exact(load.slo.p99_ms),
            number::exact(load.slo.error_rate * 100.0)
        ),
        format!("It is deployed as: {}.", inline(&document.brief.deploy.target)),
    ];
    let team = &document.brief.team;
    if !team.knows.is_empty() {
        let knows: Vec<String> = team.knows.iter().map(|word| inline(word)).collect();
        lines.push(format!("The team knows {}.", wording::list(&knows)));
    }
    let must: Vec<String> = document.brief.needs.must.iter().map(|word| code(word)).collect();
    if !must.is_empty() {
        lines.push(format!("It cannot do without {}.", wording::list(&must)));
    }
    lines
}

pub(super) fn drivers(document: &Document<'_>) -> Vec<String> {
    let weight = |criterion: &AskedCriterion| {
        document
            .judgement
            .weights
            .iter()
            .find(|weight| weight.criterion == criterion.id)
    };
    let mut drivers: Vec<(f64, String)> = document
        .brief
        .criteria()
        .iter()
        .map(|criterion| match weight(criterion) {
            Some(w) => (
                w.share.value,
                format!(
                    "{}: {} of the weight ({} to {}). {}",
                    criterion.words,
                    number::part(w.share.value),
                    number::part(w.share.low),
                    number::part(w.share.high),
                    criterion.sentence
                ),
            ),
            None => (0.0, format!("{}: {}", criterion.words, criterion.sentence)),
        })
        .collect();
    drivers.sort_by(|a, b| b.0.total_cmp(&a.0));
    drivers.into_iter().map(|(_, sentence)| sentence).collect()
}

pub(super) fn criteria_sentences(document: &Document<'_>) -> Vec<String> {
    let sentences = document
        .words
        .criteria
        .iter()
        .filter(|(_, sentence)| !sentence.is_empty());
    let name = |id: &str| inline(&document.criterion_words(id));
    sentences
        .map(|(id, sentence)| format!("{}: {}", name(id), inline(sentence)))
        .collect()
}
