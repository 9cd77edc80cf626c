//! The noise floor: what separates two runs of the same contender under two names, block by block. Deliberately no verdict on the run: no smaller
//! difference than this is claimed, and that is all it says.

use super::observed::Turns;
use crate::estimate;
use crate::metric::{METRICS, Metric, Reduce, Scale};
use crate::verdict::NoiseFloor;

/// The ratios of the twin to the original, by metric, where both were measured in two blocks or more.
pub(super) fn noise_floor(original: &Turns, twin: &Turns) -> NoiseFloor {
    let ratio = |metric: &Metric| {
        let ratio = estimate::paired_ratio(&by_block(twin, metric), &by_block(original, metric))?;
        Some((metric.id.to_owned(), ratio.range))
    };
    NoiseFloor {
        contender: original.record.name.clone(),
        ratios: METRICS.iter().filter_map(ratio).collect(),
    }
}

fn by_block(turns: &Turns, metric: &Metric) -> Vec<(u32, f64)> {
    match metric.reduce {
        Reduce::ResponseQuantile(q) => turns
            .response
            .as_ref()
            .map(|blocks| blocks.by_block(q))
            .unwrap_or_default(),
        Reduce::MeanOfBlocks if metric.scale == Scale::Log => {
            let trials = turns
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
