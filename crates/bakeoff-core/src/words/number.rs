//! Numbers as a reader sees them. Every number of the terminal, the page and the record is written here, so a quantity
//! looks the same everywhere.
//!
//! | kind | form | function |
//! |---|---|---|
//! | measured, in a sentence | two digits, in the unit that reads best: `410 µs`, `1.5 GB` | [`Quantity::in_prose`] |
//! | measured, in a table | three digits, never rescaled: `1,230 ms` | [`Quantity::in_table`] |
//! | set by a person | as it was set: `512 MB`, `2.5 ms` | [`Quantity::as_set`] |
//! | span of time | `4.2 s`, `4 min 51 s`, `2 h 1 min` | [`duration_s`] |
//! | simulated probability | whole percent, never certain: `<1 %`, `83 %`, `>99 %` | [`probability`] |
//! | weight, part of a whole | whole percent: `0 %`, `<1 %`, `41 %` | [`share`] |
//! | score, 0 to 1 | two decimals: `0.83` | [`score`] |
//! | difference of scores | two digits, at least a thousandth: `0.012`, `<0.001` | [`score_difference`] |
//! | count | exact, with its noun: `1 block`, `1,200 trials` | [`count`], [`grouped`] |
//!
//! Prefixes are decimal: a MB is 10⁶ bytes, a GB is 1,000 MB. What is no number is `–`. This module knows units but no
//! metric: the unit comes as the text of the metric's row, a currency as its code.

mod unbroken;

pub use unbroken::unbroken;

use std::fmt::Display;

/// What stands in place of a number that is not known.
pub const UNKNOWN: &str = "–";

/// Units that measure the same, each a thousand times the one before.
const LADDERS: [&[&str]; 2] = [&["µs", "ms", "s"], &["B", "KB", "MB", "GB"]];

/// Units that count things: a whole number of them is exact and never rounded.
const COUNTS: [&str; 8] = [
    "packages",
    "tokens",
    "points",
    "names",
    "requests",
    "clients",
    "procs",
    "statements",
];

/// From this many seconds on a sentence gives a time in minutes and hours.
const MINUTES_FROM_S: f64 = 100.0;

/// A value with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity<'a> {
    /// In `unit`.
    pub value: f64,
    /// As in [`crate::metric::Metric::unit`]: `ms`, `MB`, `share` (0 to 1), `×`, `1/s`, a counted noun, the code of a
    /// currency, or nothing.
    pub unit: &'a str,
}

impl<'a> Quantity<'a> {
    /// `value` in `unit`.
    #[must_use]
    pub const fn new(value: f64, unit: &'a str) -> Quantity<'a> {
        Quantity { value, unit }
    }

    /// For a sentence: two significant digits, times and sizes in the unit that reads best.
    #[must_use]
    pub fn in_prose(self) -> String {
        let Quantity { value, unit } = self.readable();
        if unit == "s" && value.abs() >= MINUTES_FROM_S {
            return about_duration_s(value);
        }
        let number = match unit {
            "share" => significant(value * 100.0, 2),
            _ if self.is_whole_count() => exact(value),
            _ => significant(value, 2),
        };
        Quantity { value, unit }.beside(trimmed(&number))
    }

    /// For a table: three significant digits with the unit beside them, never rescaled.
    #[must_use]
    pub fn in_table(self) -> String {
        self.beside(&self.bare())
    }

    /// The same without the unit, for columns and axes that name it once.
    #[must_use]
    pub fn bare(self) -> String {
        match self.unit {
            "share" => significant(self.value * 100.0, 3),
            _ if self.is_whole_count() => exact(self.value),
            _ => significant(self.value, 3),
        }
    }

    /// A value that a person set, or the end of a scale: as it was set, where it was computed three significant digits.
    #[must_use]
    pub fn as_set(self) -> String {
        self.beside(&self.as_set_bare())
    }

    /// The same without the unit, for the ticks of an axis.
    #[must_use]
    pub fn as_set_bare(self) -> String {
        match self.unit {
            "share" => as_set(self.value * 100.0),
            _ => as_set(self.value),
        }
    }

    /// A difference, for a table: with its sign.
    #[must_use]
    pub fn difference(self) -> String {
        let sign = if self.value > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.in_table())
    }

    /// The number's text with this unit beside it.
    fn beside(self, number: &str) -> String {
        match self.unit {
            _ if number == UNKNOWN => UNKNOWN.to_owned(),
            "" | UNKNOWN => number.to_owned(),
            "1/s" => format!("{number}/s"),
            "share" => format!("{number} %"),
            unit if is_count(unit) && number == "1" => format!("1 {}", unit.trim_end_matches('s')),
            unit => format!("{number} {unit}"),
        }
    }

    fn is_whole_count(self) -> bool {
        is_count(self.unit) && self.value.fract() == 0.0
    }

    /// The same quantity in the unit in which its two digits lie between 1 and 1,000, as far as the ladder goes.
    fn readable(self) -> Quantity<'a> {
        let step = |ladder: &&'static [&'static str]| {
            let at = ladder.iter().position(|unit| *unit == self.unit)?;
            Some((*ladder, at))
        };
        let Some((ladder, mut at)) = LADDERS.iter().find_map(step) else {
            return self;
        };
        let mut value = self.value;
        // The rounded value decides: 999.6 µs is 1 ms and not 1,000 µs.
        while rounded(value, 2).abs() >= 1e3 && at + 1 < ladder.len() {
            (value, at) = (value / 1e3, at + 1);
        }
        while value != 0.0 && rounded(value, 2).abs() < 1.0 && at > 0 {
            (value, at) = (value * 1e3, at - 1);
        }
        Quantity::new(value, ladder[at])
    }
}

/// Whether a unit counts things.
#[must_use]
pub fn is_count(unit: &str) -> bool {
    COUNTS.contains(&unit)
}

/// `value (low to high)`, each written by `text`.
#[must_use]
pub fn with_interval(value: f64, (low, high): (f64, f64), text: impl Fn(f64) -> String) -> String {
    format!("{} ({} to {})", text(value), text(low), text(high))
}

/// A simulated probability in whole percent: a simulation never proves certainty, so the ends are `<1 %` and `>99 %`.
#[must_use]
pub fn probability(p: f64) -> String {
    if p > 0.995 {
        ">99 %".to_owned()
    } else if p < 0.005 {
        "<1 %".to_owned()
    } else {
        share(p)
    }
}

/// A part of a whole, 0 to 1, in whole percent: a weight, a share of the traffic.
#[must_use]
pub fn share(part: f64) -> String {
    if !part.is_finite() {
        UNKNOWN.to_owned()
    } else if part > 0.0 && part < 0.005 {
        "<1 %".to_owned()
    } else {
        format!("{:.0} %", part * 100.0)
    }
}

/// A score, 0 to 1, with two decimals.
#[must_use]
pub fn score(value: f64) -> String {
    if value.is_finite() {
        let text = format!("{value:.2}");
        // A value function that falls has a zero with a sign at its worst end.
        if text == "-0.00" { "0.00".to_owned() } else { text }
    } else {
        UNKNOWN.to_owned()
    }
}

/// A difference of scores, or an expected loss of score: no finer than a thousandth, which is already less than any
/// measurement of a run can show.
#[must_use]
pub fn score_difference(value: f64) -> String {
    if value.abs() < 0.001 {
        "<0.001".to_owned()
    } else {
        trimmed(&significant(value, 2)).to_owned()
    }
}

/// A span of time in seconds, exact to the second: `4.2 s`, `4 min 51 s`, `2 h 1 min`.
#[must_use]
pub fn duration_s(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return UNKNOWN.to_owned();
    }
    if seconds < 60.0 {
        return format!("{} s", trimmed(&significant(seconds, 2)));
    }
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// The same for an estimate, in steps of ten seconds, a minute or ten minutes, whichever is near two digits.
fn about_duration_s(seconds: f64) -> String {
    let step = match seconds.abs() {
        s if s < 600.0 => 10.0,
        s if s < 6_000.0 => 60.0,
        _ => 600.0,
    };
    duration_s((seconds / step).round() * step)
}

/// A whole number, thousands grouped.
#[must_use]
pub fn grouped(number: u64) -> String {
    grouped_text(&number.to_string())
}

/// `1 block`, `2 blocks`, `1,200 blocks`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(number as u64))
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list<T: Display>(parts: &[T]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.to_string(),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(T::to_string).collect();
            format!("{} and {last}", most.join(", "))
        }
    }
}

/// `value` with that number of significant digits, trailing zeros kept, thousands grouped.
fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
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
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    grouped_text(&format!("{:.decimals$}", rounded(value, digits)))
}

/// `value` rounded to that number of significant digits.
fn rounded(value: f64, digits: usize) -> f64 {
    // Through text, since a power of ten is no binary number and a product with it would round twice.
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    scientific.parse().unwrap_or(value)
}

fn as_set(value: f64) -> String {
    // People write few digits; a product of two written numbers has up to seventeen.
    const WRITTEN_DIGITS: usize = 6;
    let shortest = format!("{value:e}");
    let digits = shortest.split('e').next().map_or(0, |mantissa| {
        mantissa.chars().filter(char::is_ascii_digit).count()
    });
    if value.fract() == 0.0 || digits <= WRITTEN_DIGITS {
        exact(value)
    } else {
        trimmed(&significant(value, 3)).to_owned()
    }
}

/// `value` with all of its digits, thousands grouped.
fn exact(value: f64) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    let text = value.to_string();
    grouped_text(if text == "-0" { "0" } else { &text })
}

/// Without zeros at the end of a fraction.
fn trimmed(text: &str) -> &str {
    if text.contains('.') && !text.contains('×') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

fn grouped_text(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let whole_len = digits.find('.').unwrap_or(digits.len());
    let (whole, fraction) = digits.split_at(whole_len);
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole_len - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

#[cfg(test)]
mod tests;
