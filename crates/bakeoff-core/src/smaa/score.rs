//! A score that is not known, as something to draw from. A distribution is held as its quantiles at 1,024 equally likely steps, straight
//! between them, the outer two set so that the tails keep their means; a draw is then a table look-up. Values go through the
//! value function before they are tabled, since it is monotone. Deliberately sixteen bits a draw: finer than any evidence.

use super::{Evidence, Problem};
use crate::metric::Scale;
use crate::probability::{beta_quantile, normal_quantile, student_quantile};
use crate::value::ValueFunction;
use rand::Rng;
use std::collections::BTreeMap;

/// Steps of a table.
const STEPS: usize = 1024;
/// Draws within a step.
const WITHIN: u32 = 64;
/// Points by which a tail's mean is found.
const TAIL_POINTS: usize = 32;

/// What a weighted geometric mean takes for a score that is not above it: at 0 one failed measure would settle everything, whatever
/// its weight, and a logarithm has no place for it.
pub const GEOMETRIC_FLOOR: f64 = 0.001;

/// One alternative's score on one measure.
#[derive(Debug, Clone)]
pub(super) enum Score {
    Constant(f64),
    Table(Box<[Step]>),
    Samples(Vec<f64>),
}

/// From `start` on, `slope` for each of the draws within; the same of the logarithm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    start: f64,
    slope: f64,
    log_start: f64,
    log_slope: f64,
}

/// Standard quantiles by degrees of freedom (bits), the normal's under infinity: the only costly part, made once.
#[derive(Debug, Default)]
pub(super) struct Quantiles {
    known: BTreeMap<u64, Vec<f64>>,
}

impl Quantiles {
    fn standard(&mut self, degrees: f64) -> &[f64] {
        self.known.entry(degrees.to_bits()).or_insert_with(|| {
            let quantile = |p: f64| {
                if degrees.is_finite() {
                    student_quantile(p, degrees)
                } else {
                    normal_quantile(p)
                }
            };
            probabilities().map(quantile).collect()
        })
    }
}

/// Where quantiles are wanted: inside the first step, at the inner ends of the steps, inside the last step.
fn probabilities() -> impl Iterator<Item = f64> {
    let steps = STEPS as f64;
    let inside = |from: f64| {
        (0..TAIL_POINTS).map(move |point| (from + (point as f64 + 0.5) / TAIL_POINTS as f64) / steps)
    };
    inside(0.0)
        .chain((1..STEPS).map(move |step| step as f64 / steps))
        .chain(inside(steps - 1.0))
}

impl Score {
    /// The scores of every alternative on every measure of a problem: by alternative, criterion and measure.
    pub(super) fn all(problem: &Problem) -> Vec<Vec<Vec<Score>>> {
        let mut quantiles = Quantiles::default();
        (0..problem.alternatives.len())
            .map(|place| {
                let of_criterion = |criterion: &super::Criterion| {
                    let scores = criterion.measures.iter();
                    scores
                        .map(|measure| Score::new(&measure.evidence[place], &measure.value, &mut quantiles))
                        .collect()
                };
                problem.criteria.iter().map(of_criterion).collect()
            })
            .collect()
    }

    fn new(evidence: &Evidence, value: &ValueFunction, quantiles: &mut Quantiles) -> Score {
        let moved = |standard: &[f64], from: &dyn Fn(f64) -> f64| {
            Score::table(standard.iter().map(|z| value.score(from(*z))).collect())
        };
        match evidence {
            Evidence::Exact(exact) => Score::Constant(value.score(*exact)),
            Evidence::Normal { mean, sd } => moved(quantiles.standard(f64::INFINITY), &|z| mean + sd * z),
            Evidence::Lognormal { mu, sigma } => {
                moved(quantiles.standard(f64::INFINITY), &|z| (mu + sigma * z).exp())
            }
            Evidence::Student {
                location,
                error,
                degrees,
                scale,
            } => moved(quantiles.standard(*degrees), &|t| match scale {
                Scale::Linear => location + error * t,
                Scale::Log => (location + error * t).exp(),
            }),
            Evidence::Beta { a, b } => Score::table(
                probabilities()
                    .map(|p| value.score(beta_quantile(p, *a, *b)))
                    .collect(),
            ),
            Evidence::Uniform { low, high } => Score::table(
                probabilities()
                    .map(|p| value.score(low + p * (high - low)))
                    .collect(),
            ),
            Evidence::Missing => Score::table(probabilities().collect()),
            Evidence::Samples(samples) => {
                Score::Samples(samples.iter().map(|sample| value.score(*sample)).collect())
            }
        }
    }

    /// A table from the scores at [`probabilities`].
    fn table(scores: Vec<f64>) -> Score {
        let logs: Vec<f64> = scores
            .iter()
            .map(|score| score.max(GEOMETRIC_FLOOR).ln())
            .collect();
        let (plain, logs) = (knots(&scores), knots(&logs));
        let step = |index: usize| {
            let slope = |knots: &[f64]| (knots[index + 1] - knots[index]) / f64::from(WITHIN);
            Step {
                start: plain[index] + 0.5 * slope(&plain),
                slope: slope(&plain),
                log_start: logs[index] + 0.5 * slope(&logs),
                log_slope: slope(&logs),
            }
        };
        Score::Table((0..STEPS).map(step).collect())
    }

    /// Its mean.
    pub(super) fn mean(&self) -> f64 {
        match self {
            Score::Constant(score) => *score,
            Score::Table(steps) => {
                let middle = |step: &Step| step.start + step.slope * (f64::from(WITHIN) - 1.0) / 2.0;
                steps.iter().map(middle).sum::<f64>() / steps.len() as f64
            }
            Score::Samples(samples) => samples.iter().sum::<f64>() / samples.len() as f64,
        }
    }

    /// Fills columns with draws: scores, and their logarithms for the geometric mean. At most a chunk.
    pub(super) fn draw(&self, random: &mut impl Rng, scores: &mut [f64], logs: &mut [f64]) {
        match self {
            Score::Constant(score) => {
                scores.fill(*score);
                logs.fill(score.max(GEOMETRIC_FLOOR).ln());
            }
            Score::Table(steps) => {
                let mut bytes = [0_u8; 2 * super::stream::CHUNK];
                random.fill_bytes(&mut bytes);
                for ((draw, score), log) in bytes.chunks_exact(2).zip(scores).zip(logs) {
                    let draw = u32::from(u16::from_le_bytes([draw[0], draw[1]]));
                    let (step, within) = (steps[(draw / WITHIN) as usize % STEPS], f64::from(draw % WITHIN));
                    *score = step.start + step.slope * within;
                    *log = step.log_start + step.log_slope * within;
                }
            }
            Score::Samples(samples) => {
                for (score, log) in scores.iter_mut().zip(logs) {
                    let place = (u64::from(random.next_u32()) * samples.len() as u64) >> 32;
                    *score = samples[place as usize];
                    *log = score.max(GEOMETRIC_FLOOR).ln();
                }
            }
        }
    }
}

/// The ends of all steps from the values at [`probabilities`]: the outer two mirror the inner neighbour at the tail's mean.
fn knots(values: &[f64]) -> Vec<f64> {
    let (first, rest) = values.split_at(TAIL_POINTS);
    let (inner, last) = rest.split_at(STEPS - 1);
    let mean = |tail: &[f64]| tail.iter().sum::<f64>() / tail.len() as f64;
    let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(least, most), value| {
        (least.min(*value), most.max(*value))
    });
    let low = (2.0 * mean(first) - inner[0]).clamp(least, most);
    let high = (2.0 * mean(last) - inner[inner.len() - 1]).clamp(least, most);
    [low]
        .into_iter()
        .chain(inner.iter().copied())
        .chain([high])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Quantiles, Score};
    use crate::metric::Scale;
    use crate::smaa::Evidence;
    use crate::smaa::stream::{CHUNK, Streams};
    use crate::value::{Ends, ValueFunction};

    const OPEN: ValueFunction = ValueFunction {
        zero: 0.0,
        one: 1.0,
        scale: Scale::Linear,
        ends: Ends::Open,
    };

    fn moments(evidence: Evidence) -> (f64, f64, f64) {
        let score = Score::new(&evidence, &OPEN, &mut Quantiles::default());
        let (mut sum, mut squares) = (0.0, 0.0);
        let (mut scores, mut logs) = ([0.0; CHUNK], [0.0; CHUNK]);
        for chunk in 0..400 {
            score.draw(&mut Streams::new(5).at(&["cell"], chunk), &mut scores, &mut logs);
            sum += scores.iter().sum::<f64>();
            squares += scores.iter().map(|score| score * score).sum::<f64>();
        }
        let n = 400.0 * CHUNK as f64;
        (sum / n, (squares / n - (sum / n).powi(2)).sqrt(), score.mean())
    }

    #[track_caller]
    fn check(evidence: Evidence, mean: f64, sd: f64) {
        let (drawn, spread, told) = moments(evidence);
        assert!(
            (told - mean).abs() < 1e-3 * sd.max(1e-9),
            "mean {told}, not {mean}"
        );
        assert!(
            (drawn - mean).abs() < 0.006 * sd,
            "drawn mean {drawn}, not {mean}"
        );
        assert!((spread - sd).abs() < 0.006 * sd, "spread {spread}, not {sd}");
    }

    #[test]
    fn draws_have_the_moments_of_their_distribution() {
        check(Evidence::Normal { mean: 0.7, sd: 0.1 }, 0.7, 0.1);
        check(
            Evidence::Uniform { low: 0.2, high: 0.8 },
            0.5,
            0.6 / 12_f64.sqrt(),
        );
        check(
            Evidence::Beta { a: 2.0, b: 6.0 },
            0.25,
            (12.0_f64 / 64.0 / 9.0).sqrt(),
        );
        check(Evidence::Missing, 0.5, 1.0 / 12_f64.sqrt());
        check(Evidence::Samples(vec![0.0, 1.0, 1.0, 2.0]), 1.0, 0.5_f64.sqrt());
        let lognormal_mean = 0.02_f64.exp();
        check(
            Evidence::Lognormal { mu: 0.0, sigma: 0.2 },
            lognormal_mean,
            lognormal_mean * 0.04_f64.exp_m1().sqrt(),
        );
        let student = Evidence::Student {
            location: 1.0,
            error: 0.1,
            degrees: 9.0,
            scale: Scale::Linear,
        };
        check(student, 1.0, 0.1 * (9.0_f64 / 7.0).sqrt());
    }
}
