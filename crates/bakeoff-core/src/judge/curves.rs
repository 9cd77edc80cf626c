//! Latency by percentile, merged over the blocks that count. Deliberately as points: a report draws them and computes nothing.

use super::observed::Turns;
use crate::estimate::latency::{count, merge, percentiles};
use crate::judgement::LatencyCurve;

/// All curves of a contender, by scenario and kind.
pub(super) fn of_contender(turns: &Turns) -> Vec<LatencyCurve> {
    let merged = turns
        .histograms
        .iter()
        .map(|(key, histograms)| (key, merge(histograms.iter().map(|(_, counts)| counts))));
    let curve = |((label, kind), counts): (&(String, _), _)| LatencyCurve {
        contender: turns.record.name.clone(),
        label: label.clone(),
        kind: *kind,
        count: count(&counts),
        points: percentiles(&counts),
    };
    merged
        .filter(|(_, counts)| !counts.is_empty())
        .map(curve)
        .collect()
}
