//! Numbers of a report as people read them: spans of time, rates, and percentiles only where enough responses lie
//! beyond them.

use hdrhistogram::Histogram;

/// Whether enough responses lie beyond a quantile for it to say something of the server: ten, or none are asked for,
/// because it is the least, the median or the greatest value.
pub(super) fn tells(histogram: &Histogram<u64>, quantile: f64) -> bool {
    const FEWEST: f64 = 10.0;
    let beyond = (1.0 - quantile) * histogram.len() as f64;
    // 0.99 of 1,000 leaves ten, and in binary a little less.
    !histogram.is_empty() && (quantile <= 0.5 || quantile == 1.0 || beyond + 1e-6 >= FEWEST)
}

pub(super) fn at(histogram: &Histogram<u64>, quantile: f64) -> String {
    if tells(histogram, quantile) {
        span(histogram.value_at_quantile(quantile) as f64)
    } else {
        "–".to_owned()
    }
}

pub(super) fn mean(histogram: &Histogram<u64>) -> String {
    if histogram.is_empty() {
        "–".to_owned()
    } else {
        span(histogram.mean())
    }
}

/// Microseconds with three digits, in the unit that gives the shortest number.
pub(super) fn span(us: f64) -> String {
    match us {
        us if us < 999.5 => format!("{us:.0} µs"),
        us if us < 999_500.0 => format!("{} ms", figure(us / 1e3)),
        us => format!("{} s", figure(us / 1e6)),
    }
}

/// A number with at least three digits, and only as many of them after the point as that takes.
pub(super) fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_have_three_digits_and_a_fitting_unit() {
        for (us, expected) in [
            (1.0, "1 µs"),
            (999.0, "999 µs"),
            (1_000.0, "1.00 ms"),
            (12_340.0, "12.3 ms"),
            (250_000.0, "250 ms"),
            (1_500_000.0, "1.50 s"),
        ] {
            assert_eq!(span(us), expected);
        }
    }
}
