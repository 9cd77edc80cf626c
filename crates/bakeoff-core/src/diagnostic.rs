//! An error in a text that a user wrote: what is wrong, where, why, and how to fix it. It knows nothing of the text's
//! meaning.

use std::fmt;

/// One thing that is wrong with a document, at one place of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong: lower case, literals in backticks, no full stop.
    pub message: String,
    /// The document's name as the user gave it.
    pub file: String,
    /// Line and column, counted from 1, where a place is known.
    pub place: Option<Place>,
    /// The way out: the nearest known word, or the command that lists them.
    pub hint: Option<String>,
}

/// A place in a text, with the line that stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// How many characters the wrong part is long, at least 1.
    pub width: usize,
    /// The whole line.
    pub text: String,
}

impl Place {
    /// The place of the bytes `start..end` of `text`.
    #[must_use]
    pub fn of(text: &str, start: usize, end: usize) -> Place {
        let start = text.floor_char_boundary(start);
        let end = text.floor_char_boundary(end);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = end.clamp(start, line_end.max(start));
        Place {
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            width: text[start..end].chars().count().max(1),
            text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }

    /// What stands before the wrong part, as blanks: tabs stay tabs, so that the mark stands under its word.
    fn indent(&self) -> String {
        self.text
            .chars()
            .take(self.column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.place {
            Some(place) => {
                let gutter = place.line.to_string().len();
                write!(
                    f,
                    "\n{:gutter$} --> {}:{}:{}",
                    "", self.file, place.line, place.column
                )?;
                write!(f, "\n{:gutter$} |", "")?;
                write!(f, "\n{} | {}", place.line, place.text)?;
                write!(
                    f,
                    "\n{:gutter$} | {}{}",
                    "",
                    place.indent(),
                    "^".repeat(place.width)
                )?;
            }
            None => write!(f, "\n  --> {}", self.file)?,
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// The known word that is nearest to `word`, when one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3)) / 3 + 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
