//! The first screen: the answer, three lines, and how sure it is. Deliberately nothing that is not said in the terminal too.

use super::lane::percent;
use super::mark::{Marks, Named};
use super::prose::Prose;
use crate::contender::FieldRow;
use crate::document::Document;
use crate::{number, wording};
use askama::Template;
use bakeoff_core::evidence::StopReason;
use bakeoff_core::verdict::Outcome;

/// An answer of more characters than this is set smaller.
const LONG: usize = 100;

#[derive(Template)]
#[template(path = "answer.html")]
pub(super) struct Answer {
    name: String,
    question: String,
    sentence: Prose,
    outcome: &'static str,
    lines: Vec<(&'static str, Prose)>,
    certainty: Vec<Part>,
    notes: Vec<Prose>,
    facts: Vec<String>,
}

impl askama::filters::HtmlSafe for Answer {}

/// One contender's part of all that is not known.
struct Part {
    named: Named,
    slot: usize,
    from: String,
    width: String,
    p: String,
}

impl Answer {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Self {
        let words = &document.words;
        let lines = [
            ("because", &words.because),
            ("unless", &words.unless),
            ("beware", &words.beware),
        ];
        Answer {
            name: document.brief.name.clone(),
            question: document.brief.question.clone(),
            sentence: Prose::of(&words.answer),
            outcome: match document.judgement.verdict.outcome {
                Outcome::Choose => "choose",
                Outcome::KeepBoth => "keep-both",
                Outcome::None => "none",
            },
            lines: lines
                .into_iter()
                .filter(|(_, s)| !s.is_empty())
                .map(|(l, s)| (l, Prose::of(s)))
                .collect(),
            certainty: certainty(field, marks),
            notes: notes(document),
            facts: facts(document, field),
        }
    }
}

impl Answer {
    /// Whether the sentence needs a smaller size to leave room for the rest of the first screen.
    fn is_long(&self) -> bool {
        self.sentence.length() > LONG
    }
}

fn certainty(field: &[FieldRow<'_>], marks: &Marks) -> Vec<Part> {
    let mut from = 0.0;
    let mut parts = Vec::new();
    for entrant in field
        .iter()
        .filter(|entrant| entrant.is_ranked() && entrant.p_best > 0.0)
    {
        let Some(mark) = marks.get(entrant.name) else {
            continue;
        };
        parts.push(Part {
            named: Named::of(marks, entrant.name),
            slot: mark.slot,
            from: percent(from * 100.0),
            width: percent(entrant.p_best * 100.0),
            p: number::probability(entrant.p_best),
        });
        from += entrant.p_best;
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
    let notes = [cut_off, second_opinion(document)];
    notes.into_iter().flatten().map(|note| Prose::of(&note)).collect()
}

fn second_opinion(document: &Document<'_>) -> Option<String> {
    let second = document.judgement.verdict.second_opinion.as_ref()?;
    if second.agrees {
        return None;
    }
    let p = second
        .p_best
        .get(&second.choice)
        .copied()
        .map(number::probability);
    let p = p.map_or(String::new(), |p| format!(" (best in {p})"));
    Some(format!(
        "A model in which a strength cannot buy back a weakness would choose {}{p}.",
        document.title(&second.choice)
    ))
}

fn facts(document: &Document<'_>, field: &[FieldRow<'_>]) -> Vec<String> {
    let run = document.run;
    let ranked = field.iter().filter(|entrant| entrant.is_ranked()).count();
    let blocks = run.trials.iter().map(|trial| trial.block + 1).max().unwrap_or(0) as usize;
    let ends = run.trials.iter().map(|trial| trial.at_s + trial.seconds);
    let seconds = ends.fold(0.0, f64::max);
    let load = &document.brief.load;
    let mut facts = vec![
        format!("{ranked} of {} ranked", wording::plural(field.len(), "contender")),
        format!(
            "{} requests a second on {}",
            number::exact(load.peak_rps),
            wording::plural(load.cores as usize, "core")
        ),
        format!("p99 within {} ms", number::exact(load.slo.p99_ms)),
        format!(
            "{} in {}",
            wording::plural(run.trials.len(), "trial"),
            wording::plural(blocks, "block")
        ),
    ];
    if seconds > 0.0 {
        facts.push(format!("{} of measuring", number::duration_s(seconds)));
    }
    facts.push(wording::minute(&run.started));
    facts
}
