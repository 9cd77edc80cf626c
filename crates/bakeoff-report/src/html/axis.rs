//! A scale and what lies on it, in percent of its length, so that a drawing grows with its column and its text does
//! not. Lanes and charts share it. It knows no colours, and labels come from its users.

use bakeoff_core::metric::Scale;
use bakeoff_core::range::Range;

/// The width of a character on the narrowest lane (a phone's), in percent of its width.
const LANE_CHARACTER: f64 = 3.6;
/// The same on the narrowest chart, which has no names beside it.
const CHART_CHARACTER: f64 = 2.2;
/// Room beside the outermost values, in percent of the width.
const MARGIN: f64 = 5.0;
/// An end of the value function further away from the data than this factor (log) or span (linear) is not drawn.
const REACH: f64 = 12.0;
/// The largest value that is drawn; of a logarithmic scale also the inverse of the smallest. The quotient of two such
/// values is finite.
const FARTHEST: f64 = 1e120;

/// A scale from the left edge (0 %) to the right edge (100 %).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    log: bool,
}

/// A labelled place on a scale.
pub(crate) struct Tick {
    /// In percent.
    pub(crate) at: String,
    pub(crate) label: String,
    /// `start`, `middle` or `end`, so that a label at an edge is not cut.
    pub(crate) anchor: &'static str,
}

impl Axis {
    /// Shares and scores: 0 to 1.
    pub(crate) const UNIT: Axis = Axis {
        low: 0.0,
        high: 1.0,
        log: false,
    };

    /// The same with room for a symbol at its ends.
    pub(crate) const PADDED_UNIT: Axis = Axis {
        low: -0.04,
        high: 1.04,
        log: false,
    };

    /// A scale from 0 to `high`.
    pub(crate) fn from_zero(high: f64) -> Axis {
        Axis {
            low: 0.0,
            high: if high > 0.0 { high } else { 1.0 },
            log: false,
        }
    }

    /// A linear scale between two ends.
    pub(crate) fn linear(low: f64, high: f64) -> Axis {
        Axis {
            low,
            // Two equal ends would divide by zero.
            high: if high > low { high } else { low + 1.0 },
            log: false,
        }
    }

    /// A logarithmic scale that holds both values and ends on round numbers: 1, 2 or 5 times a power of ten.
    pub(crate) fn round_log(low: f64, high: f64) -> Axis {
        let (low, high) = (step_down(low), step_up(high));
        // A flat curve on a round number lies in the middle.
        let (low, high) = if low < high {
            (low, high)
        } else {
            (low / 2.0, high * 2.0)
        };
        Axis { low, high, log: true }
    }

    /// A scale on which each step is twice as many, from `low` to `high`; both are above 0.
    pub(crate) fn doubling(low: f64, high: f64) -> Axis {
        Axis {
            low,
            high: if high > low { high } else { low * 2.0 },
            log: true,
        }
    }

    /// A scale that holds all ranges and those anchors that are near enough to them.
    pub(crate) fn around(ranges: &[Range], anchors: &[f64], scale: Scale) -> Axis {
        let ends = ranges
            .iter()
            .flat_map(|range| [range.low, range.value, range.high])
            .filter(|v| v.is_finite())
            .map(|v| v.clamp(-FARTHEST, FARTHEST));
        let mut data: Vec<f64> = ends.collect();
        let log = scale == Scale::Log && data.iter().all(|v| *v > 0.0);
        if log {
            data.iter_mut().for_each(|v| *v = v.max(1.0 / FARTHEST));
        }
        let (mut low, mut high) = match (min(&data), max(&data)) {
            (Some(low), Some(high)) => (low, high),
            _ => (f64::INFINITY, f64::NEG_INFINITY),
        };
        let (from, to) = (low, high);
        for &anchor in anchors.iter().filter(|v| v.is_finite() && (!log || **v > 0.0)) {
            let near = if log {
                anchor >= from / REACH && anchor <= to * REACH
            } else {
                let span = (to - from).max(to.abs() * 0.1);
                anchor >= from - REACH * span && anchor <= to + REACH * span
            };
            if near || data.is_empty() {
                low = low.min(anchor);
                high = high.max(anchor);
            }
        }
        Axis::padded(low, high, log)
    }

    fn padded(low: f64, high: f64, log: bool) -> Axis {
        if !(low.is_finite() && high.is_finite()) {
            return Axis::UNIT;
        }
        if log {
            let room = ((high / low).ln() * MARGIN / 100.0).max(0.02);
            return Axis {
                low: low * (-room).exp(),
                high: high * room.exp(),
                log,
            };
        }
        let room = ((high - low) * MARGIN / 100.0)
            .max(low.abs().max(high.abs()) * 0.02)
            .max(1e-9);
        Axis {
            low: low - room,
            high: high + room,
            log,
        }
    }

    /// Where a value lies, in percent; clamped to the edges.
    pub(crate) fn percent(&self, value: f64) -> f64 {
        let at = if self.log {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if at.is_finite() {
            (at * 100.0).clamp(0.0, 100.0)
        } else {
            0.0
        }
    }

    /// The same as the templates write it.
    pub(crate) fn at(&self, value: f64) -> String {
        percent(self.percent(value))
    }

    /// Whether a value lies on it.
    pub(crate) fn holds(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    /// Two to five round values below a lane.
    pub(crate) fn ticks(&self, label: impl Fn(f64) -> String) -> Vec<Tick> {
        self.labelled(self.round_values(), LANE_CHARACTER, label)
    }

    /// Those of these values that lie on it and have room for their label below a chart.
    pub(crate) fn chart_ticks(&self, values: Vec<f64>, label: impl Fn(f64) -> String) -> Vec<Tick> {
        let values = values.into_iter().filter(|value| self.holds(*value)).collect();
        self.labelled(values, CHART_CHARACTER, label)
    }

    /// Two to five round values.
    pub(crate) fn round_values(&self) -> Vec<f64> {
        if self.log {
            self.log_values()
        } else {
            self.linear_values()
        }
    }

    /// Round seconds, minutes or hours from 0; the scale is in seconds.
    pub(crate) fn time_ticks(&self, label: impl Fn(f64) -> String) -> Vec<Tick> {
        const STEPS: [f64; 13] = [
            1.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0,
        ];
        let step = STEPS
            .into_iter()
            .find(|step| self.high / step <= 6.0)
            .unwrap_or(self.high / 4.0);
        let count = (self.high / step).floor() as u32;
        let values = (0..=count).map(|i| f64::from(i) * step).collect();
        self.labelled(values, LANE_CHARACTER, label)
    }

    /// `character` is the width of a character in percent of the scale.
    fn labelled(&self, values: Vec<f64>, character: f64, label: impl Fn(f64) -> String) -> Vec<Tick> {
        let tick = |value: f64| {
            let place = self.percent(value);
            let anchor = if place < 8.0 {
                "start"
            } else if place > 92.0 {
                "end"
            } else {
                "middle"
            };
            Tick {
                at: percent(place),
                label: label(value),
                anchor,
            }
        };
        let mut ticks: Vec<Tick> = Vec::new();
        let mut free_from = f64::NEG_INFINITY;
        for value in values {
            let tick = tick(value);
            let half = tick.label.chars().count() as f64 * character / 2.0;
            let (left, right) = match tick.anchor {
                "start" => (0.0, 2.0 * half),
                "end" => (2.0 * half, 0.0),
                _ => (half, half),
            };
            let place = self.percent(value);
            if place - left >= free_from {
                free_from = place + right + character;
                ticks.push(tick);
            }
        }
        ticks
    }

    fn linear_values(&self) -> Vec<f64> {
        let span = self.high - self.low;
        let rough = 10f64.powf((span / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .map(|m| m * rough)
            .into_iter()
            .find(|s| span / s <= 4.5)
            .unwrap_or(span);
        let first = (self.low / step).ceil() as i64;
        let values = (first..).map(|i| i as f64 * step);
        values
            .take_while(|v| *v <= self.high + step * 1e-9)
            .take(6)
            .collect()
    }

    fn log_values(&self) -> Vec<f64> {
        // No number has more decades, and an end that is none would have billions.
        let decade = |value: f64| (value.log10() as i32).clamp(f64::MIN_10_EXP, f64::MAX_10_EXP);
        let decades = decade(self.low) - 1..=decade(self.high) + 1;
        for steps in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
            let all = decades
                .clone()
                .flat_map(|d| steps.iter().map(move |s| s * 10f64.powi(d)));
            let values: Vec<f64> = all.filter(|v| self.holds(*v)).collect();
            if (2..=5).contains(&values.len()) {
                return values;
            }
            if values.len() < 2 {
                return Axis { log: false, ..*self }.linear_values();
            }
        }
        let all: Vec<f64> = decades
            .map(|d| 10f64.powi(d))
            .filter(|v| self.holds(*v))
            .collect();
        let every = all.len().div_ceil(5).max(1);
        all.into_iter().step_by(every).collect()
    }
}

/// The next of 1, 2, 5 × 10ⁿ at or below.
fn step_down(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 0.1;
    }
    let decade = 10f64.powf(value.log10().floor());
    [5.0, 2.0, 1.0]
        .map(|m| m * decade)
        .into_iter()
        .find(|s| *s <= value * (1.0 + 1e-9))
        .unwrap_or(decade)
}

/// The next of 1, 2, 5 × 10ⁿ at or above.
fn step_up(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 100.0;
    }
    let decade = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|m| m * decade)
        .into_iter()
        .find(|s| *s >= value * (1.0 - 1e-9))
        .unwrap_or(decade * 10.0)
}

/// A percentage as an attribute's value.
pub(crate) fn percent(value: f64) -> String {
    // A tenth of a percent is less than a pixel of any column.
    let text = format!("{value:.1}");
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

fn min(values: &[f64]) -> Option<f64> {
    values.iter().copied().min_by(f64::total_cmp)
}

fn max(values: &[f64]) -> Option<f64> {
    values.iter().copied().max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::{Axis, step_down, step_up};
    use bakeoff_core::metric::Scale;
    use bakeoff_core::range::Range;

    const RANGE: Range = Range {
        value: 10.0,
        low: 8.0,
        high: 12.0,
    };

    #[test]
    fn a_far_anchor_does_not_squeeze_the_data() {
        let near = Axis::around(&[RANGE], &[50.0], Scale::Log);
        assert!(near.holds(50.0));
        let far = Axis::around(&[RANGE], &[5000.0], Scale::Log);
        assert!(!far.holds(5000.0));
    }

    #[test]
    fn every_scale_has_ticks_and_stays_finite() {
        let point = Range {
            value: 3.0,
            low: 3.0,
            high: 3.0,
        };
        let zero = Range {
            value: 0.0,
            low: 0.0,
            high: 0.0,
        };
        let wide = Range {
            value: 1.0,
            low: 1e-6,
            high: 1e9,
        };
        let widest = Range {
            value: 1.0,
            low: f64::MIN_POSITIVE,
            high: f64::MAX,
        };
        for range in [RANGE, point, zero, wide, widest] {
            for scale in [Scale::Log, Scale::Linear] {
                let axis = Axis::around(&[range], &[], scale);
                let ticks = axis.ticks(|v| v.to_string());
                assert!(
                    (1..=7).contains(&ticks.len()),
                    "{range:?} {scale:?}: {} ticks",
                    ticks.len()
                );
                assert!((0.0..=100.0).contains(&axis.percent(range.value)));
            }
        }
        assert!(Axis::around(&[], &[], Scale::Log).percent(f64::NAN).is_finite());
    }

    #[test]
    fn a_chart_ends_on_round_numbers() {
        assert_eq!((step_down(1.3), step_up(61.0)), (1.0, 100.0));
        assert_eq!((step_down(f64::INFINITY), step_up(0.0)), (0.1, 100.0));
        let flat = Axis::round_log(2.0, 2.0);
        assert!((flat.percent(2.0) - 50.0).abs() < 1e-9);
    }
}
