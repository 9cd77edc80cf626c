//! Power: how often a planted difference between two servers is found, and how often a difference is found that does
//! not exist. It takes the interval of a run's comparisons and applies it to many sessions whose truth is known.
//! Blocks come from outside, each with servers of its own; sessions are drawn from them without replacement.
//!
//! And what a number of launches and blocks can show: the half-width of an interval that they bring where launches and
//! blocks vary as is known.

use crate::estimate::{Estimate, Known, expected_variance, paired_ratio};
use crate::probability::student_quantile;
use crate::range::Range;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use serde::Serialize;

/// Which servers of a block a session compares, by their places in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The one that the other is compared with.
    pub one: usize,
    /// Its twin, which shows the noise floor.
    pub twin: usize,
    /// The other.
    pub other: usize,
}

/// The half-width that the 95 % interval of a mean over `launches` launches of `blocks` blocks each has, on the
/// metric's scale, where launches and blocks vary as is `known`; none without a launch or a block.
#[must_use]
pub fn half_width(launches: u32, blocks: u32, known: Known) -> Option<f64> {
    let (of_mean, degrees) = expected_variance(launches, blocks, known)?;
    Some(of_mean.sqrt() * student_quantile(0.975, degrees))
}

/// What sessions said of a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Sessions that were simulated.
    pub sessions: u32,
    /// In how many the interval of the ratio leaves 1 out, on the planted side where there is one.
    pub by_interval: u32,
    /// In how many the ratio lies beyond the noise floor besides: what a run would claim.
    pub claimed: u32,
}

impl Found {
    /// Adds what other sessions said.
    #[must_use]
    pub fn and(self, other: Found) -> Found {
        Found {
            sessions: self.sessions + other.sessions,
            by_interval: self.by_interval + other.by_interval,
            claimed: self.claimed + other.claimed,
        }
    }
}

/// What was planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// Nothing: anything found is a false positive.
    Equal,
    /// The other takes longer.
    Slower,
}

/// The order in which the servers of a block run.
#[must_use]
pub fn order(servers: usize, block: u32, seed: u64) -> Vec<usize> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    random.set_stream(u64::from(block));
    let mut places: Vec<usize> = (0..servers).collect();
    places.shuffle(&mut random);
    places
}

/// Draws `sessions` sessions of `length` blocks each out of `blocks`, and compares one pair in each.
#[must_use]
pub fn drawn(
    blocks: &[Vec<f64>],
    compared: Compared,
    planted: Planted,
    sessions: u32,
    length: usize,
    seed: u64,
) -> Found {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let mut places: Vec<usize> = (0..blocks.len()).collect();
    let one_session = |_| {
        places.shuffle(&mut random);
        let session: Vec<&[f64]> = places
            .iter()
            .take(length)
            .map(|place| &blocks[*place][..])
            .collect();
        found_in(&session, compared, planted)
    };
    (0..sessions).map(one_session).fold(Found::default(), Found::and)
}

/// The result of one session for one pair.
#[must_use]
pub fn found_in(session: &[&[f64]], compared: Compared, planted: Planted) -> Found {
    let of = |place: usize| -> Vec<(u32, f64)> {
        let figures = session
            .iter()
            .map(|block| block.get(place).copied().unwrap_or(f64::NAN));
        (0..).zip(figures).collect()
    };
    let one = of(compared.one);
    let ratio = paired_ratio(&of(compared.other), &one).map(range);
    let twins = paired_ratio(&of(compared.twin), &one).map(range);
    let apart = ratio.is_some_and(|ratio| match planted {
        Planted::Equal => ratio.low > 1.0 || ratio.high < 1.0,
        Planted::Slower => ratio.low > 1.0,
    });
    let claimed = apart && ratio.is_some_and(|ratio| ratio.value.ln().abs() > noise(twins.as_ref()));
    Found {
        sessions: 1,
        by_interval: u32::from(apart),
        claimed: u32::from(claimed),
    }
}

/// The noise floor as a logarithm: as far apart as the twins may be, by the interval of their ratio; 0 where it is
/// not known.
#[must_use]
pub fn noise(twins: Option<&Range>) -> f64 {
    twins.map_or(0.0, |ratio| ratio.low.ln().abs().max(ratio.high.ln().abs()))
}

fn range(estimate: Estimate) -> Range {
    estimate.range
}

#[cfg(test)]
mod tests {
    use super::{Compared, Found, Planted, drawn, found_in, half_width, order};
    use crate::estimate::Known;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const COMPARED: Compared = Compared {
        one: 0,
        twin: 1,
        other: 2,
    };

    /// Blocks of three servers whose figures vary evenly by 6 %, the third of them `factor` as slow.
    fn blocks(count: usize, factor: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut figure = |of: f64| of * (0.97 + 0.06 * random.random::<f64>());
        (0..count)
            .map(|_| vec![figure(1_000.0), figure(1_000.0), figure(1_000.0 * factor)])
            .collect()
    }

    #[test]
    fn equal_servers_differ_only_as_often_as_the_interval_allows() {
        let one_each = |seed| drawn(&blocks(28, 1.0, seed), COMPARED, Planted::Equal, 1, 28, seed);
        let found = (0..2_000).map(one_each).fold(Found::default(), Found::and);
        let by_interval = f64::from(found.by_interval) / 2_000.0;
        assert!((0.035..0.065).contains(&by_interval), "{by_interval}");
        assert!(found.claimed < found.by_interval, "{found:?}");
    }

    #[test]
    fn large_planted_differences_are_found_and_zero_ones_are_not() {
        let found = |factor| drawn(&blocks(100, factor, 5), COMPARED, Planted::Slower, 50, 28, 9);
        assert_eq!(found(1.10).claimed, 50);
        assert!(found(1.0005).claimed < 10, "{:?}", found(1.0005));
        assert_eq!(found(0.9).by_interval, 0, "faster is not slower");
    }

    #[test]
    fn more_launches_and_more_blocks_both_narrow_an_interval() {
        let known = Known {
            launch: 0.05,
            block: 0.15,
        };
        let half = |launches, blocks| half_width(launches, blocks, known).unwrap();
        assert!(half(3, 3) < half(3, 2) && half(4, 2) < half(3, 2) && half(6, 2) < half(3, 2));
        // No number of blocks does what more launches do.
        let of_launches = Known {
            launch: 0.15,
            block: 0.05,
        };
        let half = |launches, blocks| half_width(launches, blocks, of_launches).unwrap();
        assert!(half(3, 50) > half(5, 2));
        // One try is worth its own deviation, with the four degrees of what is known beforehand.
        let one = half_width(1, 1, Known::of_tries(0.1)).unwrap();
        assert!((one - 0.277_644_510_5).abs() < 1e-9, "{one}");
        assert_eq!(half_width(0, 2, known), None);
    }

    #[test]
    fn without_two_blocks_nothing_is_found() {
        let block = [1.0, 1.0, 2.0];
        assert_eq!(found_in(&[&block], COMPARED, Planted::Slower).by_interval, 0);
    }

    #[test]
    fn an_order_has_every_server_once_and_changes() {
        let orders: Vec<Vec<usize>> = (0..20).map(|block| order(5, block, 1)).collect();
        assert!(orders.iter().any(|other| *other != orders[0]));
        for mut places in orders {
            places.sort_unstable();
            assert_eq!(places, [0, 1, 2, 3, 4]);
        }
    }
}
