//! Latency by percentile, merged over the blocks that count, as points that a report only has to draw.

use super::observed::{ContenderEvidence, RESPONSE_OF_ALL, is_response_of_all};
use crate::estimate::histogram::{Counts, Decoder};
use crate::estimate::latency::{count, percentiles};
use crate::evidence::{CurveKind, Label};
use crate::judgement::LatencyCurve;
use crate::parallel;
use std::collections::BTreeMap;

/// All curves of all contenders, each by scenario (or `all`) and kind.
pub(super) fn of_contenders(contenders: &[ContenderEvidence]) -> Vec<LatencyCurve> {
    parallel::map(contenders, of_contender)
        .into_iter()
        .flatten()
        .collect()
}

fn of_contender(contender: &ContenderEvidence) -> Vec<LatencyCurve> {
    let curve = |((label, kind), counts): ((&Label, CurveKind), Counts)| LatencyCurve {
        contender: contender.record.name.clone(),
        label: label.clone(),
        kind,
        count: count(&counts),
        points: percentiles(&counts),
    };
    let merged = merged(contender).into_iter();
    merged
        .filter(|(_, counts)| !counts.is_empty())
        .map(curve)
        .collect()
}

/// The sums over blocks. Buckets are summed where they stand: a run has thousands of histograms, and building each
/// would take longer than reading it. Those of all requests are summed already, for the percentiles.
fn merged<'a>(contender: &'a ContenderEvidence) -> BTreeMap<(&'a Label, CurveKind), Counts> {
    let mut sums: BTreeMap<(&Label, CurveKind), Vec<u64>> = BTreeMap::new();
    let mut decoder = Decoder::default();
    let curves = contender.with_latency().flat_map(|trial| &trial.curves);
    for curve in curves.filter(|curve| !is_response_of_all(curve)) {
        let own = sums.entry((&curve.label, curve.kind)).or_default();
        decoder.add_to(own, &curve.hdr);
    }
    let sparse = |sums: Vec<u64>| (0..).zip(sums).filter(|(_, count)| *count > 0).collect();
    let of_all = contender
        .response
        .iter()
        .map(|blocks| (RESPONSE_OF_ALL, blocks.merged()));
    sums.into_iter()
        .map(|(key, sums)| (key, sparse(sums)))
        .chain(of_all)
        .collect()
}
