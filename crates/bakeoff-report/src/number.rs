//! Numbers as a reader sees them: significant digits, units beside them, times humanised. Three digits in tables, two in
//! prose. Deliberately knows no metric: units come as texts.

/// `value` with so many significant digits, thousands grouped by commas; `–` when it is not a number.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-6..15).contains(&exponent) {
        return format!("{mantissa} × 10^{exponent}");
    }
    let rounded: f64 = scientific.parse().unwrap_or(value);
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    grouped(&format!("{rounded:.decimals$}"))
}

/// `value` as it is, with at most six decimals and no trailing zeros.
pub(crate) fn exact(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    grouped(if text == "-0" { "0" } else { text })
}

/// A count, thousands grouped.
pub(crate) fn count(value: u64) -> String {
    grouped(&value.to_string())
}

fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A value of a table: three digits, the unit beside it, never rescaled, so that a column compares.
pub(crate) fn in_table(value: f64, unit: &str) -> String {
    match unit {
        "share" => format!("{} %", bare(value, unit)),
        _ => with_unit(&bare(value, unit), unit),
    }
}

/// The same without its unit: for columns and axes that name it once.
pub(crate) fn bare(value: f64, unit: &str) -> String {
    match unit {
        "share" => significant(value * 100.0, 3),
        _ if is_count(unit) && value.fract() == 0.0 => exact(value),
        _ => significant(value, 3),
    }
}

/// Whether a unit counts things: then a whole number is exact, and none of its digits is rounded away.
pub(crate) fn is_count(unit: &str) -> bool {
    matches!(unit, "packages" | "tokens" | "points" | "names" | "requests")
}

/// A value that was set rather than measured, as `25 ms`: three digits at most, no trailing zeros.
pub(crate) fn level(value: f64, unit: &str) -> String {
    match unit {
        "share" => format!("{} %", tick(value, unit)),
        _ => with_unit(&tick(value, unit), unit),
    }
}

/// The same without its unit.
pub(crate) fn tick(value: f64, unit: &str) -> String {
    let text = bare(value, unit);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A value of a sentence: two digits, times and sizes in the unit that reads best.
pub(crate) fn in_prose(value: f64, unit: &str) -> String {
    let (value, unit) = match unit {
        "µs" if value >= 1e6 => (value / 1e6, "s"),
        "µs" if value >= 1e3 => (value / 1e3, "ms"),
        "ms" if value >= 1e3 => (value / 1e3, "s"),
        "ms" if value > 0.0 && value < 1.0 => (value * 1e3, "µs"),
        "KB" if value >= 1024.0 => (value / 1024.0, "MB"),
        "MB" if value >= 1024.0 => (value / 1024.0, "GB"),
        "share" => return format!("{} %", significant(value * 100.0, 2)),
        other => (value, other),
    };
    if unit == "s" && value >= 100.0 {
        return duration_s(value);
    }
    with_unit(&significant(value, 2), unit)
}

fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" | "–" => number.to_owned(),
        "1/s" => format!("{number}/s"),
        _ => format!("{number} {unit}"),
    }
}

/// A simulated probability in whole percent: what was simulated is never certain, so the ends are `<1 %` and `>99 %`.
pub(crate) fn probability(p: f64) -> String {
    match p {
        p if p < 0.005 => "<1 %".to_owned(),
        p if p > 0.995 => ">99 %".to_owned(),
        p => part(p),
    }
}

/// A part of a whole in whole percent: a weight, a share of the traffic.
pub(crate) fn part(share: f64) -> String {
    if share.is_finite() {
        format!("{:.0} %", share * 100.0)
    } else {
        "–".to_owned()
    }
}

/// A score, 0 to 1, with two decimals.
pub(crate) fn score(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.2}")
    } else {
        "–".to_owned()
    }
}

/// A span of time in seconds, as `4 min 51 s`.
pub(crate) fn duration_s(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "–".to_owned();
    }
    if seconds < 60.0 {
        return format!("{} s", significant(seconds, 2));
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes, rest) {
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration_s, exact, in_prose, in_table, level, part, probability, significant};

    #[test]
    fn digits_are_significant_and_grouped() {
        let table = [
            (0.0, "0"),
            (9.996, "10.0"),
            (0.012345, "0.0123"),
            (412.4, "412"),
            (1234.0, "1,230"),
            (1_234_567.0, "1,230,000"),
            (-1234.0, "-1,230"),
            (f64::NAN, "–"),
            (1.5e-9, "1.50 × 10^-9"),
        ];
        for (value, expect) in table {
            assert_eq!(significant(value, 3), expect, "{value}");
        }
    }

    #[test]
    fn units_stand_beside_numbers() {
        assert_eq!(in_table(0.6667, "share"), "66.7 %");
        assert_eq!(in_table(312.4, "1/s"), "312/s");
        assert_eq!(in_prose(1234.0, "ms"), "1.2 s");
        assert_eq!(in_prose(0.412, "ms"), "410 µs");
        assert_eq!(in_prose(300.0, "s"), "5 min");
        assert_eq!(exact(4321.5), "4,321.5");
        assert_eq!(in_table(4321.0, "tokens"), "4,321 tokens");
        assert_eq!(level(25.0, "ms"), "25 ms");
        assert_eq!(level(0.005, "USD"), "0.005 USD");
    }

    #[test]
    fn what_was_simulated_is_never_certain() {
        assert_eq!(probability(1.0), ">99 %");
        assert_eq!(probability(0.0), "<1 %");
        assert_eq!(probability(0.834), "83 %");
        assert_eq!(part(0.0), "0 %");
    }

    #[test]
    fn spans_are_humanised() {
        assert_eq!(duration_s(4.21), "4.2 s");
        assert_eq!(duration_s(291.0), "4 min 51 s");
        assert_eq!(duration_s(7260.0), "2 h 1 min");
    }
}
