//! Value functions: they turn a value in its unit into a score, 0 at one end and 1 at the other, straight between
//! them on the metric's scale. Where the ends stand is decided by the brief ([`crate::brief::anchors`]), how scores
//! add up by [`crate::smaa`].

use crate::metric::Scale;
use serde::{Deserialize, Serialize};

/// What lies beyond the two ends of a value function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// Nothing: worse than *required* is 0, better than *ideal* is 1.
    #[default]
    Clipped,
    /// The line goes on.
    Open,
}

/// A line from 0 to 1 on a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueFunction {
    /// Where the value is 0, in the metric's unit.
    pub zero: f64,
    /// Where the value is 1; not the same as `zero`.
    pub one: f64,
    /// The scale on which the line is straight.
    pub scale: Scale,
    /// What lies beyond.
    pub ends: Ends,
}

impl ValueFunction {
    /// The score of a value. On a log scale a value that is not above 0 lies beyond the smaller end.
    #[must_use]
    pub fn score(&self, value: f64) -> f64 {
        self.beyond(match self.scale {
            Scale::Linear => self.straight(value),
            // The logarithm of 0 is −∞, which `beyond` clips to the better or the worse end.
            Scale::Log => (value.max(0.0).ln() - self.zero.ln()) / (self.one.ln() - self.zero.ln()),
        })
    }

    /// A value's place on the straight line. Ends so far apart that their distance is no number are halved first.
    fn straight(&self, value: f64) -> f64 {
        let (above, length) = (value - self.zero, self.one - self.zero);
        if above.is_finite() && length.is_finite() {
            above / length
        } else {
            (0.5 * value - 0.5 * self.zero) / (0.5 * self.one - 0.5 * self.zero)
        }
    }

    /// The score of a value of which the logarithm is given: on a log scale a straight line.
    pub(crate) fn of_logarithms(&self) -> impl Fn(f64) -> f64 {
        let (function, zero) = (*self, self.zero.ln());
        let length = self.one.ln() - zero;
        move |logarithm| match function.scale {
            Scale::Linear => function.score(logarithm.exp()),
            Scale::Log => function.beyond((logarithm - zero) / length),
        }
    }

    /// A place on the line, with what lies beyond the ends.
    fn beyond(&self, straight: f64) -> f64 {
        match self.ends {
            Ends::Clipped => straight.clamp(0.0, 1.0),
            Ends::Open => straight,
        }
    }

    /// The value that has this score, in the metric's unit.
    #[must_use]
    pub fn value_at(&self, score: f64) -> f64 {
        match self.scale {
            Scale::Linear if (self.one - self.zero).is_finite() => self.zero + score * (self.one - self.zero),
            Scale::Linear => (1.0 - score) * self.zero + score * self.one,
            Scale::Log => (self.zero.ln() + score * (self.one.ln() - self.zero.ln())).exp(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ends, ValueFunction};
    use crate::metric::Scale;

    #[test]
    fn a_log_line_counts_ratios_and_is_clipped() {
        let p99 = ValueFunction {
            zero: 50.0,
            one: 5.0,
            scale: Scale::Log,
            ends: Ends::Clipped,
        };
        assert_eq!(p99.score(50.0), 0.0);
        assert_eq!(p99.score(5.0), 1.0);
        assert!((p99.score(250_f64.sqrt()) - 0.5).abs() < 1e-12);
        assert_eq!(p99.score(70.0), 0.0);
        assert_eq!(p99.score(0.0), 1.0);
        assert!((p99.value_at(0.5) - 250_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn ends_whose_distance_is_no_number_make_a_line() {
        let line = ValueFunction {
            zero: -1e308,
            one: 1e308,
            scale: Scale::Linear,
            ends: Ends::Clipped,
        };
        for (value, score) in [
            (1e308, 1.0),
            (-1e308, 0.0),
            (0.0, 0.5),
            (f64::MAX, 1.0),
            (f64::INFINITY, 1.0),
        ] {
            assert_eq!(line.score(value), score, "{value}");
        }
        assert_eq!(line.value_at(0.5), 0.0);
        let narrow = ValueFunction {
            zero: 0.0,
            one: f64::from_bits(1),
            ..line
        };
        assert_eq!((narrow.score(0.0), narrow.score(1.0)), (0.0, 1.0));
    }

    #[test]
    fn an_open_line_goes_on() {
        let line = ValueFunction {
            zero: 0.0,
            one: 2.0,
            scale: Scale::Linear,
            ends: Ends::Open,
        };
        assert_eq!(line.score(3.0), 1.5);
        assert_eq!(line.score(-1.0), -0.5);
    }
}
