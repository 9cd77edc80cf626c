//! Two contenders of one judged run beside each other, as two runs are: the same errors, the same correction for many
//! comparisons, the same floor. Contenders share blocks, so this is a little wide: what the machine does to both at
//! once counts as an error of each.

use super::{Change, ERROR, NOTHING, degrees, floor};
use crate::judgement::{Judgement, MetricEstimate};
use crate::metric::Metric;
use crate::range::Range;

/// How far `one` lies above `other`, where `count` comparisons are made together; none where the two have no ratio.
#[must_use]
pub(crate) fn change(
    metric: &Metric,
    other: &MetricEstimate,
    one: &MetricEstimate,
    count: usize,
    judgement: &Judgement,
) -> Option<Change> {
    let (below, above) = (other.estimate.unwrap_or(NOTHING), one.estimate.unwrap_or(NOTHING));
    Change::between(
        metric,
        (&below, degrees(other)),
        (&above, degrees(one)),
        ERROR / count.max(1) as f64,
        floor(judgement, metric),
    )
}

/// How far `one` lies above a value that is exact, in the metric's unit.
#[must_use]
pub(crate) fn change_from(metric: &Metric, value: f64, one: &MetricEstimate, count: usize) -> Option<Change> {
    let exact = Range {
        value,
        low: value,
        high: value,
    };
    let above = one.estimate.unwrap_or(NOTHING);
    let degrees = degrees(one);
    let error = ERROR / count.max(1) as f64;
    Change::between(metric, (&exact, degrees), (&above, degrees), error, 0.0)
}
