//! A TOML text in which every word knows its place, so that errors in briefs, scenarios and manifests point at their
//! line. It knows nothing of the words' meaning.

use crate::diagnostic::{Diagnostic, Place, nearest};
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text that is TOML, and the name under which the user gave it.
#[derive(Debug, Clone)]
pub(crate) struct Document<'t> {
    /// The document's name as the user gave it.
    pub(crate) file: &'t str,
    /// The whole text.
    pub(crate) text: &'t str,
    /// The outermost table.
    pub(crate) root: Spanned<DeTable<'t>>,
}

/// One step of the way to a value: a key of a table, or an index of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'p> {
    /// A key.
    Key(&'p str),
    /// An index, counted from 0.
    At(usize),
}

impl<'t> Document<'t> {
    /// Reads the form. An error stands where the text stops being TOML.
    pub(crate) fn parse(text: &'t str, file: &'t str) -> Result<Document<'t>, Diagnostic> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Document { file, text, root }),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                Err(at(
                    text,
                    file,
                    span,
                    format!("not TOML: {}", one_line(error.message())),
                    None,
                ))
            }
        }
    }

    /// The document as a type, or the first thing that does not fit.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, Diagnostic> {
        toml::from_str(self.text).map_err(|error| {
            let message = one_line(error.message());
            let span = error.span().unwrap_or(0..0);
            let hint = hint_of(&message);
            let (message, hint) = match in_words(&message, self.key_before(span.start)) {
                Some((message, way_out)) => (message, hint.or(way_out)),
                None => (message, hint),
            };
            self.wrong(span, message, hint)
        })
    }

    /// The key whose value begins at a byte, if it stands on the same line.
    fn key_before(&self, start: usize) -> Option<&str> {
        let before = self.text.get(..start)?;
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let before_value = line.trim_end().strip_suffix('=')?.trim_end();
        let begin = before_value.rfind(['{', ',', ' ', '\t']).map_or(0, |at| at + 1);
        Some(before_value[begin..].trim_matches(['"', '\''])).filter(|key| !key.is_empty())
    }

    /// An error about the bytes of `span`.
    pub(crate) fn wrong(&self, span: Range<usize>, message: String, hint: Option<String>) -> Diagnostic {
        at(self.text, self.file, span, message, hint)
    }

    /// Where the value at the end of `way` stands, or the longest beginning of the way that exists.
    pub(crate) fn span(&self, way: &[Step<'_>]) -> Range<usize> {
        let Some((Step::Key(first), rest)) = way.split_first() else {
            return 0..0;
        };
        let Some(mut value) = self.root.get_ref().get(*first) else {
            return 0..0;
        };
        for step in rest {
            let next = match (step, value.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => table.get(*key),
                (Step::At(index), DeValue::Array(list)) => list.get(*index),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        value.span()
    }
}

fn at(text: &str, file: &str, span: Range<usize>, message: String, hint: Option<String>) -> Diagnostic {
    Diagnostic {
        message,
        file: file.to_owned(),
        place: Some(Place::of(text, span.start, span.end)),
        hint,
    }
}

/// The parser's message, which may have several lines, as one sentence.
fn one_line(message: &str) -> String {
    message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// The parser's message without the names of its types, and a way out where one is known: a value of another kind, a
/// word that is none of the possible ones, a number that none can hold.
fn in_words(message: &str, key: Option<&str>) -> Option<(String, Option<String>)> {
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (given, possible) = rest.split_once(", expected ")?;
        let possible = possible.strip_prefix("one of ").unwrap_or(possible);
        let possible = match possible.rsplit_once(", ") {
            Some((others, last)) => format!("{others} or {last}"),
            None => possible.to_owned(),
        };
        return Some((format!("`{}` is {possible}, not {given}", key?), None));
    }
    if message == "wanted string or table" {
        return Some((format!("`{}` must be a text", key?), None));
    }
    let (given, wanted) = message
        .strip_prefix("invalid type: ")?
        .split_once(", expected ")?;
    let this = key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
    if let Some((digits, _)) = given
        .strip_prefix("integer ")
        .and_then(|rest| rest.split_once(" as "))
    {
        let way_out = format!("write it with a point: {}.0", digits.trim_matches('`'));
        return Some((
            format!("{this} is a whole number that is too large: {digits}"),
            Some(way_out),
        ));
    }
    Some((
        format!("{this} must be {}, not {}", kind_of(wanted), kind_of(given)),
        None,
    ))
}

/// A kind of value in words, with the value where the parser tells it.
fn kind_of(told: &str) -> String {
    const KINDS: [(&str, &str); 14] = [
        ("string", "the text"),
        ("a string", "a text"),
        ("integer", "the number"),
        ("floating point", "the number"),
        ("boolean", "the truth value"),
        ("a boolean", "`true` or `false`"),
        ("sequence", "a list"),
        ("a sequence", "a list"),
        ("map", "a table"),
        ("a map", "a table"),
        ("f64", "a number"),
        ("u32", "a whole number of 0 or more"),
        ("u64", "a whole number of 0 or more"),
        ("i64", "a whole number"),
    ];
    let (kind, value) = match told.find(['`', '"']) {
        Some(at) => (told[..at].trim_end(), &told[at..]),
        None => (told, ""),
    };
    let words = KINDS.iter().find(|(theirs, _)| *theirs == kind);
    match words {
        Some((_, words)) if value.is_empty() => (*words).to_owned(),
        Some((_, words)) => format!("{words} {value}"),
        None if told.starts_with("struct ") => "a table".to_owned(),
        None => told.to_owned(),
    }
}

/// The nearest of the words that an "unknown field `x`, expected one of `a`, `b`" lists.
fn hint_of(message: &str) -> Option<String> {
    let (unknown, expected) = message.strip_prefix("unknown ")?.split_once(", expected ")?;
    let quoted = |text: &'_ str| {
        text.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let known = quoted(expected);
    nearest(quoted(unknown).first()?, known.iter().map(String::as_str))
        .map(|word| format!("did you mean `{word}`?"))
}

/// The names that stand in braces in a template.
pub(crate) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(is_name)
}
