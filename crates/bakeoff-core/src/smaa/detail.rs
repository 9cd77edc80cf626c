//! The first samples one by one, for what sums cannot tell: intervals, and the winner under other weights. Deliberately not all samples:
//! 32,768 give a confidence within ± 0.006, and their memory is bounded.

use super::stream::CHUNK;
use crate::verdict::Range;

/// Chunks whose samples are kept.
pub(super) const KEPT_CHUNKS: usize = 32;

/// Kept samples, as columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Detail {
    /// By alternative.
    pub(super) values: Vec<Vec<f64>>,
    /// By alternative and criterion.
    pub(super) scores: Vec<Vec<Vec<f64>>>,
    /// By criterion.
    pub(super) weights: Vec<Vec<f64>>,
}

impl Detail {
    pub(super) fn new(alternatives: usize, criteria: usize) -> Detail {
        Detail {
            values: vec![Vec::new(); alternatives],
            scores: vec![vec![Vec::new(); criteria]; alternatives],
            weights: vec![Vec::new(); criteria],
        }
    }

    /// Adds the samples of the next chunk.
    pub(super) fn append(&mut self, next: &Detail) {
        let extend = |columns: &mut [Vec<f64>], more: &[Vec<f64>]| {
            columns
                .iter_mut()
                .zip(more)
                .for_each(|(column, more)| column.extend_from_slice(more));
        };
        extend(&mut self.values, &next.values);
        extend(&mut self.weights, &next.weights);
        self.scores
            .iter_mut()
            .zip(&next.scores)
            .for_each(|(columns, more)| extend(columns, more));
    }

    /// How often the alternative is the best when the criteria have exactly these weights; ties share.
    pub(super) fn probability_best(&self, alternative: usize, weights: &[f64]) -> f64 {
        let samples = self.weights.first().map_or(0, Vec::len);
        let mut total = 0.0;
        for from in (0..samples).step_by(CHUNK) {
            let until = (from + CHUNK).min(samples);
            total += self.firsts(alternative, weights, from, until);
        }
        total / samples.max(1) as f64
    }

    fn firsts(&self, alternative: usize, weights: &[f64], from: usize, until: usize) -> f64 {
        let value = |place: usize| {
            let mut sums = vec![0.0; until - from];
            for (weight, column) in weights.iter().zip(&self.scores[place]) {
                sums.iter_mut()
                    .zip(&column[from..until])
                    .for_each(|(sum, score)| *sum += weight * score);
            }
            sums
        };
        let own = value(alternative);
        let mut share = vec![1.0; until - from];
        let mut level = vec![1.0_f64; until - from];
        for other in (0..self.values.len()).filter(|other| *other != alternative) {
            for ((own, theirs), (share, level)) in
                own.iter().zip(value(other)).zip(share.iter_mut().zip(&mut level))
            {
                if theirs > *own {
                    *share = 0.0;
                } else if theirs == *own {
                    *level += 1.0;
                }
            }
        }
        share
            .iter()
            .zip(level)
            .map(|(share, level): (&f64, f64)| share / level)
            .sum()
    }
}

/// The central 95 % of a column around `value`.
pub(super) fn central(column: &[f64], value: f64) -> Range {
    if column.is_empty() {
        return Range {
            value,
            low: value,
            high: value,
        };
    }
    let mut sorted = column.to_vec();
    let at = |q: f64| ((sorted.len() - 1) as f64 * q).round() as usize;
    let (low, high) = (at(0.025), at(0.975));
    let (below, high, _) = sorted.select_nth_unstable_by(high, f64::total_cmp);
    let high = *high;
    let low = if low < below.len() {
        *below.select_nth_unstable_by(low, f64::total_cmp).1
    } else {
        high
    };
    Range {
        value,
        low: low.min(value),
        high: high.max(value),
    }
}
