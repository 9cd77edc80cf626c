//! Reads values from the tables of a brief and collects all errors, so that a user sees every mistake at once. It
//! knows no key of a brief: each section names its own.

use crate::diagnostic::{Diagnostic, Place, nearest};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of the brief, its name as it stands in square brackets, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Section<'d> {
    /// `[load]`, or `the brief` for the outermost.
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// What stands in it.
    pub(super) table: &'d DeTable<'d>,
}

/// What a number must be, as a test and in the words that follow "must be".
pub(super) struct Within {
    /// Whether a number is that.
    pub(super) holds: fn(f64) -> bool,
    /// The same in words.
    pub(super) words: &'static str,
}

/// Collects what is wrong.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    file: &'t str,
    found: Vec<(usize, Diagnostic)>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, file: &'t str) -> Reader<'t> {
        Reader {
            text,
            file,
            found: Vec::new(),
        }
    }

    /// Everything that is wrong, in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|(at, _)| *at);
        self.found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    /// Notes an error about the bytes of `span`.
    pub(super) fn wrong(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        let place = Place::of(self.text, span.start, span.end);
        let diagnostic = Diagnostic {
            message: message.into(),
            file: self.file.to_owned(),
            place: Some(place),
            hint: hint.into(),
        };
        self.found.push((span.start, diagnostic));
    }

    /// Notes a word that is not one of `known`; `list` says how to see them all.
    pub(super) fn unknown(&mut self, kind: &str, word: &Spanned<String>, known: &[&str], list: &str) {
        let name = word.get_ref();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? {list}"),
            None => list.to_owned(),
        };
        self.wrong(word.span(), format!("unknown {kind} `{name}`"), hint);
    }

    /// Notes every word that stands there a second time.
    pub(super) fn distinct(&mut self, kind: &str, words: &[Spanned<String>]) {
        for (index, word) in words.iter().enumerate() {
            if words[..index]
                .iter()
                .any(|earlier| earlier.get_ref() == word.get_ref())
            {
                let message = format!("the {kind} `{}` is listed twice", word.get_ref());
                self.wrong(word.span(), message, "remove one of the two".to_owned());
            }
        }
    }

    /// Notes every word that is not known.
    pub(super) fn all_known(&mut self, kind: &str, words: &[Spanned<String>], known: &[String], list: &str) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for word in words {
            if !known.contains(&word.get_ref().as_str()) {
                self.unknown(kind, word, &known, list);
            }
        }
    }

    /// Notes every key of the section that is not one of `known`.
    pub(super) fn keys(&mut self, section: &Section<'_>, known: &[&str]) {
        for (key, _) in section.table {
            let word = Spanned::new(key.span(), key.get_ref().to_string());
            if !known.contains(&word.get_ref().as_str()) {
                self.unknown(
                    &format!("key of {},", section.name),
                    &word,
                    known,
                    &listed("it may have", known),
                );
            }
        }
    }

    /// Notes that a required key is missing; `example` is how it is written.
    pub(super) fn missing(&mut self, section: &Section<'_>, key: &str, example: &str) {
        self.wrong(
            section.span.clone(),
            format!("{} has no `{key}`", section.name),
            format!("write for example `{example}`"),
        );
    }

    /// Whether the section has the key; if not, that is noted, but for a key that is misspelt: that is noted as such.
    pub(super) fn require(&mut self, section: &Section<'_>, key: &str, example: &str) -> bool {
        let there = section.table.contains_key(key);
        let misspelt = section
            .table
            .keys()
            .any(|found| nearest(found.get_ref(), [key]).is_some());
        if !there && !misspelt {
            self.missing(section, key, example);
        }
        there
    }

    /// The table of that key.
    pub(super) fn section<'d>(&mut self, parent: &Section<'d>, key: &str) -> Option<Section<'d>> {
        let value = parent.table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Section {
                name: format!("[{key}]"),
                span: value.span(),
                table,
            }),
            _ => self.not(key, "a table", value),
        }
    }

    /// The text of that key.
    pub(super) fn word(&mut self, section: &Section<'_>, key: &str) -> Option<Spanned<String>> {
        let value = section.table.get(key)?;
        self.word_of(key, value)
    }

    /// A value as a text.
    pub(super) fn word_of(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.to_string())),
            _ => self.not(key, "a text in quotes", value),
        }
    }

    /// The texts of the list of that key; empty when there is none.
    pub(super) fn words(&mut self, section: &Section<'_>, key: &str) -> Vec<Spanned<String>> {
        let list = self
            .list(section, key, "a list of texts in quotes")
            .unwrap_or(&[]);
        list.iter()
            .filter_map(|value| self.word_of(&format!("each entry of {key}"), value))
            .collect()
    }

    /// The values of the list of that key.
    pub(super) fn list<'d>(
        &mut self,
        section: &Section<'d>,
        key: &str,
        what: &str,
    ) -> Option<&'d [Spanned<DeValue<'d>>]> {
        let value = section.table.get(key)?;
        match value.get_ref() {
            DeValue::Array(list) => Some(list),
            _ => self.not(key, what, value),
        }
    }

    /// The number of that key.
    pub(super) fn number(
        &mut self,
        section: &Section<'_>,
        key: &str,
        within: &Within,
    ) -> Option<Spanned<f64>> {
        let value = section.table.get(key)?;
        self.number_of(key, value, within)
    }

    /// A value as a number.
    pub(super) fn number_of(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        within: &Within,
    ) -> Option<Spanned<f64>> {
        match number(value.get_ref()).filter(|number| (within.holds)(*number)) {
            Some(number) => Some(Spanned::new(value.span(), number)),
            None => self.not(key, within.words, value),
        }
    }

    /// The whole number of that key.
    pub(super) fn whole(
        &mut self,
        section: &Section<'_>,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let value = section.table.get(key)?;
        let found = match value.get_ref() {
            DeValue::Integer(integer) => u32::from_str_radix(integer.as_str(), integer.radix()).ok(),
            _ => None,
        };
        let words = format!("a whole number from {} to {}", range.start(), range.end());
        found
            .filter(|whole| range.contains(whole))
            .or_else(|| self.not(key, &words, value))
    }

    /// Notes that a value is not what it must be, and gives none.
    pub(super) fn not<T>(&mut self, key: &str, what: &str, value: &Spanned<DeValue<'_>>) -> Option<T> {
        let key = match key.split_once(" of ") {
            Some((entry, list)) => format!("{entry} of `{list}`"),
            None => format!("`{key}`"),
        };
        let message = format!("{key} must be {what}, not {}", self.literal(value));
        self.wrong(value.span(), message, None);
        None
    }

    /// The value as it stands there, or its kind where that would be long.
    fn literal(&self, value: &Spanned<DeValue<'_>>) -> String {
        let written = self.text.get(value.span()).unwrap_or_default();
        match value.get_ref() {
            DeValue::Table(_) => "a table".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            _ if written.len() > 40 || written.contains('\n') => "a long text".to_owned(),
            _ => format!("`{written}`"),
        }
    }
}

/// `lead a, b, c`, each in backticks.
pub(super) fn listed(lead: &str, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("{lead} {}", words.join(", "))
}

/// The number that a value is, whole or not.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}
