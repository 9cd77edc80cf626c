//! The noise floor: the difference between two runs of the same contender under two names, block by block. No smaller
//! difference is claimed; the noise floor says nothing else about the run.

use super::observed::ContenderEvidence;
use crate::estimate;
use crate::evidence::{Gate, GateOutcome, GateResult};
use crate::metric::{METRICS, Metric, Reduce, Scale};
use crate::range::Range;
use crate::verdict::NoiseFloor;
use std::collections::BTreeMap;

/// The metric that the twins are compared by: it varies least on a shared machine.
const COMPARED_BY: &str = "cpu_us_per_request";

/// Twins that differ by this much show that the run cannot separate contenders by less.
const APART: f64 = 0.10;

/// The ratios of the twin to the original, by metric, where both were measured in two blocks or more.
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
    use super::agree;
    use crate::evidence::GateOutcome;
    use crate::range::Range;

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
