//! Each kind of number in its form, one table of cases each.

use super::{Quantity, count, duration_s, list, probability, score_difference, share, significant};
use super::{UNKNOWN, score, with_interval};

#[track_caller]
fn prose(value: f64, unit: &str, want: &str) {
    assert_eq!(Quantity::new(value, unit).in_prose(), want);
}

#[track_caller]
fn table(value: f64, unit: &str, want: &str) {
    assert_eq!(Quantity::new(value, unit).in_table(), want);
}

#[track_caller]
fn set(value: f64, unit: &str, want: &str) {
    assert_eq!(Quantity::new(value, unit).as_set(), want);
}

#[test]
fn quantities_in_sentences_have_two_digits_and_the_best_unit() {
    prose(347.2, "µs", "350 µs");
    prose(999.6, "µs", "1 ms");
    prose(1890.0, "µs", "1.9 ms");
    prose(0.412, "ms", "410 µs");
    prose(4999.0, "ms", "5 s");
    prose(70.0, "s", "70 s");
    prose(300.0, "s", "5 min");
    prose(291.0, "s", "4 min 50 s");
    prose(1234.0, "s", "21 min");
    prose(1000.0, "KB", "1 MB");
    prose(1024.0, "KB", "1 MB");
    prose(1536.0, "MB", "1.5 GB");
    prose(12.34, "KB", "12 KB");
    prose(0.5, "KB", "500 B");
    prose(0.833, "share", "83 %");
    prose(0.0041, "share", "0.41 %");
    prose(1.94, "×", "1.9 ×");
    prose(2480.0, "1/s", "2,500/s");
    prose(0.04567, "USD", "0.046 USD");
    prose(8345.0, "tokens", "8,345 tokens");
    prose(1.0, "packages", "1 package");
    prose(3.4, "requests", "3.4 requests");
    prose(0.0, "ms", "0 ms");
    prose(f64::NAN, "ms", UNKNOWN);
}

#[test]
fn quantities_in_tables_have_three_digits_and_their_own_unit() {
    table(0.6667, "share", "66.7 %");
    table(312.4, "1/s", "312/s");
    table(1234.0, "ms", "1,230 ms");
    table(4321.0, "tokens", "4,321 tokens");
    table(9.996, "ms", "10.0 ms");
    table(1.5e-9, "s", "1.50 × 10^-9 s");
    assert_eq!(Quantity::new(0.0123, "ms").difference(), "+0.0123 ms");
    assert_eq!(Quantity::new(-3.0, "ms").difference(), "-3.00 ms");
}

#[test]
fn values_that_a_person_set_stay_as_they_were_set() {
    set(512.0, "MB", "512 MB");
    set(2.5, "ms", "2.5 ms");
    set(1234.5, "1/s", "1,234.5/s");
    set(0.005, "USD", "0.005 USD");
    set(0.01, "share", "1 %");
    set(1.0 / 3.0, "USD", "0.333 USD");
}

#[test]
fn digits_are_significant_and_grouped() {
    let table = [
        (0.0, "0"),
        (0.012345, "0.0123"),
        (412.4, "412"),
        (1_234_567.0, "1,230,000"),
        (-1234.0, "-1,230"),
    ];
    for (value, expect) in table {
        assert_eq!(significant(value, 3), expect, "{value}");
    }
}

#[test]
fn simulated_probabilities_are_never_certain() {
    assert_eq!(probability(1.0), ">99 %");
    assert_eq!(probability(0.0), "<1 %");
    assert_eq!(probability(0.834), "83 %");
    assert_eq!(share(0.0), "0 %");
    assert_eq!(share(0.001), "<1 %");
    assert_eq!(score(0.5), "0.50");
    assert_eq!(score(-0.0), "0.00");
    assert_eq!(score_difference(0.0004), "<0.001");
    assert_eq!(score_difference(0.0123), "0.012");
}

#[test]
fn spans_are_given_in_seconds_minutes_and_hours() {
    assert_eq!(duration_s(4.21), "4.2 s");
    assert_eq!(duration_s(291.0), "4 min 51 s");
    assert_eq!(duration_s(7260.0), "2 h 1 min");
}

#[test]
fn lists_counts_and_intervals_read_as_english() {
    assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    assert_eq!(count(1, "block"), "1 block");
    assert_eq!(count(1200, "trial"), "1,200 trials");
    assert_eq!(with_interval(0.5, (0.4, 0.6), score), "0.50 (0.40 to 0.60)");
}
