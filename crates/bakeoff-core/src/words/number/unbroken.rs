//! Numbers that stay beside their units where a text is broken into lines, as a browser does it. Only texts for such a
//! place get these blanks: a terminal and files for programs have plain ones.

use std::borrow::Cow;

/// A blank at which no line ends (U+00A0).
const NO_BREAK: char = '\u{a0}';

/// What stands after a number and a blank, and belongs to it.
const UNITS: [&str; 11] = ["µs", "ms", "s", "min", "h", "B", "KB", "MB", "GB", "%", "×"];

/// The text, with a blank that does not break between each number and its unit.
#[must_use]
pub fn unbroken(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(' ') {
        let number = text[..at].ends_with(|c: char| c.is_ascii_digit());
        if number && begins_with_a_unit(&text[at + 1..]) {
            out.push_str(&text[from..at]);
            out.push(NO_BREAK);
            from = at + 1;
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

fn begins_with_a_unit(text: &str) -> bool {
    let is_part = |c: char| c.is_alphabetic() || "%×".contains(c);
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    UNITS.contains(&&text[..end])
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn a_number_keeps_its_unit_and_nothing_else() {
        for (text, expected) in [
            ("11 ms of 50 ms", "11~ms of 50~ms"),
            ("4 min 51 s, 83 %", "4~min 51~s, 83~%"),
            ("1.6 × as much", "1.6~× as much"),
            ("1 block, 2 sets", "1 block, 2 sets"),
            ("ms 3", "ms 3"),
            ("7", "7"),
        ] {
            assert_eq!(unbroken(text), expected.replace('~', "\u{a0}"), "{text}");
        }
    }
}
