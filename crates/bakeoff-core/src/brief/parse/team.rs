//! `[team]` and `[needs]`: who builds the backend, and what it needs besides serving requests. Any language may be
//! named.

use super::reader::{Reader, Section, listed};
use crate::brief::{Needs, Team};
use toml::Spanned;

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Team {
    let Some(team) = reader.section(root, "team") else {
        return Team::default();
    };
    reader.keys(&team, &["people", "knows"]);
    let knows = reader.words(&team, "knows");
    Team {
        people: reader.whole(&team, "people", 0..=100_000).unwrap_or(0),
        knows: knows
            .into_iter()
            .map(|word| word.into_inner().to_lowercase())
            .collect(),
    }
}

pub(super) fn needs(reader: &mut Reader<'_>, root: &Section<'_>, known: &[String]) -> Needs {
    let Some(needs) = reader.section(root, "needs") else {
        return Needs::default();
    };
    reader.keys(&needs, &["must", "want"]);
    let must = reader.words(&needs, "must");
    let want = reader.words(&needs, "want");
    let list = listed("known are", &known.iter().map(String::as_str).collect::<Vec<_>>());
    reader.all_known("need", &must, known, &list);
    reader.all_known("need", &want, known, &list);
    let both: Vec<Spanned<String>> = must.iter().chain(&want).cloned().collect();
    reader.distinct("need", &both);
    let plain = |words: Vec<Spanned<String>>| words.into_iter().map(Spanned::into_inner).collect();
    Needs {
        must: plain(must),
        want: plain(want),
    }
}
