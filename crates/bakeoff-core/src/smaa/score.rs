//! An unknown score as something to draw from. A distribution is held as its quantiles at 1,024 equally likely steps,
//! straight between them, with the outer two set so that the tails keep their means; a draw is then a table look-up.
//! Values go through the value function before they enter the table, since it is monotone. A draw has sixteen bits,
//! which is finer than any evidence.

use super::evidence::Evidence;
use super::problem::{Criterion, Problem};
use super::stream::CHUNK;
use crate::metric::Scale;
use crate::parallel;
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

/// What a weighted geometric mean takes for a score that is not above it: at 0 one failed measure would settle
/// everything, regardless of its weight, and a logarithm has no place for it.
pub const GEOMETRIC_FLOOR: f64 = 0.001;

/// One alternative's score on one measure.
#[derive(Debug, Clone)]
pub(super) enum Score {
    Constant(f64),
    Table(Table),
    Samples(Vec<f64>),
}

/// A score, and its logarithm for the geometric mean.
pub(super) type Pair = [f64; 2];

/// The quantiles of a distribution.
#[derive(Debug, Clone)]
pub(super) struct Table {
    steps: Box<[Step; STEPS]>,
    /// The origin that the steps are measured from.
    base: Pair,
    mean: f64,
}

/// From `start` on, `slope` for each of the draws within, of a score and its logarithm. In single precision from a
/// base that is near, so that a table takes half of the first cache and is still far finer than a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    start: [f32; 2],
    slope: [f32; 2],
}

/// Standard quantiles by degrees of freedom (bits), the normal's under infinity: the only costly part, made once.
#[derive(Debug, Default)]
pub(super) struct Quantiles {
    known: BTreeMap<u64, Vec<f64>>,
}

impl Quantiles {
    /// Those that some evidence needs.
    fn of<'e>(evidence: impl Iterator<Item = &'e Evidence>) -> Quantiles {
        let mut wanted: Vec<u64> = evidence.filter_map(degrees).map(f64::to_bits).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let standard = parallel::map(&wanted, |bits| symmetric(|p| quantile(p, f64::from_bits(*bits))));
        Quantiles {
            known: wanted.into_iter().zip(standard).collect(),
        }
    }

    fn standard(&self, degrees: f64) -> &[f64] {
        self.known
            .get(&degrees.to_bits())
            .expect("the quantiles were made from the same evidence")
    }
}

/// The degrees of freedom of what is normal or Student's.
fn degrees(evidence: &Evidence) -> Option<f64> {
    match evidence {
        Evidence::Normal { .. } | Evidence::Lognormal { .. } => Some(f64::INFINITY),
        Evidence::Student { degrees, .. } => Some(*degrees),
        _ => None,
    }
}

fn quantile(p: f64, degrees: f64) -> f64 {
    if degrees.is_finite() {
        student_quantile(p, degrees)
    } else {
        normal_quantile(p)
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

/// The quantiles of what is symmetric around 0 at [`probabilities`], which are symmetric around one half: the upper
/// ones mirror the lower.
fn symmetric(quantile: impl Fn(f64) -> f64) -> Vec<f64> {
    let count = STEPS - 1 + 2 * TAIL_POINTS;
    let lower: Vec<f64> = probabilities().take(count / 2).map(quantile).collect();
    let upper = lower.iter().rev().map(|low| -low);
    lower.iter().copied().chain([0.0]).chain(upper).collect()
}

impl Score {
    /// The scores of every alternative on every measure of a problem: by alternative, criterion and measure.
    pub(super) fn all(problem: &Problem) -> Vec<Vec<Vec<Score>>> {
        let measures = || problem.criteria.iter().flat_map(|criterion| &criterion.measures);
        let quantiles = Quantiles::of(measures().flat_map(|measure| &measure.evidence));
        let places: Vec<usize> = (0..problem.alternatives.len()).collect();
        parallel::map(&places, |place| {
            let of_criterion = |criterion: &Criterion| {
                let scores = criterion.measures.iter();
                scores
                    .map(|measure| Score::new(&measure.evidence[*place], &measure.value, &quantiles))
                    .collect()
            };
            problem.criteria.iter().map(of_criterion).collect()
        })
    }

    fn new(evidence: &Evidence, value: &ValueFunction, quantiles: &Quantiles) -> Score {
        let moved = |standard: &[f64], from: &dyn Fn(f64) -> f64| {
            Score::table(standard.iter().map(|z| value.score(from(*z))).collect())
        };
        let moved_log = |standard: &[f64], location: f64, error: f64| {
            let line = value.of_logarithms();
            Score::table(standard.iter().map(|z| line(location + error * z)).collect())
        };
        match evidence {
            Evidence::Exact(exact) => Score::Constant(value.score(*exact)),
            Evidence::Normal { mean, sd } => moved(quantiles.standard(f64::INFINITY), &|z| mean + sd * z),
            Evidence::Lognormal { mu, sigma } => moved_log(quantiles.standard(f64::INFINITY), *mu, *sigma),
            Evidence::Student {
                location,
                error,
                degrees,
                scale,
            } => match scale {
                Scale::Linear => moved(quantiles.standard(*degrees), &|t| location + error * t),
                Scale::Log => moved_log(quantiles.standard(*degrees), *location, *error),
            },
            Evidence::Beta { a, b } => Score::table(
                probabilities()
                    .map(|p| value.score(beta_quantile(p, *a, *b)))
                    .collect(),
            ),
            Evidence::Uniform { low, high } => {
                let is_wide = !(high - low).is_finite();
                let between = |p: f64| match is_wide {
                    true => (1.0 - p) * low + p * high,
                    false => low + p * (high - low),
                };
                Score::table(probabilities().map(|p| value.score(between(p))).collect())
            }
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
        let base = [base_of(&plain), base_of(&logs)];
        let step = |index: usize| {
            let slope = |knots: &[f64]| (knots[index + 1] - knots[index]) / f64::from(WITHIN);
            let start = |knots: &[f64], base: f64| (knots[index] - base + 0.5 * slope(knots)) as f32;
            Step {
                start: [start(&plain, base[0]), start(&logs, base[1])],
                slope: [slope(&plain) as f32, slope(&logs) as f32],
            }
        };
        let middles = plain.windows(2).map(|ends| 0.5 * (ends[0] + ends[1]));
        Score::Table(Table {
            mean: middles.sum::<f64>() / STEPS as f64,
            steps: Box::new(std::array::from_fn(step)),
            base,
        })
    }

    /// Whether it is one of several samples.
    pub(super) fn is_sampled(&self) -> bool {
        matches!(self, Score::Samples(_))
    }

    /// Whether it is a number however it is drawn, and one that sums and single precision have room for.
    fn is_number(&self) -> bool {
        /// The greatest score that is one: single precision ends at 10³⁸.
        const GREATEST: f64 = 1e30;
        let fits = |score: f64| score.abs() <= GREATEST;
        match self {
            Score::Constant(score) => fits(*score),
            Score::Samples(samples) => samples.iter().all(|score| fits(*score)),
            Score::Table(table) => {
                let ends = |step: &Step| {
                    let [start, slope] = [step.start[0], step.slope[0]].map(f64::from);
                    [
                        table.base[0] + start,
                        table.base[0] + start + f64::from(WITHIN) * slope,
                    ]
                };
                fits(table.mean) && table.steps.iter().flat_map(ends).all(fits)
            }
        }
    }

    /// Its mean.
    pub(super) fn mean(&self) -> f64 {
        match self {
            Score::Constant(score) => *score,
            Score::Table(table) => table.mean,
            Score::Samples(samples) => samples.iter().sum::<f64>() / samples.len() as f64,
        }
    }

    /// Draws a chunk of pairs and gives each to `take` with its place.
    pub(super) fn draw(&self, random: &mut impl Rng, mut take: impl FnMut(usize, Pair)) {
        match self {
            Score::Constant(score) => {
                let pair = with_log(*score);
                (0..CHUNK).for_each(|sample| take(sample, pair));
            }
            Score::Table(table) => table.draw(random, take),
            Score::Samples(samples) => {
                for sample in 0..CHUNK {
                    let place = (u64::from(random.next_u32()) * samples.len() as u64) >> 32;
                    take(sample, with_log(samples[place as usize]));
                }
            }
        }
    }
}

/// Whether every score that evidence can have is a number: a distribution may reach values that none can hold, and a
/// line without ends makes scores of them.
pub(super) fn scores_are_numbers(evidence: &Evidence, value: &ValueFunction) -> bool {
    let quantiles = Quantiles::of([evidence].into_iter());
    Score::new(evidence, value, &quantiles).is_number()
}

fn with_log(score: f64) -> Pair {
    [score, score.max(GEOMETRIC_FLOOR).ln()]
}

impl Table {
    fn draw(&self, random: &mut impl Rng, mut take: impl FnMut(usize, Pair)) {
        let mut bytes = [0_u8; 2 * CHUNK];
        random.fill_bytes(&mut bytes);
        let [base, log_base] = self.base;
        for (sample, draw) in bytes.chunks_exact(2).enumerate() {
            let draw = u32::from(u16::from_le_bytes([draw[0], draw[1]]));
            let (step, within) = (
                &self.steps[(draw / WITHIN) as usize % STEPS],
                (draw % WITHIN) as f32,
            );
            let from_base = [
                step.start[0] + step.slope[0] * within,
                step.start[1] + step.slope[1] * within,
            ];
            let pair = [base + f64::from(from_base[0]), log_base + f64::from(from_base[1])];
            take(sample, pair);
        }
    }
}

/// The origin that the knots of a table are measured from: 0 where they span much, else their end that is farther
/// from 0, so that a narrow distribution loses no digit and a clipped end stays exactly where it is.
fn base_of(knots: &[f64]) -> f64 {
    let (low, high) = (knots[0], knots[knots.len() - 1]);
    let far = if low.abs() > high.abs() { low } else { high };
    if (high - low).abs() < 0.25 * far.abs() {
        far
    } else {
        0.0
    }
}

/// The ends of all steps from the values at [`probabilities`]: the outer two mirror the inner neighbour at the tail's
/// mean.
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
        let score = Score::new(&evidence, &OPEN, &Quantiles::of([&evidence].into_iter()));
        let (mut sum, mut squares) = (0.0, 0.0);
        for chunk in 0..400 {
            score.draw(&mut Streams::new(5).at(&["cell"], chunk), |_, [score, _]| {
                sum += score;
                squares += score * score;
            });
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
