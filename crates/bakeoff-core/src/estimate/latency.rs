//! Percentiles of merged histograms and their intervals. Histograms of blocks are added up, percentiles are never
//! averaged [G. Tene]; the interval resamples whole blocks. A block's histogram is kept sparse, as its recorded
//! values and their counts.

use super::Estimate;
use super::histogram::{Counts, micros_of};
use crate::metric::Scale;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How often the blocks are resampled for the standard error of a percentile: the error of that error is 1/√800,
/// under 4 %.
pub const RESAMPLES: usize = 400;

/// Relative width of a histogram's bucket with three digits, spread evenly: its standard deviation on the log scale.
/// It keeps an interval from vanishing where all blocks fall into one bucket.
const RESOLUTION: f64 = 0.000_288_675;

/// The fewest responses that must lie beyond a percentile for it to stand without a caution.
pub const FEWEST_BEYOND: u64 = 10;

/// Buckets of blocks between two marks: the search for a quantile passes at most this many.
const BETWEEN_MARKS: usize = 512;

/// The histograms of several blocks, side by side for any merge of them. Nearly all buckets of a block are empty, so
/// each that is not stands in one list, and sums over blocks at some places of it.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// The histogram of each block.
    blocks: Vec<(u32, Counts)>,
    /// Every bucket of every block, buckets rising.
    entries: Vec<Entry>,
    /// Before every [`BETWEEN_MARKS`]th entry and after the last, for each block, how many responses stand before.
    marks: Vec<u64>,
}

/// A bucket of a block.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    bucket: u32,
    /// The place of the block.
    block: u32,
    count: u64,
}

impl Blocks {
    /// From the histograms by block; several of one block are added up.
    #[must_use]
    pub fn new(mut histograms: Vec<(u32, Counts)>) -> Blocks {
        histograms.sort_by_key(|(block, _)| *block);
        let of_block = |same: &[(u32, Counts)]| {
            let counts = match same {
                [(_, only)] => only.clone(),
                several => merge(several.iter().map(|(_, counts)| counts)),
            };
            (same[0].0, counts)
        };
        let blocks: Vec<(u32, Counts)> = histograms.chunk_by(|a, b| a.0 == b.0).map(of_block).collect();
        let entries = entries(&blocks);
        Blocks {
            marks: marks(&entries, blocks.len()),
            blocks,
            entries,
        }
    }

    /// Whether there is no response in any block.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Answers in all blocks.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.entries.iter().map(|entry| entry.count).sum()
    }

    /// The histogram of all blocks merged.
    #[must_use]
    pub fn merged(&self) -> Counts {
        let of_bucket = |same: &[Entry]| (same[0].bucket, same.iter().map(|entry| entry.count).sum());
        let by_bucket = self.entries.chunk_by(|a, b| a.bucket == b.bucket);
        by_bucket.map(of_bucket).collect()
    }

    /// Answers that lie beyond the quantile `q`, in all blocks.
    #[must_use]
    pub fn beyond(&self, q: f64) -> u64 {
        self.count() - rank(self.count(), q).min(self.count())
    }

    /// The quantile `q` of all blocks merged, in ms; none without a response.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> Option<f64> {
        self.quantile_us(q, &vec![1; self.blocks.len()]).map(to_ms)
    }

    /// The quantile `q` of each block for itself, in ms.
    #[must_use]
    pub fn by_block(&self, q: f64) -> Vec<(u32, f64)> {
        let quantile = |counts: &Counts| {
            let mut left = rank(count(counts), q);
            let passed = counts.iter().find(|(_, count)| {
                let is_here = *count >= left;
                left = left.saturating_sub(*count);
                is_here
            });
            passed.map(|(bucket, _)| to_ms(micros_of(*bucket)))
        };
        let each = self.blocks.iter();
        each.filter_map(|(block, counts)| Some((*block, quantile(counts)?)))
            .collect()
    }

    /// The quantile `q` of all blocks merged with its interval from resampled blocks, in ms; none without a response.
    /// Blocks that are missing to the fewest count with the `repeatability`, as in [`super::of_blocks`]. The same
    /// seed gives the same interval.
    #[must_use]
    pub fn estimate(&self, q: f64, seed: u64, repeatability: f64) -> Option<Estimate> {
        let value = self.quantile_ms(q)?;
        let n = self.blocks.len();
        let squares = if n < 2 {
            0.0
        } else {
            self.resampled_variance(q, seed) * (n * n) as f64
        };
        let (variance, degrees) = super::variance_of_a_block(squares, n, repeatability);
        let error = (variance / n as f64 + RESOLUTION * RESOLUTION).sqrt();
        Some(super::student(value.ln(), error, degrees, n, Scale::Log))
    }

    /// The variance of the logarithm of the quantile `q` over resampled blocks.
    fn resampled_variance(&self, q: f64, seed: u64) -> f64 {
        let n = self.blocks.len();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut times = vec![0_u64; n];
        let resampled: Vec<f64> = (0..RESAMPLES)
            .filter_map(|_| {
                times.fill(0);
                (0..n).for_each(|_| times[random.random_range(0..n)] += 1);
                self.quantile_us(q, &times).map(|micros| to_ms(micros).ln())
            })
            .collect();
        let count = resampled.len() as f64;
        let mean = resampled.iter().sum::<f64>() / count;
        resampled.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0)
    }

    /// The quantile of the merge in which block i counts `times[i]` times, in µs.
    fn quantile_us(&self, q: f64, times: &[u64]) -> Option<u64> {
        let before = |mark: usize| {
            let sums = &self.marks[mark * times.len()..][..times.len()];
            sums.iter()
                .zip(times)
                .map(|(count, times)| count * times)
                .sum::<u64>()
        };
        let last = self.entries.len().div_ceil(BETWEEN_MARKS);
        let total = if last == 0 { 0 } else { before(last) };
        if total == 0 {
            return None;
        }
        let wanted = rank(total, q);
        let (mut low, mut high) = (0, last);
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            if before(middle) < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        let mut passed = before(low);
        let here = self.entries[low * BETWEEN_MARKS..].iter().find(|entry| {
            passed += entry.count * times[entry.block as usize];
            passed >= wanted
        });
        here.map(|entry| micros_of(entry.bucket))
    }
}

/// Every bucket of every block, buckets rising, those of a bucket in the order of the blocks: sorted by counting.
fn entries(blocks: &[(u32, Counts)]) -> Vec<Entry> {
    let all = || {
        (0..).zip(blocks).flat_map(|(block, (_, counts))| {
            let entry = move |(bucket, count): &(u32, u64)| Entry {
                bucket: *bucket,
                block,
                count: *count,
            };
            counts.iter().map(entry)
        })
    };
    let buckets = all().map(|entry| entry.bucket as usize + 1).max().unwrap_or(0);
    let mut next = vec![0; buckets + 1];
    all().for_each(|entry| next[entry.bucket as usize + 1] += 1);
    for bucket in 0..buckets {
        next[bucket + 1] += next[bucket];
    }
    let mut sorted = vec![Entry::default(); next[buckets]];
    for entry in all() {
        let place = &mut next[entry.bucket as usize];
        sorted[*place] = entry;
        *place += 1;
    }
    sorted
}

/// The sums by block before every [`BETWEEN_MARKS`]th entry, and after the last.
fn marks(entries: &[Entry], blocks: usize) -> Vec<u64> {
    let mut sums = vec![0; blocks];
    let mut marks = Vec::with_capacity((entries.len().div_ceil(BETWEEN_MARKS) + 1) * blocks);
    for between in entries.chunks(BETWEEN_MARKS) {
        marks.extend_from_slice(&sums);
        between
            .iter()
            .for_each(|entry| sums[entry.block as usize] += entry.count);
    }
    marks.extend_from_slice(&sums);
    marks
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

/// Latency by percentile: (quantile, ms), rising on the log-of-nines axis, up to the last quantile that ten responses
/// lie beyond, at most 0.9999, and the maximum as quantile 1.
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

    /// One response at each of 1,000 values from `from` on, in µs.
    fn even(from: u64) -> Counts {
        super::merge(
            (from..from + 1000)
                .map(|micros| vec![(bucket_of(micros), 1)])
                .collect::<Vec<_>>()
                .iter(),
        )
    }

    #[test]
    fn quantiles_come_from_the_merged_histogram() {
        let blocks = Blocks::new(vec![(0, even(1)), (1, even(1001))]);
        assert_eq!(blocks.count(), 2000);
        assert_eq!(blocks.quantile_ms(0.5), Some(1.0));
        assert_eq!(blocks.quantile_ms(0.75), Some(1.5));
        assert_eq!(blocks.by_block(0.5), [(0, 0.5), (1, 1.5)]);
        assert_eq!(blocks.beyond(0.99), 20);
    }

    #[test]
    fn the_interval_covers_the_spread_between_blocks() {
        let blocks: Vec<(u32, Counts)> = (0..8)
            .map(|block| (block, even(1000 + u64::from(block) * 50)))
            .collect();
        let range = Blocks::new(blocks.clone()).estimate(0.5, 1, 0.1).unwrap().range;
        assert!(range.low < range.value && range.value < range.high);
        assert!(range.low > 1.5 && range.high < 1.9, "{range:?}");
        assert_eq!(Blocks::new(blocks).estimate(0.5, 1, 0.1).unwrap().range, range);
    }

    proptest! {
        /// A quantile of any merge is that of the histogram which the merge makes, however many buckets stand between
        /// two marks.
        #[test]
        fn a_quantile_of_a_merge_is_that_of_its_histogram(
            blocks in prop::collection::vec(prop::collection::vec((1_u64..5_000, 1_u64..50), 0..400), 1..6),
            times in prop::collection::vec(0_u64..4, 6),
            q in 0.001_f64..1.0,
        ) {
            let counts = |block: &Vec<(u64, u64)>| {
                let each = block.iter().map(|(micros, count)| vec![(bucket_of(micros * 7), *count)]);
                super::merge(each.collect::<Vec<_>>().iter())
            };
            let histograms: Vec<(u32, Counts)> = (0..).zip(blocks.iter().map(counts)).collect();
            let repeated = histograms.iter().zip(&times).flat_map(|((_, counts), times)| vec![counts; *times as usize]);
            let merged = super::merge(repeated.collect::<Vec<_>>().into_iter());
            let all = Blocks::new(histograms.clone());
            let of_merged = Blocks::new(vec![(0, merged)]).by_block(q).first().map(|(_, ms)| *ms);
            prop_assert_eq!(all.quantile_us(q, &times[..histograms.len()]).map(super::to_ms), of_merged);
            prop_assert_eq!(all.merged(), super::merge(histograms.iter().map(|(_, counts)| counts)));
        }
    }

    #[test]
    fn no_recorded_response_gives_no_estimate() {
        assert!(Blocks::new(Vec::new()).estimate(0.5, 1, 0.1).is_none());
        assert!(Blocks::new(vec![(3, Vec::new())]).estimate(0.5, 1, 0.1).is_none());
        assert!(percentiles(&Counts::new()).is_empty());
    }

    #[test]
    fn a_curve_ends_where_responses_are_few() {
        let points = percentiles(&even(1));
        let last_but_one = points[points.len() - 2];
        assert!(last_but_one.0 <= 0.99 && last_but_one.0 > 0.98);
        assert_eq!(points.last(), Some(&(1.0, 1.0)));
    }
}
