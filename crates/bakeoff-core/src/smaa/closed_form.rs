//! Closed forms for normal evidence: the probability that one of two is better, the expected loss of a choice, the
//! value of a sample, and the best division of samples. They hold for two alternatives or independent ones;
//! everything else is simulated.

use crate::probability::{normal_cdf, normal_density};

/// A normal quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation, at least 0.
    pub sd: f64,
}

impl Normal {
    /// The weighted sum of independent normals.
    #[must_use]
    pub fn weighted_sum(weights: &[f64], parts: &[Normal]) -> Normal {
        let pairs = || weights.iter().zip(parts);
        Normal {
            mean: pairs().map(|(weight, part)| weight * part.mean).sum(),
            sd: pairs()
                .map(|(weight, part)| (weight * part.sd).powi(2))
                .sum::<f64>()
                .sqrt(),
        }
    }
}

/// Probability that `a` is above `b`; one half where they cannot differ.
#[must_use]
pub fn probability_above(a: Normal, b: Normal) -> f64 {
    let (difference, sd) = (a.mean - b.mean, a.sd.hypot(b.sd));
    if sd > 0.0 {
        normal_cdf(difference / sd)
    } else if difference == 0.0 {
        0.5
    } else {
        f64::from(difference > 0.0)
    }
}

/// Expected loss of choosing `chosen` when `other` may be better: E max(other − chosen, 0) = s f(d / s).
#[must_use]
pub fn expected_loss(chosen: Normal, other: Normal) -> f64 {
    expected_excess(chosen.mean - other.mean, chosen.sd.hypot(other.sd))
}

/// Expected value of sample information for a choice that leads by `lead` on average, when a sample would move the
/// posterior mean of the lead with standard deviation `moves`: σ̃ f(|d| / σ̃) [Raiffa & Schlaifer, Applied
/// Statistical Decision Theory, 1961].
#[must_use]
pub fn value_of_sample(lead: f64, moves: f64) -> f64 {
    expected_excess(lead.abs(), moves)
}

/// How far the posterior mean of a quantity with standard error `now` moves when `more` blocks are added to `blocks`:
/// its predictive standard deviation, `now` × √(more / (blocks + more)).
#[must_use]
pub fn moves_by(now: f64, blocks: f64, more: f64) -> f64 {
    now * (more / (blocks + more)).sqrt()
}

/// s f(d / s) with f(z) = φ(z) − z (1 − Φ(z)), the unit normal loss.
fn expected_excess(lead: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return (-lead).max(0.0);
    }
    let z = lead / sd;
    sd * (normal_density(z) - z * normal_cdf(-z))
}

/// Optimal computing budget allocation: how to divide `total` samples among alternatives of which the smallest mean
/// is the best, so that the probability of a right choice is greatest [Chen et al., Discrete Event Dynamic Systems
/// 10, 2000].
///
/// None with fewer than two alternatives, an error that is not above 0, or a second that equals the best.
#[must_use]
pub fn allocate(means: &[f64], sds: &[f64], total: f64) -> Option<Vec<f64>> {
    let best = (0..means.len()).min_by(|a, b| means[*a].total_cmp(&means[*b]))?;
    if means.len() < 2 || sds.len() != means.len() || sds.iter().any(|sd| *sd <= 0.0) {
        return None;
    }
    let others = || (0..means.len()).filter(|place| *place != best);
    if others().any(|place| means[place] == means[best]) {
        return None;
    }
    let mut shares = vec![0.0; means.len()];
    for place in others() {
        shares[place] = (sds[place] / (means[place] - means[best])).powi(2);
    }
    let squares: f64 = others().map(|place| (shares[place] / sds[place]).powi(2)).sum();
    shares[best] = sds[best] * squares.sqrt();
    let sum: f64 = shares.iter().sum();
    Some(shares.into_iter().map(|share| share / sum * total).collect())
}

#[cfg(test)]
mod tests {
    use super::{Normal, allocate, expected_loss, moves_by, probability_above, value_of_sample};

    const WEIGHTS: [f64; 3] = [0.5, 0.3, 0.2];

    fn normal(mean: f64, sd: f64) -> Normal {
        Normal { mean, sd }
    }

    fn worked_example() -> (Normal, Normal) {
        let a = [normal(0.7, 0.10), normal(0.4, 0.05), normal(0.6, 0.20)];
        let b = [normal(0.5, 0.05), normal(0.6, 0.10), normal(0.5, 0.10)];
        (
            Normal::weighted_sum(&WEIGHTS, &a),
            Normal::weighted_sum(&WEIGHTS, &b),
        )
    }

    #[test]
    fn the_worked_example_comes_out_to_the_last_digit() {
        let (a, b) = worked_example();
        assert!((probability_above(a, b) - 0.776057760868).abs() < 1e-12);
        assert!((expected_loss(a, b) - 0.010210313866).abs() < 1e-12);
        assert!((value_of_sample(a.mean - b.mean, 0.05) - 0.002805122536).abs() < 1e-12);
    }

    #[test]
    fn equal_alternatives_split_wins_evenly_and_lose_nothing() {
        assert_eq!(probability_above(normal(1.0, 0.0), normal(1.0, 0.0)), 0.5);
        assert_eq!(expected_loss(normal(1.0, 0.0), normal(0.5, 0.0)), 0.0);
        assert_eq!(expected_loss(normal(0.5, 0.0), normal(1.0, 0.0)), 0.5);
    }

    #[test]
    fn more_blocks_than_exist_move_more_but_never_beyond_the_error() {
        assert!(moves_by(0.1, 5.0, 5.0) < moves_by(0.1, 5.0, 50.0));
        assert!(moves_by(0.1, 5.0, 1e12) <= 0.1);
    }

    #[test]
    fn the_allocation_is_that_of_chen() {
        let got = allocate(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0; 5], 1000.0).unwrap();
        for (got, want) in got.iter().zip([421.82, 406.13, 101.53, 45.13, 25.38]) {
            assert!((got - want).abs() < 0.005, "{got} for {want}");
        }
        assert_eq!(allocate(&[1.0, 1.0], &[1.0; 2], 10.0), None);
    }
}
