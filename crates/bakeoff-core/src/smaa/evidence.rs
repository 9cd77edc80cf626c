//! What is known of one value, in the measure's unit: an exact number, a distribution, samples, or nothing. How it
//! becomes a score is [`super::score`].

use crate::metric::Scale;
use crate::probability::{beta_quantile, normal_quantile, student_quantile};
use crate::range::Range;
use serde::{Deserialize, Serialize};

/// What is known of one value, in the measure's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It is this.
    Exact(f64),
    /// It is normal.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
    /// Its logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// It was estimated from blocks: location + error × t, on a scale.
    Student {
        /// The estimate on the scale.
        location: f64,
        /// Its standard error on the scale, above 0.
        error: f64,
        /// Degrees of freedom, above 0.
        degrees: f64,
        /// The scale.
        scale: Scale,
    },
    /// It is a beta variate.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
    },
    /// It lies evenly between the two.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// It is one of these, each as likely; at least one.
    Samples(Vec<f64>),
    /// Nothing is known: the score is even between 0 and 1.
    Missing,
}

/// The ends of the central 95 %.
const ENDS: [f64; 2] = [0.025, 0.975];

impl Evidence {
    /// Its middle (the mean; the median where values count by their logarithm) and its central 95 %; none without
    /// evidence.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        let (value, [low, high]) = match self {
            Evidence::Exact(exact) => (*exact, [*exact; 2]),
            Evidence::Normal { mean, sd } => (*mean, ENDS.map(|p| mean + sd * normal_quantile(p))),
            Evidence::Lognormal { mu, sigma } => {
                (mu.exp(), ENDS.map(|p| (mu + sigma * normal_quantile(p)).exp()))
            }
            Evidence::Student {
                location,
                error,
                degrees,
                scale,
            } => {
                let from_scale = |value: f64| match scale {
                    Scale::Linear => value,
                    Scale::Log => value.exp(),
                };
                let end = |p| from_scale(location + error * student_quantile(p, *degrees));
                (from_scale(*location), ENDS.map(end))
            }
            Evidence::Beta { a, b } => (a / (a + b), ENDS.map(|p| beta_quantile(p, *a, *b))),
            Evidence::Uniform { low, high } => (0.5 * (low + high), ENDS.map(|p| low + p * (high - low))),
            Evidence::Samples(samples) => {
                let mut sorted = samples.clone();
                sorted.sort_by(f64::total_cmp);
                let at = |p: f64| sorted[((sorted.len() - 1) as f64 * p).round() as usize];
                let count = sorted.len() as f64;
                let sum: f64 = sorted.iter().sum();
                let mean = if sum.is_finite() {
                    sum / count
                } else {
                    sorted.iter().map(|sample| sample / count).sum()
                };
                (mean, ENDS.map(at))
            }
            Evidence::Missing => return None,
        };
        Some(Range { value, low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::Evidence;

    #[track_caller]
    fn check(evidence: Evidence, want: [f64; 3]) {
        let range = evidence.range().unwrap();
        for (got, want) in [range.low, range.value, range.high].into_iter().zip(want) {
            assert!((got - want).abs() < 1e-6, "{got}, not {want}");
        }
    }

    #[test]
    fn ranges_are_those_of_the_distributions() {
        check(Evidence::Exact(3.0), [3.0, 3.0, 3.0]);
        check(
            Evidence::Normal { mean: 10.0, sd: 2.0 },
            [6.080_072, 10.0, 13.919_928],
        );
        check(Evidence::Uniform { low: 0.0, high: 2.0 }, [0.05, 1.0, 1.95]);
        check(Evidence::Beta { a: 1.0, b: 1.0 }, [0.025, 0.5, 0.975]);
        check(Evidence::Samples(vec![3.0, 1.0, 2.0]), [1.0, 2.0, 3.0]);
        assert_eq!(Evidence::Missing.range(), None);
    }
}
