//! Estimates: from the values of blocks to one value with its 95 % interval. The unit of evidence is the block, never the
//! request, since the same program restarted differs from itself [Kalibera & Jones, ISMM 2013]. Deliberately without
//! judgement: which observations count is decided by the gates (`crate::judge`).
//!
//! The standard error is that of the bootstrap over blocks on the metric's scale, with the small-sample factor √(n/(n−1)). For
//! a mean the bootstrap has a closed form (the standard deviation with n, over √n), so nothing is resampled and no
//! sampling error is added; percentiles resample ([`latency`]). The interval is Student's t with n−1 degrees.

pub mod histogram;
pub mod latency;

use crate::metric::Scale;
use crate::probability::{normal_quantile, student_quantile};
use crate::verdict::Range;
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
    /// Not at all: counted, or the same in every block.
    Exact,
    /// In a way that one block cannot tell.
    Once,
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

/// A value that was measured in one block: no interval, and no certainty either.
#[must_use]
pub fn once(value: f64) -> Estimate {
    Estimate {
        spread: Spread::Once,
        ..exact(value)
    }
}

/// A value that was measured in one block, of which the probe's own data give a 95 % interval: on the scale, the probe's standard error and
/// `restart_error`, that of one start among many, add up as independent errors do. None where the interval has no place on the scale.
#[must_use]
pub fn once_within(
    value: f64,
    (low, high): (f64, f64),
    scale: Scale,
    restart_error: f64,
) -> Option<Estimate> {
    let placed = low.is_finite() && high.is_finite() && low <= high;
    if !placed || (scale == Scale::Log && (low <= 0.0 || value <= 0.0)) {
        return None;
    }
    let own = (to_scale(high, scale) - to_scale(low, scale)) / (2.0 * normal_quantile(0.975));
    let restart = match scale {
        Scale::Linear => restart_error * value.abs(),
        Scale::Log => restart_error,
    };
    let estimate = student(to_scale(value, scale), own.hypot(restart), MANY, scale);
    Some(Estimate { n: 1, ..estimate })
}

/// So many degrees of freedom that Student's t is the normal.
const MANY: usize = 10_000;

/// The mean over blocks on the scale; none without a block. One block, or blocks that are all equal, have no interval.
///
/// On a log scale values that are not above 0 count as `floor` (above 0), since what a probe rounds down to nothing has no logarithm;
/// where every block has nothing, the mean is nothing.
#[must_use]
pub fn of_blocks(by_block: &[(u32, f64)], scale: Scale, floor: f64) -> Option<Estimate> {
    let (_, first) = by_block.first()?;
    let n = by_block.len();
    if n == 1 {
        return Some(once(*first));
    }
    if by_block.iter().all(|(_, value)| value == first) {
        return Some(Estimate {
            n: n as u32,
            ..exact(*first)
        });
    }
    let values = by_block.iter();
    let on_scale: Vec<f64> = values
        .map(|(_, value)| to_scale(raised(*value, scale, floor), scale))
        .collect();
    let location = on_scale.iter().sum::<f64>() / n as f64;
    let squares: f64 = on_scale.iter().map(|value| (value - location).powi(2)).sum();
    let error = (squares / (n as f64 - 1.0) / n as f64).sqrt();
    Some(student(location, error, n, scale))
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

/// The ratio of two contenders' values, paired by block, with its interval; none with fewer than two common blocks.
#[must_use]
pub fn paired_ratio(numerator: &[(u32, f64)], denominator: &[(u32, f64)]) -> Option<Estimate> {
    let below: BTreeMap<u32, f64> = denominator.iter().copied().collect();
    let ratios: Vec<(u32, f64)> = numerator
        .iter()
        .filter_map(|(block, above)| Some((*block, above / below.get(block)?)))
        .filter(|(_, ratio)| ratio.is_finite() && *ratio > 0.0)
        .collect();
    if ratios.len() < 2 {
        None
    } else {
        of_blocks(&ratios, Scale::Log, f64::MIN_POSITIVE)
    }
}

/// The interval of `location` ± `error` × t on a scale, from `n` blocks, at least two.
fn student(location: f64, error: f64, n: usize, scale: Scale) -> Estimate {
    let degrees = n as f64 - 1.0;
    let half = error * student_quantile(0.975, degrees);
    Estimate {
        range: Range {
            value: from_scale(location, scale),
            low: from_scale(location - half, scale),
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

fn to_scale(value: f64, scale: Scale) -> f64 {
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
    use super::{Spread, average_within_blocks, of_blocks, once_within, paired_ratio};
    use crate::metric::Scale;
    use proptest::prelude::{prop, prop_assert, proptest};

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_textbook() {
        let blocks = [(0, 10.0), (1, 12.0), (2, 11.0), (3, 9.0), (4, 13.0)];
        let estimate = of_blocks(&blocks, Scale::Linear, 0.0).unwrap();
        let half = 2.7764451051977987 * (2.5_f64 / 5.0).sqrt();
        assert_eq!(estimate.range.value, 11.0);
        assert!((estimate.range.high - 11.0 - half).abs() < 1e-9);
        assert_eq!(estimate.n, 5);
    }

    #[test]
    fn a_log_mean_is_geometric() {
        let estimate = of_blocks(&[(0, 1.0), (1, 100.0)], Scale::Log, 1e-6).unwrap();
        assert!((estimate.range.value - 10.0).abs() < 1e-9);
    }

    #[test]
    fn one_block_or_equal_blocks_have_no_interval() {
        assert_eq!(of_blocks(&[], Scale::Log, 1e-6), None);
        assert_eq!(
            of_blocks(&[(0, 7.0)], Scale::Linear, 0.0).unwrap().spread,
            Spread::Once
        );
        let same = of_blocks(&[(0, 7.0), (1, 7.0)], Scale::Linear, 0.0).unwrap();
        assert_eq!((same.range.low, same.range.high, same.n), (7.0, 7.0, 2));
        assert_eq!(
            of_blocks(&[(0, 0.0), (1, 0.0)], Scale::Log, 1e-6)
                .unwrap()
                .range
                .value,
            0.0
        );
    }

    #[test]
    fn one_try_with_an_interval_of_its_own_is_less_sure_than_that() {
        let estimate = once_within(100.0, (90.0, 111.0), Scale::Log, 0.15).unwrap();
        assert_eq!((estimate.n, estimate.range.value.round()), (1, 100.0));
        assert!(estimate.range.low < 90.0 * 0.85 && estimate.range.high > 111.0 * 1.15);
        let sure = once_within(100.0, (90.0, 110.0), Scale::Linear, 0.0).unwrap();
        assert!((sure.range.low - 90.0).abs() < 0.01 && (sure.range.high - 110.0).abs() < 0.01);
        assert_eq!(once_within(0.0, (0.0, 1.0), Scale::Log, 0.15), None);
        assert_eq!(once_within(1.0, (f64::NAN, 1.0), Scale::Linear, 0.15), None);
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
                let range = of_blocks(&blocks, scale, 1e-9).unwrap().range;
                if differ {
                    prop_assert!(range.low < range.value && range.value < range.high);
                }
            }
        }
    }
}
