//! The options of a record: what speaks for and against each, and the ranks it may take. Deliberately by place in the field:
//! a record compares, the page shows the numbers.

use super::markdown::{code, inline};
use crate::contender::{FieldRow, Standing};
use crate::document::Document;
use crate::{findings, number, wording};
use bakeoff_core::brief::AskedCriterion;
use bakeoff_core::range::Range;
use bakeoff_core::words::state;

/// One of the options, with what speaks for and against it.
pub(super) struct Choice {
    pub(super) title: String,
    pub(super) stack: String,
    pub(super) standing: String,
    /// `Good`, `Neutral` or `Bad`, and why.
    pub(super) arguments: Vec<(&'static str, String)>,
}

/// What speaks for and against an option: its place on each criterion, its missing evidence, its faults.
pub(super) fn option(document: &Document<'_>, field: &[FieldRow<'_>], entrant: &FieldRow<'_>) -> Choice {
    let mut arguments = Vec::new();
    let criteria = document.brief.criteria();
    if !matches!(entrant.standing, Standing::NotMeasured(_)) {
        arguments.extend(
            criteria
                .iter()
                .filter_map(|asked| argument(document, field, entrant, asked)),
        );
        arguments.extend(
            criteria
                .iter()
                .filter_map(|asked| without_evidence(document, entrant, asked)),
        );
    }
    for finding in findings::faults(document)
        .iter()
        .filter(|finding| finding.entrant.is_contender(entrant.name))
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
        title: inline(&entrant.title),
        stack: inline(&entrant.stack()),
        standing: standing(entrant),
        arguments,
    }
}

/// A score and its place among those that are ranked: good in the first third, bad in the last.
fn argument(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    entrant: &FieldRow<'_>,
    criterion: &AskedCriterion,
) -> Option<(&'static str, String)> {
    let value = |name: &str| document.criterion(name, &criterion.id).map(|row| row.score.value);
    let score = document.criterion(entrant.name, &criterion.id)?.score;
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
    let place = if entrant.is_ranked() {
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
    entrant: &FieldRow<'_>,
    criterion: &AskedCriterion,
) -> Option<(&'static str, String)> {
    let missing: Vec<String> = document
        .criterion(entrant.name, &criterion.id)?
        .missing
        .iter()
        .map(|id| code(id))
        .collect();
    (!missing.is_empty()).then(|| {
        (
            "Neutral",
            format!(
                "{} lacks evidence of {}",
                criterion.words,
                wording::list(&missing)
            ),
        )
    })
}

fn standing(entrant: &FieldRow<'_>) -> String {
    match &entrant.standing {
        Standing::Ranked(rank) => format!(
            "Rank {rank}: best in {} of what is not known, value {}.",
            number::probability(entrant.p_best),
            entrant.value.map_or("not known".to_owned(), scored)
        ),
        Standing::Vetoed(reason) => format!("Out: {}.", inline(reason)),
        Standing::NotMeasured(reason) => format!("Not measured: {}.", inline(reason)),
    }
}

fn scored(range: Range) -> String {
    format!(
        "{} ({} to {})",
        number::score(range.value),
        number::score(range.low),
        number::score(range.high)
    )
}

pub(super) fn rank_heads(field: &[FieldRow<'_>]) -> Vec<String> {
    let longest = field.iter().map(|entrant| entrant.ranks.len()).max().unwrap_or(0);
    (1..=longest).map(|rank| rank.to_string()).collect()
}

pub(super) fn ranks(field: &[FieldRow<'_>]) -> Vec<(String, Vec<String>)> {
    let longest = rank_heads(field).len();
    let ranked = field
        .iter()
        .filter(|entrant| entrant.is_ranked() && !entrant.ranks.is_empty());
    ranked
        .map(|entrant| {
            let cell = |rank: usize| {
                entrant
                    .ranks
                    .get(rank)
                    .map_or_else(|| "–".to_owned(), |p| number::probability(*p))
            };
            (inline(&entrant.title), (0..longest).map(cell).collect())
        })
        .collect()
}
