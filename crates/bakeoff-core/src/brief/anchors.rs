//! Anchors: where a metric's value function has its ends under a brief, score 0 at *required* and score 1 at *ideal*.
//! They are absolute, anchored in the brief and never in the field, so that adding, copying or removing a contender
//! changes no score of another [Belton & Gear, Omega 1983].

use super::{Brief, ValueRange};
use crate::metric::{Anchor, Metric, Scale};
use crate::value::{Ends, ValueFunction};

/// The ends of a metric's value function: the brief's own, else the metric's anchor, in the metric's unit.
///
/// `host_cores` are the processors that the measurement of [`Anchor::Cores`] used.
#[must_use]
pub fn ends(metric: &Metric, brief: &Brief, host_cores: u32) -> ValueRange {
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
    // Price lists sell 512 MB as half a GB, so their GB has 1,024 MB.
    let memory_gb = brief.load.memory_mb / 1024.0;
    let an_hour = f64::from(brief.load.cores) * price.core_hour + memory_gb * price.gb_hour;
    an_hour / 3600.0 / brief.load.peak_rps * 1e6
}

/// The value function of a metric under a brief; none where its ends coincide or its scale has no place for them (a
/// speed-up on one core, a cost where nothing has a price), so that the metric tells contenders of this brief not
/// apart.
#[must_use]
pub fn value_function(metric: &Metric, brief: &Brief, host_cores: u32) -> Option<ValueFunction> {
    let ends = ends(metric, brief, host_cores);
    let usable = ends.required.is_finite() && ends.ideal.is_finite() && ends.required != ends.ideal;
    let placed = metric.scale == Scale::Linear || (ends.required > 0.0 && ends.ideal > 0.0);
    (usable && placed).then_some(ValueFunction {
        zero: ends.required,
        one: ends.ideal,
        scale: metric.scale,
        ends: Ends::Clipped,
    })
}
