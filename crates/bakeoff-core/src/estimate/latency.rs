//! Percentiles of merged histograms and their intervals. Histograms of blocks are added up, percentiles are never
//! averaged [G. Tene]. A block's histogram is kept sparse, as its recorded values and their counts.
//!
//! The interval resamples launches, then blocks within each launch. The first gives the variance between launches, the
//! second that between the blocks of a launch, both of the logarithm of the percentile; `super::levels` puts them
//! together as it does for means. Blocks that are launches of their own are resampled once.

#[cfg(test)]
mod tests;

use super::histogram::{Counts, micros_of};
use super::levels::{self, Apart, Known};
use super::{Basis, Estimate, OfLaunch};
use crate::metric::Scale;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How often launches, and blocks in them, are resampled for the standard error of a percentile: ±1/√800, under 4 %.
pub const RESAMPLES: usize = 400;

/// Relative width of a histogram's bucket with three digits, spread evenly: its standard deviation on the log scale.
/// It keeps an interval from vanishing where all blocks fall into one bucket.
const RESOLUTION: f64 = 0.000_288_675;

/// The fewest responses that must lie beyond a percentile for it to be evidence: fewer leave its error unknown. In
/// evidence without launches it stands with a caution.
pub const FEWEST_BEYOND: u64 = 10;

/// The fewest trials that these responses must come from: those of one or two may all be one stall.
pub const FEWEST_TRIALS: u32 = 3;

/// The fewest responses of which [`FEWEST_BEYOND`] lie beyond the quantile `q` (below 1): 1,000 for 0.99.
#[must_use]
pub fn responses_needed(q: f64) -> u64 {
    // One millionth less, since 1 − 0.99 is no exact number in binary.
    (FEWEST_BEYOND as f64 / (1.0 - q) - 1e-6).ceil() as u64
}

/// Buckets of blocks between two marks: the search for a quantile passes at most this many.
const BETWEEN_MARKS: usize = 512;

/// The histograms of several blocks, side by side for any merge of them. Nearly all buckets of a block are empty, so
/// each that is not stands in one list, and sums over blocks at some places of it.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// The histogram of each block.
    blocks: Vec<(u32, Counts)>,
    /// The places of the blocks of each launch, launches in the order of their first block.
    launches: Vec<Vec<usize>>,
    /// The launches themselves, in the same order.
    names: Vec<u32>,
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
    /// From the histograms by block, each a launch of its own; several of one block are added up.
    #[must_use]
    pub fn new(histograms: Vec<(u32, Counts)>) -> Blocks {
        Blocks::in_launches(histograms, |block| block)
    }

    /// From the histograms by block, with the launch of each; several of one block are added up.
    #[must_use]
    pub fn in_launches(mut histograms: Vec<(u32, Counts)>, launch: impl Fn(u32) -> u32) -> Blocks {
        histograms.sort_by_key(|(block, _)| *block);
        let of_block = |same: &[(u32, Counts)]| {
            let counts = match same {
                [(_, only)] => only.clone(),
                several => merge(several.iter().map(|(_, counts)| counts)),
            };
            (same[0].0, counts)
        };
        let blocks: Vec<(u32, Counts)> = histograms.chunk_by(|a, b| a.0 == b.0).map(of_block).collect();
        let mut launches: Vec<(u32, Vec<usize>)> = Vec::new();
        for (place, (block, _)) in blocks.iter().enumerate() {
            let id = launch(*block);
            match launches.iter_mut().find(|(known, _)| *known == id) {
                Some((_, places)) => places.push(place),
                None => launches.push((id, vec![place])),
            }
        }
        let entries = entries(&blocks);
        Blocks {
            marks: marks(&entries, blocks.len()),
            names: launches.iter().map(|(id, _)| *id).collect(),
            launches: launches.into_iter().map(|(_, places)| places).collect(),
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

    /// Blocks with a response at or beyond the quantile `q` of all blocks merged.
    #[must_use]
    pub fn blocks_beyond(&self, q: f64) -> u32 {
        let Some(micros) = self.quantile_us(q, &vec![1; self.blocks.len()]) else {
            return 0;
        };
        let reaches = |counts: &Counts| {
            counts
                .last()
                .is_some_and(|(bucket, _)| micros_of(*bucket) >= micros)
        };
        self.blocks.iter().filter(|(_, counts)| reaches(counts)).count() as u32
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

    /// The quantile `q` of each block for itself, in ms, by launch. Where each block is a launch of its own, the
    /// launch has the block's number.
    #[must_use]
    pub fn by_launch(&self, q: f64) -> Vec<OfLaunch> {
        let of_blocks = self.by_block(q);
        let of_launch = |(launch, places): (&u32, &Vec<usize>)| OfLaunch {
            launch: *launch,
            blocks: places
                .iter()
                .filter_map(|place| {
                    let block = self.blocks[*place].0;
                    of_blocks.iter().find(|(other, _)| *other == block).copied()
                })
                .collect(),
        };
        let all = self.names.iter().zip(&self.launches).map(of_launch);
        all.filter(|launch| !launch.blocks.is_empty()).collect()
    }

    /// The quantile `q` of all blocks merged with its interval from resampled launches and blocks, in ms; none without
    /// a response. Launches and blocks that are missing to the fewest count with what is `known`, as in [`super::of`].
    /// The same seed gives the same interval.
    #[must_use]
    pub fn estimate(&self, q: f64, seed: u64, known: Known) -> Option<Estimate> {
        let value = self.quantile_ms(q)?;
        let mut variance = levels::variance(&self.apart(q, seed), known);
        variance.of_mean += RESOLUTION * RESOLUTION;
        let basis = Basis {
            blocks: self.blocks.len(),
            launches: self.launches.len(),
        };
        Some(basis.of(super::student(value.ln(), variance, Scale::Log)))
    }

    /// How far launches, and blocks of a launch, lie apart in the logarithm of the quantile `q`. The bootstrap of a
    /// mean of k values has the variance of their sum of squares over k².
    fn apart(&self, q: f64, seed: u64) -> Apart {
        let launches = self.launches.len();
        let squares_of_launches = if launches < 2 {
            0.0
        } else {
            let random = ChaCha8Rng::seed_from_u64(seed);
            self.resampled_variance(q, random, &resample_launches) * (launches * launches) as f64
        };
        let sizes = || self.launches.iter().map(|places| places.len() as f64);
        let degrees_of_blocks = self.blocks.len() - launches;
        let squares_of_blocks = if degrees_of_blocks == 0 {
            0.0
        } else {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(1);
            let of_mean = self.resampled_variance(q, random, &resample_blocks);
            // Of each launch the bootstrap shows (n − 1) / n² of the variance of a block, and a mean over k launches
            // has 1 / k² of the sum.
            let seen: f64 = sizes().map(|n| (n - 1.0) / (n * n)).sum();
            of_mean * (launches * launches) as f64 / seen * degrees_of_blocks as f64
        };
        Apart {
            launches,
            squares_of_launches,
            squares_of_blocks,
            degrees_of_blocks,
            one_over_blocks: sizes().map(|n| 1.0 / n).sum::<f64>() / launches as f64,
        }
    }

    /// The variance of the logarithm of the quantile `q` over resampled blocks.
    fn resampled_variance(&self, q: f64, mut random: ChaCha8Rng, resample: &Resample) -> f64 {
        let mut times = vec![0_u64; self.blocks.len()];
        let resampled: Vec<f64> = (0..RESAMPLES)
            .filter_map(|_| {
                times.fill(0);
                resample(&self.launches, &mut random, &mut times);
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

/// Draws how often each block counts, from the places of the blocks of each launch.
type Resample = dyn Fn(&[Vec<usize>], &mut ChaCha8Rng, &mut [u64]);

/// Draws as many launches as there are, each with all its blocks.
fn resample_launches(launches: &[Vec<usize>], random: &mut ChaCha8Rng, times: &mut [u64]) {
    for _ in 0..launches.len() {
        let drawn = &launches[random.random_range(0..launches.len())];
        drawn.iter().for_each(|place| times[*place] += 1);
    }
}

/// Draws of each launch as many blocks as it has.
fn resample_blocks(launches: &[Vec<usize>], random: &mut ChaCha8Rng, times: &mut [u64]) {
    for places in launches {
        for _ in 0..places.len() {
            times[places[random.random_range(0..places.len())]] += 1;
        }
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
