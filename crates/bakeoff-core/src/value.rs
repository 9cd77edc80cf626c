//! Value functions: a value in its unit seen through the brief, 0 at *required*, 1 at *ideal*, on the metric's scale. They are
//! absolute, anchored in the brief and never in the field, so that adding, copying or removing a contender changes no
//! score of another [Belton & Gear, Omega 1983]. Deliberately without weights: how scores are added up is [`crate::smaa`].

use crate::brief::{Brief, ValueRange};
use crate::metric::{Anchor, Metric, Scale};
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
            Scale::Linear => (value - self.zero) / (self.one - self.zero),
            Scale::Log => (value.max(0.0).ln() - self.zero.ln()) / (self.one.ln() - self.zero.ln()),
        })
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
            Scale::Linear => self.zero + score * (self.one - self.zero),
            Scale::Log => (self.zero.ln() + score * (self.one.ln() - self.zero.ln())).exp(),
        }
    }
}

/// The ends of a metric's value function: the brief's own, else the metric's anchor, in the metric's unit.
///
/// `host_cores` are the processors that the measurement of [`Anchor::Cores`] used.
#[must_use]
pub fn range(metric: &Metric, brief: &Brief, host_cores: u32) -> ValueRange {
    if let Some(own) = brief.values.get(metric.id) {
        return *own;
    }
    let load = &brief.load;
    let times = |required: f64, ideal: f64, unit: f64| ValueRange {
        required: required * unit,
        ideal: ideal * unit,
    };
    match metric.anchor {
        Anchor::OfSlo { required, ideal } => times(required, ideal, load.slo.p99_ms),
        Anchor::OfPeak { required, ideal } => times(required, ideal, load.peak_rps),
        Anchor::OfCpuBudget { required, ideal } => {
            times(required, ideal, f64::from(load.cores) / load.peak_rps * 1e6)
        }
        Anchor::OfMemory { required, ideal } => times(required, ideal, load.memory_mb),
        Anchor::OfPrice { required, ideal } => times(required, ideal, full_price_per_million(brief)),
        Anchor::Cores => ValueRange {
            required: 1.0,
            ideal: f64::from(host_cores),
        },
        Anchor::Fixed { required, ideal } => ValueRange { required, ideal },
    }
}

/// What a million requests cost when the brief's instance is paid for and runs at its peak, in the brief's currency.
fn full_price_per_million(brief: &Brief) -> f64 {
    let price = &brief.deploy.price;
    let an_hour =
        f64::from(brief.load.cores) * price.core_hour + brief.load.memory_mb / 1024.0 * price.gb_hour;
    an_hour / 3600.0 / brief.load.peak_rps * 1e6
}

/// The value function of a metric under a brief; none where its ends coincide or its scale has no place for them (a speed-up on
/// one core, a cost where nothing has a price), so that the metric tells contenders of this brief not apart.
#[must_use]
pub fn function(metric: &Metric, brief: &Brief, host_cores: u32) -> Option<ValueFunction> {
    let ends = range(metric, brief, host_cores);
    let usable = ends.required.is_finite() && ends.ideal.is_finite() && ends.required != ends.ideal;
    let placed = metric.scale == Scale::Linear || (ends.required > 0.0 && ends.ideal > 0.0);
    (usable && placed).then_some(ValueFunction {
        zero: ends.required,
        one: ends.ideal,
        scale: metric.scale,
        ends: Ends::Clipped,
    })
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
