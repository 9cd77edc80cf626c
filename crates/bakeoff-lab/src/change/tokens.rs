//! The tokens of a file by text, in the way in which `contract_tokens` counts them, so that two versions of it can be
//! compared. It does not know what a change is.

use crate::probe::static_probes::code::source::{Kind, Source};
use crate::probe::static_probes::code::tokens::list;
use std::collections::BTreeMap;

/// Settings that list packages: their words count.
const LISTS_OF_PACKAGES: &[&str] = &["package.json", "pyproject.toml"];

/// The tokens of a file: by its syntax tree where there is a grammar, by words and signs for templates and settings,
/// and by words for lists of packages and all else.
pub(super) fn tokens(path: &str, text: &str) -> Vec<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match Kind::of(path).filter(|_| !LISTS_OF_PACKAGES.contains(&name)) {
        Some(kind) => list(&Source::parse(path, kind, text.to_owned())),
        None => text.split_whitespace().map(str::to_owned).collect(),
    }
}

/// How many tokens one has and the other has not, each as often as it is there.
pub(super) fn difference(before: &[String], after: &[String]) -> u64 {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for token in before {
        *counts.entry(token).or_default() -= 1;
    }
    for token in after {
        *counts.entry(token).or_default() += 1;
    }
    counts.values().map(|count| count.unsigned_abs()).sum()
}

#[cfg(test)]
mod tests;
