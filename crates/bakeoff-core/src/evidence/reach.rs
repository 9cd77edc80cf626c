//! Where a contender's language runs, as the maintainers of each deployment target document it. From a dated table that
//! ships with the program; it measures nothing.

use super::observation::Observation;
use serde::{Deserialize, Serialize};

/// The metric whose note held the entries in older stores.
const OLD_METRIC: &str = "targets";

/// An entry of the table for one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// One of [`crate::brief::TARGETS`].
    pub target: String,
    /// What a reader calls it.
    pub title: String,
    /// Whether it runs there.
    pub runs: Runs,
    /// How, in a few words.
    pub remark: String,
    /// The page that says so.
    pub source: String,
    /// When that page was read, `YYYY-MM-DD`.
    pub looked_up: String,
}

/// Whether a language runs on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Runs {
    /// It does.
    Yes,
    /// A part of it does.
    Partial,
    /// It does not.
    No,
}

impl Runs {
    /// In a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Runs::Yes => "yes",
            Runs::Partial => "in part",
            Runs::No => "no",
        }
    }

    fn of_words(words: &str) -> Option<Runs> {
        let all = [Runs::Yes, Runs::Partial, Runs::No];
        all.into_iter().find(|runs| runs.words() == words)
    }
}

/// The entries in the note of an older store, in which they were a text: `id (title): yes, remark [source]; … (looked
/// up date)`. What does not have that form is left out.
pub(super) fn in_notes(observations: &[Observation]) -> Vec<Reach> {
    let of_targets = observations.iter().find(|seen| seen.metric == OLD_METRIC);
    let Some(note) = of_targets.and_then(|seen| seen.note.as_deref()) else {
        return Vec::new();
    };
    let Some((entries, date)) = note.rsplit_once(" (looked up ") else {
        return Vec::new();
    };
    let date = date.trim_end_matches(')');
    let entries = entries.split("]; ");
    entries
        .filter_map(|entry| entry_of(entry.trim_end_matches(']'), date))
        .collect()
}

fn entry_of(text: &str, date: &str) -> Option<Reach> {
    let (target, rest) = text.split_once(" (")?;
    let (title, rest) = rest.split_once("): ")?;
    let (runs, rest) = rest.split_once(", ")?;
    let (remark, source) = rest.rsplit_once(" [")?;
    Some(Reach {
        target: target.to_owned(),
        title: title.to_owned(),
        runs: Runs::of_words(runs)?,
        remark: remark.to_owned(),
        source: source.to_owned(),
        looked_up: date.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Observation, Reach, Runs, in_notes};

    #[test]
    fn the_note_of_an_older_store_is_read_entry_by_entry() {
        let note = "functions (functions on demand (AWS Lambda)): yes, managed runtime nodejs24.x and others \
                    [https://a.example/x]; browser (a web browser): in part, CPython in WebAssembly, to be downloaded \
                    with the page [https://b.example/y] (looked up 2026-11-24)";
        let seen = Observation {
            note: Some(note.to_owned()),
            ..Observation::new("targets", 0.5)
        };
        let read = in_notes(&[seen]);
        assert_eq!(read.len(), 2);
        assert_eq!(
            (read[0].title.as_str(), read[0].runs),
            ("functions on demand (AWS Lambda)", Runs::Yes)
        );
        assert_eq!(
            read[1],
            Reach {
                target: "browser".into(),
                title: "a web browser".into(),
                runs: Runs::Partial,
                remark: "CPython in WebAssembly, to be downloaded with the page".into(),
                source: "https://b.example/y".into(),
                looked_up: "2026-11-24".into(),
            }
        );
        assert_eq!(in_notes(&[Observation::new("targets", 0.5)]), []);
    }
}
