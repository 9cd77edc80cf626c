//! The order of the field: the choice first, then by P(best), score and name; then the contenders that a veto removed;
//! then those that were not measured. A contender has a rank only if it can be chosen. Reasons in words are not made
//! here.

use crate::evidence::Run;
use crate::judgement::Judgement;
use crate::verdict::{Verdict, VetoReason};

/// Where a contender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Its rank, from 1; contenders with the same P(best) and the same score share one.
    Ranked(usize),
    /// It was measured, and a veto removed it.
    Vetoed,
    /// There is nothing to judge it by.
    NotMeasured,
}

/// A contender and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The contender's name.
    pub contender: &'a str,
    /// Where it stands.
    pub place: Place,
}

/// Every contender of the run and of its judgement, in the order of the field.
#[must_use]
pub fn standings<'a>(run: &'a Run, judgement: &'a Judgement) -> Vec<Standing<'a>> {
    let verdict = &judgement.verdict;
    let mut field: Vec<Standing<'a>> = names(run, judgement)
        .into_iter()
        .map(|contender| Standing {
            contender,
            place: place(verdict, contender),
        })
        .collect();
    field.sort_by(|a, b| {
        let (key_a, key_b) = (key(verdict, a.contender), key(verdict, b.contender));
        class(verdict, a)
            .cmp(&class(verdict, b))
            .then(key_b.0.total_cmp(&key_a.0))
            .then(key_b.1.total_cmp(&key_a.1))
            .then(a.contender.cmp(b.contender))
    });
    number(verdict, &mut field);
    field
}

/// Gives each contender that can be chosen its rank.
fn number(verdict: &Verdict, field: &mut [Standing<'_>]) {
    let mut rank = 0;
    let mut last = None;
    for (index, standing) in field.iter_mut().enumerate() {
        if let Place::Ranked(slot) = &mut standing.place {
            let key = key(verdict, standing.contender);
            // Two contenders that nothing separates share a rank, and the next one skips a number, as in sports.
            if last != Some(key) {
                rank = index + 1;
            }
            *slot = rank;
            last = Some(key);
        }
    }
}

fn class(verdict: &Verdict, standing: &Standing<'_>) -> u8 {
    match standing.place {
        Place::Ranked(_) if verdict.choice.as_deref() == Some(standing.contender) => 0,
        Place::Ranked(_) => 1,
        Place::Vetoed => 2,
        Place::NotMeasured => 3,
    }
}

/// P(best) and the expected score; a contender without one of them comes last.
fn key(verdict: &Verdict, name: &str) -> (f64, f64) {
    let p_best = verdict.p_best.get(name).copied().filter(|p| p.is_finite());
    let score = verdict.expected_value.get(name).map(|range| range.value);
    (p_best.unwrap_or(0.0), score.unwrap_or(f64::NEG_INFINITY))
}

fn place(verdict: &Verdict, name: &str) -> Place {
    let mut vetoes = verdict
        .vetoes
        .iter()
        .filter(|veto| veto.contender == name)
        .peekable();
    if vetoes.peek().is_none() {
        // A contender without a simulation has no rank, even where no veto is written down.
        return if verdict.p_best.contains_key(name) {
            Place::Ranked(0)
        } else {
            Place::NotMeasured
        };
    }
    if vetoes.any(|veto| matches!(veto.reason, VetoReason::NotMeasured(_))) {
        Place::NotMeasured
    } else {
        Place::Vetoed
    }
}

fn names<'a>(run: &'a Run, judgement: &'a Judgement) -> Vec<&'a str> {
    let verdict = &judgement.verdict;
    let recorded = run.contenders.iter().map(|record| record.name.as_str());
    let judged = verdict.p_best.keys().map(String::as_str);
    let vetoed = verdict.vetoes.iter().map(|veto| veto.contender.as_str());
    let estimated = judgement
        .metrics
        .iter()
        .map(|estimate| estimate.contender.as_str());
    let mut names: Vec<&str> = Vec::new();
    for name in recorded.chain(judged).chain(vetoed).chain(estimated) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
