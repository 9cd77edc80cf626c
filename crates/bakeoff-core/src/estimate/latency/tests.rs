//! Percentiles whose truth is known.

use super::{Blocks, Counts, percentiles, responses_needed};
use crate::estimate::histogram::bucket_of;
use crate::estimate::levels::Known;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

const KNOWN: Known = Known::of_tries(0.1);

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
    let range = Blocks::new(blocks.clone()).estimate(0.5, 1, KNOWN).unwrap().range;
    assert!(range.low < range.value && range.value < range.high);
    assert!(range.low > 1.5 && range.high < 1.9, "{range:?}");
    assert_eq!(Blocks::new(blocks).estimate(0.5, 1, KNOWN).unwrap().range, range);
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

/// Blocks of 1,000 responses each, three to a launch; the block's own shift and its launch's, in µs.
fn nested(launches: &[(u64, [u64; 3])]) -> Blocks {
    let mut histograms = Vec::new();
    for (of_launch, of_blocks) in launches {
        for of_block in of_blocks {
            let block = histograms.len() as u32;
            histograms.push((block, even(1000 + of_launch + of_block)));
        }
    }
    Blocks::in_launches(histograms, |block| block / 3)
}

#[test]
fn launches_that_lie_apart_widen_more_than_blocks_that_do() {
    let known = Known {
        launch: 0.01,
        block: 0.05,
    };
    let half = |launches: &[(u64, [u64; 3])]| {
        let estimate = nested(launches).estimate(0.5, 1, known).unwrap();
        assert_eq!((estimate.n, estimate.launches), (9, 3));
        estimate.range.high / estimate.range.value
    };
    let of_blocks = half(&[(0, [0, 100, 200]), (0, [0, 100, 200]), (0, [0, 100, 200])]);
    let of_launches = half(&[(0, [0; 3]), (100, [0; 3]), (200, [0; 3])]);
    assert!(of_launches > of_blocks * 1.02, "{of_launches}, {of_blocks}");
}

#[test]
fn resampled_squares_are_those_of_the_values() {
    // Of nearly even histograms the median of a merge is the mean of the medians, so the closed form must come out.
    let blocks = nested(&[(0, [0, 60, 120]), (90, [30, 90, 0]), (150, [0, 90, 30])]);
    let medians: Vec<f64> = blocks.by_block(0.5).iter().map(|(_, ms)| ms.ln()).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let squares = |values: &[f64]| {
        let mean = mean(values);
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let of_launches: Vec<f64> = medians.chunks(3).map(mean).collect();
    let of_blocks: f64 = medians.chunks(3).map(squares).sum();
    let apart = blocks.apart(0.5, 3);
    assert_eq!((apart.launches, apart.degrees_of_blocks), (3, 6));
    assert!(
        (apart.squares_of_launches / squares(&of_launches) - 1.0).abs() < 0.25,
        "{apart:?}"
    );
    assert!(
        (apart.squares_of_blocks / of_blocks - 1.0).abs() < 0.25,
        "{apart:?}"
    );
}

#[test]
fn ten_responses_beyond_need_a_number_of_responses() {
    for (q, needed) in [(0.5, 20), (0.9, 100), (0.99, 1_000), (0.999, 10_000)] {
        assert_eq!(responses_needed(q), needed);
        let beyond = |total: u64| Blocks::new(vec![(0, vec![(bucket_of(1000), total)])]).beyond(q);
        assert_eq!((beyond(needed - 1), beyond(needed)), (9, 10), "{q}");
    }
}

#[test]
fn a_stall_of_one_trial_is_found_by_the_blocks_that_it_spares() {
    let mut blocks: Vec<(u32, Counts)> = (0..4).map(|block| (block, even(1000))).collect();
    blocks[2].1.push((bucket_of(90_000), 60));
    let blocks = Blocks::new(blocks);
    assert!(blocks.beyond(0.99) >= super::FEWEST_BEYOND);
    assert_eq!((blocks.blocks_beyond(0.99), blocks.blocks_beyond(0.5)), (1, 4));
}

proptest! {
    #[test]
    fn percentiles_of_the_same_blocks_never_cross(
        blocks in prop::collection::vec(prop::collection::vec((1_u64..60_000, 1_u64..50), 1..200), 1..7),
        quantiles in prop::collection::vec(0.001_f64..1.0, 2..6),
    ) {
        let counts = |block: &Vec<(u64, u64)>| {
            let each = block.iter().map(|(micros, count)| vec![(bucket_of(*micros), *count)]);
            super::merge(each.collect::<Vec<_>>().iter())
        };
        let blocks = Blocks::new((0..).zip(blocks.iter().map(counts)).collect());
        let mut quantiles = quantiles;
        quantiles.sort_by(f64::total_cmp);
        let values: Vec<f64> = quantiles.iter().filter_map(|q| blocks.quantile_ms(*q)).collect();
        prop_assert_eq!(values.len(), quantiles.len());
        prop_assert!(values.is_sorted(), "{:?}", values);
    }
}

#[test]
fn no_recorded_response_gives_no_estimate() {
    assert!(Blocks::new(Vec::new()).estimate(0.5, 1, KNOWN).is_none());
    assert!(
        Blocks::new(vec![(3, Vec::new())])
            .estimate(0.5, 1, KNOWN)
            .is_none()
    );
    assert!(percentiles(&Counts::new()).is_empty());
}

#[test]
fn a_curve_ends_where_responses_are_few() {
    let points = percentiles(&even(1));
    let last_but_one = points[points.len() - 2];
    assert!(last_but_one.0 <= 0.99 && last_but_one.0 > 0.98);
    assert_eq!(points.last(), Some(&(1.0, 1.0)));
}
