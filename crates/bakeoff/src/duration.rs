//! Spans of time on the command line: `90s`, `5m`, `1h30m`, `500ms`. `jiff` reads them;
//! `bakeoff_core::words::number` has the form for sentences.

use jiff::SignedDuration;
use std::time::Duration;

/// Reads a text such as `90`, `90s`, `5m`, `1.5m`, `1h30m` or `500ms`; a bare number is in seconds.
///
/// # Errors
/// The text is not a span of time above zero.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    // jiff has no bare numbers, and scripts that call `--budget 90` must keep working.
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<SignedDuration>()
            .ok()
            .and_then(|span| span.try_into().ok()),
    };
    parsed
        .filter(|span| !span.is_zero())
        .ok_or_else(|| format!("`{text}` is not a span of time: write for example `90s`, `5m` or `1h30m`"))
}

/// The same in seconds.
///
/// # Errors
/// As [`parse`].
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    parse(text).map(|span| span.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::time::Duration;

    #[test]
    fn every_usual_form_is_read() {
        let cases = [
            ("90", 90_000),
            ("90s", 90_000),
            ("5m", 300_000),
            ("1.5m", 90_000),
            ("1h30m", 5_400_000),
            ("1h 30m", 5_400_000),
            ("4min", 240_000),
            ("500ms", 500),
        ];
        for (text, millis) in cases {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "m", "-5m", "5 apples", "0", "0s", "1.2.3s", "inf", "nan"] {
            assert!(
                parse(text).unwrap_err().contains("is not a span of time"),
                "{text}"
            );
        }
    }
}
