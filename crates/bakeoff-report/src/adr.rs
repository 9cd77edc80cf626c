//! The decision record, in the form of MADR 4.0 or another form that teams keep. It is always a proposal: a person
//! accepts it. It is text only, so that it reads the same in any viewer and needs no network.

mod confirmation;
pub(crate) mod context;
pub(crate) mod markdown;
mod marker;
mod options;
mod record;
mod style;

pub use marker::RecordMarker;
pub use record::Place;
pub use style::{Names, STYLES, Style, style};

use crate::document::Document;
use crate::error::RenderError;
use crate::field::field;
use crate::wording;
use askama::Template;
use bakeoff_core::lookup::Lookup;
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::Words;
use bakeoff_core::words::number::{self, Quantity};
use confirmation::{confirmation, flip_sentence, year_later};
use context::{context, criteria_sentences, drivers};
use markdown::{code, inline};
use options::{option, rank_heads, ranks};
use record::Record;

/// How many changes that would change the answer the record lists; the page has all.
const FLIPS: usize = 8;

/// File systems limit the length of a name, in bytes.
const LONGEST_SLUG: usize = 80;

/// The record that a run's folder keeps.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    Ok(filled(document, Place::default()).render()?)
}

/// The record in that form, at that place.
///
/// # Errors
/// A template failed.
pub fn record(document: &Document<'_>, style: &Style, place: Place) -> Result<String, RenderError> {
    Ok((style.render)(&filled(document, place))?)
}

/// The record's title in small letters, digits and hyphens, as file names of records are.
#[must_use]
pub fn slug(document: &Document<'_>) -> String {
    slug_of(&title(document))
}

fn slug_of(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut slug = words.join("-");
    slug.truncate(LONGEST_SLUG);
    slug.trim_end_matches('-').to_owned()
}

fn filled(document: &Document<'_>, place: Place) -> Record {
    let field = field(document);
    let words = &document.words;
    let verdict = &document.judgement.verdict;
    let date = wording::day(&document.run.started).to_owned();
    Record {
        place,
        mark: RecordMarker::of(document).to_string(),
        tag: slug_of(&document.brief.name),
        run: code(&document.run.id),
        date: inline(&date),
        title: title(document),
        question: inline(&document.brief.question),
        context: context(document),
        drivers: drivers(document),
        options: field.iter().map(|row| option(document, &field, row)).collect(),
        outcome: outcome(words),
        chosen: chosen(document),
        because: inline(&words.because),
        consequences: consequences(document),
        findings: criteria_sentences(document),
        reasons: words.reasons.iter().map(|reason| inline(reason)).collect(),
        confirmation: confirmation(document, &year_later(&date)),
        flips: verdict
            .flips
            .iter()
            .take(FLIPS)
            .map(|flip| flip_sentence(document, flip))
            .collect(),
        more: more(document),
        ranks_head: rank_heads(&field),
        ranks: ranks(&field),
    }
}

/// The answer at both levels, and what belongs beside it.
fn outcome(words: &Words) -> String {
    let mut sentences = words.both_levels();
    for sentence in words.beside_the_answer() {
        sentences.push(' ');
        sentences.push_str(sentence);
    }
    inline(&sentences)
}

fn title(document: &Document<'_>) -> String {
    let name = inline(&document.brief.name);
    let of = |contender: &Option<String>| contender.as_deref().map(|c| inline(document.title(c)));
    let verdict = &document.judgement.verdict;
    match (verdict.outcome, of(&verdict.choice), of(&verdict.runner_up)) {
        (Outcome::Choose, Some(choice), _) => format!("Use {choice} for {name}"),
        (Outcome::KeepBoth, Some(first), Some(second)) => {
            format!("Keep {first} and {second} open for {name}")
        }
        (Outcome::KeepBoth | Outcome::Undecided, ..) => format!("Leave the choice for {name} open"),
        (Outcome::Choose | Outcome::None, ..) => format!("Use none of the measured stacks for {name}"),
    }
}

/// The option that is proposed, if one is.
fn chosen(document: &Document<'_>) -> Option<String> {
    let verdict = &document.judgement.verdict;
    let choice = verdict
        .choice
        .as_deref()
        .filter(|_| verdict.outcome == Outcome::Choose)?;
    Some(inline(document.title(choice)))
}

fn consequences(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let words = &document.words;
    let is_open = document.judgement.verdict.outcome == Outcome::Undecided;
    let (because, unless) = if is_open {
        ("Neutral", "it stays open unless ")
    } else {
        ("Good", "the answer holds unless ")
    };
    let sentences = [
        (because, "", &words.because),
        ("Bad", "", &words.beware),
        ("Neutral", unless, &words.unless),
    ];
    let sentences = sentences
        .into_iter()
        .filter(|(_, _, sentence)| !sentence.is_empty());
    sentences
        .map(|(weight, before, sentence)| (weight, format!("{before}{}", inline(sentence))))
        .collect()
}

fn more(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let Lookup { run, judgement, .. } = **document;
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
                wording::extent(run),
                inline(&wording::stop(run.stop.as_ref()))
            ),
        ),
        (
            "Simulations",
            format!(
                "{}; P(best) is exact to ±{}",
                number::grouped(u64::from(judgement.verdict.samples)),
                Quantity::new(judgement.verdict.monte_carlo_error, "share").in_prose()
            ),
        ),
    ];
    if let Some(second) = &judgement.verdict.second_opinion {
        let relation = if second.agrees {
            "the same choice"
        } else {
            "another choice"
        };
        rows.push((
            "Robustness",
            format!(
                "{relation} if strengths could not compensate weaknesses: {}",
                inline(document.title(&second.choice))
            ),
        ));
    }
    rows
}
