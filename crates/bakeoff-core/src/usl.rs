//! The Universal Scalability Law: how throughput grows with the number of clients or processes, what limits it, and
//! where it peaks. The points are given; nothing is measured here.
//!
//! X(N) = γN / (1 + α(N−1) + βN(N−1)), with α, β ≥ 0: γ is the throughput of one, α the share of serial work
//! (contention), β the cost of each pair (coherency) [N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, and
//! arXiv:0808.1431].

use crate::evidence::Point;
use crate::probability::student_quantile;
use crate::range::Range;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// The fewest different numbers of clients that tell three parameters.
const FEWEST: usize = 3;

/// Which of α and β may be above 0: any.
const ALL_FREE: &[[bool; 2]] = &[[true, true], [true, false], [false, true], [false, false]];

/// Samples of the bootstrap.
const SAMPLES: usize = 400;

/// Steps of a drawn law.
const STEPS: u32 = 24;

/// A law with its three parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law {
    /// γ: the rate of one, in the unit of the points.
    pub one: f64,
    /// α, 0 or more.
    pub contention: f64,
    /// β, 0 or more.
    pub coherency: f64,
}

/// A law as points tell it, with 95 % intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The best law.
    pub law: Law,
    /// α.
    pub contention: Range,
    /// β.
    pub coherency: Range,
    /// Where the rate is highest, at most the largest number that was tried.
    pub peak: Range,
    /// The laws of the bootstrap.
    samples: Vec<Law>,
}

impl Law {
    /// The rate at `n`.
    #[must_use]
    pub fn rate(&self, n: f64) -> f64 {
        self.one * n / (1.0 + self.contention * (n - 1.0) + self.coherency * n * (n - 1.0))
    }

    /// The number at which the rate is highest, √((1 − α)/β), from 1 to `most`.
    #[must_use]
    pub fn peak(&self, most: f64) -> f64 {
        if self.contention >= 1.0 {
            return 1.0;
        }
        if self.coherency <= 0.0 {
            return most;
        }
        ((1.0 - self.contention) / self.coherency).sqrt().clamp(1.0, most)
    }
}

/// The law that is nearest to points (N, rate), by squared relative residuals; none with fewer than three different
/// N, or where a number is not above 0.
///
/// β is above 0 only where the law is nearer with it than chance makes it (F test at 95 %): rates that are level and
/// scatter would else have a peak wherever they scatter to, and of the next points another.
#[must_use]
pub fn fit(points: &[(f64, f64)]) -> Option<Law> {
    let law = nearest(points, ALL_FREE)?;
    let degrees = points.len() as f64 - 3.0;
    let plain =
        nearest(points, &[[true, false], [false, false]]).filter(|_| law.coherency > 0.0 && degrees > 0.0);
    let Some(plain) = plain else {
        return Some(law);
    };
    let (with, without) = (residuals(&law, points), residuals(&plain, points));
    // The quantile of F with 1 and d degrees of freedom is the square of Student's t.
    let by_chance = student_quantile(0.975, degrees).powi(2) * with / degrees;
    Some(if without - with > by_chance { law } else { plain })
}

/// The nearest law of those with these of α and β free.
///
/// N/X is linear in (1/γ, α/γ, β/γ), so for each choice of which of α and β are 0 the best law is a linear
/// regression; the best of those with no parameter below 0 is the constrained optimum, since the problem is convex.
fn nearest(points: &[(f64, f64)], free: &[[bool; 2]]) -> Option<Law> {
    let sound = |&(n, rate): &(f64, f64)| n >= 1.0 && rate > 0.0 && n.is_finite() && rate.is_finite();
    if different(points) < FEWEST || !points.iter().all(sound) {
        return None;
    }
    free.iter()
        .filter_map(|free| regress(points, *free))
        .min_by(|a, b| residuals(a, points).total_cmp(&residuals(b, points)))
}

/// The law with bootstrap intervals (relative residuals drawn anew, percentiles of the parameters) [Efron &
/// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 9].
#[must_use]
pub fn fit_with_intervals(points: &[(f64, f64)], seed: u64) -> Option<Fit> {
    let law = fit(points)?;
    let most = points.iter().map(|(n, _)| *n).fold(1.0, f64::max);
    let count = points.len() as f64;
    // Three parameters take three degrees of freedom, so the residuals are too small by this much.
    let inflate = (count / (count - 3.0).max(1.0)).sqrt();
    let errors: Vec<f64> = points
        .iter()
        .map(|(n, rate)| (rate / law.rate(*n)).ln() * inflate)
        .collect();
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let samples: Vec<Law> = (0..SAMPLES)
        .filter_map(|_| {
            let drawn: Vec<(f64, f64)> = points
                .iter()
                .map(|(n, _)| {
                    let error = errors[random.random_range(0..errors.len())];
                    (*n, law.rate(*n) * error.exp())
                })
                .collect();
            nearest(&drawn, ALL_FREE)
        })
        .collect();
    let range = |of: &dyn Fn(&Law) -> f64| interval(of(&law), samples.iter().map(of).collect());
    Some(Fit {
        law,
        contention: range(&|law| law.contention),
        coherency: range(&|law| law.coherency),
        peak: range(&|law| law.peak(most)),
        samples,
    })
}

impl Fit {
    /// The law with its band from 1 to `most`, in even ratios, for a drawing.
    #[must_use]
    pub fn curve(&self, most: f64) -> Vec<Point> {
        let at = |step: u32| {
            let x = most.powf(f64::from(step) / f64::from(STEPS));
            let rate = self.rate(x);
            Point {
                x,
                y: rate.value,
                range: Some((rate.low, rate.high)),
            }
        };
        (0..=STEPS).map(at).collect()
    }

    /// The rate at `n` with its interval.
    #[must_use]
    pub fn rate(&self, n: f64) -> Range {
        let rates = self.samples.iter().map(|law| law.rate(n)).collect();
        interval(self.law.rate(n), rates)
    }
}

fn different(points: &[(f64, f64)]) -> usize {
    let mut numbers: Vec<f64> = points.iter().map(|(n, _)| *n).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers.len()
}

/// The sum of squared relative residuals.
fn residuals(law: &Law, points: &[(f64, f64)]) -> f64 {
    points
        .iter()
        .map(|(n, rate)| (rate / law.rate(*n) - 1.0).powi(2))
        .sum()
}

/// The regression 1 = (a + b(N−1) + cN(N−1)) X/N over the free ones of b and c; none when one of them is below 0.
fn regress(points: &[(f64, f64)], free: [bool; 2]) -> Option<Law> {
    let mut normal = [[0.0; 3]; 3];
    let mut right = [0.0; 3];
    for (n, rate) in points {
        let weight = rate / n;
        let row = [
            weight,
            if free[0] { (n - 1.0) * weight } else { 0.0 },
            if free[1] { n * (n - 1.0) * weight } else { 0.0 },
        ];
        for i in 0..3 {
            right[i] += row[i];
            for j in 0..3 {
                normal[i][j] += row[i] * row[j];
            }
        }
    }
    for (at, is_free) in [(1, free[0]), (2, free[1])] {
        if !is_free {
            normal[at][at] = 1.0;
        }
    }
    let [a, b, c] = solve(normal, right)?;
    let law = Law {
        one: 1.0 / a,
        contention: b / a,
        coherency: c / a,
    };
    (a > 0.0 && law.contention >= 0.0 && law.coherency >= 0.0).then_some(law)
}

/// Cramer's rule; none when the rows depend on each other.
fn solve(matrix: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let whole = determinant(&matrix);
    let size: f64 = (0..3).map(|i| matrix[i][i]).product();
    if whole.abs() <= 1e-14 * size.abs() {
        return None;
    }
    let of = |column: usize| {
        let mut replaced = matrix;
        for (row, value) in replaced.iter_mut().zip(right) {
            row[column] = value;
        }
        determinant(&replaced) / whole
    };
    Some([of(0), of(1), of(2)])
}

fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

/// The central 95 % of samples, widened to hold the value itself.
fn interval(value: f64, mut samples: Vec<f64>) -> Range {
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * (samples.len().max(1) - 1) as f64).round() as usize;
        samples.get(index).copied().unwrap_or(value)
    };
    Range {
        value,
        low: at(0.025).min(value),
        high: at(0.975).max(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Law, fit, fit_with_intervals};
    use proptest::prelude::{prop_assert, proptest};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha12Rng;

    const LEVELS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

    /// The law at the levels, twice each, with noise of `share` either way.
    fn observed(law: &Law, share: f64, seed: u64) -> Vec<(f64, f64)> {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        LEVELS
            .iter()
            .chain(&LEVELS)
            .map(|n| (*n, law.rate(*n) * (1.0 + share * random.random_range(-1.0..1.0))))
            .collect()
    }

    #[test]
    fn a_published_table_gives_its_parameters() {
        let points = [
            (1.0, 1.0),
            (2.0, 1.8868),
            (4.0, 3.0769),
            (6.0, 3.5294),
            (8.0, 3.5398),
            (10.0, 3.3557),
        ];
        let law = fit(&points).unwrap();
        assert!((law.one - 1.0).abs() < 1e-4, "{law:?}");
        assert!((law.contention - 0.02).abs() < 1e-4, "{law:?}");
        assert!((law.coherency - 0.02).abs() < 1e-4, "{law:?}");
        assert!((law.peak(10.0) - 7.0).abs() < 0.01, "{law:?}");
    }

    #[test]
    fn no_parameter_is_below_zero() {
        // Faster than in proportion: the nearest law has neither contention nor coherency.
        let law = fit(&[(1.0, 1.0), (2.0, 2.2), (4.0, 4.6), (8.0, 9.9)]).unwrap();
        assert_eq!((law.contention, law.coherency), (0.0, 0.0));
        assert_eq!(law.peak(8.0), 8.0);
        // Level from the first: everything waits for everything.
        let level = fit(&[(1.0, 5.0), (2.0, 5.0), (4.0, 5.0), (8.0, 5.0)]).unwrap();
        assert!(
            (level.contention - 1.0).abs() < 1e-9 && level.coherency < 1e-9,
            "{level:?}"
        );
    }

    #[test]
    fn level_rates_that_scatter_have_no_peak() {
        let law = Law {
            one: 500.0,
            contention: 0.6,
            coherency: 0.0,
        };
        let with_peak = (0..200).filter(|seed| fit(&observed(&law, 0.2, *seed)).unwrap().coherency > 0.0);
        // 2.5 % on the side of the peak, and what 200 tries add to that by chance.
        assert!(with_peak.count() <= 12);
        let steep = Law {
            coherency: 0.01,
            ..law
        };
        let with_peak = (0..200).filter(|seed| fit(&observed(&steep, 0.2, *seed)).unwrap().coherency > 0.0);
        assert!(with_peak.count() >= 190);
    }

    #[test]
    fn too_few_or_impossible_points_have_no_law() {
        assert_eq!(fit(&[(1.0, 1.0), (2.0, 2.0), (2.0, 2.1)]), None);
        assert_eq!(fit(&[(1.0, 1.0), (2.0, 0.0), (4.0, 2.1)]), None);
        assert_eq!(fit(&[]), None);
    }

    #[test]
    fn intervals_hold_the_true_parameters() {
        let law = Law {
            one: 500.0,
            contention: 0.1,
            coherency: 0.000_5,
        };
        let mut held = [0; 4];
        for seed in 0..100 {
            let fit = fit_with_intervals(&observed(&law, 0.08, seed), seed).unwrap();
            let pairs = [
                (fit.contention, law.contention),
                (fit.coherency, law.coherency),
                (fit.peak, law.peak(128.0)),
                (fit.rate(32.0), law.rate(32.0)),
            ];
            for (held, (range, value)) in held.iter_mut().zip(pairs) {
                *held += u32::from(range.low <= value && value <= range.high);
            }
        }
        assert!(held.iter().all(|held| *held >= 82), "of 100: {held:?}");
    }

    proptest! {
        #[test]
        fn an_exact_law_is_found(one in 1.0_f64..5e3, contention in 0.0_f64..1.0, coherency in 0.0_f64..0.05) {
            let law = Law { one, contention, coherency };
            let found = fit(&observed(&law, 0.0, 1)).unwrap();
            prop_assert!((found.one / one - 1.0).abs() < 1e-6);
            prop_assert!((found.contention - contention).abs() < 1e-6);
            prop_assert!((found.coherency - coherency).abs() < 1e-6);
        }
    }
}
