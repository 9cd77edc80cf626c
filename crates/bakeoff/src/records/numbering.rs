//! How a folder numbers its records: digits of any width, behind a prefix such as `ADR-` or without one, with a date
//! instead, and in any kind of text file. The next record continues what the folder has.

/// File names that are texts; of others, such as pictures, the digits mean nothing.
const TEXTS: [&str; 11] = [
    "md", "markdown", "mdx", "adoc", "asciidoc", "asc", "rst", "txt", "org", "html", "tex",
];

/// Numbers below this have a successor of as many digits as are read; longer ones are dates, or are none.
const GREATEST: u32 = 999_999;

/// Prefixes that mean a record in any folder, in small letters.
const KNOWN: [&str; 9] = [
    "adr",
    "adrs",
    "dr",
    "rfc",
    "record",
    "records",
    "decision",
    "decisions",
    "proposal",
];

/// The form in which a folder's next record is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A number, behind this prefix, with at least this many digits.
    Number {
        prefix: String,
        number: u32,
        digits: usize,
    },
    /// A date, with this between year, month and day.
    Date { separator: &'static str },
}

impl Next {
    /// How the name of a record begins that has this number or was made on this day (`YYYY-MM-DD`).
    pub(super) fn beginning(&self, day: &str) -> String {
        match self {
            Next::Number {
                prefix,
                number,
                digits,
            } => format!("{prefix}{number:0digits$}"),
            Next::Date { separator } => day.replace('-', separator),
        }
    }
}

/// What stands at the beginning of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning<'n> {
    Number { prefix: &'n str, digits: &'n str },
    Date { separator: &'static str },
}

/// The form of the next record among these names: the number behind the highest, in the form of that one. A folder
/// without numbers whose records begin with dates has a date again, any other begins with 0001.
pub(super) fn next(names: &[String]) -> Next {
    let beginnings: Vec<Beginning<'_>> = names.iter().filter_map(|name| beginning(name)).collect();
    let prefixed_alike = |prefix: &str| {
        let alike = beginnings
            .iter()
            .filter(|other| matches!(other, Beginning::Number { prefix: its, .. } if *its == prefix));
        alike.count()
    };
    let plain = |prefix: &str| prefix.is_empty() || is_known(prefix);
    let has_plain = beginnings
        .iter()
        .any(|one| matches!(one, Beginning::Number { prefix, .. } if plain(prefix)));
    let numbers = beginnings.iter().filter_map(|one| match *one {
        // `UTF-8-everywhere.md` among numbered records is no number 8; `SEC-13-…` and `SEC-14-…` are numbers.
        Beginning::Number { prefix, digits } if plain(prefix) || !has_plain || prefixed_alike(prefix) > 1 => {
            Some((digits.parse::<u32>().ok()?, prefix, digits.len()))
                .filter(|(number, ..)| *number < GREATEST)
        }
        _ => None,
    });
    if let Some((highest, prefix, digits)) = numbers.max_by_key(|(number, ..)| *number) {
        return Next::Number {
            prefix: prefix.to_owned(),
            number: highest + 1,
            digits,
        };
    }
    match beginnings.last() {
        Some(Beginning::Date { separator }) => Next::Date { separator },
        _ => Next::Number {
            prefix: String::new(),
            number: 1,
            digits: 4,
        },
    }
}

fn beginning(name: &str) -> Option<Beginning<'_>> {
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if TEXTS.contains(&ending.to_lowercase().as_str()) => stem,
        Some(_) => return None,
        // A folder of a record, or a file without an ending.
        None => name,
    };
    let at = stem.find(|c: char| c.is_ascii_digit())?;
    let (prefix, rest) = stem.split_at(at);
    if prefix.is_empty()
        && let Some(separator) = date(rest)
    {
        return Some(Beginning::Date { separator });
    }
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let ends = rest[digits.len()..]
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric());
    let fits = digits.len() <= 6 && ends && (prefix.is_empty() || is_prefix(prefix));
    fits.then_some(Beginning::Number { prefix, digits })
}

/// Letters, and at most one character between them and the number. Small letters are a word of a title unless they mean
/// a record: `use-2-phases.md` has no number.
fn is_prefix(prefix: &str) -> bool {
    let letters = prefix.strip_suffix(['-', '_', ' ', '.']).unwrap_or(prefix);
    let is_word = !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphabetic());
    is_word && (is_known(prefix) || letters.chars().all(|c| c.is_ascii_uppercase()))
}

fn is_known(prefix: &str) -> bool {
    let letters = prefix.strip_suffix(['-', '_', ' ', '.']).unwrap_or(prefix);
    KNOWN.contains(&letters.to_lowercase().as_str())
}

/// The separator of a date at the beginning of a text: `2024-01-31`, `2024-01`, `2024_01_31`, `20240131`.
fn date(text: &str) -> Option<&'static str> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let is_end = |at: usize| !text[at..].starts_with(|c: char| c.is_ascii_digit());
    let is_month = |month: u32| (1..=12).contains(&month);
    number(0, 4).filter(|year| (1900..2200).contains(year))?;
    let separator = ["-", "_", "."]
        .into_iter()
        .find(|between| text[4..].starts_with(between));
    match separator {
        Some(separator) => (is_month(number(5, 7)?) && is_end(7)).then_some(separator),
        None => {
            let (month, day) = (number(4, 6)?, number(6, 8)?);
            (is_month(month) && (1..=31).contains(&day) && is_end(8)).then_some("")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_record_continues_the_folder() {
        let cases: [(&[&str], &str); 24] = [
            (&[], "0001"),
            (&["README.md", "adr-template.md", "template.md"], "0001"),
            (&["0007-use-postgresql.md", "0002-x.md"], "0008"),
            (&["2024-01-01-a.md", "2025-03-02-b.md"], "2026-11-30"),
            (&["20240101-a.md", "20260302-b.md"], "20261130"),
            (&["2024_01_a.md", "2025_02_b.md"], "2026_11_30"),
            (&["001-a.md", "012-b.md"], "013"),
            (&["ADR-0001-a.md", "ADR-0002-b.md"], "ADR-0003"),
            (&["adr_003_a.md"], "adr_004"),
            (&["ADR001-a.md"], "ADR002"),
            (&["ADR-0001-a.md", "0004-b.md"], "0005"),
            (&["A-13-a.md", "A-14-b.md"], "A-15"),
            (&["0005.md", "0006_x.md", "0007 y.md"], "0008"),
            (&["9999-a.md", "10000-b.md"], "10001"),
            (&["0010-z.md", "0011-y.adoc"], "0012"),
            (&["0009-x.rst", "0010-x.txt", "0031-diagram.png"], "0011"),
            // Titles with digits, years, languages, scripts, gaps and versions.
            (
                &["0001-a.md", "UTF-8-everywhere.md", "use-2-phases.md", "http2.md"],
                "0002",
            ),
            (&["0001-12-factor.md", "0003-2024-plan.md"], "0004"),
            (&["2024-in-review.md"], "2025"),
            (
                &["0002-titel.de.md", "0002-title.en.md", "0003-データ.md"],
                "0004",
            ),
            (&["0001-a.md", "0040-b.md"], "0041"),
            (&["7-x.md", "8-y.md", "9-z.md"], "10"),
            (&["0012-folder-of-a-record", "0011-a.md"], "0013"),
            (&["2024-01-01-a.md", "0003-b.md"], "0004"),
        ];
        for (names, expected) in cases {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(next(&names).beginning("2026-11-30"), expected, "{names:?}");
        }
    }
}
