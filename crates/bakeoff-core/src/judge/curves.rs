//! Latency by percentile, merged over the blocks that count. Deliberately as points: a report draws them and computes nothing.

use super::observed::Turns;
use crate::estimate::latency::percentiles;
use crate::judgement::LatencyCurve;

/// All curves of a contender, by scenario and kind.
pub(super) fn of_contender(turns: &Turns) -> Vec<LatencyCurve> {
    let curve = |((label, kind), blocks): (&(String, _), _)| LatencyCurve {
        contender: turns.record.name.clone(),
        label: label.clone(),
        kind: *kind,
        count: crate::estimate::latency::Blocks::count(blocks),
        points: percentiles(blocks),
    };
    turns
        .histograms
        .iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(curve)
        .collect()
}
