//! Flags beside a contender's row: that its stack is past its end of life, that racing gave it no further launch, that
//! it was not warm, that a value of it cannot be true. Each has its explanation; what they mean for the verdict the
//! judgement says.

use crate::document::Document;
use crate::launches::{CPU_UNIT, LaunchRow, launches};
use crate::wording;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Caution;
use bakeoff_core::judgement::Missing;
use bakeoff_core::words::absence;
use bakeoff_core::words::number::{self, Quantity};

/// A flag and why it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) label: &'static str,
    /// Continues after the label and a colon; has no full stop.
    pub(crate) why: String,
}

/// The flags of a contender.
pub(crate) fn flags(document: &Document<'_>, name: &str) -> Vec<Flag> {
    let own = launches(document.run, &Entrant::contender(name));
    let found = [
        dropped(document, name, &own),
        not_warm(&own),
        not_returned(&own),
        drifted(&own),
        impossible(document, name),
    ];
    let lifetimes = lifetimes(document, name).into_iter();
    lifetimes.chain(found.into_iter().flatten()).collect()
}

/// What of its stack was past its end of life on the day of the run, or is older than wanted.
fn lifetimes(document: &Document<'_>, name: &str) -> Vec<Flag> {
    let support = document
        .record(name)
        .into_iter()
        .flat_map(|record| &record.support);
    let cautions = support.filter_map(|part| part.caution_on(document.run.day()));
    let flag = |caution: Caution| match caution {
        Caution::RuntimeEnded { runtime: what, ended }
        | Caution::FrameworkEnded {
            framework: what,
            ended,
        } => Some(Flag {
            label: "past its end of life",
            why: format!("{what} since {ended}"),
        }),
        Caution::RuntimeOlderThanWanted { runtime, wanted } => Some(Flag {
            label: "old runtime",
            why: format!("{runtime}, older than the wanted {wanted}"),
        }),
        _ => None,
    };
    cautions.filter_map(flag).collect()
}

fn dropped(document: &Document<'_>, name: &str, own: &[LaunchRow<'_>]) -> Option<Flag> {
    let dropped = &document.judgement.verdict.dropped;
    dropped.iter().any(|out| out == name).then(|| Flag {
        label: "dropped by racing",
        why: format!(
            "after {} it could no longer become the choice, so it got no further launch",
            wording::launches(own.len())
        ),
    })
}

/// The launches that had not settled when the time for it ended: the level of the last one, and how much it changed.
fn not_warm(own: &[LaunchRow<'_>]) -> Option<Flag> {
    let cold: Vec<&LaunchRow<'_>> = own.iter().filter(|row| row.is_not_warm()).collect();
    let last = cold.last()?;
    let mut why = format!("in {} of {}", cold.len(), wording::launches(own.len()));
    if let Some(level_us) = last.reached_us() {
        let level = Quantity::new(level_us, CPU_UNIT).in_prose();
        why.push_str(&format!("; CPU time per request reached {level}"));
    }
    if let Some(result) = last.missed_steady_state() {
        why.push_str(&format!(" ({}; required: {})", result.measured, result.limit));
    }
    Some(Flag {
        label: "not warm",
        why,
    })
}

/// The trials in which a launch that was warm had not come back to its level after the rest.
fn not_returned(own: &[LaunchRow<'_>]) -> Option<Flag> {
    let warm = || own.iter().filter(|row| !row.is_not_warm());
    let missed: usize = warm().map(LaunchRow::not_returned).sum();
    let trials: usize = warm().map(|row| row.trials.len()).sum();
    (missed > 0).then(|| Flag {
        label: "not warm after a rest",
        why: format!(
            "in {missed} of {} it did not come back to its level, so they do not count",
            number::count(trials, "trial")
        ),
    })
}

/// The launches whose level changed while they were measured, with the largest change.
fn drifted(own: &[LaunchRow<'_>]) -> Option<Flag> {
    let drifts: Vec<_> = own.iter().filter_map(|row| row.watched.drift).collect();
    let size = |ratio: f64| ratio.ln().abs();
    let largest = drifts
        .iter()
        .max_by(|a, b| size(a.ratio).total_cmp(&size(b.ratio)))?;
    Some(Flag {
        label: wording::drift(largest.kind),
        why: format!(
            "in {} of {}; its last level was {} the one before",
            drifts.len(),
            wording::launches(own.len()),
            Quantity::new(largest.ratio, "×").in_table()
        ),
    })
}

/// The values of a contender that cannot be true.
fn impossible(document: &Document<'_>, name: &str) -> Option<Flag> {
    let own = document.judgement.metrics.iter();
    let own = own.filter(|estimate| estimate.contender == name);
    let values: Vec<String> = own
        .filter_map(|estimate| {
            let why = estimate.missing.as_ref().filter(|why| is_impossible(why))?;
            let title = document.brief.title_of(&estimate.metric);
            Some(format!("{title} ({})", absence::missing_beside(why)))
        })
        .collect();
    (!values.is_empty()).then(|| Flag {
        label: "impossible value",
        why: values.join("; "),
    })
}

const fn is_impossible(why: &Missing) -> bool {
    matches!(
        why,
        Missing::ImpossibleValue { .. } | Missing::ImpossibleTrials { .. }
    )
}
