//! How a team confirms a record later: conditions that must hold again, changes that would change the answer, and the
//! day on which the record expires. Each condition comes from the brief or from the judgement's flips.

use super::markdown::{code, inline};
use crate::document::Document;
use bakeoff_core::verdict::{Flip, Outcome};
use bakeoff_core::words::number::{self, Quantity};

/// How many measured values must stay on their side for the decision to hold: those nearest to a flip.
const THRESHOLDS: usize = 5;

/// The conditions under which the decision still holds.
pub(super) fn thresholds(document: &Document<'_>) -> Vec<String> {
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
        (_, Outcome::Undecided) => {
            vec!["a run that measures enough decides it; until then the choice stays open".to_owned()]
        }
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
