//! How well each figure repeats within one run: the repeatability standard deviation [ISO 5725-2, pooled over
//! contenders as over laboratories there], at two levels where the run has launches. It is a property of the metric,
//! its probe and the machine, and says nothing about any contender.
//!
//! Beside launches the two are the components of an analysis of variance: of blocks the mean square within launches, of
//! launches the mean square of their means, less what blocks bring to it (at least 0).

use crate::estimate::to_scale;
use crate::judgement::{Judgement, MetricEstimate};
use crate::metric::{Levels, METRICS, Metric, Repeatability, Scale};
use serde::Serialize;

/// How far the tries of a metric lie apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeats {
    /// The metric's id.
    pub metric: String,
    /// Contenders that were measured in two blocks or more.
    pub contenders: u32,
    /// Their launches; 0 in a run without launches.
    pub launches: u32,
    /// Their blocks.
    pub blocks: u32,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
    /// The scale.
    pub scale: Scale,
}

/// How far tries lie apart, beside what is known of it; each as `known` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Found {
    /// Of tries that are launches of their own.
    OfTries {
        /// Standard deviation between blocks of one contender, each with new processes.
        deviation: f64,
        /// What the table of metrics has, which counts where blocks are few.
        known: Repeatability,
    },
    /// Of launches and of their blocks.
    OfLevels {
        /// Standard deviations of launches and blocks; none of launches where no contender has two, none of blocks
        /// where no launch has two.
        deviations: Deviations,
        /// What the table of metrics has, which counts where launches or blocks are few.
        known: Levels,
        /// The form of both.
        form: Repeatability,
    },
}

/// Standard deviations at two levels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Deviations {
    /// Between launches of one contender, beyond what their blocks explain.
    pub launch: Option<f64>,
    /// Between blocks of one launch.
    pub block: Option<f64>,
}

/// One for each metric of which a contender has two blocks or two launches, in the order of the table.
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
    let tries: Vec<Tries> = of_metric
        .filter_map(|estimate| Tries::new(metric, estimate))
        .collect();
    let launches = tries.iter().map(|tries| tries.launches).sum();
    let found = if launches > 0 {
        let deviations = deviations(&tries);
        (deviations.launch.is_some() || deviations.block.is_some()).then_some(Found::OfLevels {
            deviations,
            known: metric.levels,
            form: metric.repeatability,
        })
    } else {
        deviation(&tries).map(|deviation| Found::OfTries {
            deviation,
            known: metric.repeatability,
        })
    };
    Some(Repeats {
        metric: metric.id.to_owned(),
        contenders: tries.len() as u32,
        launches,
        blocks: tries.iter().map(Tries::blocks).sum(),
        found: found?,
        scale: metric.scale,
    })
}

/// The tries of one contender that have a place on the scale, in multiples of the metric's unit: by launch, or all
/// together where each was a launch of its own. At least two.
struct Tries {
    by_launch: Vec<Vec<f64>>,
    /// 0 where each was a launch of its own.
    launches: u32,
}

impl Tries {
    fn new(metric: &Metric, estimate: &MetricEstimate) -> Option<Tries> {
        let on_scale = |blocks: &[(u32, f64)]| -> Vec<f64> {
            let places = blocks.iter().map(|(_, value)| to_scale(*value, metric.scale));
            places.filter(|place| place.is_finite()).collect()
        };
        let has_launches = !estimate.by_launch.is_empty();
        let mut by_launch: Vec<Vec<f64>> = if has_launches {
            let launches = estimate.by_launch.iter();
            launches.map(|launch| on_scale(&launch.blocks)).collect()
        } else {
            vec![on_scale(&estimate.by_block)]
        };
        by_launch.retain(|tries| !tries.is_empty());
        let count: usize = by_launch.iter().map(Vec::len).sum();
        let sum: f64 = by_launch.iter().flatten().sum();
        let unit = metric.repeatability.unit(sum / count.max(1) as f64);
        by_launch.iter_mut().flatten().for_each(|value| *value /= unit);
        (count > 1).then_some(Tries {
            launches: if has_launches { by_launch.len() as u32 } else { 0 },
            by_launch,
        })
    }

    fn blocks(&self) -> u32 {
        self.by_launch.iter().map(|tries| tries.len() as u32).sum()
    }
}

/// The pooled standard deviation of tries around their contender's mean; none without degrees of freedom.
fn deviation(tries: &[Tries]) -> Option<f64> {
    let (squares, degrees) = pooled(tries.iter().flat_map(|tries| &tries.by_launch));
    (degrees > 0).then(|| (squares / degrees as f64).sqrt())
}

/// The deviations at both levels.
fn deviations(tries: &[Tries]) -> Deviations {
    let (squares, degrees) = pooled(tries.iter().flat_map(|tries| &tries.by_launch));
    let of_blocks = (degrees > 0).then(|| squares / degrees as f64);
    let means: Vec<Vec<f64>> = tries
        .iter()
        .map(|tries| tries.by_launch.iter().map(|blocks| mean(blocks)).collect())
        .collect();
    let (squares, degrees) = pooled(means.iter());
    // What blocks bring to the mean square of launches, each contender with the weight of its degrees of freedom.
    let shares = tries.iter().map(|tries| {
        let launches = tries.by_launch.len() as f64;
        let one_over_blocks: f64 = tries
            .by_launch
            .iter()
            .map(|blocks| 1.0 / blocks.len() as f64)
            .sum();
        (launches - 1.0) * one_over_blocks / launches
    });
    let share = shares.sum::<f64>() / degrees.max(1) as f64;
    Deviations {
        launch: (degrees > 0).then(|| {
            let of_means = squares / degrees as f64;
            (of_means - of_blocks.unwrap_or(0.0) * share).max(0.0).sqrt()
        }),
        block: of_blocks.map(f64::sqrt),
    }
}

/// The sum of squares of groups around their own means, and its degrees of freedom.
fn pooled<'a>(groups: impl Iterator<Item = &'a Vec<f64>>) -> (f64, usize) {
    groups.fold((0.0, 0), |(squares, degrees), group| {
        let mean = mean(group);
        let own: f64 = group.iter().map(|value| (value - mean).powi(2)).sum();
        (squares + own, degrees + group.len() - 1)
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{Deviations, Found, repeats};
    use crate::evidence::Run;
    use crate::fixture::{Fixture, brief};
    use crate::judge::{JudgeOptions, judge};
    use crate::judgement::Judgement;

    fn judged(run: &Run) -> Judgement {
        let brief = brief();
        let options = JudgeOptions {
            samples: 100,
            seed: 1,
            only: Vec::new(),
        };
        judge(run, &brief, &brief.preferences, &options)
    }

    /// Sets CPU time of each trial to 500 × a factor of its block and its launch.
    fn with_cpu(run: &mut Run, factor: impl Fn(u32, Option<u32>) -> f64) {
        for trial in &mut run.trials {
            let factor = factor(trial.block, trial.launch);
            let seen = trial.observations.iter_mut();
            for cpu in seen.filter(|seen| seen.metric == "cpu_us_per_request") {
                cpu.value = 500.0 * factor;
            }
        }
    }

    #[test]
    fn a_planted_spread_between_blocks_is_found() {
        let mut run = Fixture::new(&[("one", 1.0), ("other", 3.0)]).run();
        // Alternately a tenth below and above for each contender: log(1.1 / 0.9) apart, half of that from the mean.
        with_cpu(&mut run, |block, _| if block % 2 == 0 { 0.9 } else { 1.1 });
        let all = repeats(&judged(&run));
        let cpu = all.iter().find(|one| one.metric == "cpu_us_per_request").unwrap();
        assert_eq!((cpu.contenders, cpu.launches, cpu.blocks), (2, 0, 16));
        let expected = (1.1_f64 / 0.9).ln() / 2.0 * (16.0_f64 / 14.0).sqrt();
        let Found::OfTries { deviation, .. } = cpu.found else {
            panic!("{cpu:?}")
        };
        assert!((deviation - expected).abs() < 1e-9, "{deviation}");
        assert!(
            all.iter()
                .all(|one| matches!(one.found, Found::OfTries { known, .. } if known.factor() > 0.0))
        );
    }

    #[test]
    fn planted_spreads_of_launches_and_of_their_blocks_are_told_apart() {
        let mut run = Fixture::new(&[("one", 1.0), ("other", 3.0)])
            .launches(4)
            .blocks(8)
            .run();
        // Two blocks a launch, a tenth below and above; every other round a fifth dearer.
        let blocks = |block: u32| if block.is_multiple_of(2) { 0.9 } else { 1.1 };
        let rounds = |block: u32| if (block / 2).is_multiple_of(2) { 1.0 } else { 1.2 };
        with_cpu(&mut run, |block, _| blocks(block) * rounds(block));
        let all = repeats(&judged(&run));
        let cpu = all.iter().find(|one| one.metric == "cpu_us_per_request").unwrap();
        assert_eq!((cpu.contenders, cpu.launches, cpu.blocks), (2, 8, 16));
        let Found::OfLevels {
            deviations: Deviations { launch, block },
            ..
        } = cpu.found
        else {
            panic!("{cpu:?}")
        };
        // Within: log(1.1 / 0.9) apart with one degree a launch. Means: log 1.2 apart, half of that from their mean.
        let of_blocks = (1.1_f64 / 0.9).ln() / 2.0_f64.sqrt();
        let of_means = (1.2_f64.ln() / 2.0).powi(2) * 8.0 / 6.0;
        assert!((block.unwrap() - of_blocks).abs() < 1e-9, "{block:?}");
        let expected = (of_means - of_blocks.powi(2) / 2.0).max(0.0).sqrt();
        assert!((launch.unwrap() - expected).abs() < 1e-9, "{launch:?}");
    }

    #[test]
    fn what_is_observed_once_a_launch_has_no_spread_of_blocks() {
        let run = Fixture::new(&[("one", 1.0), ("other", 3.0)])
            .launches(3)
            .blocks(6)
            .run();
        let all = repeats(&judged(&run));
        let startup = all.iter().find(|one| one.metric == "startup_ms").unwrap();
        assert_eq!((startup.launches, startup.blocks), (6, 6));
        let Found::OfLevels {
            deviations, known, ..
        } = startup.found
        else {
            panic!("{startup:?}")
        };
        assert!(deviations.launch.unwrap() > 0.0 && deviations.block.is_none() && known.is_once());
    }
}
