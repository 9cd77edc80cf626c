//! The twins: the same contender under two names.
//!
//! With launches of their own they test the model. From how launches and blocks vary, each metric's two estimates
//! predict how far the twins lie apart. Outside the predicted 99 % interval something varies that the model does not
//! see; then the metric's intervals become so wide, for all contenders, that the twins are just not told apart at 95 %.
//! Inside it nothing is added: one pair of twins is one noisy draw, and the launches count already.
//!
//! In evidence without launches their difference, block by block, is the noise floor: no smaller difference is claimed.

use super::metrics::Measured;
use super::observed::ContenderEvidence;
use crate::estimate::{self, Estimate, Spread};
use crate::evidence::{Gate, GateOutcome, GateResult};
use crate::metric::{METRICS, Metric, Reduce, Scale};
use crate::probability::student_quantile;
use crate::range::Range;
use crate::verdict::NoiseFloor;
use std::collections::BTreeMap;

/// The metric that the twins are compared by: it varies least on a shared machine.
const COMPARED_BY: &str = "cpu_us_per_request";

/// Twins that differ by this much show that the run cannot separate contenders by less.
const APART: f64 = 0.10;

/// The test of the model by a contender and its twin, each with all metrics in the order of the table.
pub(super) fn test_of_the_model(name: &str, original: &[Measured], twin: &[Measured]) -> NoiseFloor {
    let mut floor = NoiseFloor {
        contender: name.to_owned(),
        ratios: BTreeMap::new(),
        gate: None,
        predicted: BTreeMap::new(),
        widened: BTreeMap::new(),
    };
    for (metric, (one, other)) in METRICS.iter().zip(original.iter().zip(twin)) {
        let both = one.estimate().zip(other.estimate());
        let Some(apart) = both.and_then(|(one, other)| Apart::of(&one, &other)) else {
            continue;
        };
        let id = metric.id.to_owned();
        floor.predicted.insert(id.clone(), apart.predicted());
        if apart.is_outside() {
            floor.widened.insert(id.clone(), apart.size() / apart.half(0.95));
        }
        if metric.id == COMPARED_BY {
            floor.gate = Some(agree(&apart.ratio(0.99)));
        }
        floor.ratios.insert(id, apart.ratio(0.95));
    }
    floor
}

/// Widens the intervals of the metrics on which the twins lie outside the prediction, for every contender.
pub(super) fn widen(measured: Vec<Vec<Measured>>, floor: &NoiseFloor) -> Vec<Vec<Measured>> {
    let of_metric = |one: Measured| match floor.widened.get(&one.shown.metric) {
        Some(factor) => one.widened(*factor),
        None => one,
    };
    let of_contender = |all: Vec<Measured>| -> Vec<Measured> { all.into_iter().map(of_metric).collect() };
    measured.into_iter().map(of_contender).collect()
}

/// The ratio of one contender's value of a metric to that of another, with its 95 % interval, by the same model; none
/// where the two have no ratio.
pub(super) fn ratio(of: &Measured, to: &Measured) -> Option<Range> {
    let (to, of) = to.estimate().zip(of.estimate())?;
    Some(Apart::of(&to, &of)?.ratio(0.95))
}

/// How far two estimates lie apart on the log scale, by the model of their errors [Welch, Biometrika 1947].
#[derive(Debug, Clone, Copy, PartialEq)]
struct Apart {
    difference: f64,
    error: f64,
    degrees: f64,
}

impl Apart {
    /// Of a contender and its twin, or another contender; none where the two have no ratio, or are exact.
    fn of(original: &Estimate, twin: &Estimate) -> Option<Apart> {
        let (one, other) = (on_log_scale(original)?, on_log_scale(twin)?);
        let (a, b) = (one.1.powi(2), other.1.powi(2));
        Some(Apart {
            difference: other.0 - one.0,
            error: (a + b).sqrt(),
            degrees: (a + b).powi(2) / (a.powi(2) / one.2 + b.powi(2) / other.2),
        })
    }

    fn size(&self) -> f64 {
        self.difference.abs()
    }

    /// Half of the interval of the difference that holds this share.
    fn half(&self, share: f64) -> f64 {
        self.error * student_quantile(0.5 + share / 2.0, self.degrees)
    }

    fn is_outside(&self) -> bool {
        self.size() > self.half(0.99)
    }

    /// Where the ratio of equal contenders lies with 99 %.
    fn predicted(&self) -> Range {
        let half = self.half(0.99);
        Range {
            value: 1.0,
            low: (-half).exp(),
            high: half.exp(),
        }
    }

    /// The ratio of the twin to the original, with its interval of this share.
    fn ratio(&self, share: f64) -> Range {
        let half = self.half(share);
        Range {
            value: self.difference.exp(),
            low: (self.difference - half).exp(),
            high: (self.difference + half).exp(),
        }
    }
}

/// Location, standard error and degrees of freedom of what has a logarithm.
fn on_log_scale(estimate: &Estimate) -> Option<(f64, f64, f64)> {
    match estimate.spread {
        Spread::Student {
            scale: Scale::Log,
            location,
            error,
            degrees,
            ..
        } => Some((location, error, degrees)),
        _ => None,
    }
}

/// The ratios of the twin to the original, by metric, where both were measured in two blocks or more: of evidence
/// without launches.
pub(super) fn noise_floor(original: &ContenderEvidence, twin: &ContenderEvidence) -> NoiseFloor {
    let ratio = |metric: &Metric| {
        let ratio = estimate::paired_ratio(&by_block(twin, metric), &by_block(original, metric))?;
        Some((metric.id.to_owned(), ratio.range))
    };
    let ratios: BTreeMap<String, Range> = METRICS.iter().filter_map(ratio).collect();
    NoiseFloor {
        contender: original.record.name.clone(),
        gate: ratios.get(COMPARED_BY).map(agree),
        ratios,
        predicted: BTreeMap::new(),
        widened: BTreeMap::new(),
    }
}

/// The seventh gate: passed when the interval of the twins' ratio has 1 in it, missed by little when it has not and
/// the twins are less than [`APART`] apart.
fn agree(ratio: &Range) -> GateResult {
    let outcome = if ratio.low <= 1.0 && 1.0 <= ratio.high {
        GateOutcome::Passed
    } else if ratio.value.ln().abs() < APART.ln_1p() {
        GateOutcome::Weak
    } else {
        GateOutcome::Failed
    };
    GateResult {
        gate: Gate::Twins,
        outcome,
        measured: format!(
            "CPU time a request of the twin × {:.3}, between {:.3} and {:.3}",
            ratio.value, ratio.low, ratio.high
        ),
        limit: format!("1 within the interval, at most {:.0} % apart", APART * 100.0),
    }
}

fn by_block(contender: &ContenderEvidence, metric: &Metric) -> Vec<(u32, f64)> {
    match metric.reduce {
        Reduce::ResponseQuantile(q) => contender
            .response_to(q)
            .map(|blocks| blocks.by_block(q))
            .unwrap_or_default(),
        Reduce::MeanOfBlocks if metric.scale == Scale::Log => {
            // Gates that fail for one twin leave its block without a pair.
            let trials = contender
                .trials
                .iter()
                .filter(|trial| super::gates::failed(trial, metric).is_none());
            let values = trials.flat_map(|trial| {
                let seen = trial
                    .observations
                    .iter()
                    .filter(|seen| seen.metric == metric.id && seen.value > 0.0);
                seen.map(|observation| (trial.block, observation.value))
            });
            estimate::average_within_blocks(&values.collect::<Vec<_>>(), metric.scale, f64::MIN_POSITIVE)
        }
        Reduce::MeanOfBlocks | Reduce::Exact => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Apart, agree};
    use crate::estimate::{Known, Sample, of};
    use crate::evidence::GateOutcome;
    use crate::metric::Scale;
    use crate::range::Range;

    /// The estimate of three launches of two blocks that differ a little, around this value.
    fn around(value: f64) -> crate::estimate::Estimate {
        let samples: Vec<Sample> = (0..6)
            .map(|block| Sample {
                launch: block / 2,
                block,
                value: value * (1.0 + 0.02 * f64::from(block % 3)),
            })
            .collect();
        let known = Known {
            launch: 0.02,
            block: 0.02,
        };
        of(&samples, Scale::Log, 1e-9, known).unwrap()
    }

    #[test]
    fn twins_within_the_prediction_widen_nothing_and_others_are_just_not_told_apart() {
        let near = Apart::of(&around(100.0), &around(102.0)).unwrap();
        assert!(!near.is_outside(), "{near:?}");
        let (one, other) = (around(100.0), around(130.0));
        let far = Apart::of(&one, &other).unwrap();
        assert!(far.is_outside(), "{far:?}");
        let factor = far.size() / far.half(0.95);
        let wider = Apart::of(&one.widened_times(factor), &other.widened_times(factor)).unwrap();
        assert!((wider.ratio(0.95).low - 1.0).abs() < 1e-9, "{wider:?}");
        assert!(!wider.is_outside());
    }

    #[test]
    fn twins_agree_while_their_interval_includes_no_difference() {
        let cases = [
            ((0.98, 1.01, 1.04), GateOutcome::Passed),
            ((0.90, 1.20, 1.60), GateOutcome::Passed),
            ((1.01, 1.04, 1.07), GateOutcome::Weak),
            ((0.92, 0.95, 0.99), GateOutcome::Weak),
            ((1.05, 1.12, 1.19), GateOutcome::Failed),
            ((0.80, 0.85, 0.91), GateOutcome::Failed),
        ];
        for ((low, value, high), outcome) in cases {
            assert_eq!(agree(&Range { value, low, high }).outcome, outcome, "{value}");
        }
    }
}
