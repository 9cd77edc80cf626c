//! Estimates: from samples to one value with its 95 % interval. The unit of evidence is the block of a launch, never
//! the request: blocks of a launch lie apart, and so do launches, since the same program started again differs from
//! itself [Kalibera & Jones, ISMM 2013]. Which observations count is decided by the gates ([`crate::judge`]).
//!
//! The location is the mean over launches of the means of their blocks, on the metric's scale. Its variance comes from
//! both levels (`levels` has the formulas), with the metric's repeatability where launches or blocks are few; its
//! interval is Student's t. For means nothing is resampled: the bootstrap over launches, then blocks, has this closed
//! form. Percentiles resample ([`latency`]).
//!
//! Evidence in which each trial was a launch of its own is the case of one block a launch.

pub mod histogram;
pub mod latency;
mod levels;
#[cfg(test)]
mod tests;

pub use levels::Known;

use crate::metric::Scale;
use crate::plan::MIN_BLOCKS;
use crate::probability::{normal_quantile, student_quantile};
use crate::range::Range;
use levels::{Apart, Variance};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value of a metric, and where it was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The launch; a trial without one is a launch of its own.
    pub launch: u32,
    /// The block; several samples of a block are averaged.
    pub block: u32,
    /// The value, in the metric's unit.
    pub value: f64,
}

/// The blocks of a launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfLaunch {
    /// The launch.
    pub launch: u32,
    /// The values of its blocks, in the metric's unit, in the order of the blocks; never empty.
    pub blocks: Vec<(u32, f64)>,
}

/// A value with all that is known of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value and its 95 % interval, in the metric's unit.
    pub range: Range,
    /// Blocks that it rests on.
    pub n: u32,
    /// Launches that it rests on.
    pub launches: u32,
    /// How it varies.
    pub spread: Spread,
}

/// How an estimate varies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Not at all: counted, or the same in each of many blocks.
    Exact,
    /// As location + error × t, on a scale.
    Student {
        /// The scale of `location` and `error`.
        scale: Scale,
        /// The value on the scale (its logarithm on the log scale).
        location: f64,
        /// Standard error on the scale.
        error: f64,
        /// The part of the standard error that more blocks of the same launches would leave, on the scale.
        of_launches: f64,
        /// Degrees of freedom.
        degrees: f64,
    },
}

/// A value that was counted or read once.
#[must_use]
pub fn exact(value: f64) -> Estimate {
    Estimate {
        range: Range {
            value,
            low: value,
            high: value,
        },
        n: 1,
        launches: 1,
        spread: Spread::Exact,
    }
}

/// The error of one try as the probe's own data tell it, on the scale: half of a 95 % interval over its normal
/// quantile; none where the interval has no place on the scale.
#[must_use]
pub fn own_error((low, high): (f64, f64), scale: Scale) -> Option<f64> {
    let placed = low.is_finite() && high.is_finite() && low <= high;
    if !placed || (scale == Scale::Log && low <= 0.0) {
        return None;
    }
    Some((to_scale(high, scale) - to_scale(low, scale)) / (2.0 * normal_quantile(0.975)))
}

/// The mean over launches of the means of their blocks, on the scale; none without a sample. `known` is the
/// repeatability that counts where launches or blocks are few.
///
/// On a log scale values that are not above 0 count as `floor` (above 0), since what a probe rounds down to nothing
/// has no logarithm; where every block has nothing, the mean is nothing.
#[must_use]
pub fn of(samples: &[Sample], scale: Scale, floor: f64, known: Known) -> Option<Estimate> {
    let launches = by_launch(samples, scale, floor);
    let values = || launches.iter().flat_map(|launch| &launch.blocks);
    let (_, first) = values().next()?;
    let n = values().count();
    // Equal values in a few blocks are luck; in five and more they are what a counted metric gives.
    let same = values().all(|(_, value)| value == first);
    let nothing = scale == Scale::Log && *first <= 0.0;
    let basis = Basis {
        blocks: n,
        launches: launches.len(),
    };
    if same && (nothing || n >= MIN_BLOCKS as usize) {
        return Some(basis.of(exact(*first)));
    }
    let (location, apart) = apart(&launches, scale, floor);
    Some(basis.of(student(location, levels::variance(&apart, known), scale)))
}

/// The variance of a mean over `launches` launches of `blocks` blocks each, and its degrees of freedom, where launches
/// and blocks vary as is `known`; none without a launch or a block.
pub(crate) fn expected_variance(launches: u32, blocks: u32, known: Known) -> Option<(f64, f64)> {
    if launches == 0 || blocks == 0 {
        return None;
    }
    let (of_blocks, one_over_blocks) = (known.block.powi(2), 1.0 / f64::from(blocks));
    let of_a_launch = known.launch.powi(2) + of_blocks * one_over_blocks;
    let degrees_of_blocks = launches * (blocks - 1);
    let apart = Apart {
        launches: launches as usize,
        squares_of_launches: f64::from(launches - 1) * of_a_launch,
        squares_of_blocks: f64::from(degrees_of_blocks) * of_blocks,
        degrees_of_blocks: degrees_of_blocks as usize,
        one_over_blocks,
    };
    let variance = levels::variance(&apart, known);
    Some((variance.of_mean, variance.degrees))
}

/// The samples by launch and block, both in order; several of a block averaged on the scale.
#[must_use]
pub fn by_launch(samples: &[Sample], scale: Scale, floor: f64) -> Vec<OfLaunch> {
    let mut launches: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for sample in samples {
        let blocks = launches.entry(sample.launch).or_default();
        blocks.push((sample.block, sample.value));
    }
    let averaged = |(launch, values): (u32, Vec<(u32, f64)>)| OfLaunch {
        launch,
        blocks: average_within_blocks(&values, scale, floor),
    };
    launches.into_iter().map(averaged).collect()
}

/// The mean over launches on the scale, and how far launches and blocks lie apart around it.
fn apart(launches: &[OfLaunch], scale: Scale, floor: f64) -> (f64, Apart) {
    let (mut squares_of_blocks, mut degrees_of_blocks, mut one_over_blocks) = (0.0, 0, 0.0);
    let mut means = Vec::with_capacity(launches.len());
    for launch in launches {
        let (mean, squares) = spread_of(&launch.blocks, scale, floor);
        means.push(mean);
        squares_of_blocks += squares;
        degrees_of_blocks += launch.blocks.len() - 1;
        one_over_blocks += 1.0 / launch.blocks.len() as f64;
    }
    let location = means.iter().sum::<f64>() / means.len() as f64;
    let apart = Apart {
        launches: means.len(),
        squares_of_launches: means.iter().map(|mean| (mean - location).powi(2)).sum(),
        squares_of_blocks,
        degrees_of_blocks,
        one_over_blocks: one_over_blocks / launches.len() as f64,
    };
    (location, apart)
}

/// The mean on the scale and the sum of squares around it.
fn spread_of(by_block: &[(u32, f64)], scale: Scale, floor: f64) -> (f64, f64) {
    let values = by_block.iter();
    let on_scale: Vec<f64> = values
        .map(|(_, value)| to_scale(raised(*value, scale, floor), scale))
        .collect();
    let location = on_scale.iter().sum::<f64>() / on_scale.len() as f64;
    let squares = on_scale.iter().map(|value| (value - location).powi(2)).sum();
    (location, squares)
}

/// Several observations of a block averaged to one (on the scale), blocks in order.
#[must_use]
pub fn average_within_blocks(observations: &[(u32, f64)], scale: Scale, floor: f64) -> Vec<(u32, f64)> {
    let mut blocks: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (block, value) in observations {
        blocks.entry(*block).or_default().push(*value);
    }
    let mean = |values: Vec<f64>| {
        if let [one] = values[..] {
            return one;
        }
        let count = values.len() as f64;
        let sum: f64 = values
            .into_iter()
            .map(|value| to_scale(raised(value, scale, floor), scale))
            .sum();
        from_scale(sum / count, scale)
    };
    blocks
        .into_iter()
        .map(|(block, values)| (block, mean(values)))
        .collect()
}

/// The ratio of two contenders' values, paired by block, with its interval from these blocks alone; none with fewer
/// than two common blocks.
#[must_use]
pub fn paired_ratio(numerator: &[(u32, f64)], denominator: &[(u32, f64)]) -> Option<Estimate> {
    let below: BTreeMap<u32, f64> = denominator.iter().copied().collect();
    let ratios: Vec<(u32, f64)> = numerator
        .iter()
        .filter_map(|(block, above)| Some((*block, above / below.get(block)?)))
        .filter(|(_, ratio)| ratio.is_finite() && *ratio > 0.0)
        .collect();
    let n = ratios.len();
    if n < 2 {
        return None;
    }
    let (location, squares) = spread_of(&ratios, Scale::Log, f64::MIN_POSITIVE);
    let degrees = n as f64 - 1.0;
    let of_mean = squares / degrees / n as f64;
    let variance = Variance {
        of_mean,
        of_launches: of_mean,
        degrees,
    };
    let basis = Basis {
        blocks: n,
        launches: n,
    };
    Some(basis.of(student(location, variance, Scale::Log)))
}

/// How many blocks and launches an estimate rests on.
#[derive(Debug, Clone, Copy)]
struct Basis {
    blocks: usize,
    launches: usize,
}

impl Basis {
    fn of(self, estimate: Estimate) -> Estimate {
        Estimate {
            n: self.blocks as u32,
            launches: self.launches as u32,
            ..estimate
        }
    }
}

impl Estimate {
    /// The same with an interval that reaches `by` further on both sides, on the scale, so that it is never told apart
    /// from what is nearer than that. A counted value stays.
    #[must_use]
    pub fn widened_by(self, by: f64) -> Estimate {
        self.with_error(|error, t| error + by / t)
    }

    /// The part of its standard error that more blocks of the same launches would leave, 0 to 1.
    #[must_use]
    pub fn share_of_launches(&self) -> f64 {
        match self.spread {
            Spread::Student {
                error, of_launches, ..
            } => (of_launches / error).min(1.0),
            Spread::Exact => 0.0,
        }
    }

    /// The same with an error that is `factor` times as large.
    #[must_use]
    pub fn widened_times(self, factor: f64) -> Estimate {
        self.with_error(|error, _| error * factor)
    }

    /// The same with another error, from the present one and Student's quantile.
    fn with_error(self, of: impl Fn(f64, f64) -> f64) -> Estimate {
        let Spread::Student {
            scale,
            location,
            error,
            of_launches,
            degrees,
        } = self.spread
        else {
            return self;
        };
        let wider = of(error, student_quantile(0.975, degrees));
        let variance = Variance {
            of_mean: wider.powi(2),
            // More launches would not lessen it faster than before.
            of_launches: (of_launches * wider / error).powi(2),
            degrees,
        };
        Estimate {
            n: self.n,
            launches: self.launches,
            ..student(location, variance, scale)
        }
    }
}

/// The interval of a location with its variance on a scale. No metric has values below 0, so no interval has.
fn student(location: f64, variance: Variance, scale: Scale) -> Estimate {
    let error = variance.of_mean.sqrt();
    let half = error * student_quantile(0.975, variance.degrees);
    let low = from_scale(location - half, scale);
    Estimate {
        range: Range {
            value: from_scale(location, scale),
            // No metric can be below 0, so an interval that reaches there only shows that the error is large.
            low: if location >= 0.0 { low.max(0.0) } else { low },
            high: from_scale(location + half, scale),
        },
        n: 0,
        launches: 0,
        spread: if error > 0.0 {
            Spread::Student {
                scale,
                location,
                error,
                of_launches: variance.of_launches.sqrt(),
                degrees: variance.degrees,
            }
        } else {
            Spread::Exact
        },
    }
}

fn raised(value: f64, scale: Scale, floor: f64) -> f64 {
    if scale == Scale::Log && value <= 0.0 {
        floor
    } else {
        value
    }
}

/// The place of a value on a scale.
pub(crate) fn to_scale(value: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Linear => value,
        Scale::Log => value.ln(),
    }
}

fn from_scale(value: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Linear => value,
        Scale::Log => value.exp(),
    }
}
