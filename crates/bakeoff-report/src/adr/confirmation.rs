//! How a team confirms a record later, or comes to a decision where there is none yet: a command, the conditions that
//! must hold then, the day on which the record expires, and changes that would change the answer. Each condition comes
//! from the brief or from the judgement.

use super::markdown::{code, inline};
use crate::commands;
use crate::document::Document;
use bakeoff_core::verdict::{Flip, Lacking, Outcome};
use bakeoff_core::words::number::{self, Quantity};

/// How many measured values must stay on their side for the decision to hold: those nearest to a flip.
const THRESHOLDS: usize = 5;

/// How a record is confirmed, or a decision reached.
pub(super) struct Confirmation {
    /// Why a command follows, and when to run it; ends before the command.
    pub(super) lead: String,
    pub(super) command: String,
    /// Ends before the conditions.
    pub(super) condition: &'static str,
    pub(super) thresholds: Vec<String>,
}

/// The confirmation of a record that expires on that day.
pub(super) fn confirmation(document: &Document<'_>, expires: &str) -> Confirmation {
    let verdict = &document.judgement.verdict;
    if verdict.outcome == Outcome::Undecided {
        let time = verdict
            .decided_in_s
            .map(|seconds| format!(" (about {})", Quantity::new(seconds, "s").in_prose()));
        return Confirmation {
            lead: format!(
                "Nothing is decided yet, and this record expires on {expires}. To measure what is missing{}, run",
                time.unwrap_or_default()
            ),
            command: commands::measure_fully(document),
            condition: "A decision needs all of this:",
            thresholds: lacking(document),
        };
    }
    Confirmation {
        lead: format!(
            "This decision expires on {expires}. To confirm it, until then and again on that day, run"
        ),
        command: commands::repeat(document),
        condition: "The decision holds if all of this is true:",
        thresholds: thresholds(document),
    }
}

/// What a decision still needs, contender by contender.
fn lacking(document: &Document<'_>) -> Vec<String> {
    let lacking = document.judgement.verdict.lacking.iter();
    lacking
        .map(|lack| {
            let title = inline(document.title(&lack.contender));
            match lack.of {
                Lacking::Launches { has, needed } => {
                    format!("{title} has {needed} launches that came to a load (now {has})")
                }
                Lacking::Blocks { has, needed } => {
                    format!("{title} has {needed} blocks with a load (now {has})")
                }
                Lacking::CpuTimeAndLatency => format!("{title} has evidence of CPU time or latency"),
            }
        })
        .collect()
}

/// The conditions under which the decision still holds.
fn thresholds(document: &Document<'_>) -> Vec<String> {
    let verdict = &document.judgement.verdict;
    let load = &document.brief.load;
    let mut lines = match (&verdict.choice, verdict.outcome) {
        (Some(choice), Outcome::Choose | Outcome::KeepBoth) => vec![
            format!("{} still ranks first", inline(document.title(choice))),
            format!(
                "it carries {} requests a second with {} ≤ {} and at most {} errors",
                Quantity::new(load.peak_rps, "").as_set(),
                code("latency_ms_p99"),
                Quantity::new(load.slo.p99_ms, "ms").as_set(),
                Quantity::new(load.slo.error_rate, "share").as_set()
            ),
        ],
        _ => vec!["still no contender keeps all limits of the brief".to_owned()],
    };
    let measured = verdict
        .flips
        .iter()
        .filter(|flip| matches!(flip, Flip::Measurement { .. }));
    for flip in measured.take(THRESHOLDS) {
        if let Flip::Measurement {
            contender,
            metric: id,
            from,
            to,
            ..
        } = flip
        {
            let unit = document.brief.unit_of(id);
            let side = if to > from { "below" } else { "above" };
            lines.push(format!(
                "{} of {} stays {side} {}",
                code(id),
                inline(document.title(contender)),
                Quantity::new(*to, unit).in_table()
            ));
        }
    }
    lines
}

pub(super) fn flip_sentence(document: &Document<'_>, flip: &Flip) -> String {
    match flip {
        Flip::Weight {
            criterion,
            from,
            to,
            winner,
        } => format!(
            "{} would win if {} had {} of the weight instead of {}",
            inline(document.title(winner)),
            document.criterion_words(criterion),
            number::share(*to),
            number::share(*from)
        ),
        Flip::Measurement {
            contender,
            metric: id,
            from,
            to,
            winner,
        } => {
            let unit = document.brief.unit_of(id);
            format!(
                "{} would win if {} of {} were {} instead of {}",
                inline(document.title(winner)),
                code(id),
                inline(document.title(contender)),
                Quantity::new(*to, unit).in_table(),
                Quantity::new(*from, unit).in_table()
            )
        }
    }
}

/// The same day of the next year; 29 February becomes 28 February. A text that is no day stays as it is.
pub(super) fn year_later(day: &str) -> String {
    let (Some(year), Some(rest)) = (day.get(..4).and_then(|y| y.parse::<u32>().ok()), day.get(4..)) else {
        return inline(day);
    };
    let rest = if rest == "-02-29" { "-02-28" } else { rest };
    format!("{:04}{}", year + 1, inline(rest))
}

#[cfg(test)]
mod tests {
    use super::year_later;

    #[test]
    fn a_record_expires_after_a_year() {
        assert_eq!(year_later("2026-11-24"), "2027-11-24");
        assert_eq!(year_later("2028-02-29"), "2029-02-28");
    }
}
