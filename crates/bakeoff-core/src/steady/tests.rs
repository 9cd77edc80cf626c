//! Series with planted levels, slides, jumps and stalls, and what is found in them.

use super::{
    LARGEST_NOISE, LEAST_WINDOWS, NOISE_BEFOREHAND, changed_for_good, class, level, logs, noise_of, penalty,
    settled_from, stretches, windows_needed,
};
use crate::evidence::WarmClass;

/// Values on the levels, given as pairs of windows and value, with deterministic noise of this standard deviation.
fn planted(levels: &[(usize, f64)], share: f64) -> Vec<f64> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
    };
    levels
        .iter()
        .flat_map(|&(count, level)| std::iter::repeat_n(level, count))
        .map(|level| level * (share * uniform() * 3.0_f64.sqrt()).exp())
        .collect()
}

/// Every value a share dearer than the one before.
fn sliding(count: u32, share: f64) -> Vec<f64> {
    (0..count)
        .map(|at| 400.0 * (f64::from(at) * share).exp())
        .collect()
}

/// Series of CPU µs a request that were stored by runs of a version which took the noise from the series itself and
/// called each of them one level (Fastify, its twin, and Fastify again; the settled cost is 340 to 400).
const CALLED_ONE_LEVEL: [[f64; 5]; 3] = [
    [3241.0, 443.0, 462.0, 635.0, 285.0],
    [6892.0, 1962.0, 819.0, 637.0, 486.0],
    [2539.0, 606.0, 797.0, 387.0, 339.0],
];

#[test]
fn series_that_fall_by_ten_have_not_settled() {
    for series in CALLED_ONE_LEVEL {
        for noise in [0.05, NOISE_BEFOREHAND, 0.20, LARGEST_NOISE] {
            assert_eq!(
                class(&series, noise),
                WarmClass::NoSteadyState,
                "{series:?} at {noise}"
            );
        }
        // Not for their length alone: their last level has fewer windows than the four that were enough then.
        let logs = logs(&series);
        let starts = stretches(&logs, penalty(NOISE_BEFOREHAND, logs.len()));
        assert!(series.len() - starts[starts.len() - 1] < 4, "{starts:?}");
    }
}

#[test]
fn known_levels_are_found_where_they_begin() {
    let check = |levels: &[(usize, f64)], starts: &[usize]| {
        let logs = logs(&planted(levels, 0.05));
        assert_eq!(
            stretches(&logs, penalty(NOISE_BEFOREHAND, logs.len())),
            starts,
            "{levels:?}"
        );
    };
    check(&[(8, 100.0)], &[0]);
    check(&[(2, 400.0), (3, 200.0), (8, 100.0)], &[0, 2, 5]);
    check(&[(6, 100.0), (6, 170.0)], &[0, 6]);
    check(&[], &[]);
    check(&[(1, 7.0)], &[0]);
}

#[test]
fn a_series_settles_where_its_last_level_begins() {
    let check = |levels: &[(usize, f64)], noise: f64, from: Option<usize>| {
        assert_eq!(
            settled_from(&planted(levels, 0.05), noise),
            from,
            "{levels:?} at {noise}"
        );
    };
    check(&[(3, 200.0), (7, 100.0)], 0.10, Some(3));
    check(&[(7, 100.0)], 0.10, Some(0));
    check(&[(7, 200.0), (3, 100.0)], 0.10, None);
    // A larger noise needs more windows.
    check(&[(7, 100.0)], 0.20, None);
    check(&[(12, 100.0)], 0.20, Some(0));
    check(&[], 0.10, None);
}

#[test]
fn a_slow_slide_is_no_level() {
    for share in [-0.03, -0.02, 0.02, 0.03] {
        let slide = sliding(12, share);
        assert_eq!(
            class(&slide, NOISE_BEFOREHAND),
            WarmClass::NoSteadyState,
            "{share}"
        );
        assert_eq!(class(&slide, LARGEST_NOISE), WarmClass::NoSteadyState, "{share}");
    }
    // A trend of less than a twentieth is a level.
    assert_eq!(class(&sliding(12, 0.001), NOISE_BEFOREHAND), WarmClass::Flat);
}

#[test]
fn a_jump_after_a_pause_is_a_new_level() {
    let jumped = planted(&[(6, 400.0), (6, 170.0)], 0.05);
    assert_eq!(
        settled_from(&jumped, NOISE_BEFOREHAND),
        Some(6),
        "the level before the pause did not last"
    );
    let held = planted(&[(6, 400.0), (6, 410.0)], 0.05);
    assert_eq!(settled_from(&held, NOISE_BEFOREHAND), Some(0));
}

#[test]
fn the_class_is_the_direction_of_the_change() {
    let check = |levels: &[(usize, f64)], wanted: WarmClass| {
        assert_eq!(
            class(&planted(levels, 0.05), NOISE_BEFOREHAND),
            wanted,
            "{levels:?}"
        );
    };
    check(&[(1, 400.0), (2, 200.0), (7, 100.0)], WarmClass::Warm);
    check(&[(8, 100.0)], WarmClass::Flat);
    check(&[(4, 100.0), (7, 160.0)], WarmClass::SlowingDown);
    check(&[(6, 200.0), (2, 100.0)], WarmClass::NoSteadyState);
    check(&[(3, 100.0)], WarmClass::NoSteadyState);
    check(&[], WarmClass::NoSteadyState);
}

#[test]
fn noise_is_what_is_known_beforehand_until_windows_show_more() {
    assert!((noise_of(&[]) - NOISE_BEFOREHAND).abs() < 1e-12);
    let quiet = noise_of(&planted(&[(12, 400.0)], 0.01));
    assert!((0.03..0.07).contains(&quiet), "{quiet}");
    let loud = noise_of(&planted(&[(12, 400.0)], 0.25));
    assert!((0.15..0.30).contains(&loud), "{loud}");
    let after_a_jump = noise_of(&planted(&[(6, 2_000.0), (6, 400.0)], 0.03));
    assert!(after_a_jump < NOISE_BEFOREHAND, "{after_a_jump}");
}

#[test]
fn more_noise_needs_more_windows_within_limits() {
    assert_eq!(windows_needed(0.02), LEAST_WINDOWS);
    assert_eq!(windows_needed(NOISE_BEFOREHAND), LEAST_WINDOWS);
    assert_eq!(windows_needed(0.20), 11);
    assert_eq!(windows_needed(LARGEST_NOISE), 16);
}

#[test]
fn a_level_is_a_mean_that_one_slow_window_hardly_moves() {
    assert_eq!(level(&[]), None);
    let with_a_stall = level(&[100.0, 100.0, 100.0, 100.0, 100.0, 400.0]).unwrap();
    assert!((120.0..130.0).contains(&with_a_stall), "{with_a_stall}");
}

#[test]
fn few_values_change_level_only_when_it_is_certain_and_lasts() {
    let check = |values: &[f64], at: Option<usize>| {
        assert_eq!(changed_for_good(values, NOISE_BEFOREHAND), at, "{values:?}");
    };
    check(&[400.0, 410.0, 800.0, 790.0], Some(2));
    check(&[800.0, 410.0, 400.0], Some(1));
    check(&[400.0, 470.0, 380.0], None);
    // A disturbance, at the end and in between.
    check(&[400.0, 410.0, 390.0, 900.0], None);
    check(&[400.0, 410.0, 700.0, 390.0, 405.0], None);
    check(&[400.0, 800.0], None);
    check(&[400.0], None);
    check(&[], None);
}
