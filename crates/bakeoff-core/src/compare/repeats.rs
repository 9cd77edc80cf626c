//! How well each figure repeats from block to block of one run: the repeatability standard deviation [ISO 5725-2,
//! pooled over contenders as over laboratories there]. It is a property of the metric, its probe and the machine, and
//! says nothing about any contender.

use crate::estimate::to_scale;
use crate::judgement::{Judgement, MetricEstimate};
use crate::metric::{METRICS, Metric, Repeatability, Scale};
use serde::Serialize;

/// How far the tries of a metric lie apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeats {
    /// The metric's id.
    pub metric: String,
    /// Contenders that were measured in two blocks or more.
    pub contenders: u32,
    /// Their blocks.
    pub blocks: u32,
    /// Standard deviation between blocks of one contender, as `known` gives it.
    pub deviation: f64,
    /// What the table of metrics has, which counts where blocks are few.
    pub known: Repeatability,
    /// The scale.
    pub scale: Scale,
}

/// One for each metric of which a contender has two blocks, in the order of the table.
#[must_use]
pub fn repeats(judgement: &Judgement) -> Vec<Repeats> {
    METRICS
        .iter()
        .filter_map(|metric| of(metric, judgement))
        .collect()
}

fn of(metric: &Metric, judgement: &Judgement) -> Option<Repeats> {
    let of_metric = judgement
        .metrics
        .iter()
        .filter(|estimate| estimate.metric == metric.id);
    let tries: Vec<Vec<f64>> = of_metric
        .map(|estimate| on_scale(metric, estimate))
        .filter(|tries| tries.len() > 1)
        .collect();
    let (mut squares, mut degrees) = (0.0, 0);
    for values in &tries {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let unit = metric.repeatability.unit(mean);
        squares += values
            .iter()
            .map(|value| ((value - mean) / unit).powi(2))
            .sum::<f64>();
        degrees += values.len() - 1;
    }
    (degrees > 0).then(|| Repeats {
        metric: metric.id.to_owned(),
        contenders: tries.len() as u32,
        blocks: tries.iter().map(Vec::len).sum::<usize>() as u32,
        deviation: (squares / degrees as f64).sqrt(),
        known: metric.repeatability,
        scale: metric.scale,
    })
}

/// The values of the blocks that have a place on the scale.
fn on_scale(metric: &Metric, estimate: &MetricEstimate) -> Vec<f64> {
    let places = estimate
        .by_block
        .iter()
        .map(|(_, value)| to_scale(*value, metric.scale));
    places.filter(|place| place.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::repeats;
    use crate::fixture::{Fixture, brief};
    use crate::judge::{JudgeOptions, judge};

    #[test]
    fn a_planted_spread_between_blocks_is_found() {
        let brief = brief();
        let mut run = Fixture::new(&[("one", 1.0), ("other", 3.0)]).run();
        // Alternately a tenth below and above for each contender: log(1.1 / 0.9) apart, half of that from the mean.
        for trial in &mut run.trials {
            let factor = if trial.block % 2 == 0 { 0.9 } else { 1.1 };
            let seen = trial.observations.iter_mut();
            for cpu in seen.filter(|seen| seen.metric == "cpu_us_per_request") {
                cpu.value = 500.0 * factor;
            }
        }
        let options = JudgeOptions {
            samples: 100,
            seed: 1,
            only: Vec::new(),
        };
        let judgement = judge(&run, &brief, &brief.preferences, &options);
        let all = repeats(&judgement);
        let cpu = all.iter().find(|one| one.metric == "cpu_us_per_request").unwrap();
        assert_eq!((cpu.contenders, cpu.blocks), (2, 16));
        let expected = (1.1_f64 / 0.9).ln() / 2.0 * (16.0_f64 / 14.0).sqrt();
        assert!((cpu.deviation - expected).abs() < 1e-9, "{}", cpu.deviation);
        assert!(all.iter().all(|one| one.known.factor() > 0.0));
    }
}
