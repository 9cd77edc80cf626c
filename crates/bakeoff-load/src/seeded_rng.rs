//! Seeded random numbers with random access: the draws of request `n` depend on the seed and on `n` alone, so that
//! any thread can draw any request, and a request can be drawn again instead of being kept. Not for secrets.
//!
//! The mixing function is SplitMix64's [Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA
//! 2014], used as a function of a counter.

/// The draws of one request.
#[derive(Debug, Clone)]
pub(crate) struct SeededRng {
    state: u64,
}

/// The purpose of a draw; different purposes never share draws.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// The gap before the request.
    Gap = 1,
    /// The kind of the request.
    Mix = 2,
    /// The values of its variables.
    Variables = 3,
    /// Whether the body of its response is checked.
    Sample = 4,
    /// The key of its WebSocket handshake.
    Key = 5,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl SeededRng {
    /// The draws of request `n` for one purpose.
    pub(crate) fn new(seed: u64, purpose: Purpose, n: u64) -> Self {
        let key = mix(seed.wrapping_add(GOLDEN.wrapping_mul(purpose as u64)));
        Self {
            state: mix(key ^ mix(n.wrapping_add(GOLDEN))),
        }
    }

    /// 64 uniform bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A uniform number in the open interval from 0 to 1: never 0, so that its logarithm is finite.
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number below `bound`, uniform to within 2⁻⁶⁴ × `bound`. `bound` is above 0.
    pub(crate) fn below(&mut self, bound: u128) -> u64 {
        debug_assert!(bound > 0 && bound <= 1 << 64, "the bound fits the draw");
        ((u128::from(self.bits()) * bound) >> 64) as u64
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Purpose, SeededRng};

    #[test]
    fn the_same_request_draws_the_same() {
        let draw = |seed, n| SeededRng::new(seed, Purpose::Mix, n).bits();
        assert_eq!(draw(7, 1_000), draw(7, 1_000));
        assert_ne!(draw(7, 1_000), draw(7, 1_001));
        assert_ne!(draw(7, 1_000), draw(8, 1_000));
        assert_ne!(draw(7, 3), SeededRng::new(7, Purpose::Gap, 3).bits());
    }

    #[test]
    fn numbers_below_a_bound_are_uniform() {
        let mut counts = [0_u32; 10];
        for n in 0..100_000 {
            counts[SeededRng::new(1, Purpose::Variables, n).below(10) as usize] += 1;
        }
        // Ten thousand each, standard deviation 95: five of them.
        assert!(counts.iter().all(|c| (9_525..10_475).contains(c)), "{counts:?}");
    }

    #[test]
    fn units_have_the_moments_of_a_uniform_distribution() {
        let units: Vec<f64> = (0..100_000)
            .map(|n| SeededRng::new(3, Purpose::Gap, n).unit())
            .collect();
        let mean = units.iter().sum::<f64>() / 1e5;
        let pairs = units.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 0.005, "mean {mean}");
        assert!(pairs.abs() < 0.001, "covariance of neighbours {pairs}");
    }
}
