//! Numbers for reading: two significant digits, a unit that fits the size, probabilities that never pretend to certainty. Deliberately for prose only:
//! tables show three digits and their unit in the head.

/// A value with its unit, humanised; `currency` is the word for the unit `currency`.
#[must_use]
pub fn quantity(value: f64, unit: &str, currency: &str) -> String {
    match unit {
        "µs" if value.abs() >= 1e3 => quantity(value / 1e3, "ms", currency),
        "ms" if value.abs() >= 1e3 => quantity(value / 1e3, "s", currency),
        "ms" if value != 0.0 && value.abs() < 0.1 => quantity(value * 1e3, "µs", currency),
        "s" if value.abs() >= 120.0 => format!("{} minutes", digits(value / 60.0)),
        "KB" if value.abs() >= 1e3 => quantity(value / 1e3, "MB", currency),
        "MB" if value.abs() >= 1e3 => quantity(value / 1e3, "GB", currency),
        "share" => share(value),
        "×" => format!("{} ×", digits(value)),
        "1/s" => format!("{} a second", digits(value)),
        "currency" => format!("{} {currency}", digits(value)),
        "packages" | "tokens" | "points" | "names" => {
            format!("{} {}", grouped(value.round()), counted(value, unit))
        }
        "" => digits(value),
        unit => format!("{} {unit}", digits(value)),
    }
}

fn counted(value: f64, unit: &str) -> &str {
    if value.round() == 1.0 {
        unit.trim_end_matches('s')
    } else {
        unit
    }
}

/// Two significant digits, thousands grouped.
#[must_use]
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            "unknown".to_owned()
        };
    }
    let magnitude = value.abs().log10().floor() as i32;
    let unit = 10_f64.powi(magnitude - 1);
    let rounded = (value / unit).round() * unit;
    let magnitude = rounded.abs().log10().floor() as i32;
    let decimals = usize::try_from(1 - magnitude).unwrap_or(0);
    if decimals == 0 {
        return grouped(rounded);
    }
    let text = format!("{rounded:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number with its thousands grouped.
#[must_use]
pub fn grouped(value: f64) -> String {
    let plain = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// A number as somebody stated it: no digit lost, thousands grouped.
#[must_use]
pub fn stated(value: f64) -> String {
    if value.fract() == 0.0 {
        grouped(value)
    } else {
        value.to_string()
    }
}

/// A limit or another end that somebody set, with its unit: whole numbers as they were set, others humanised.
#[must_use]
pub fn limit(value: f64, unit: &str, currency: &str) -> String {
    let plain = value.fract() == 0.0 && value.abs() < 1e5 && ["µs", "ms", "s", "KB", "MB"].contains(&unit);
    if plain {
        format!("{} {unit}", grouped(value))
    } else {
        quantity(value, unit, currency)
    }
}

/// A small part of the value scale, which is not told finer than a thousandth.
#[must_use]
pub fn part_of_value(value: f64) -> String {
    if value.abs() < 0.001 {
        "under 0.001".to_owned()
    } else {
        digits(value)
    }
}

/// A probability: what was simulated is never certain, so the ends are `under 1 %` and `over 99 %`.
#[must_use]
pub fn probability(p: f64) -> String {
    if p < 0.005 {
        "under 1 %".to_owned()
    } else if p > 0.995 {
        "over 99 %".to_owned()
    } else {
        share(p)
    }
}

/// A share of a whole in percent.
#[must_use]
pub fn share(value: f64) -> String {
    format!("{:.0} %", value * 100.0)
}

/// A score or a value between 0 and 1, with two decimals.
#[must_use]
pub fn score(value: f64) -> String {
    format!("{value:.2}")
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 block`, `2 blocks`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{} {one}s", grouped(number as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::{count, digits, limit, list, probability, quantity};

    #[track_caller]
    fn check(value: f64, unit: &str, want: &str) {
        assert_eq!(quantity(value, unit, "USD"), want);
    }

    #[test]
    fn quantities_read_well() {
        check(347.2, "µs", "350 µs");
        check(1890.0, "µs", "1.9 ms");
        check(0.0123, "ms", "12 µs");
        check(4999.0, "ms", "5 s");
        check(300.0, "s", "5 minutes");
        check(1536.0, "MB", "1.5 GB");
        check(12.34, "KB", "12 KB");
        check(0.833, "share", "83 %");
        check(1.94, "×", "1.9 ×");
        check(2480.0, "1/s", "2,500 a second");
        check(0.04567, "currency", "0.046 USD");
        check(8345.0, "tokens", "8,345 tokens");
        check(1.0, "packages", "1 package");
    }

    #[test]
    fn limits_stay_as_they_were_set() {
        assert_eq!(limit(512.0, "MB", ""), "512 MB");
        assert_eq!(limit(2.5, "ms", ""), "2.5 ms");
        assert_eq!(limit(0.03126, "currency", "USD"), "0.031 USD");
    }

    #[test]
    fn two_digits_survive_rounding_up() {
        assert_eq!(digits(99.7), "100");
        assert_eq!(digits(0.0996), "0.1");
        assert_eq!(digits(9.96), "10");
        assert_eq!(digits(1_234_567.0), "1,200,000");
        assert_eq!(digits(-3.54159), "-3.5");
        assert_eq!(digits(0.0), "0");
    }

    #[test]
    fn nothing_simulated_is_certain() {
        assert_eq!(probability(0.0), "under 1 %");
        assert_eq!(probability(1.0), "over 99 %");
        assert_eq!(probability(0.834), "83 %");
    }

    #[test]
    fn lists_and_counts() {
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(count(1, "block"), "1 block");
        assert_eq!(count(1200, "trial"), "1,200 trials");
    }
}
