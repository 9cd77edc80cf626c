//! Lengths of time as people write them: `90s`, `5m`, `1h30m`. Deliberately no dates.

/// Seconds of a text such as `90`, `90s`, `5m`, `1.5m` or `1h30m`.
///
/// # Errors
/// Why the text is no length of time, in words.
pub(crate) fn parse(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no length of time: write `90s`, `5m` or `1h30m`");
    let mut total = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let value: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        let after = &rest[digits..];
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        total += value
            * match &after[..unit] {
                "" | "s" => 1.0,
                "m" | "min" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = &after[unit..];
    }
    if total > 0.0 { Ok(total) } else { Err(wrong()) }
}

/// Seconds in words: `48 s`, `4 min 12 s`, `1 h 05 min`.
#[must_use]
pub(crate) fn words(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 if whole.is_multiple_of(60) => format!("{} min", whole / 60),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

/// Seconds as one gives them to an option: `90s`, `6m`, `6m30s`.
#[must_use]
pub(crate) fn argument(seconds: f64) -> String {
    let whole = seconds.max(1.0).ceil() as u64;
    match (whole / 60, whole % 60) {
        (0, s) => format!("{s}s"),
        (m, 0) => format!("{m}m"),
        (m, s) => format!("{m}m{s}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{argument, parse, words};

    #[test]
    fn an_argument_is_read_as_what_it_was() {
        for (seconds, text) in [(45.0, "45s"), (360.0, "6m"), (390.0, "6m30s"), (5_400.0, "90m")] {
            assert_eq!(argument(seconds), text);
            assert_eq!(parse(text), Ok(seconds));
        }
    }

    #[test]
    fn reads_what_people_write() {
        let cases = [
            ("90", 90.0),
            ("90s", 90.0),
            ("5m", 300.0),
            ("1.5m", 90.0),
            ("1h30m", 5400.0),
            ("4min", 240.0),
        ];
        for (text, seconds) in cases {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
        for text in ["", "m", "-5m", "5 apples", "0", "1.2.3s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn says_it_in_words() {
        let cases = [
            (0.0, "0 s"),
            (48.2, "48 s"),
            (240.0, "4 min"),
            (252.0, "4 min 12 s"),
            (3900.0, "1 h 05 min"),
        ];
        for (seconds, text) in cases {
            assert_eq!(words(seconds), text);
        }
    }
}
