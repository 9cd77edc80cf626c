//! A contender as it stands in the field: its rank, or why it has none. Deliberately no colours: those are the page's.

use crate::document::Document;
use crate::wording;
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_core::range::Range;
use bakeoff_core::verdict::VetoReason;
use bakeoff_core::words::absence;
use std::cmp::Ordering;

/// Where a contender stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing {
    /// Its rank, from 1; ties share one.
    Ranked(usize),
    /// Out, with the reasons.
    Vetoed(String),
    /// Not in the field, with the reason.
    NotMeasured(String),
}

/// A row of the field.
#[derive(Debug, Clone)]
pub(crate) struct FieldRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: String,
    pub(crate) record: Option<&'a ContenderRecord>,
    pub(crate) standing: Standing,
    /// Probability of being the best; 0 when it is not ranked.
    pub(crate) p_best: f64,
    /// Probability of each rank; empty when it is not ranked.
    pub(crate) ranks: &'a [f64],
    /// Overall value with its interval.
    pub(crate) value: Option<Range>,
}

impl<'a> FieldRow<'a> {
    pub(crate) fn of(document: &Document<'a>, name: &'a str) -> Self {
        let verdict = &document.judgement.verdict;
        let record = document.record(name);
        let reasons: Vec<&VetoReason> = verdict
            .vetoes
            .iter()
            .filter(|veto| veto.contender == name)
            .map(|veto| &veto.reason)
            .collect();
        let p_best = verdict.p_best.get(name).copied();
        let unmeasured = reasons.iter().find_map(|reason| match reason {
            VetoReason::NotMeasured(unmeasured) => Some(absence::standing(unmeasured)),
            _ => None,
        });
        let standing = if let Some(why) = unmeasured {
            Standing::NotMeasured(why)
        } else if !reasons.is_empty() {
            let reasons: Vec<String> = reasons.into_iter().map(absence::veto).collect();
            Standing::Vetoed(reasons.join("; "))
        } else if p_best.is_some() {
            Standing::Ranked(0)
        } else {
            Standing::NotMeasured(wording::why_not_measured(record))
        };
        FieldRow {
            name,
            title: document.title(name),
            record,
            standing,
            p_best: p_best.filter(|p| p.is_finite()).unwrap_or(0.0),
            ranks: verdict.ranks.get(name).map_or(&[], Vec::as_slice),
            value: verdict.expected_value.get(name).copied(),
        }
    }

    /// The order of the field: the choice, then by probability of being the best, value and name; then those without a rank.
    pub(crate) fn before(&self, other: &Self, choice: Option<&str>) -> Ordering {
        let class = |entrant: &Self| match entrant.standing {
            Standing::Ranked(_) if Some(entrant.name) == choice => 0,
            Standing::Ranked(_) => 1,
            Standing::Vetoed(_) => 2,
            Standing::NotMeasured(_) => 3,
        };
        let value = |entrant: &Self| entrant.value.map_or(f64::NEG_INFINITY, |range| range.value);
        class(self)
            .cmp(&class(other))
            .then(other.p_best.total_cmp(&self.p_best))
            .then(value(other).total_cmp(&value(self)))
            .then(self.name.cmp(other.name))
    }

    pub(crate) fn is_ranked(&self) -> bool {
        matches!(self.standing, Standing::Ranked(_))
    }

    pub(crate) fn family(&self) -> &'a str {
        self.record.map_or("", |record| record.family.as_str())
    }

    /// `Fastify 5.4.0 · node 22.1.0`, as far as it is known.
    pub(crate) fn stack(&self) -> String {
        let Some(record) = self.record else {
            return String::new();
        };
        let parts = [record.framework.as_str(), record.runtime.as_str()];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}
