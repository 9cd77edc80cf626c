//! The first part of a record: the problem, the drivers of the decision, the finding on each criterion.

use super::markdown::{code, inline};
use crate::document::Document;
use bakeoff_core::brief::BriefCriterion;
use bakeoff_core::words::number::{self, Quantity};

pub(crate) fn context(document: &Document<'_>) -> Vec<String> {
    let load = &document.brief.load;
    let mix: f64 = document.brief.traffic.iter().map(|part| part.share).sum();
    let parts: Vec<String> = document
        .brief
        .traffic
        .iter()
        .map(|part| format!("{} {}", number::share(part.share / mix), code(&part.scenario)))
        .collect();
    let mut lines = vec![
        format!(
            "One instance has {} and {} and must carry {} requests a second: {}.",
            number::count(load.cores as usize, "core"),
            Quantity::new(load.memory_mb, "MB").as_set(),
            Quantity::new(load.peak_rps, "").as_set(),
            number::list(&parts)
        ),
        format!(
            "99 of 100 responses must come within {}, and at most {} of the requests may fail.",
            Quantity::new(load.slo.p99_ms, "ms").as_set(),
            Quantity::new(load.slo.error_rate, "share").as_set()
        ),
        format!("Deployment target: {}.", inline(&document.brief.deploy.target)),
    ];
    let team = &document.brief.team;
    if !team.knows.is_empty() {
        let knows: Vec<String> = team.knows.iter().map(|word| inline(word)).collect();
        lines.push(format!("The team knows {}.", number::list(&knows)));
    }
    let must: Vec<String> = document.brief.needs.must.iter().map(|word| code(word)).collect();
    if !must.is_empty() {
        lines.push(format!("It needs {}.", number::list(&must)));
    }
    lines
}

pub(super) fn drivers(document: &Document<'_>) -> Vec<String> {
    let weight = |criterion: &BriefCriterion| document.weight(&criterion.id);
    let mut drivers: Vec<(f64, String)> = document
        .criteria()
        .iter()
        .map(|criterion| match weight(criterion) {
            Some(w) => (
                w.share.value,
                format!(
                    "{}: {} of the weight ({} to {}). {}",
                    criterion.words,
                    number::share(w.share.value),
                    number::share(w.share.low),
                    number::share(w.share.high),
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
