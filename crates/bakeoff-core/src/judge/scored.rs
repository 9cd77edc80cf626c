//! What is scored: the metrics that can tell contenders apart under a brief and that somebody was asked for, and the brief's own measures. Deliberately told
//! by the whole run, whoever of it is judged: else leaving out the only contender with evidence of a metric would move the weights of the others.

use super::metrics::Measured;
use crate::brief::Brief;
use crate::metric::METRICS;
use crate::smaa::Evidence;
use crate::value::{self, ValueFunction};

/// A metric or a measure of the brief's own, with its value function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored<'a> {
    pub(super) id: &'a str,
    /// Its place among what is measured of a contender.
    pub(super) place: usize,
    pub(super) function: ValueFunction,
    /// The place of its criterion in [`Brief::criteria`].
    pub(super) criterion: usize,
    /// How many metrics share the criterion.
    pub(super) sharers: usize,
}

/// What is scored under a brief, `measured` being all contenders of the run.
///
/// A metric that nobody has evidence of, as when the time was too short for its probe, was asked of nobody and has no share of its criterion; one that a single
/// contender has evidence of was asked of all. A criterion without any evidence keeps all its metrics, and is not known. What the brief states is always asked.
pub(super) fn asked<'a>(brief: &'a Brief, host_cores: u32, measured: &[Vec<Measured>]) -> Vec<Scored<'a>> {
    let is_asked = |one: &Scored| {
        let is_stated = one.place >= METRICS.len();
        let has_evidence = |contender: &Vec<Measured>| contender[one.place].evidence != Evidence::Missing;
        is_stated || measured.iter().any(has_evidence)
    };
    let all = possible(brief, host_cores);
    let (asked, unasked): (Vec<Scored>, Vec<Scored>) = all.into_iter().partition(is_asked);
    let is_open = |one: &Scored| asked.iter().all(|other| other.criterion != one.criterion);
    let mut scored: Vec<Scored> = unasked
        .into_iter()
        .filter(is_open)
        .chain(asked.iter().copied())
        .collect();
    scored.sort_by_key(|one| one.place);
    let sharers = |criterion: usize| scored.iter().filter(|one| one.criterion == criterion).count();
    scored
        .iter()
        .map(|one| Scored {
            sharers: sharers(one.criterion),
            ..*one
        })
        .collect()
}

/// The metrics that can tell contenders apart under a brief, and the brief's own measures.
fn possible(brief: &Brief, host_cores: u32) -> Vec<Scored<'_>> {
    let criteria = brief.criterion_ids();
    let criterion = |id: &str| criteria.iter().position(|known| known == id);
    let measured = METRICS.iter().enumerate().filter_map(|(place, metric)| {
        Some(Scored {
            id: metric.id,
            place,
            function: value::function(metric, brief, host_cores)?,
            criterion: criterion(metric.criterion.id())?,
            sharers: 0,
        })
    });
    let stated = brief.measures.iter().enumerate().filter_map(|(place, own)| {
        Some(Scored {
            id: &own.id,
            place: METRICS.len() + place,
            function: own.value_function(),
            criterion: criterion(&own.criterion)?,
            sharers: 0,
        })
    });
    measured.chain(stated).collect()
}
