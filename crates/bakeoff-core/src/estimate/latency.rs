//! Percentiles of merged histograms and their intervals. Histograms of blocks are added up, percentiles are never averaged [G. Tene];
//! the interval resamples whole blocks. Deliberately sparse: a block's histogram is its recorded values and their counts.

use super::Estimate;
use super::histogram::{Counts, micros_of};
use crate::metric::Scale;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::ops::RangeInclusive;

/// How often the blocks are resampled for the standard error of a percentile: the error of that error is 1/√800, under 4 %.
pub const RESAMPLES: usize = 400;

/// Relative width of a histogram's bucket with three digits, spread evenly: its standard deviation on the log scale. It keeps an
/// interval from vanishing where all blocks fall into one bucket.
const RESOLUTION: f64 = 0.000_288_675;

/// The fewest answers that must lie beyond a percentile for it to stand without a caution.
pub const FEWEST_BEYOND: u64 = 10;

/// The histograms of several blocks, side by side for any merge of them.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    blocks: Vec<u32>,
    /// Every bucket that some block used, rising.
    buckets: Vec<u32>,
    /// For each bucket, for each block, how many answers took at most so long.
    at_most: Vec<u64>,
}

impl Blocks {
    /// From the histograms by block; several of one block are added up.
    #[must_use]
    pub fn new(histograms: &[(u32, Counts)]) -> Blocks {
        let mut blocks: Vec<u32> = histograms.iter().map(|(block, _)| *block).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let merged = merge(histograms.iter().map(|(_, counts)| counts));
        let buckets: Vec<u32> = merged.iter().map(|(bucket, _)| *bucket).collect();
        let mut rows = vec![0_u32; buckets.last().map_or(0, |last| *last as usize + 1)];
        (0..)
            .zip(&buckets)
            .for_each(|(row, bucket)| rows[*bucket as usize] = row);
        let width = blocks.len();
        let mut at_most = vec![0; buckets.len() * width];
        for (block, counts) in histograms {
            let column = blocks.partition_point(|known| known < block);
            for (bucket, count) in counts {
                at_most[rows[*bucket as usize] as usize * width + column] += count;
            }
        }
        for row in 1..buckets.len() {
            let (before, from_here) = at_most.split_at_mut(row * width);
            let pairs = from_here[..width].iter_mut().zip(&before[(row - 1) * width..]);
            pairs.for_each(|(count, below)| *count += below);
        }
        Blocks {
            blocks,
            buckets,
            at_most,
        }
    }

    /// Whether there is no answer in any block.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Answers in all blocks.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.row(self.buckets.len().wrapping_sub(1)).iter().sum()
    }

    /// The histogram of all blocks merged.
    #[must_use]
    pub fn merged(&self) -> Counts {
        let mut before = 0;
        let answers = (0..self.buckets.len()).map(|row| {
            let at_most: u64 = self.row(row).iter().sum();
            at_most - std::mem::replace(&mut before, at_most)
        });
        self.buckets.iter().copied().zip(answers).collect()
    }

    /// Answers that lie beyond the quantile `q`, in all blocks.
    #[must_use]
    pub fn beyond(&self, q: f64) -> u64 {
        self.count() - rank(self.count(), q).min(self.count())
    }

    /// The quantile `q` of all blocks merged, in ms; none without an answer.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> Option<f64> {
        self.quantile_us(q, &vec![1; self.blocks.len()], self.rows_of_blocks(q))
            .map(to_ms)
    }

    /// The quantile `q` of each block for itself, in ms.
    #[must_use]
    pub fn by_block(&self, q: f64) -> Vec<(u32, f64)> {
        let each = self.blocks.iter().enumerate();
        each.filter_map(|(place, block)| {
            let row = self.row_in_block(q, place)?;
            Some((*block, to_ms(micros_of(self.buckets[row]))))
        })
        .collect()
    }

    /// The quantile `q` of all blocks merged with its interval from resampled blocks, in ms; none without an answer. The same
    /// seed gives the same interval.
    #[must_use]
    pub fn estimate(&self, q: f64, seed: u64) -> Option<Estimate> {
        let value = self.quantile_ms(q)?;
        let n = self.blocks.len();
        if n < 2 {
            return Some(super::once(value));
        }
        let rows = self.rows_of_blocks(q);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut times = vec![0_u64; n];
        let resampled: Vec<f64> = (0..RESAMPLES)
            .filter_map(|_| {
                times.fill(0);
                (0..n).for_each(|_| times[random.random_range(0..n)] += 1);
                self.quantile_us(q, &times, rows.clone())
                    .map(|micros| to_ms(micros).ln())
            })
            .collect();
        let count = resampled.len() as f64;
        let mean = resampled.iter().sum::<f64>() / count;
        let variance = resampled.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let small_sample = n as f64 / (n as f64 - 1.0);
        let error = (variance * small_sample + RESOLUTION * RESOLUTION).sqrt();
        Some(super::student(value.ln(), error, n, Scale::Log))
    }

    /// The quantile of the merge in which block i counts `times[i]` times, in µs, which is known to be in one of `rows`.
    fn quantile_us(&self, q: f64, times: &[u64], rows: RangeInclusive<usize>) -> Option<u64> {
        let merged = |row: usize| {
            self.row(row)
                .iter()
                .zip(times)
                .map(|(count, times)| count * times)
                .sum::<u64>()
        };
        let total = merged(self.buckets.len().checked_sub(1)?);
        let wanted = rank(total, q);
        (total > 0).then(|| micros_of(self.buckets[first(rows, |row| merged(row) >= wanted)]))
    }

    /// The rows between the smallest and the largest quantile of a block, where that of every merge of them is: below, no block has its share of
    /// answers, and above, all have.
    fn rows_of_blocks(&self, q: f64) -> RangeInclusive<usize> {
        let each = || (0..self.blocks.len()).filter_map(|place| self.row_in_block(q, place));
        each().min().unwrap_or(0)..=each().max().unwrap_or(0)
    }

    /// The row of the quantile of one block.
    fn row_in_block(&self, q: f64, place: usize) -> Option<usize> {
        let at_most = |row: usize| self.at_most[row * self.blocks.len() + place];
        let last = self.buckets.len().checked_sub(1)?;
        let wanted = rank(at_most(last), q);
        (at_most(last) > 0).then(|| first(0..=last, |row| at_most(row) >= wanted))
    }

    fn row(&self, row: usize) -> &[u64] {
        let width = self.blocks.len();
        self.at_most
            .get(row.wrapping_mul(width)..)
            .and_then(|rest| rest.get(..width))
            .unwrap_or(&[])
    }
}

/// The first of `rows` from which on `holds`, which it does in the last.
fn first(rows: RangeInclusive<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = rows.into_inner();
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The sum of histograms.
#[must_use]
pub(super) fn merge<'a>(histograms: impl Iterator<Item = &'a Counts> + Clone) -> Counts {
    let last = histograms
        .clone()
        .filter_map(|counts| counts.last())
        .map(|(bucket, _)| *bucket as usize + 1)
        .max();
    let mut sums = vec![0_u64; last.unwrap_or(0)];
    histograms
        .flatten()
        .for_each(|(bucket, count)| sums[*bucket as usize] += count);
    (0..).zip(sums).filter(|(_, count)| *count > 0).collect()
}

/// Answers in a histogram.
#[must_use]
pub fn count(counts: &Counts) -> u64 {
    counts.iter().map(|(_, count)| count).sum()
}

/// Latency by percentile: (quantile, ms), rising on the log-of-nines axis, up to the last quantile that ten answers lie beyond,
/// at most 0.9999, and the maximum as quantile 1.
#[must_use]
pub fn percentiles(counts: &Counts) -> Vec<(f64, f64)> {
    let tenths_of_nines = (0..=40).map(|tenths| 1.0 - 10_f64.powf(-f64::from(tenths) / 10.0));
    let mut quantiles: Vec<f64> = tenths_of_nines.chain([0.5, 0.75]).map(round_quantile).collect();
    quantiles.sort_by(f64::total_cmp);
    let total = count(counts);
    let mut points = Vec::with_capacity(quantiles.len() + 1);
    let (mut steps, mut passed) = (counts.iter(), 0);
    let mut bucket = 0;
    for q in quantiles {
        let wanted = rank(total, q);
        if total < wanted + FEWEST_BEYOND {
            break;
        }
        while passed < wanted {
            let Some((next, count)) = steps.next() else { break };
            (bucket, passed) = (*next, passed + count);
        }
        points.push((q, to_ms(micros_of(bucket))));
    }
    points.extend(counts.last().map(|(bucket, _)| (1.0, to_ms(micros_of(*bucket)))));
    points
}

fn rank(total: u64, q: f64) -> u64 {
    ((total as f64 * q - 1e-9).ceil() as u64).clamp(1, total.max(1))
}

fn to_ms(micros: u64) -> f64 {
    micros.max(1) as f64 / 1000.0
}

/// 0.9 and not 0.9000000000000001.
fn round_quantile(q: f64) -> f64 {
    (q * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Counts, percentiles};
    use crate::estimate::histogram::bucket_of;
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    /// One answer at each of 1,000 values from `from` on, in µs.
    fn even(from: u64) -> Counts {
        super::merge(
            (from..from + 1000)
                .map(|micros| vec![(bucket_of(micros), 1)])
                .collect::<Vec<_>>()
                .iter(),
        )
    }

    #[test]
    fn quantiles_are_those_of_the_merge_and_not_a_mean() {
        let blocks = Blocks::new(&[(0, even(1)), (1, even(1001))]);
        assert_eq!(blocks.count(), 2000);
        assert_eq!(blocks.quantile_ms(0.5), Some(1.0));
        assert_eq!(blocks.quantile_ms(0.75), Some(1.5));
        assert_eq!(blocks.by_block(0.5), [(0, 0.5), (1, 1.5)]);
        assert_eq!(blocks.beyond(0.99), 20);
    }

    #[test]
    fn the_interval_covers_what_blocks_do_differently() {
        let blocks: Vec<(u32, Counts)> = (0..8)
            .map(|block| (block, even(1000 + u64::from(block) * 50)))
            .collect();
        let range = Blocks::new(&blocks).estimate(0.5, 1).unwrap().range;
        assert!(range.low < range.value && range.value < range.high);
        assert!(range.low > 1.5 && range.high < 1.9, "{range:?}");
        assert_eq!(Blocks::new(&blocks).estimate(0.5, 1).unwrap().range, range);
    }

    proptest! {
        /// Looking only between the smallest and the largest quantile of a block finds that of any merge.
        #[test]
        fn a_quantile_of_a_merge_lies_between_those_of_its_blocks(
            blocks in prop::collection::vec(prop::collection::vec((1_u64..200, 1_u64..50), 0..20), 2..8),
            times in prop::collection::vec(0_u64..4, 8),
            q in 0.001_f64..1.0,
        ) {
            let counts = |block: &Vec<(u64, u64)>| {
                let each = block.iter().map(|(micros, count)| vec![(bucket_of(micros * 37), *count)]);
                super::merge(each.collect::<Vec<_>>().iter())
            };
            let histograms: Vec<(u32, Counts)> = (0..).zip(blocks.iter().map(counts)).collect();
            let all = Blocks::new(&histograms);
            let rows = all.rows_of_blocks(q);
            let times = &times[..histograms.len()];
            let everywhere = 0..=all.buckets.len().saturating_sub(1);
            prop_assert_eq!(all.quantile_us(q, times, rows), all.quantile_us(q, times, everywhere));
            prop_assert_eq!(all.merged(), super::merge(histograms.iter().map(|(_, counts)| counts)));
        }
    }

    #[test]
    fn nothing_recorded_is_no_estimate() {
        assert!(Blocks::new(&[]).estimate(0.5, 1).is_none());
        assert!(Blocks::new(&[(3, Vec::new())]).estimate(0.5, 1).is_none());
        assert!(percentiles(&Counts::new()).is_empty());
    }

    #[test]
    fn a_curve_ends_where_answers_are_few() {
        let points = percentiles(&even(1));
        let last_but_one = points[points.len() - 2];
        assert!(last_but_one.0 <= 0.99 && last_but_one.0 > 0.98);
        assert_eq!(points.last(), Some(&(1.0, 1.0)));
    }
}
