//! Two metrics of the contender's language, not of its framework. `targets`: the share of the usual platforms that run
//! the language, as their maintainers document it, from a dated table that ships with the program. `team_known`:
//! whether the brief's team knows the language, however well.

use super::subject::{Subject, counted};
use bakeoff_core::evidence::Observation;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/targets.toml")).expect("a test reads the table that ships")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// `YYYY-MM-DD`.
    date: String,
    target: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    id: String,
    title: String,
    /// By family.
    #[serde(flatten)]
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    runs: Runs,
    remark: String,
    source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Runs {
    Yes,
    Partial,
    No,
}

impl Runs {
    const fn share(self) -> f64 {
        match self {
            Runs::Yes => 1.0,
            Runs::Partial => 0.5,
            Runs::No => 0.0,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Runs::Yes => "yes",
            Runs::Partial => "in part",
            Runs::No => "no",
        }
    }
}

/// `targets`.
pub(super) fn targets(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let family = &subject.contender.family;
    let entries: Vec<(&Target, &Entry)> = TABLE
        .target
        .iter()
        .filter_map(|target| Some((target, target.entries.get(family)?)))
        .collect();
    if entries.len() < TABLE.target.len() {
        return Err(format!("the table of targets has nothing about `{family}`"));
    }
    let share = entries.iter().map(|(_, entry)| entry.runs.share()).sum::<f64>() / entries.len() as f64;
    let words = |(target, entry): &(&Target, &Entry)| {
        format!(
            "{} ({}): {}, {} [{}]",
            target.id,
            target.title,
            entry.runs.words(),
            entry.remark,
            entry.source
        )
    };
    let note = format!(
        "{} (looked up {})",
        entries.iter().map(words).collect::<Vec<_>>().join("; "),
        TABLE.date
    );
    Ok(vec![counted("targets", share, note)])
}

/// `team_known`: 1 when the team knows the language, 0 when not; no evidence when the brief does not list what it
/// knows.
pub(super) fn team_known(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let knows = &subject.brief.team.knows;
    if knows.is_empty() {
        return Err("the brief does not list what the team knows".to_owned());
    }
    let language = subject.contender.language.to_lowercase();
    let known = knows.contains(&language);
    let note = format!("{language}: the brief's team knows {}", knows.join(", "));
    Ok(vec![counted("team_known", f64::from(u8::from(known)), note)])
}

#[cfg(test)]
mod tests {
    use super::{Runs, TABLE};
    use bakeoff_core::brief::TARGETS;

    #[test]
    fn the_table_has_every_target_of_a_brief_for_every_shipped_family_with_its_page() {
        let ids: Vec<&str> = TABLE.target.iter().map(|target| target.id.as_str()).collect();
        assert_eq!(ids, TARGETS);
        for target in &TABLE.target {
            assert_eq!(
                target.entries.keys().map(String::as_str).collect::<Vec<_>>(),
                ["java", "node", "python"],
                "{}",
                target.id
            );
            assert!(
                target
                    .entries
                    .values()
                    .all(|entry| entry.source.starts_with("https://") && !entry.remark.is_empty())
            );
        }
    }

    #[test]
    fn partial_support_counts_half() {
        assert_eq!(
            [Runs::Yes, Runs::Partial, Runs::No].map(Runs::share),
            [1.0, 0.5, 0.0]
        );
    }
}
