//! The options of a record: arguments for and against each, and the probability of each rank. Arguments go by the place
//! in the field: a record compares, and the page shows the numbers.

use super::markdown::{code, inline};
use crate::document::Document;
use crate::field::{FieldRow, Standing};
use crate::findings;
use crate::flags::flags;
use bakeoff_core::brief::BriefCriterion;
use bakeoff_core::range::Range;
use bakeoff_core::words::{number, state};

/// One of the options, with the arguments for and against it.
pub(super) struct Choice {
    pub(super) title: String,
    pub(super) stack: String,
    pub(super) standing: String,
    /// `Good`, `Neutral` or `Bad`, and why.
    pub(super) arguments: Vec<(&'static str, String)>,
}

/// An option with its arguments: its place on each criterion, its missing evidence, its faults.
pub(super) fn option(document: &Document<'_>, field: &[FieldRow<'_>], row: &FieldRow<'_>) -> Choice {
    let mut arguments = Vec::new();
    let criteria = document.criteria();
    if !matches!(row.standing, Standing::NotMeasured(_)) {
        arguments.extend(
            criteria
                .iter()
                .filter_map(|asked| argument(document, field, row, asked)),
        );
        arguments.extend(
            criteria
                .iter()
                .filter_map(|asked| without_evidence(document, row, asked)),
        );
    }
    let flags = flags(document, row.name).into_iter();
    arguments.extend(flags.map(|flag| ("Neutral", format!("{}: {}", flag.label, inline(&flag.why)))));
    for finding in findings::faults(document)
        .iter()
        .filter(|finding| finding.entrant.is_contender(row.name))
    {
        let (fault, owner) = (finding.fault, state::owner(finding.fault.owner));
        let sentence = format!(
            "{}: {} ({owner} fault)",
            inline(&fault.at.to_string()),
            inline(&fault.message)
        );
        arguments.push(("Bad", sentence));
    }
    Choice {
        title: inline(&row.title),
        stack: inline(&row.stack()),
        standing: standing(row),
        arguments,
    }
}

/// A score and its place among those that are ranked: good in the first third, bad in the last.
fn argument(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    row: &FieldRow<'_>,
    criterion: &BriefCriterion,
) -> Option<(&'static str, String)> {
    let value = |name: &str| document.score(name, &criterion.id).map(|row| row.score.value);
    let score = document.score(row.name, &criterion.id)?.score;
    let others: Vec<f64> = field
        .iter()
        .filter(|e| e.is_ranked())
        .filter_map(|e| value(e.name))
        .collect();
    let better = others.iter().filter(|other| **other > score.value).count();
    let third = others.len().div_ceil(3);
    let weight = match better {
        0 => "Good",
        ahead if ahead < third => "Good",
        ahead if ahead + third >= others.len() => "Bad",
        _ => "Neutral",
    };
    let place = if row.is_ranked() {
        format!(", place {} of {}", better + 1, others.len())
    } else {
        String::new()
    };
    Some((
        weight,
        format!("{} scores {}{place}", criterion.words, scored(score)),
    ))
}

fn without_evidence(
    document: &Document<'_>,
    row: &FieldRow<'_>,
    criterion: &BriefCriterion,
) -> Option<(&'static str, String)> {
    let missing: Vec<String> = document
        .score(row.name, &criterion.id)?
        .missing
        .iter()
        .map(|id| code(id))
        .collect();
    (!missing.is_empty()).then(|| {
        (
            "Neutral",
            format!(
                "{} has no evidence for {}",
                criterion.words,
                number::list(&missing)
            ),
        )
    })
}

fn standing(row: &FieldRow<'_>) -> String {
    match &row.standing {
        Standing::Ranked(rank) => format!(
            "Rank {rank}: P(best) {}, score {}.",
            number::probability(row.p_best),
            row.score.map_or("unknown".to_owned(), scored)
        ),
        Standing::Reference => format!(
            "Reference, measured and no candidate: score {}.",
            row.score.map_or("unknown".to_owned(), scored)
        ),
        Standing::Vetoed(reason) => format!("Out: {}.", inline(reason)),
        Standing::NotMeasured(reason) => format!("Not measured: {}.", inline(reason)),
    }
}

fn scored(range: Range) -> String {
    number::with_interval(range.value, (range.low, range.high), number::score)
}

pub(super) fn rank_heads(field: &[FieldRow<'_>]) -> Vec<String> {
    let longest = field.iter().map(|row| row.ranks.len()).max().unwrap_or(0);
    (1..=longest).map(|rank| rank.to_string()).collect()
}

pub(super) fn ranks(field: &[FieldRow<'_>]) -> Vec<(String, Vec<String>)> {
    let longest = rank_heads(field).len();
    let ranked = field
        .iter()
        .filter(|row| row.is_ranked() && !row.ranks.is_empty());
    ranked
        .map(|row| {
            let cell = |rank: usize| {
                row.ranks
                    .get(rank)
                    .map_or_else(|| "–".to_owned(), |p| number::probability(*p))
            };
            (inline(&row.title), (0..longest).map(cell).collect())
        })
        .collect()
}
