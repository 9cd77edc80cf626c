//! `needs_covered`: the share of the brief's needs that a healthy package or the runtime itself covers; and for each
//! `must` whether it is covered, which can be a veto. From a dated snapshot of the registries' own records that ships
//! with the program. It installs nothing: an existing package is no proof that it works.

use super::subject::{Subject, counted};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{NeedCover, Observation};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The longest time since the newest release, in months.
const HEALTHY_MONTHS: u32 = 24;

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/needs.toml")).expect("a test reads the snapshot that ships")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    /// `YYYY-MM-DD`.
    date: String,
    need: Vec<Need>,
}

impl Snapshot {
    /// Whether it has anything about a family.
    fn knows(&self, family: &str) -> bool {
        self.need.iter().any(|need| need.covered_by.contains_key(family))
    }
}

#[derive(Debug, Deserialize)]
struct Need {
    id: String,
    title: String,
    /// By family.
    #[serde(flatten)]
    covered_by: BTreeMap<String, Cover>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Cover {
    BuiltIn {
        built_in: String,
        source: String,
    },
    Package {
        package: String,
        version: String,
        released: String,
        licence: String,
        source: String,
    },
}

/// The needs that a brief may name.
#[must_use]
pub fn known() -> Vec<String> {
    SNAPSHOT.need.iter().map(|need| need.id.clone()).collect()
}

pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let needs = &subject.brief.needs;
    let family = &subject.contender.family;
    if needs.must.is_empty() && needs.want.is_empty() {
        return Err("the brief names no need".to_owned());
    }
    if !SNAPSHOT.knows(family) {
        return Err(format!("the snapshot of needs has nothing about `{family}`"));
    }
    let all: Vec<&String> = needs.must.iter().chain(&needs.want).collect();
    let covered: Vec<Result<String, String>> =
        all.iter().map(|need| covered(need, family, &SNAPSHOT)).collect();
    let count = covered.iter().filter(|cover| cover.is_ok()).count();
    let words: Vec<&str> = covered
        .iter()
        .map(|cover| cover.as_ref().unwrap_or_else(|why| why).as_str())
        .collect();
    let note = format!("{} (registries' records of {})", words.join("; "), SNAPSHOT.date);
    Ok(vec![counted(
        "needs_covered",
        count as f64 / all.len() as f64,
        note,
    )])
}

/// Whether contenders of a family cover each need that the brief says must be covered; empty where the snapshot has
/// nothing about the family.
#[must_use]
pub fn must(brief: &Brief, family: &str) -> Vec<NeedCover> {
    if !SNAPSHOT.knows(family) {
        return Vec::new();
    }
    let of_need = |need: &String| {
        let cover = covered(need, family, &SNAPSHOT);
        NeedCover {
            need: need.clone(),
            covered: cover.is_ok(),
            note: Some(cover.unwrap_or_else(|why| why)),
        }
    };
    brief.needs.must.iter().map(of_need).collect()
}

/// What covers a need, in words, or why nothing does.
fn covered(id: &str, family: &str, snapshot: &Snapshot) -> Result<String, String> {
    let need = snapshot
        .need
        .iter()
        .find(|need| need.id == id)
        .ok_or_else(|| format!("{id}: not in the snapshot"))?;
    match need.covered_by.get(family) {
        None => Err(format!("{id}: nothing known for {}", need.title)),
        Some(Cover::BuiltIn { built_in, source }) => {
            Ok(format!("{id}: {built_in}, comes with the runtime ({source})"))
        }
        Some(Cover::Package {
            package,
            version,
            released,
            licence,
            source,
        }) => {
            let text = format!("{id}: {package} {version}, {released}, {licence}, {source}");
            match months_between(released, &snapshot.date) {
                Some(months) if months <= HEALTHY_MONTHS && !licence.is_empty() => Ok(text),
                _ => Err(format!(
                    "{text}: not released for {HEALTHY_MONTHS} months, or without a licence"
                )),
            }
        }
    }
}

/// Whole months from one date to a later one; without a day in either date only the months count.
fn months_between(from: &str, to: &str) -> Option<u32> {
    let read = |date: &str| {
        let mut parts = date.split('-').map(str::parse::<u32>);
        Some((
            parts.next()?.ok()? * 12 + parts.next()?.ok()?,
            parts.next().and_then(Result::ok),
        ))
    };
    let ((from, from_day), (to, to_day)) = (read(from)?, read(to)?);
    let unfinished = matches!((from_day, to_day), (Some(from), Some(to)) if to < from);
    to.checked_sub(from)?
        .checked_sub(u32::from(unfinished))
        .or(Some(0))
}

#[cfg(test)]
mod tests {
    use super::{Cover, SNAPSHOT, Snapshot, covered, known, months_between};

    #[test]
    fn every_need_of_the_snapshot_has_every_shipped_family() {
        assert!(known().len() >= 25);
        for need in &SNAPSHOT.need {
            assert_eq!(
                need.covered_by.keys().map(String::as_str).collect::<Vec<_>>(),
                ["node", "python"],
                "{}",
                need.id
            );
            for cover in need.covered_by.values() {
                match cover {
                    Cover::BuiltIn { built_in, source } => {
                        assert!(!built_in.is_empty() && source.starts_with("https://"))
                    }
                    Cover::Package { released, .. } => {
                        assert!(months_between(released, &SNAPSHOT.date).is_some(), "{released}")
                    }
                }
            }
        }
        let mut ids = known();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), known().len());
    }

    #[test]
    fn the_snapshot_has_every_need_of_the_shipped_briefs() {
        for brief in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../briefs"))
            .unwrap()
            .flatten()
        {
            let table: toml::Table = std::fs::read_to_string(brief.path()).unwrap().parse().unwrap();
            let needs = table["needs"].as_table().unwrap();
            for need in needs.values().flat_map(|list| list.as_array().unwrap()) {
                assert!(
                    known().iter().any(|known| Some(known.as_str()) == need.as_str()),
                    "{need} of {}",
                    brief.path().display()
                );
            }
        }
    }

    #[test]
    fn only_whole_months_count() {
        for (from, to, expected) in [
            ("2024-11-24", "2026-11-24", Some(24)),
            ("2024-11-25", "2026-11-24", Some(23)),
            ("2024-10", "2026-11-24", Some(25)),
            ("2026-11", "2026-11-24", Some(0)),
            ("2026-11-25", "2026-11-24", Some(0)),
            ("lately", "2026-11-24", None),
        ] {
            assert_eq!(months_between(from, to), expected, "{from}");
        }
    }

    #[test]
    fn a_package_covers_a_need_while_it_has_releases_and_a_licence() {
        let of = |released: &str, licence: &str| -> Snapshot {
            let entry = format!(
                "package = \"p\", version = \"1\", released = \"{released}\", licence = \"{licence}\", source = \"s\""
            );
            toml::from_str(&format!(
                "date = \"2026-11-24\"\n[[need]]\nid = \"pdf\"\ntitle = \"t\"\nnode = {{ {entry} }}\n"
            ))
            .unwrap()
        };
        assert_eq!(
            covered("pdf", "node", &of("2026-01", "MIT")),
            Ok("pdf: p 1, 2026-01, MIT, s".to_owned())
        );
        assert!(covered("pdf", "node", &of("2024-06", "MIT")).is_err());
        assert!(covered("pdf", "node", &of("2026-01", "")).is_err());
        assert_eq!(
            covered("pdf", "java", &of("2026-01", "MIT")),
            Err("pdf: nothing known for t".to_owned())
        );
        assert_eq!(
            covered("fax", "node", &of("2026-01", "MIT")),
            Err("fax: not in the snapshot".to_owned())
        );
    }
}
