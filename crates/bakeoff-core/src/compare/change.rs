//! How one figure changed between two runs, with its interval: as a ratio on a log scale, as a difference on a linear
//! one. Where a value is 0 there is no ratio, so there is no change to report.

use crate::metric::{Better, Metric, Reduce, Scale};
use crate::probability::student_quantile;
use crate::range::Range;
use serde::Serialize;

/// How a figure changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// On a log scale the later value over the earlier one, else the later less the earlier one in the metric's unit;
    /// the interval is the one for all figures together.
    pub range: Range,
    /// The scale that it is on.
    pub scale: Scale,
    /// Which way it went.
    pub direction: Direction,
}

/// Which way a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Better than before, beyond the interval and the noise floor.
    Better,
    /// Worse than before, beyond both.
    Worse,
    /// Neither.
    Same,
}

/// A value on its scale, with its standard error and degrees of freedom.
#[derive(Debug, Clone, Copy)]
struct Located {
    location: f64,
    error: f64,
    degrees: f64,
}

impl Change {
    /// The change from `before` to `after`, each with its degrees of freedom, at an error of `error` for this figure;
    /// below `floor`, on the metric's scale, nothing counts.
    pub(super) fn between(
        metric: &Metric,
        before: (&Range, f64),
        after: (&Range, f64),
        error: f64,
        floor: f64,
    ) -> Option<Change> {
        let one = located(metric, before.0, before.1)?;
        let other = located(metric, after.0, after.1)?;
        let location = other.location - one.location;
        let half = half_width(&one, &other, error);
        let floor = if metric.scale == Scale::Log { floor } else { 0.0 };
        let certain = location.abs() > half && location.abs() > floor;
        let up_is_better = metric.better == Better::Higher;
        let direction = match (certain, (location > 0.0) == up_is_better) {
            (false, _) => Direction::Same,
            (true, true) => Direction::Better,
            (true, false) => Direction::Worse,
        };
        let back = |value: f64| {
            if metric.scale == Scale::Log {
                value.exp()
            } else {
                value
            }
        };
        Some(Change {
            range: Range {
                value: back(location),
                low: back(location - half),
                high: back(location + half),
            },
            scale: metric.scale,
            direction,
        })
    }

    /// How large it is, for ordering.
    pub(super) fn size(&self) -> f64 {
        match self.scale {
            Scale::Log => self.range.value.ln().abs(),
            Scale::Linear => self.range.value.abs(),
        }
    }
}

/// The standard error behind the interval of an estimate; none for what has no logarithm.
fn located(metric: &Metric, range: &Range, degrees: f64) -> Option<Located> {
    let exact = metric.reduce == Reduce::Exact;
    let to = |value: f64| {
        if metric.scale == Scale::Log {
            value.ln()
        } else {
            value
        }
    };
    let (location, high) = (to(range.value), to(range.high));
    if !location.is_finite() || !high.is_finite() {
        return None;
    }
    // The upper end, since the lower one may be cut off at 0.
    let half = if exact { 0.0 } else { high - location };
    Some(Located {
        location,
        error: half / student_quantile(0.975, degrees),
        degrees,
    })
}

/// Half the interval of a difference of two means with errors of their own [Welch, Biometrika 1947].
fn half_width(one: &Located, other: &Located, error: f64) -> f64 {
    let (a, b) = (one.error.powi(2), other.error.powi(2));
    if a + b == 0.0 {
        return 0.0;
    }
    let degrees = (a + b).powi(2) / (a.powi(2) / one.degrees + b.powi(2) / other.degrees);
    (a + b).sqrt() * student_quantile(1.0 - error / 2.0, degrees)
}
