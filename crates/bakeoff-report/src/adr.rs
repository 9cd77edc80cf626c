//! The decision record, in the form of MADR 4.0 or another that teams keep, always as a proposal: a tool never accepts. Deliberately text only, so
//! that it reads the same in any viewer and needs no network.

mod confirmation;
mod context;
mod mark;
mod markdown;
mod options;
mod style;

pub use mark::Mark;
pub use style::{Names, STYLES, Style, style};

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

/// A file name may not be of any length.
const LONGEST_SLUG: usize = 80;

/// Where a record will stand among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its number, where records are counted.
    pub number: Option<u32>,
    /// The file name of the record that it supersedes, in the same folder.
    pub supersedes: Option<String>,
}

/// What a record says, whatever its form.
#[derive(Template)]
#[template(path = "decision.md", escape = "none")]
struct Record {
    place: Place,
    mark: String,
    tag: String,
    run: String,
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

impl Record {
    /// The consequences of that weight.
    fn consequences_that_are(&self, weight: &str) -> Vec<&str> {
        let of_it = self.consequences.iter().filter(|(its, _)| *its == weight);
        of_it.map(|(_, sentence)| sentence.as_str()).collect()
    }
}

/// The record that a run's folder keeps.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    Ok(said(document, Place::default()).render()?)
}

/// The record in that form, at that place.
///
/// # Errors
/// A template failed.
pub fn record(document: &Document<'_>, style: &Style, place: Place) -> Result<String, RenderError> {
    Ok((style.render)(&said(document, place))?)
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

fn said(document: &Document<'_>, place: Place) -> Record {
    let field = document.field();
    let words = &document.words;
    let verdict = &document.judgement.verdict;
    let date = wording::day(&document.run.started).to_owned();
    Record {
        place,
        mark: Mark::of(document).to_string(),
        tag: slug_of(&document.brief.name),
        run: code(&document.run.id),
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
        reasons: words.reasons.iter().map(|reason| inline(reason)).collect(),
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
    }
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
    let words = &document.words;
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
