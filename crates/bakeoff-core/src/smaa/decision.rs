//! The result of a simulation: probabilities of ranks and wins, values, losses, and central weights, by alternative
//! in the order of the problem. It makes no choice: that needs thresholds ([`crate::judge::answer`]).

use super::detail::Kept;
use super::problem::Problem;
use super::score::{GEOMETRIC_FLOOR, Score};
use super::simulate::Outcome;
use crate::parallel;
use crate::range::Range;
use serde::Serialize;
use std::collections::BTreeMap;

/// The result, by alternative in the order of the problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The alternatives' names.
    pub alternatives: Vec<String>,
    /// The criteria's names.
    pub criteria: Vec<String>,
    /// Probability of each rank, the best first.
    pub ranks: Vec<Vec<f64>>,
    /// Mean weights under which it is the best; none when it never is.
    pub central_weights: Vec<Option<Vec<f64>>>,
    /// Probability of being the best with exactly its central weights, from the first 32,768 samples.
    pub confidence: Vec<Option<f64>>,
    /// Probability that the first beats the second, a tie counted half.
    pub pairwise: Vec<Vec<f64>>,
    /// Expected value (in closed form, but for weights that are simulated) and the central 95 % of the value.
    pub expected_value: Vec<Range>,
    /// Expected loss of value of choosing it. The smallest is what perfect information would be worth.
    pub expected_loss: Vec<f64>,
    /// Entropy of the first ranks, in bits.
    pub entropy_bits: f64,
    /// By alternative and criterion: expected score and its central 95 %.
    pub scores: Vec<Vec<Range>>,
    /// By criterion: mean weight and its central 95 %.
    pub weights: Vec<Range>,
    /// Probability of being the best by the weighted geometric mean.
    pub second_opinion: Vec<f64>,
    /// How many samples.
    pub samples: u32,
}

impl Decision {
    pub(super) fn new(problem: &Problem, scores: &[Vec<Vec<Score>>], outcome: &Outcome) -> Decision {
        let (tally, detail) = (&outcome.tally, &outcome.detail);
        let samples = tally.samples as f64;
        let shares = |counts: &[f64]| counts.iter().map(|count| count / samples).collect::<Vec<f64>>();
        let tables = |counts: &[Vec<f64>]| counts.iter().map(|row| shares(row)).collect::<Vec<_>>();
        let ranks = tables(&tally.ranks);
        let central_weights: Vec<Option<Vec<f64>>> = tally
            .best_weights
            .iter()
            .zip(&tally.ranks)
            .map(|(sums, ranks)| (ranks[0] > 0.0).then(|| sums.iter().map(|sum| sum / ranks[0]).collect()))
            .collect();
        let places: Vec<usize> = (0..problem.alternatives.len()).collect();
        // The first samples again under each alternative's own weights: the tally has no single samples.
        let confidence = parallel::map(&places, |place| {
            let weights = central_weights[*place].as_ref()?;
            Some(detail.probability_best(*place, weights))
        });
        let weights = problem
            .region
            .exact_mean()
            // A criterion without a measure has lost its weight to the others.
            .filter(|_| {
                problem
                    .criteria
                    .iter()
                    .all(|criterion| !criterion.measures.is_empty())
            })
            .unwrap_or_else(|| shares(&tally.weights));
        let expected: Vec<Vec<f64>> = scores
            .iter()
            .map(|of| of.iter().map(|measures| mean_score(measures)).collect())
            .collect();
        let ranges = |means: &[f64], columns: fn(&Kept) -> &Vec<Vec<f64>>| {
            let places: Vec<(usize, f64)> = means.iter().copied().enumerate().collect();
            parallel::map(&places, |(place, mean)| {
                detail.central(|kept| &columns(kept)[*place], *mean)
            })
        };
        let values: Vec<f64> = expected
            .iter()
            .map(|scores| weights.iter().zip(scores).map(|(w, s)| w * s).sum())
            .collect();
        Decision {
            alternatives: problem.alternatives.clone(),
            criteria: problem
                .criteria
                .iter()
                .map(|criterion| criterion.name.clone())
                .collect(),
            confidence,
            central_weights,
            pairwise: tables(&tally.wins),
            expected_value: ranges(&values, |kept| &kept.values),
            expected_loss: shares(&tally.loss),
            entropy_bits: entropy_bits(ranks.iter().map(|ranks| ranks[0])),
            scores: parallel::map(&places, |place| {
                let means = expected[*place].iter().enumerate();
                means
                    .map(|(criterion, mean)| detail.central(|kept| &kept.scores[*place][criterion], *mean))
                    .collect()
            }),
            weights: ranges(&weights, |kept| &kept.weights),
            second_opinion: shares(&tally.geometric_best),
            samples: problem.samples,
            ranks,
        }
    }

    /// Probability of being the best.
    #[must_use]
    pub fn p_best(&self, alternative: usize) -> f64 {
        self.ranks[alternative][0]
    }

    /// The alternatives' places, the greatest expected value first; equal values in the order of their names.
    ///
    /// By expected value and not by the probability of being the best: that one splits among copies, so that a copy
    /// of the best could make another lead.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.alternatives.len()).collect();
        let value = |place: usize| self.expected_value[place].value;
        places.sort_by(|a, b| {
            let by_name = || self.alternatives[*a].cmp(&self.alternatives[*b]);
            value(*b).total_cmp(&value(*a)).then_with(by_name)
        });
        places
    }

    /// The document of `bakeoff decide --format json`: the same decision, the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let document = Document {
            alternatives: &self.alternatives,
            rank_acceptability: self.named(&self.ranks),
            central_weights: self.named_with(|place| {
                self.central_weights[place]
                    .as_ref()
                    .map(|weights| self.by_criterion(weights))
            }),
            confidence: self.named(&self.confidence),
            pairwise: self.named_with(|place| {
                let others = (0..self.alternatives.len()).filter(|other| *other != place);
                others
                    .map(|other| (self.alternatives[other].as_str(), self.pairwise[place][other]))
                    .collect()
            }),
            expected_value: self.named_with(|place| self.expected_value[place].value),
            expected_loss: self.named(&self.expected_loss),
            entropy_bits: self.entropy_bits,
            samples: self.samples,
            monte_carlo_error: monte_carlo_error(self.samples),
            weights: self
                .criteria
                .iter()
                .map(String::as_str)
                .zip(self.weights.iter().map(|range| range.value))
                .collect(),
            value_of_perfect_information: self.expected_loss.iter().copied().fold(f64::INFINITY, f64::min),
            second_opinion: SecondOpinionDocument {
                p_best: self.named(&self.second_opinion),
                floor: GEOMETRIC_FLOOR,
            },
        };
        let mut text = serde_json::to_string_pretty(&document).expect("maps with text keys always serialise");
        text.push('\n');
        text
    }

    fn named<'a, T: Clone>(&'a self, values: &[T]) -> BTreeMap<&'a str, T> {
        self.named_with(|place| values[place].clone())
    }

    fn named_with<T>(&self, value: impl Fn(usize) -> T) -> BTreeMap<&str, T> {
        self.alternatives
            .iter()
            .enumerate()
            .map(|(place, name)| (name.as_str(), value(place)))
            .collect()
    }

    fn by_criterion(&self, weights: &[f64]) -> BTreeMap<&str, f64> {
        self.criteria
            .iter()
            .map(String::as_str)
            .zip(weights.iter().copied())
            .collect()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    alternatives: &'a [String],
    rank_acceptability: BTreeMap<&'a str, Vec<f64>>,
    central_weights: BTreeMap<&'a str, Option<BTreeMap<&'a str, f64>>>,
    confidence: BTreeMap<&'a str, Option<f64>>,
    pairwise: BTreeMap<&'a str, BTreeMap<&'a str, f64>>,
    expected_value: BTreeMap<&'a str, f64>,
    expected_loss: BTreeMap<&'a str, f64>,
    entropy_bits: f64,
    samples: u32,
    monte_carlo_error: f64,
    weights: BTreeMap<&'a str, f64>,
    value_of_perfect_information: f64,
    second_opinion: SecondOpinionDocument<'a>,
}

#[derive(Serialize)]
struct SecondOpinionDocument<'a> {
    p_best: BTreeMap<&'a str, f64>,
    floor: f64,
}

/// Half width of the 95 % interval of a probability from `samples` samples, at its widest: 9,604 samples give ± 0.01.
#[must_use]
pub fn monte_carlo_error(samples: u32) -> f64 {
    0.979_982 / f64::from(samples.max(1)).sqrt()
}

/// Measures share their criterion's weight evenly, so its expected score is their mean.
fn mean_score(measures: &[Score]) -> f64 {
    measures.iter().map(Score::mean).sum::<f64>() / measures.len().max(1) as f64
}

/// Entropy in bits: 0 when one is certain to be the best.
fn entropy_bits(probabilities: impl Iterator<Item = f64>) -> f64 {
    probabilities
        .filter(|p| *p > 0.0)
        .map(|p| -p * p.log2())
        .sum::<f64>()
        .max(0.0)
}
