//! The first samples one by one, for intervals and for the winner under other weights, which sums cannot give. 32,768
//! samples give a confidence within ± 0.006 and bound the memory.

use crate::range::Range;

/// Chunks whose samples are kept.
pub(super) const KEPT_CHUNKS: usize = 32;

/// The kept samples, chunk by chunk in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Detail {
    pub(super) chunks: Vec<Kept>,
}

/// The samples of a chunk, as columns.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// By alternative.
    pub(super) values: Vec<Vec<f64>>,
    /// By alternative and criterion.
    pub(super) scores: Vec<Vec<Vec<f64>>>,
    /// By criterion.
    pub(super) weights: Vec<Vec<f64>>,
}

impl Kept {
    pub(super) fn new(alternatives: usize, criteria: usize) -> Kept {
        Kept {
            values: vec![Vec::new(); alternatives],
            scores: vec![vec![Vec::new(); criteria]; alternatives],
            weights: vec![Vec::new(); criteria],
        }
    }

    fn samples(&self) -> usize {
        self.weights.first().map_or(0, Vec::len)
    }

    /// In how many samples the alternative is the best when the criteria have exactly these weights; ties share.
    fn firsts(&self, alternative: usize, weights: &[f64]) -> f64 {
        let samples = self.samples();
        let value = |place: usize| {
            let mut sums = vec![0.0; samples];
            for (weight, column) in weights.iter().zip(&self.scores[place]) {
                sums.iter_mut()
                    .zip(column)
                    .for_each(|(sum, score)| *sum += weight * score);
            }
            sums
        };
        let own = value(alternative);
        let mut share = vec![1.0; samples];
        let mut level = vec![1.0_f64; samples];
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

impl Detail {
    /// How often the alternative is the best when the criteria have exactly these weights; ties share.
    pub(super) fn probability_best(&self, alternative: usize, weights: &[f64]) -> f64 {
        let samples: usize = self.chunks.iter().map(Kept::samples).sum();
        let firsts = self.chunks.iter().map(|chunk| chunk.firsts(alternative, weights));
        firsts.sum::<f64>() / samples.max(1) as f64
    }

    /// The central 95 % of a column around `value`.
    pub(super) fn central<'d>(&'d self, column: impl Fn(&'d Kept) -> &'d Vec<f64>, value: f64) -> Range {
        let samples = self.chunks.iter().map(Kept::samples).sum();
        let mut all = Vec::with_capacity(samples);
        self.chunks
            .iter()
            .for_each(|chunk| all.extend_from_slice(column(chunk)));
        central(all, value)
    }
}

fn central(mut column: Vec<f64>, value: f64) -> Range {
    if column.is_empty() {
        return Range {
            value,
            low: value,
            high: value,
        };
    }
    let at = |q: f64| ((column.len() - 1) as f64 * q).round() as usize;
    let (low, high) = (at(0.025), at(0.975));
    let (below, high, _) = column.select_nth_unstable_by(high, f64::total_cmp);
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
