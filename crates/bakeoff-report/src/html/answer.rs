//! The first screen: the answer, three lines, and P(best) of each contender. The terminal's summary has the same
//! sentences.

use super::axis::percent;
use super::palette::{Named, Palette};
use super::prose::Prose;
use crate::document::Document;
use crate::field::FieldRow;
use crate::launches::ends_at_s;
use crate::wording;
use askama::Template;
use bakeoff_core::evidence::StopReason;
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::number::{self, Quantity};

/// An answer of more characters than this is set smaller, so that the three lines stay on the first screen.
const LONG: usize = 100;
/// An answer of more characters than this is set smaller still.
const VERY_LONG: usize = 180;

#[derive(Template)]
#[template(path = "answer.html")]
pub(super) struct Answer {
    name: String,
    question: String,
    /// Which family, in a sentence; empty in a field of one family.
    family: Prose,
    sentence: Prose,
    outcome: &'static str,
    /// Whether nothing is decided yet.
    is_open: bool,
    lines: Vec<(&'static str, Prose)>,
    certainty: Vec<Part>,
    notes: Vec<Prose>,
    facts: Vec<String>,
}

impl askama::filters::HtmlSafe for Answer {}

/// One contender's share of the simulations.
struct Part {
    named: Named,
    slot: usize,
    from: String,
    width: String,
    p: String,
}

impl Answer {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        let words = &document.words;
        let lines = [
            ("because", &words.because),
            ("unless", &words.unless),
            ("beware", &words.beware),
        ];
        Answer {
            name: document.brief.name.clone(),
            question: document.brief.question.clone(),
            family: Prose::of(&words.family),
            sentence: Prose::of(&words.answer),
            outcome: match document.judgement.verdict.outcome {
                Outcome::Choose => "choose",
                Outcome::KeepBoth => "keep-both",
                Outcome::None => "none",
                Outcome::Undecided => "undecided",
            },
            is_open: document.judgement.verdict.outcome == Outcome::Undecided,
            lines: lines
                .into_iter()
                .filter(|(_, s)| !s.is_empty())
                .map(|(l, s)| (l, Prose::of(s)))
                .collect(),
            certainty: certainty(field, palette),
            notes: notes(document),
            facts: facts(document, field),
        }
    }

    /// The class that sets the sentence smaller, to leave room for the rest of the first screen.
    fn size(&self) -> &'static str {
        match self.sentence.length() {
            length if length > VERY_LONG => " long very",
            length if length > LONG => " long",
            _ => "",
        }
    }
}

fn certainty(field: &[FieldRow<'_>], palette: &Palette) -> Vec<Part> {
    let mut from = 0.0;
    let mut parts = Vec::new();
    for row in field.iter().filter(|row| row.is_ranked() && row.p_best > 0.0) {
        let Some(mark) = palette.get(row.name) else {
            continue;
        };
        parts.push(Part {
            named: Named::of(palette, row.name),
            slot: mark.slot,
            from: percent(from * 100.0),
            width: percent(row.p_best * 100.0),
            p: number::probability(row.p_best),
        });
        from += row.p_best;
    }
    parts
}

/// What a reader must know before repeating the answer.
fn notes(document: &Document<'_>) -> Vec<Prose> {
    let run = document.run;
    let cut_off = match &run.stop {
        Some(StopReason::PlanDone | StopReason::Settled(_) | StopReason::BudgetSpent)
            if run.finished.is_some() =>
        {
            None
        }
        stop => Some(format!(
            "This run is not complete: {}.",
            wording::stop(stop.as_ref())
        )),
    };
    let beside = document.words.beside_the_answer().map(str::to_owned);
    let second_opinion = Some(document.words.second_opinion.clone()).filter(|words| !words.is_empty());
    let notes = beside.chain(cut_off).chain(second_opinion);
    notes.map(|note| Prose::of(&note)).collect()
}

fn facts(document: &Document<'_>, field: &[FieldRow<'_>]) -> Vec<String> {
    let run = document.run;
    let ranked = field.iter().filter(|row| row.is_ranked()).count();
    let candidates = field.iter().filter(|row| !row.is_reference()).count();
    let seconds = ends_at_s(run);
    let load = &document.brief.load;
    let mut facts = vec![
        format!("{ranked} of {} ranked", number::count(candidates, "contender")),
        format!(
            "{} requests a second on {}",
            Quantity::new(load.peak_rps, "").as_set(),
            number::count(load.cores as usize, "core")
        ),
        format!("p99 within {}", Quantity::new(load.slo.p99_ms, "ms").as_set()),
        wording::extent(run),
    ];
    if seconds > 0.0 {
        facts.push(format!("{} of measuring", number::duration_s(seconds)));
    }
    let runtimes = wording::runtimes(run);
    if !runtimes.is_empty() {
        facts.push(format!("on {}", number::list(&runtimes)));
    }
    facts.push(wording::minute(&run.started));
    facts
}
