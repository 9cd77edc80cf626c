//! A flip in words: the change that would make another contender win.

use super::facts::Facts;
use super::number::share;
use crate::verdict::Flip;

/// `speed counted for more than 41 % (24 % now): then FastAPI would lead`.
pub(super) fn condition_first(facts: &Facts, flip: &Flip) -> String {
    format!(
        "{}: then {} would lead",
        condition(facts, flip),
        facts.title(winner(flip))
    )
}

/// `FastAPI would lead if speed counted for more than 41 % (24 % now)`.
pub(super) fn winner_first(facts: &Facts, flip: &Flip) -> String {
    format!(
        "{} would lead if {}",
        facts.title(winner(flip)),
        condition(facts, flip)
    )
}

/// The contender that would win.
pub(super) fn winner(flip: &Flip) -> &str {
    let (Flip::Weight { winner, .. } | Flip::Measurement { winner, .. }) = flip;
    winner
}

/// What would have to be different.
pub(super) fn condition(facts: &Facts, flip: &Flip) -> String {
    match flip {
        Flip::Weight {
            criterion, from, to, ..
        } => format!(
            "{} counted for {} than {} ({} now)",
            facts.criterion_words(criterion),
            if to > from { "more" } else { "less" },
            share(*to),
            share(*from)
        ),
        Flip::Measurement {
            contender,
            metric,
            from,
            to,
            ..
        } => format!(
            "{} of {} {} {} ({} now)",
            facts.metric_words(metric),
            facts.title(contender),
            if to > from { "rose above" } else { "fell below" },
            facts.quantity(*to, metric),
            facts.quantity(*from, metric)
        ),
    }
}
