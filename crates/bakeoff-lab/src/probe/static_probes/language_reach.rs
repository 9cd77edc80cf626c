//! Two metrics of the contender's language, not of its framework. `targets`: the share of the usual platforms that run
//! the language, as their maintainers document it, from a dated table that ships with the program. `team_known`:
//! whether the brief's team knows the language, however well.

use super::subject::{Subject, counted};
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Observation, Reach, Runs};
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

/// What an entry counts.
const fn share(runs: Runs) -> f64 {
    match runs {
        Runs::Yes => 1.0,
        Runs::Partial => 0.5,
        Runs::No => 0.0,
    }
}

/// The entries of the table for the contender's family; empty where it has none.
#[must_use]
pub fn reach(contender: &Contender) -> Vec<Reach> {
    let entries = TABLE.target.iter();
    let entries = entries.filter_map(|target| Some((target, target.entries.get(&contender.family)?)));
    let reach = entries.map(|(target, entry)| Reach {
        target: target.id.clone(),
        title: target.title.clone(),
        runs: entry.runs,
        remark: entry.remark.clone(),
        source: entry.source.clone(),
        looked_up: TABLE.date.clone(),
    });
    reach.collect()
}

/// `targets`.
pub(super) fn targets(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let entries = reach(subject.contender);
    if entries.len() < TABLE.target.len() {
        let family = &subject.contender.family;
        return Err(format!("the table of targets has nothing about `{family}`"));
    }
    let counts = entries.iter().map(|entry| share(entry.runs)).sum::<f64>() / entries.len() as f64;
    let words = |entry: &Reach| {
        let Reach {
            target,
            title,
            remark,
            source,
            ..
        } = entry;
        format!("{target} ({title}): {}, {remark} [{source}]", entry.runs.words())
    };
    let note = format!(
        "{} (looked up {})",
        entries.iter().map(words).collect::<Vec<_>>().join("; "),
        TABLE.date
    );
    Ok(vec![counted("targets", counts, note)])
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
    use super::{Runs, TABLE, share};
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
        assert_eq!([Runs::Yes, Runs::Partial, Runs::No].map(share), [1.0, 0.5, 0.0]);
    }
}
