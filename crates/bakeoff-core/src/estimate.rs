//! Estimates: from the values of blocks to one value with its 95 % interval. The unit of evidence is the block, never
//! the request, since the same program differs from itself after a restart [Kalibera & Jones, ISMM 2013]. Which
//! observations count is decided by the gates ([`crate::judge`]).
//!
//! The standard error is that of the bootstrap over blocks on the metric's scale, with the small-sample factor
//! √(n/(n−1)). For a mean the bootstrap has a closed form (the standard deviation with n, over √n), so nothing is
//! resampled and no sampling error is added; percentiles resample ([`latency`]). The interval is Student's t with n−1
//! degrees of freedom.
//!
//! With fewer than [`MIN_BLOCKS`] blocks, the spread between blocks is poorly known, and with one not at all. The
//! metric's repeatability r, known from earlier experiments, then stands in for the missing blocks: s² = ((n−1)·s² +
//! (5−n)·r²) / 4, with 4 degrees of freedom. This is the moderated variance of G. K. Smyth (Statistical Applications
//! in Genetics and Molecular Biology 3(1), 2004) with as many prior degrees as blocks are missing. From five blocks
//! on, only the blocks count.

pub mod histogram;
pub mod latency;

use crate::metric::Scale;
use crate::plan::MIN_BLOCKS;
use crate::probability::{normal_quantile, student_quantile};
use crate::range::Range;
use std::collections::BTreeMap;

/// A value with all that is known of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value and its 95 % interval, in the metric's unit.
    pub range: Range,
    /// Blocks that it rests on.
    pub n: u32,
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

/// The mean over blocks on the scale; none without a block. `repeatability` is the standard deviation between tries,
/// on the scale, that is known of the metric beforehand; it counts for the blocks that are missing to [`MIN_BLOCKS`].
///
/// On a log scale values that are not above 0 count as `floor` (above 0), since what a probe rounds down to nothing
/// has no logarithm; where every block has nothing, the mean is nothing.
#[must_use]
pub fn of_blocks(by_block: &[(u32, f64)], scale: Scale, floor: f64, repeatability: f64) -> Option<Estimate> {
    let (_, first) = by_block.first()?;
    let n = by_block.len();
    // Equal values in a few blocks are luck; in five and more they are what a counted metric gives.
    let same = by_block.iter().all(|(_, value)| value == first);
    let nothing = scale == Scale::Log && *first <= 0.0;
    if same && (nothing || n >= MIN_BLOCKS as usize) {
        return Some(Estimate {
            n: n as u32,
            ..exact(*first)
        });
    }
    let (location, squares) = spread_of(by_block, scale, floor);
    let (variance, degrees) = variance_of_a_block(squares, n, repeatability);
    Some(student(location, (variance / n as f64).sqrt(), degrees, n, scale))
}

/// The variance of one block and its degrees of freedom, from the sum of squares of `n` blocks around their mean.
fn variance_of_a_block(squares: f64, n: usize, repeatability: f64) -> (f64, f64) {
    let missing = f64::from(MIN_BLOCKS) - n as f64;
    let degrees = n as f64 - 1.0;
    if missing <= 0.0 {
        return (squares / degrees, degrees);
    }
    let all = degrees + missing;
    ((squares + missing * repeatability.powi(2)) / all, all)
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
    let error = (squares / degrees / n as f64).sqrt();
    Some(student(location, error, degrees, n, Scale::Log))
}

/// The interval of `location` ± `error` × t on a scale. No metric has values below 0, so no interval has.
fn student(location: f64, error: f64, degrees: f64, n: usize, scale: Scale) -> Estimate {
    let half = error * student_quantile(0.975, degrees);
    let low = from_scale(location - half, scale);
    Estimate {
        range: Range {
            value: from_scale(location, scale),
            // No metric can be below 0, so an interval that reaches there only shows that the error is large.
            low: if location >= 0.0 { low.max(0.0) } else { low },
            high: from_scale(location + half, scale),
        },
        n: n as u32,
        spread: if error > 0.0 {
            Spread::Student {
                scale,
                location,
                error,
                degrees,
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

#[cfg(test)]
mod tests {
    use super::{Spread, average_within_blocks, of_blocks, own_error, paired_ratio};
    use crate::metric::Scale;
    use proptest::prelude::{prop, prop_assert, proptest};

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_textbook() {
        let blocks = [(0, 10.0), (1, 12.0), (2, 11.0), (3, 9.0), (4, 13.0)];
        let half = 2.7764451051977987 * (2.5_f64 / 5.0).sqrt();
        for repeatability in [0.0, 7.0] {
            let estimate = of_blocks(&blocks, Scale::Linear, 0.0, repeatability).unwrap();
            assert_eq!((estimate.range.value, estimate.n), (11.0, 5));
            assert!((estimate.range.high - 11.0 - half).abs() < 1e-9);
        }
    }

    #[test]
    fn repeatability_stands_in_for_missing_blocks() {
        let t4 = 2.7764451051977987;
        let half = |blocks: &[(u32, f64)]| {
            let estimate = of_blocks(blocks, Scale::Linear, 0.0, 2.0).unwrap();
            estimate.range.high - estimate.range.value
        };
        // One block: the repeatability alone.
        assert!((half(&[(0, 10.0)]) - t4 * 2.0).abs() < 1e-9);
        // Two blocks 1 above and below their mean: ((1 + 1) + 3 · 2²) / 4 = 3.5.
        assert!((half(&[(0, 9.0), (1, 11.0)]) - t4 * (3.5_f64 / 2.0).sqrt()).abs() < 1e-9);
        // Equal values are no certainty as long as they are few.
        assert!((half(&[(0, 9.0), (3, 9.0)]) - t4 * (3.0_f64 / 2.0).sqrt()).abs() < 1e-9);
        // Blocks as far apart as the repeatability says lose nothing of their width when the fifth comes.
        let four = [(0, 8.0), (1, 12.0), (2, 8.0), (3, 12.0)];
        let five = [(0, 8.0), (1, 12.0), (2, 8.0), (3, 12.0), (4, 10.0)];
        assert!(half(&four) > half(&five) && half(&four) < 1.4 * half(&five));
    }

    #[test]
    fn a_log_mean_is_geometric() {
        let estimate = of_blocks(&[(0, 1.0), (1, 100.0)], Scale::Log, 1e-6, 0.1).unwrap();
        assert!((estimate.range.value - 10.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_and_many_equal_blocks_are_exact() {
        assert_eq!(of_blocks(&[], Scale::Log, 1e-6, 0.1), None);
        let same: Vec<(u32, f64)> = (0..5).map(|block| (block, 7.0)).collect();
        let same = of_blocks(&same, Scale::Linear, 0.0, 0.1).unwrap();
        assert_eq!((same.range.low, same.range.high, same.n), (7.0, 7.0, 5));
        assert_eq!(same.spread, Spread::Exact);
        let nothing = of_blocks(&[(0, 0.0), (1, 0.0)], Scale::Log, 1e-6, 0.1).unwrap();
        assert_eq!((nothing.range.value, nothing.spread), (0.0, Spread::Exact));
    }

    #[test]
    fn an_interval_never_reaches_below_nothing() {
        let estimate = of_blocks(&[(0, 0.01)], Scale::Linear, 0.0, 0.1).unwrap();
        assert!(estimate.range.low == 0.0 && estimate.range.high > 0.2);
    }

    #[test]
    fn the_error_of_one_measurement_comes_from_its_interval() {
        assert!((own_error((90.0, 110.0), Scale::Linear).unwrap() - 10.0 / 1.959_963_985).abs() < 1e-6);
        assert_eq!(own_error((0.0, 1.0), Scale::Log), None);
        assert_eq!(own_error((f64::NAN, 1.0), Scale::Linear), None);
    }

    #[test]
    fn repeated_observations_of_a_block_count_once() {
        let blocks = average_within_blocks(&[(0, 1.0), (0, 3.0), (1, 5.0)], Scale::Linear, 0.0);
        assert_eq!(blocks, [(0, 2.0), (1, 5.0)]);
    }

    #[test]
    fn a_ratio_pairs_blocks_that_both_have() {
        let ratio = paired_ratio(&[(0, 2.0), (1, 4.0), (7, 1.0)], &[(0, 1.0), (1, 2.0), (3, 9.0)]).unwrap();
        assert!((ratio.range.value - 2.0).abs() < 1e-12);
        assert_eq!(ratio.n, 2);
    }

    proptest! {
        #[test]
        fn an_interval_is_strict_whenever_blocks_differ(values in prop::collection::vec(0.1_f64..1e4, 2..40)) {
            let blocks: Vec<(u32, f64)> = (0..).zip(values.iter().copied()).collect();
            let differ = values.iter().any(|value| (value / values[0] - 1.0).abs() > 1e-9);
            for scale in [Scale::Linear, Scale::Log] {
                let range = of_blocks(&blocks, scale, 1e-9, 0.0).unwrap().range;
                if differ {
                    prop_assert!(range.low < range.value && range.value < range.high);
                }
            }
        }
    }
}
