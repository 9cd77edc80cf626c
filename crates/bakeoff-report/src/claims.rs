//! What people say: the verdicts for the summary, all sentences for a terminal, rows for programs. The core settles
//! claims and writes their sentences; the page has a section of its own.

use crate::document::Document;
use crate::layout::{WIDTH, indent, plain, wrap};
use bakeoff_core::claim::{Answer, Tested};
use bakeoff_core::words::claims::{ClaimWords, claim};
use serde::Serialize;

/// A claim for programs.
#[derive(Debug, Serialize)]
pub struct ClaimRow<'a> {
    id: String,
    sentence: String,
    /// `supported`, `refuted`, `not-separable` or `not-tested`.
    verdict: &'static str,
    /// Sentences: what decides it, and what stands beside it.
    because: Vec<String>,
    beside: Vec<String>,
    reading: String,
    limits: String,
    /// What to run, or what would settle it; empty where it is settled.
    settle: String,
    said: Vec<String>,
    /// Each test with its comparisons.
    tests: &'a [Tested],
}

/// A claim for programs, from its answer and its words.
#[must_use]
pub fn claim_row<'a>(answer: &'a Answer, words: &ClaimWords) -> ClaimRow<'a> {
    let words = words.clone();
    ClaimRow {
        id: words.id,
        sentence: words.sentence,
        verdict: answer.verdict.id(),
        because: words.because,
        beside: words.beside,
        reading: words.reading,
        limits: words.limits,
        settle: words.settle,
        said: words.said,
        tests: &answer.tests,
    }
}

/// All claims of a document for programs.
pub(crate) fn rows<'a>(document: &Document<'a>) -> Vec<ClaimRow<'a>> {
    let answers = document.claims.iter();
    answers
        .map(|answer| claim_row(answer, &claim(answer, document)))
        .collect()
}

/// The words of all claims, in order.
pub(crate) fn words(document: &Document<'_>) -> Vec<ClaimWords> {
    document
        .claims
        .iter()
        .map(|answer| claim(answer, document))
        .collect()
}

/// The verdicts alone, one claim a line, for the summary; empty without claims.
pub(crate) fn verdicts(document: &Document<'_>) -> String {
    let words = words(document);
    if words.is_empty() {
        return String::new();
    }
    let line = |words: &ClaimWords| indent(&format!("  {:<14}", words.verdict), &plain(&words.sentence));
    let lines: String = words.iter().map(line).collect();
    format!("what people say; `bakeoff claims` has the numbers\n{lines}")
}

/// Every sentence about every claim, for a terminal.
#[must_use]
pub fn claims_in_full(claims: &[&ClaimWords]) -> String {
    let claims: Vec<String> = claims.iter().map(|words| in_full(words)).collect();
    claims.join("\n")
}

fn in_full(words: &ClaimWords) -> String {
    let head = format!("{}: {}", words.sentence, words.verdict);
    let mut text = wrap(&plain(&head), WIDTH).join("\n") + "\n";
    let mut add = |label: &str, sentence: &str| {
        if !sentence.is_empty() {
            text.push_str(&indent(&format!("  {label:<8} "), &plain(sentence)));
        }
    };
    for sentence in &words.because {
        add("", sentence);
    }
    for sentence in &words.beside {
        add("beside", sentence);
    }
    for sentence in &words.values {
        add("values", sentence);
    }
    add("read as", &words.reading);
    add("limits", &words.limits);
    add("settle", &words.settle);
    for source in &words.said {
        add("said", source);
    }
    text
}
