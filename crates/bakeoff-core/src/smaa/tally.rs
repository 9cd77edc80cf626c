//! Counts over samples: ranks, wins, losses, and the weights under which each alternative is the best. Sums of chunks
//! are added in the order of the chunks, so that the last bit does not depend on threads. Shares are computed from
//! the totals by [`super::decision`].

use super::stream::CHUNK;
use std::ops::Range;

/// Counts and sums over samples, by alternative.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) samples: usize,
    /// By alternative and rank.
    pub(super) ranks: Vec<Vec<f64>>,
    /// By winner and loser; a tie is half a win for each.
    pub(super) wins: Vec<Vec<f64>>,
    /// Best value less this one's.
    pub(super) loss: Vec<f64>,
    /// By alternative and criterion: weights while it is the best.
    pub(super) best_weights: Vec<Vec<f64>>,
    /// How often the weighted geometric mean has it best.
    pub(super) geometric_best: Vec<f64>,
    /// By criterion.
    pub(super) weights: Vec<f64>,
}

/// A chunk's values by alternative and weights by criterion, as columns of samples.
pub(super) struct Chunk<'a> {
    pub(super) len: usize,
    pub(super) values: &'a [Vec<f64>],
    pub(super) logs: &'a [Vec<f64>],
    pub(super) weights: &'a [Vec<f64>],
}

impl Tally {
    pub(super) fn new(alternatives: usize, criteria: usize) -> Tally {
        Tally {
            samples: 0,
            ranks: vec![vec![0.0; alternatives]; alternatives],
            wins: vec![vec![0.0; alternatives]; alternatives],
            loss: vec![0.0; alternatives],
            best_weights: vec![vec![0.0; criteria]; alternatives],
            geometric_best: vec![0.0; alternatives],
            weights: vec![0.0; criteria],
        }
    }

    /// Counts a chunk.
    pub(super) fn of(chunk: &Chunk) -> Tally {
        let mut tally = Tally::new(chunk.values.len(), chunk.weights.len());
        tally.samples = chunk.len;
        let places = Places::of(chunk.values, chunk.len, &mut tally.wins);
        tally.count_ranks(chunk, &places);
        tally.count_losses(chunk);
        for (sum, column) in tally.weights.iter_mut().zip(chunk.weights) {
            *sum = column[..chunk.len].iter().sum();
        }
        for (best, share) in tally
            .geometric_best
            .iter_mut()
            .zip(shares_of_best(chunk.logs, chunk.len))
        {
            *best = share;
        }
        tally
    }

    fn count_ranks(&mut self, chunk: &Chunk, places: &Places) {
        for (place, (better, equal)) in places.better.iter().zip(&places.equal).enumerate() {
            if places.tied {
                for (rank, others) in better.iter().zip(equal) {
                    let sharers = *others as usize + 1;
                    let ranks = &mut self.ranks[place][*rank as usize..*rank as usize + sharers];
                    ranks.iter_mut().for_each(|count| *count += 1.0 / sharers as f64);
                }
                let first: Vec<f64> = share_of_first(better, equal).collect();
                for (sum, column) in self.best_weights[place].iter_mut().zip(chunk.weights) {
                    *sum = dot(&first, column);
                }
            } else {
                self.ranks[place] = counts(better, places.better.len());
            }
        }
        if !places.tied {
            self.sum_weights_of_the_best(chunk, places);
        }
    }

    /// Without ties, each sample's weights belong to one.
    fn sum_weights_of_the_best(&mut self, chunk: &Chunk, places: &Places) {
        let mut best = [0_usize; CHUNK];
        for (place, better) in places.better.iter().enumerate() {
            let first = better.iter().zip(&mut best);
            first.for_each(|(better, best)| {
                if *better == 0 {
                    *best = place;
                }
            });
        }
        for (criterion, column) in chunk.weights.iter().enumerate() {
            let mut sums = vec![0.0; places.better.len()];
            for (weight, best) in column[..chunk.len].iter().zip(best) {
                sums[best] += weight;
            }
            for (of, sum) in self.best_weights.iter_mut().zip(sums) {
                of[criterion] = sum;
            }
        }
    }

    fn count_losses(&mut self, chunk: &Chunk) {
        let best = best_of(chunk.values, chunk.len);
        for (loss, column) in self.loss.iter_mut().zip(chunk.values) {
            let mut short = [0.0; CHUNK];
            let pairs = best.iter().zip(&column[..chunk.len]);
            short
                .iter_mut()
                .zip(pairs)
                .for_each(|(short, (best, value))| *short = best - value);
            *loss = dot(&short, &[1.0; CHUNK]);
        }
    }

    pub(super) fn add(&mut self, other: &Tally) {
        self.samples += other.samples;
        let pairs =
            |sums: &mut [f64], more: &[f64]| sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        let tables = |sums: &mut [Vec<f64>], more: &[Vec<f64>]| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| pairs(sum, more));
        };
        tables(&mut self.ranks, &other.ranks);
        tables(&mut self.wins, &other.wins);
        tables(&mut self.best_weights, &other.best_weights);
        pairs(&mut self.loss, &other.loss);
        pairs(&mut self.geometric_best, &other.geometric_best);
        pairs(&mut self.weights, &other.weights);
    }
}

/// Samples that are compared together: values and counts of a handful of alternatives stay in the first cache.
const STRIP: usize = 128;

/// For each alternative and sample: how many are better, and how many others are equal. As wide as the values that
/// are compared, so that the processor compares several at once.
struct Places {
    better: Vec<Vec<u64>>,
    equal: Vec<Vec<u64>>,
    tied: bool,
}

impl Places {
    fn of(values: &[Vec<f64>], len: usize, wins: &mut [Vec<f64>]) -> Places {
        let zero = || vec![vec![0_u64; len]; values.len()];
        let mut places = Places {
            better: zero(),
            equal: zero(),
            tied: false,
        };
        for from in (0..len).step_by(STRIP) {
            let strip = from..(from + STRIP).min(len);
            let seconds = 0..values.len();
            let pairs = seconds.flat_map(|second| (0..second).map(move |first| (first, second)));
            for (first, second) in pairs {
                let (ahead, behind) = places.compare(values, first, second, strip.clone());
                let level = strip.len() as u64 - ahead - behind;
                wins[first][second] += ahead as f64 + 0.5 * level as f64;
                wins[second][first] += behind as f64 + 0.5 * level as f64;
            }
        }
        places
    }

    /// Compares a pair in a strip of samples: how often the first is ahead, and how often behind.
    fn compare(
        &mut self,
        values: &[Vec<f64>],
        first: usize,
        second: usize,
        strip: Range<usize>,
    ) -> (u64, u64) {
        let (before, after) = self.better.split_at_mut(second);
        let counts = before[first][strip.clone()]
            .iter_mut()
            .zip(&mut after[0][strip.clone()]);
        let pairs = || {
            values[first][strip.clone()]
                .iter()
                .zip(&values[second][strip.clone()])
        };
        let (mut ahead, mut behind) = (0, 0);
        for ((one, other), (below_one, below_other)) in pairs().zip(counts) {
            let (lost, won) = (u64::from(other > one), u64::from(one > other));
            *below_one += lost;
            *below_other += won;
            behind += lost;
            ahead += won;
        }
        if ahead + behind < strip.len() as u64 {
            self.tied = true;
            let (before, after) = self.equal.split_at_mut(second);
            let counts = before[first][strip.clone()]
                .iter_mut()
                .zip(&mut after[0][strip.clone()]);
            for ((one, other), (with_one, with_other)) in pairs().zip(counts) {
                let same = u64::from(one == other);
                *with_one += same;
                *with_other += same;
            }
        }
        (ahead, behind)
    }
}

/// How often each rank stands in a column. Four counts of each, so that none waits for the one before it.
fn counts(better: &[u64], ranks: usize) -> Vec<f64> {
    let mut counts = vec![[0_u32; 4]; ranks];
    for four in better.chunks(4) {
        for (lane, rank) in four.iter().enumerate() {
            counts[*rank as usize][lane] += 1;
        }
    }
    let sum = |lanes: [u32; 4]| f64::from(lanes.iter().sum::<u32>());
    counts.into_iter().map(sum).collect()
}

/// The greatest of each sample.
fn best_of(columns: &[Vec<f64>], len: usize) -> [f64; CHUNK] {
    let mut best = [f64::NEG_INFINITY; CHUNK];
    for column in columns {
        best.iter_mut()
            .zip(&column[..len])
            .for_each(|(best, value)| *best = best.max(*value));
    }
    best
}

/// For each alternative how often it is the greatest; those that tie share.
fn shares_of_best(columns: &[Vec<f64>], len: usize) -> Vec<f64> {
    let best = best_of(columns, len);
    let mut level = [0.0; CHUNK];
    let is_best = |(best, value): (&f64, &f64)| f64::from(u8::from(best == value));
    for column in columns {
        let marks = best.iter().zip(&column[..len]).map(is_best);
        level
            .iter_mut()
            .zip(marks)
            .for_each(|(level, mark)| *level += mark);
    }
    let share: Vec<f64> = level[..len].iter().map(|level| 1.0 / level).collect();
    let own = |column: &Vec<f64>| {
        let marks: Vec<f64> = best.iter().zip(&column[..len]).map(is_best).collect();
        dot(&marks, &share)
    };
    columns.iter().map(own).collect()
}

/// Σ a b in eight lanes, always in the same order: several at a time, and the same last bit.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}

/// For each sample the share of the first place: one, or a part of it among those that tie for it.
fn share_of_first<'a>(better: &'a [u64], equal: &'a [u64]) -> impl Iterator<Item = f64> + 'a {
    better.iter().zip(equal).map(|(better, equal)| {
        if *better == 0 {
            1.0 / (1.0 + *equal as f64)
        } else {
            0.0
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Chunk, Tally};

    #[test]
    fn ties_share_ranks_wins_and_weights() {
        let values = vec![vec![1.0, 3.0], vec![1.0, 2.0], vec![0.0, 1.0]];
        let weights = vec![vec![0.25, 0.75], vec![0.75, 0.25]];
        let tally = Tally::of(&Chunk {
            len: 2,
            values: &values,
            logs: &values,
            weights: &weights,
        });
        assert_eq!(tally.ranks, [[1.5, 0.5, 0.0], [0.5, 1.5, 0.0], [0.0, 0.0, 2.0]]);
        assert_eq!(tally.wins[0], [0.0, 1.5, 2.0]);
        assert_eq!(tally.wins[1], [0.5, 0.0, 2.0]);
        assert_eq!(tally.best_weights[0], [0.125 + 0.75, 0.375 + 0.25]);
        assert_eq!(tally.loss, [0.0, 1.0, 3.0]);
        assert_eq!(tally.geometric_best, [1.5, 0.5, 0.0]);
    }
}
