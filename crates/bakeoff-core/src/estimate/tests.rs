//! Estimates whose truth is known: closed forms, and how often an interval holds what was planted.

use super::{Estimate, Known, Sample, Spread, average_within_blocks, by_launch, of, own_error, paired_ratio};
use crate::metric::Scale;
use crate::probability::normal_quantile;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The quantile 0.975 of Student's t with four degrees of freedom.
const T4: f64 = 2.776_445_105_197_798_7;

/// The estimate of blocks that are launches of their own.
fn of_blocks(blocks: &[(u32, f64)], scale: Scale, floor: f64, repeatability: f64) -> Option<Estimate> {
    let samples: Vec<Sample> = blocks
        .iter()
        .map(|(block, value)| Sample {
            launch: *block,
            block: *block,
            value: *value,
        })
        .collect();
    of(&samples, scale, floor, Known::of_tries(repeatability))
}

/// Samples of launches, each with the values of its blocks; blocks count on from launch to launch.
fn launches(values: &[&[f64]]) -> Vec<Sample> {
    let mut block = 0;
    let mut samples = Vec::new();
    for (launch, values) in (0..).zip(values) {
        for value in *values {
            samples.push(Sample {
                launch,
                block,
                value: *value,
            });
            block += 1;
        }
    }
    samples
}

#[test]
fn the_interval_of_a_mean_is_that_of_the_textbook() {
    let blocks = [(0, 10.0), (1, 12.0), (2, 11.0), (3, 9.0), (4, 13.0)];
    let half = T4 * (2.5_f64 / 5.0).sqrt();
    for repeatability in [0.0, 7.0] {
        let estimate = of_blocks(&blocks, Scale::Linear, 0.0, repeatability).unwrap();
        assert_eq!((estimate.range.value, estimate.n), (11.0, 5));
        assert!((estimate.range.high - 11.0 - half).abs() < 1e-9);
    }
}

#[test]
fn repeatability_stands_in_for_missing_blocks() {
    let half = |blocks: &[(u32, f64)]| {
        let estimate = of_blocks(blocks, Scale::Linear, 0.0, 2.0).unwrap();
        estimate.range.high - estimate.range.value
    };
    // One block: the repeatability alone.
    assert!((half(&[(0, 10.0)]) - T4 * 2.0).abs() < 1e-9);
    // Two blocks 1 above and below their mean: ((1 + 1) + 3 · 2²) / 4 = 3.5.
    assert!((half(&[(0, 9.0), (1, 11.0)]) - T4 * (3.5_f64 / 2.0).sqrt()).abs() < 1e-9);
    // Equal values are no certainty as long as they are few.
    assert!((half(&[(0, 9.0), (3, 9.0)]) - T4 * (3.0_f64 / 2.0).sqrt()).abs() < 1e-9);
    // Blocks as far apart as the repeatability says lose nothing of their width when the fifth comes.
    let four = [(0, 8.0), (1, 12.0), (2, 8.0), (3, 12.0)];
    let five = [(0, 8.0), (1, 12.0), (2, 8.0), (3, 12.0), (4, 10.0)];
    assert!(half(&four) > half(&five) && half(&four) < 1.4 * half(&five));
}

#[test]
fn a_log_mean_is_geometric() {
    let estimate = of_blocks(&[(0, 1.0), (1, 100.0)], Scale::Log, 1e-6, 0.1).unwrap();
    assert!((estimate.range.value - 10.0).abs() < 1e-9);
}

#[test]
fn nothing_and_many_equal_blocks_are_exact() {
    assert_eq!(of_blocks(&[], Scale::Log, 1e-6, 0.1), None);
    let same: Vec<(u32, f64)> = (0..5).map(|block| (block, 7.0)).collect();
    let same = of_blocks(&same, Scale::Linear, 0.0, 0.1).unwrap();
    assert_eq!((same.range.low, same.range.high, same.n), (7.0, 7.0, 5));
    assert_eq!(same.spread, Spread::Exact);
    let nothing = of_blocks(&[(0, 0.0), (1, 0.0)], Scale::Log, 1e-6, 0.1).unwrap();
    assert_eq!((nothing.range.value, nothing.spread), (0.0, Spread::Exact));
}

#[test]
fn an_interval_never_reaches_below_nothing() {
    let estimate = of_blocks(&[(0, 0.01)], Scale::Linear, 0.0, 0.1).unwrap();
    assert!(estimate.range.low == 0.0 && estimate.range.high > 0.2);
}

#[test]
fn the_error_of_one_measurement_comes_from_its_interval() {
    assert!((own_error((90.0, 110.0), Scale::Linear).unwrap() - 10.0 / 1.959_963_985).abs() < 1e-6);
    assert_eq!(own_error((0.0, 1.0), Scale::Log), None);
    assert_eq!(own_error((f64::NAN, 1.0), Scale::Linear), None);
}

#[test]
fn repeated_observations_of_a_block_count_once() {
    let blocks = average_within_blocks(&[(0, 1.0), (0, 3.0), (1, 5.0)], Scale::Linear, 0.0);
    assert_eq!(blocks, [(0, 2.0), (1, 5.0)]);
}

#[test]
fn a_ratio_pairs_blocks_that_both_have() {
    let ratio = paired_ratio(&[(0, 2.0), (1, 4.0), (7, 1.0)], &[(0, 1.0), (1, 2.0), (3, 9.0)]).unwrap();
    assert!((ratio.range.value - 2.0).abs() < 1e-12);
    assert_eq!(ratio.n, 2);
}

#[test]
fn the_mean_over_launches_gives_each_launch_the_same_weight() {
    let samples = launches(&[&[10.0], &[20.0, 22.0, 24.0]]);
    let estimate = of(
        &samples,
        Scale::Linear,
        0.0,
        Known {
            launch: 1.0,
            block: 1.0,
        },
    )
    .unwrap();
    assert_eq!(
        (estimate.range.value, estimate.n, estimate.launches),
        (16.0, 4, 2)
    );
}

#[test]
fn the_interval_of_launches_is_that_of_their_means() {
    // Five launches of two blocks: the means are those of the textbook's blocks, so is the interval.
    let samples = launches(&[
        &[9.0, 11.0],
        &[12.0, 12.0],
        &[10.0, 12.0],
        &[8.0, 10.0],
        &[12.0, 14.0],
    ]);
    let range = of(
        &samples,
        Scale::Linear,
        0.0,
        Known {
            launch: 9.0,
            block: 9.0,
        },
    )
    .unwrap()
    .range;
    assert_eq!(range.value, 11.0);
    assert!((range.high - 11.0 - T4 * (2.5_f64 / 5.0).sqrt()).abs() < 1e-9);
}

#[test]
fn what_only_more_launches_lessen_is_the_variance_between_them() {
    let known = Known {
        launch: 0.0,
        block: 2.0,
    };
    let alike = launches(&[
        &[9.0, 11.0],
        &[9.0, 11.0],
        &[9.0, 11.0],
        &[9.0, 11.0],
        &[9.0, 11.0],
    ]);
    let of_launches = |samples: &[Sample]| match of(samples, Scale::Linear, 0.0, known).unwrap().spread {
        Spread::Student {
            error, of_launches, ..
        } => of_launches / error,
        Spread::Exact => f64::NAN,
    };
    // Launches with equal means leave no error at all; so one differs by little.
    assert!(of_launches(&alike).is_nan());
    let near = launches(&[
        &[9.0, 11.0],
        &[9.1, 11.1],
        &[9.0, 11.0],
        &[9.0, 11.0],
        &[9.0, 11.0],
    ]);
    assert_eq!(of_launches(&near), 0.0);
    let apart = launches(&[
        &[9.9, 10.1],
        &[19.9, 20.1],
        &[14.9, 15.1],
        &[9.9, 10.1],
        &[19.9, 20.1],
    ]);
    assert!(of_launches(&apart) > 0.99);
}

#[test]
fn a_wider_estimate_keeps_its_value_and_its_degrees() {
    let estimate = of_blocks(&[(0, 9.0), (1, 11.0)], Scale::Linear, 0.0, 2.0).unwrap();
    let half = |estimate: Estimate| estimate.range.high - estimate.range.value;
    assert!((half(estimate.widened_by(0.7)) - half(estimate) - 0.7).abs() < 1e-9);
    let double = estimate.widened_times(2.0);
    assert!((half(double) - 2.0 * half(estimate)).abs() < 1e-9);
    assert_eq!((double.range.value, double.n, double.launches), (10.0, 2, 2));
    let counted = super::exact(3.0);
    assert_eq!(counted.widened_by(1.0), counted);
}

/// How often the 95 % interval holds the truth, over 2,000 sets of samples with these true deviations.
fn coverage(launches: u32, blocks: u32, truth: Known, known: Known) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut normal = |deviation: f64| deviation * normal_quantile(random.random_range(1e-9..1.0 - 1e-9));
    let mut held = 0;
    for _ in 0..2_000 {
        let mut samples = Vec::new();
        for launch in 0..launches {
            let of_launch = normal(truth.launch);
            samples.extend((0..blocks).map(|block| Sample {
                launch,
                block: launch * blocks + block,
                value: (of_launch + normal(truth.block)).exp(),
            }));
        }
        let range = of(&samples, Scale::Log, 1e-9, known).unwrap().range;
        held += u32::from(range.low <= 1.0 && 1.0 <= range.high);
    }
    f64::from(held) / 2_000.0
}

#[test]
fn an_interval_of_95_percent_holds_the_truth_that_often() {
    let mixed = Known {
        launch: 0.05,
        block: 0.15,
    };
    let of_launches = Known {
        launch: 0.2,
        block: 0.05,
    };
    for (launches, blocks, truth, known) in [
        (3, 3, mixed, mixed),
        (3, 2, mixed, mixed),
        (2, 5, mixed, mixed),
        (3, 3, of_launches, of_launches),
        (6, 2, mixed, of_launches),
        (3, 1, mixed, mixed),
        // A contender whose launches lie twice as far apart as is known loses little.
        (
            3,
            3,
            Known {
                launch: 0.1,
                block: 0.15,
            },
            mixed,
        ),
    ] {
        let share = coverage(launches, blocks, truth, known);
        assert!((0.91..=0.99).contains(&share), "{launches} × {blocks}: {share}");
    }
}

proptest! {
    #[test]
    fn an_interval_is_strict_whenever_blocks_differ(values in prop::collection::vec(0.1_f64..1e4, 2..40)) {
        let blocks: Vec<(u32, f64)> = (0..).zip(values.iter().copied()).collect();
        let differ = values.iter().any(|value| (value / values[0] - 1.0).abs() > 1e-9);
        for scale in [Scale::Linear, Scale::Log] {
            let range = of_blocks(&blocks, scale, 1e-9, 0.0).unwrap().range;
            if differ {
                prop_assert!(range.low < range.value && range.value < range.high);
            }
        }
    }

    #[test]
    fn one_block_a_launch_is_what_blocks_alone_gave(values in prop::collection::vec(0.1_f64..1e4, 1..9), known in 0.0_f64..1.0) {
        let alone: Vec<(u32, f64)> = (0..).zip(values.iter().copied()).collect();
        let each: Vec<&[f64]> = values.chunks(1).collect();
        let split = Known { launch: known, block: 0.0 };
        for scale in [Scale::Linear, Scale::Log] {
            let nested = of(&launches(&each), scale, 1e-9, split);
            prop_assert_eq!(nested, of_blocks(&alone, scale, 1e-9, known));
        }
    }

    #[test]
    fn the_order_of_samples_changes_nothing(
        values in prop::collection::vec(prop::collection::vec(0.1_f64..1e4, 1..4), 1..5),
        turned in 0_usize..20,
    ) {
        let all: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        let samples = launches(&all);
        let mut rotated = samples.clone();
        rotated.rotate_left(turned % samples.len());
        let known = Known { launch: 0.1, block: 0.2 };
        prop_assert_eq!(
            of(&samples, Scale::Log, 1e-9, known),
            of(&rotated, Scale::Log, 1e-9, known)
        );
        let blocks: usize = by_launch(&samples, Scale::Log, 1e-9).iter().map(|launch| launch.blocks.len()).sum();
        prop_assert_eq!(blocks, samples.len());
    }
}
