//! The decision record, in the form of MADR 4.0, always as a proposal: a tool never accepts. Deliberately text only, so
//! that it reads the same in any viewer and needs no network.

mod confirmation;
mod context;
mod markdown;
mod options;

use crate::document::Document;
use crate::format::RenderError;
use crate::{commands, number, wording};
use askama::Template;
use bakeoff_core::verdict::Outcome;
use confirmation::{flip_sentence, thresholds, year_later};
use context::{context, criteria_sentences, drivers};
use markdown::{code, inline};
use options::{Choice, option, rank_heads, ranks};

/// How many changes that would change the answer are told; the page has all.
const FLIPS: usize = 8;

#[derive(Template)]
#[template(path = "decision.md", escape = "none")]
struct Record {
    date: String,
    expires: String,
    title: String,
    question: String,
    context: Vec<String>,
    drivers: Vec<String>,
    options: Vec<Choice>,
    outcome: String,
    chosen: Option<String>,
    because: String,
    consequences: Vec<(&'static str, String)>,
    findings: Vec<String>,
    reasons: Vec<String>,
    repeat: String,
    thresholds: Vec<String>,
    flips: Vec<String>,
    more: Vec<(&'static str, String)>,
    ranks_head: Vec<String>,
    ranks: Vec<(String, Vec<String>)>,
}

/// The record.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = document.field();
    let words = &document.judgement.words;
    let verdict = &document.judgement.verdict;
    let date = wording::day(&document.run.started).to_owned();
    let record = Record {
        expires: year_later(&date),
        date: inline(&date),
        title: title(document),
        question: inline(&document.brief.question),
        context: context(document),
        drivers: drivers(document),
        options: field
            .iter()
            .map(|entrant| option(document, &field, entrant))
            .collect(),
        outcome: inline(&words.answer),
        chosen: chosen(document),
        because: inline(&words.because),
        consequences: consequences(document),
        findings: criteria_sentences(document),
        reasons: verdict.reasons.iter().map(|reason| inline(reason)).collect(),
        repeat: commands::repeat(document),
        thresholds: thresholds(document),
        flips: verdict
            .flips
            .iter()
            .take(FLIPS)
            .map(|flip| flip_sentence(document, flip))
            .collect(),
        more: more(document),
        ranks_head: rank_heads(&field),
        ranks: ranks(&field),
    };
    Ok(record.render()?)
}

fn title(document: &Document<'_>) -> String {
    let name = inline(&document.brief.name);
    let of = |contender: &Option<String>| contender.as_deref().map(|c| inline(&document.title(c)));
    let verdict = &document.judgement.verdict;
    match (verdict.outcome, of(&verdict.choice), of(&verdict.runner_up)) {
        (Outcome::Choose, Some(choice), _) => format!("Use {choice} for {name}"),
        (Outcome::KeepBoth, Some(first), Some(second)) => {
            format!("Keep {first} and {second} open for {name}")
        }
        (Outcome::KeepBoth, ..) => format!("Leave the choice for {name} open"),
        _ => format!("Use none of the measured stacks for {name}"),
    }
}

/// The option that is proposed, if one is.
fn chosen(document: &Document<'_>) -> Option<String> {
    let verdict = &document.judgement.verdict;
    let choice = verdict
        .choice
        .as_deref()
        .filter(|_| verdict.outcome == Outcome::Choose)?;
    Some(inline(&document.title(choice)))
}

fn consequences(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let words = &document.judgement.words;
    let told = [
        ("Good", "", &words.because),
        ("Bad", "", &words.beware),
        ("Neutral", "it is another answer when ", &words.unless),
    ];
    let told = told.into_iter().filter(|(_, _, sentence)| !sentence.is_empty());
    told.map(|(weight, before, sentence)| (weight, format!("{before}{}", inline(sentence))))
        .collect()
}

fn more(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let Document { run, judgement, .. } = *document;
    let mut rows = vec![
        ("Run", code(&run.id)),
        ("bakeoff", code(&run.version)),
        (
            "Brief",
            format!("{}, SHA-256 {}", code(&run.brief_path), code(&run.brief_sha256)),
        ),
        (
            "Host",
            inline(&format!(
                "{}, {}, {} cores",
                run.host.os, run.host.cpu, run.host.cores
            )),
        ),
        ("Database", inline(&run.host.database)),
        ("Seed", run.plan.seed.to_string()),
        (
            "Trials",
            format!(
                "{}; {}",
                run.trials.len(),
                inline(&wording::stop(run.stop.as_ref()))
            ),
        ),
        (
            "Samples",
            format!(
                "{}, error ±{}",
                number::count(u64::from(judgement.verdict.samples)),
                number::exact(judgement.verdict.monte_carlo_error)
            ),
        ),
    ];
    if let Some(second) = &judgement.verdict.second_opinion {
        let relation = if second.agrees { "agrees" } else { "disagrees" };
        rows.push((
            "Second opinion",
            format!(
                "a model that does not compensate {relation}: {}",
                inline(&document.title(&second.choice))
            ),
        ));
    }
    rows
}
