//! The field as documents show it: each contender with its place, its probabilities and its score, in the core's order.
//! Colours and shapes are the page's own.

use crate::document::Document;
use crate::wording;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_core::range::Range;
use bakeoff_core::standings::{Place, Standing as CoreStanding, standings};
use bakeoff_core::verdict::VetoReason;
use bakeoff_core::words::{absence, work};

/// Where a contender stands, with the reason in words where it has no rank.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing {
    /// Its rank, from 1; contenders that nothing separates share one.
    Ranked(usize),
    /// It was measured as a reference, and cannot be chosen.
    Reference,
    /// A veto removed it, for these reasons.
    Vetoed(String),
    /// It was not measured, for this reason.
    NotMeasured(String),
}

/// A row of the field.
#[derive(Debug, Clone)]
pub(crate) struct FieldRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: String,
    pub(crate) record: Option<&'a ContenderRecord>,
    /// What its runtime printed of itself, each fact once.
    pub(crate) runtime_facts: Vec<&'a str>,
    pub(crate) standing: Standing,
    /// P(best), 0 to 1; 0 without a rank.
    pub(crate) p_best: f64,
    /// Probability of each rank, the best first; empty without a rank.
    pub(crate) ranks: &'a [f64],
    /// Overall score, 0 to 1, with its 95 % interval.
    pub(crate) score: Option<Range>,
}

/// Every contender in the order of the field.
pub(crate) fn field<'a>(document: &Document<'a>) -> Vec<FieldRow<'a>> {
    let standings = standings(document.run, document.judgement);
    standings
        .into_iter()
        .map(|standing| row(document, standing))
        .collect()
}

fn row<'a>(document: &Document<'a>, standing: CoreStanding<'a>) -> FieldRow<'a> {
    let name = standing.contender;
    let verdict = &document.judgement.verdict;
    let record = document.record(name);
    FieldRow {
        name,
        title: document.title(name).to_owned(),
        record,
        runtime_facts: document.run.runtime_facts(name),
        standing: match standing.place {
            Place::Ranked(rank) => Standing::Ranked(rank),
            Place::Reference => Standing::Reference,
            Place::Vetoed => Standing::Vetoed(vetoes(document, name)),
            Place::NotMeasured => {
                let why = unmeasured(document, name);
                Standing::NotMeasured(why.unwrap_or_else(|| wording::why_not_measured(record)))
            }
        },
        p_best: verdict
            .p_best
            .get(name)
            .copied()
            .filter(|p| p.is_finite())
            .unwrap_or(0.0),
        ranks: verdict.ranks.get(name).map_or(&[], Vec::as_slice),
        score: verdict.expected_value.get(name).copied(),
    }
}

/// The reasons of all vetoes against a contender.
fn vetoes(document: &Document<'_>, name: &str) -> String {
    let reasons: Vec<String> = reasons(document, name).map(absence::veto).collect();
    reasons.join("; ")
}

/// Why a contender was not measured, as its veto says.
fn unmeasured(document: &Document<'_>, name: &str) -> Option<String> {
    reasons(document, name).find_map(|reason| match reason {
        VetoReason::NotMeasured(unmeasured) => Some(absence::standing(unmeasured)),
        _ => None,
    })
}

fn reasons<'a>(document: &Document<'a>, name: &str) -> impl Iterator<Item = &'a VetoReason> {
    let vetoes = document.judgement.verdict.vetoes.iter();
    vetoes
        .filter(move |veto| veto.contender == name)
        .map(|veto| &veto.reason)
}

/// Those rows in the order of the field, the rows of a contender in their own order.
pub(crate) fn in_order<'r, T>(
    document: &Document<'_>,
    rows: &'r [T],
    contender: impl Fn(&T) -> &str,
) -> Vec<&'r T> {
    let standings = standings(document.run, document.judgement);
    let place = |name: &str| standings.iter().position(|standing| standing.contender == name);
    let mut rows: Vec<&T> = rows.iter().collect();
    rows.sort_by_cached_key(|row| place(contender(*row)).unwrap_or(usize::MAX));
    rows
}

/// The contenders of the field in its order, then the twin.
pub(crate) fn entrants(document: &Document<'_>, field: &[FieldRow<'_>]) -> Vec<Entrant> {
    let contenders = field.iter().map(|row| Entrant::contender(row.name));
    contenders.chain(document.run.plan.twin()).collect()
}

impl<'a> FieldRow<'a> {
    pub(crate) fn is_ranked(&self) -> bool {
        matches!(self.standing, Standing::Ranked(_))
    }

    pub(crate) fn is_reference(&self) -> bool {
        matches!(self.standing, Standing::Reference)
    }

    /// Whether it is compared by its numbers: a candidate with a rank, or a reference.
    pub(crate) fn has_numbers(&self) -> bool {
        self.is_ranked() || self.is_reference()
    }

    pub(crate) fn family(&self) -> &'a str {
        self.record.map_or("", |record| record.family.as_str())
    }

    /// `Fastify 5.4.0 · node 22.1.0 · micro-framework, raw SQL, native HTTP parser`, as far as it is known; of a JVM
    /// with its collector and its processors: `java 25.0.3 (Serial collector, 1 of 2 processors)`.
    pub(crate) fn stack(&self) -> String {
        let Some(record) = self.record else {
            return String::new();
        };
        let work = work::summary(&record.work);
        let runtime = match self.runtime_facts.as_slice() {
            [] => record.runtime.clone(),
            facts => format!("{} ({})", record.runtime, facts.join(", ")),
        };
        let parts = [record.framework.as_str(), &runtime, &work];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}
