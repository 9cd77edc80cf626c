//! What is scored: the metrics that can tell contenders apart under a brief and that a probe ran for, and the brief's
//! own measures. The whole run decides which metrics these are, even when only some contenders are judged: else
//! leaving out the only contender with evidence of a metric would change the weights of the others.

use super::metrics::Measured;
use crate::brief::{Brief, anchors};
use crate::metric::METRICS;
use crate::smaa::Evidence;
use crate::value::ValueFunction;

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

/// What is scored under a brief; `measured` holds all contenders of the run.
///
/// A metric without evidence from any contender was not measured in this run, as when there was no time for its
/// probe: it takes no share of its criterion. Nor does a metric for which the brief does not ask every contender.
/// Evidence from a single contender is enough for it to count for all. A criterion without any evidence keeps all its
/// metrics and stays unknown. Stated measures always count.
pub(super) fn of_run<'a>(brief: &'a Brief, host_cores: u32, measured: &[Vec<Measured>]) -> Vec<Scored<'a>> {
    let counts = |one: &Scored| {
        let is_stated = one.place >= METRICS.len();
        let has_evidence = |contender: &Vec<Measured>| contender[one.place].evidence != Evidence::Missing;
        is_stated || measured.iter().any(has_evidence)
    };
    let is_asked = |one: &Scored| {
        measured
            .iter()
            .all(|contender| contender[one.place].shown.is_asked())
    };
    let (counting, others): (Vec<Scored>, Vec<Scored>) = possible(brief, host_cores)
        .into_iter()
        .filter(is_asked)
        .partition(counts);
    let is_unknown = |one: &Scored| counting.iter().all(|other| other.criterion != one.criterion);
    let mut scored: Vec<Scored> = others
        .into_iter()
        .filter(is_unknown)
        .chain(counting.iter().copied())
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
            function: anchors::value_function(metric, brief, host_cores)?,
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
