//! Repeatable randomness, and ranks from it, for the fixtures. It is simple: the core tests its own judge.

use super::fixture::flips;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::judgement::CriterionScore;
use bakeoff_core::range::Range;
use bakeoff_core::verdict::{NoiseFloor, Outcome, SecondOpinion, Verdict};
use std::collections::BTreeMap;

const SAMPLES: usize = 2000;

/// A small generator (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Dice(seed)
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Roughly normal: the sum of twelve uniforms.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = (self.uniform() * (last + 1) as f64) as usize;
            items.swap(last, other);
        }
    }

    /// Uniform on the simplex.
    fn weights(&mut self) -> [f64; 6] {
        let mut weights = [0.0; 6].map(|_: f64| -self.uniform().max(1e-12).ln());
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        weights
    }
}

/// The verdict over uniform weights and normal scores.
pub(crate) fn judge_ranks(names: &[String], criteria: &[CriterionScore], noise: NoiseFloor) -> Verdict {
    let mut dice = Dice::new(3);
    let scores: Vec<[Range; 6]> = names.iter().map(|name| scores_of(name, criteria)).collect();
    let mut ranks = vec![vec![0.0; names.len()]; names.len()];
    let mut values = vec![Vec::with_capacity(SAMPLES); names.len()];
    let mut central = vec![[0.0; 6]; names.len()];
    for _ in 0..SAMPLES {
        let weights = dice.weights();
        let sample: Vec<f64> = scores.iter().map(|s| value(s, &weights, &mut dice)).collect();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&a, &b| sample[b].total_cmp(&sample[a]));
        for (rank, &who) in order.iter().enumerate() {
            ranks[who][rank] += 1.0 / SAMPLES as f64;
        }
        for (who, &v) in sample.iter().enumerate() {
            values[who].push(v);
        }
        for (sum, weight) in central[order[0]].iter_mut().zip(weights) {
            *sum += weight;
        }
    }
    verdict(names, ranks, values, central, noise)
}

fn scores_of(name: &str, criteria: &[CriterionScore]) -> [Range; 6] {
    Criterion::ALL.map(|c| {
        let row = criteria
            .iter()
            .find(|s| s.contender == name && s.criterion == c.id());
        row.map_or(
            Range {
                value: 0.5,
                low: 0.0,
                high: 1.0,
            },
            |s| s.score,
        )
    })
}

fn value(scores: &[Range; 6], weights: &[f64; 6], dice: &mut Dice) -> f64 {
    let draw =
        |r: &Range, dice: &mut Dice| (r.value + (r.high - r.low) / 4.0 * dice.normal()).clamp(0.0, 1.0);
    scores
        .iter()
        .zip(weights)
        .map(|(score, weight)| weight * draw(score, dice))
        .sum()
}

fn verdict(
    names: &[String],
    ranks: Vec<Vec<f64>>,
    values: Vec<Vec<f64>>,
    central: Vec<[f64; 6]>,
    noise: NoiseFloor,
) -> Verdict {
    let p_best: BTreeMap<String, f64> = names.iter().cloned().zip(ranks.iter().map(|r| r[0])).collect();
    let expected: BTreeMap<String, Range> = names
        .iter()
        .cloned()
        .zip(values.iter().map(|own| summary(own.clone())))
        .collect();
    let mut order: Vec<&String> = names.iter().collect();
    order.sort_by(|a, b| expected[*b].value.total_cmp(&expected[*a].value).then(a.cmp(b)));
    let choice = order.first().map(|name| (*name).clone());
    let runner_up = order.get(1).map(|name| (*name).clone());
    let central_of = |(name, sums): (&String, &[f64; 6])| {
        let n = p_best[name] * SAMPLES as f64;
        let map = (n > 0.5).then(|| {
            Criterion::ALL
                .iter()
                .zip(sums)
                .map(|(c, s)| (c.id().to_owned(), s / n))
                .collect()
        });
        (name.clone(), map)
    };
    Verdict {
        outcome: if choice.is_some() {
            Outcome::Choose
        } else {
            Outcome::None
        },
        flips: choice
            .as_ref()
            .zip(runner_up.as_ref())
            .map(|(first, second)| flips(second, first))
            .unwrap_or_default(),
        second_opinion: choice.clone().map(|choice| SecondOpinion {
            p_best: p_best.clone(),
            choice,
            agrees: true,
        }),
        choice,
        runner_up,
        level_with_choice: Vec::new(),
        level_at_rate: false,
        lacking: Vec::new(),
        decided_in_s: None,
        little_evidence: Vec::new(),
        dropped: Vec::new(),
        families: Vec::new(),
        references: Vec::new(),
        central_weights: names.iter().zip(&central).map(central_of).collect(),
        confidence: names
            .iter()
            .map(|n| (n.clone(), Some((p_best[n] + 0.1).min(1.0))))
            .collect(),
        pairwise: pairwise(names, &values),
        expected_value: expected,
        expected_loss: names
            .iter()
            .map(|n| (n.clone(), (1.0 - p_best[n]) * 0.08))
            .collect(),
        p_best,
        ranks: names.iter().cloned().zip(ranks).collect(),
        entropy_bits: 1.1,
        vetoes: Vec::new(),
        noise_floor: Some(noise),
        monte_carlo_error: 0.02,
        samples: SAMPLES as u32,
    }
}

fn summary(mut values: Vec<f64>) -> Range {
    values.sort_by(f64::total_cmp);
    let at = |q: f64| values[((values.len() - 1) as f64 * q) as usize];
    Range {
        value: values.iter().sum::<f64>() / values.len() as f64,
        low: at(0.025),
        high: at(0.975),
    }
}

fn pairwise(names: &[String], values: &[Vec<f64>]) -> BTreeMap<String, BTreeMap<String, f64>> {
    let wins = |a: &[f64], b: &[f64]| a.iter().zip(b).filter(|(x, y)| x > y).count() as f64 / SAMPLES as f64;
    let row = |a: usize| {
        (0..names.len())
            .filter(|&b| b != a)
            .map(|b| (names[b].clone(), wins(&values[a], &values[b])))
            .collect()
    };
    (0..names.len()).map(|a| (names[a].clone(), row(a))).collect()
}
