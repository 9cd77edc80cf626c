//! Which of the runtimes that fit is taken on a day, as a rank for each:
//!
//! 1. the machine's own that are supported and not older than wanted, the newest first,
//! 2. the machine's own of a line that the table does not know, since it may be newer than the table,
//! 3. what bakeoff provided, in the order of the lines that it prefers,
//! 4. those that are older than wanted or past their end of life, the newest first: each number gets a caution.
//!
//! It starts nothing and knows no clock.

use super::found::Found;
use crate::runtime::Runtime;
use crate::support::{Standing, SupportTable};
use jiff::civil::Date;
use semver::Version;
use std::cmp::Reverse;

/// By what a choice is made.
#[derive(Clone, Copy)]
pub(super) struct Terms<'t> {
    pub(super) table: &'t SupportTable,
    pub(super) today: Date,
}

/// The place of a runtime in the order of choice; the smallest is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    class: Class,
    /// The place of its line among those that bakeoff provides; 0 for the machine's own and for the old.
    preference: usize,
    version: Reverse<Version>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Supported,
    Unknown,
    Provided,
    Old,
}

impl Terms<'_> {
    pub(super) fn standing(&self, runtime: &Runtime) -> Standing {
        self.table.standing(&runtime.name, &runtime.version, self.today)
    }

    pub(super) fn rank(&self, found: &Found, runtime: &Runtime) -> Rank {
        let class = match (self.standing(runtime), &found.provided) {
            (Standing::Ended(_) | Standing::OlderThanWanted { .. }, _) => Class::Old,
            (_, Some(_)) => Class::Provided,
            (Standing::Unknown, None) => Class::Unknown,
            (Standing::Supported(_), None) => Class::Supported,
        };
        let preference = |line: &String| {
            let provides = self.table.runtime(&found.name);
            let mut lines = provides
                .into_iter()
                .flat_map(|subject| subject.provides_on(self.today));
            lines.position(|known| known == line).unwrap_or(usize::MAX)
        };
        let provided = found.provided.as_ref().filter(|_| class == Class::Provided);
        Rank {
            class,
            preference: provided.map_or(0, preference),
            version: Reverse(runtime.version.clone()),
        }
    }
}

impl Rank {
    /// Whether every number that is measured on it has a caution.
    pub(super) fn is_old(&self) -> bool {
        self.class == Class::Old
    }
}

/// Of these, the one that is taken; of equals the first.
pub(super) fn best<'f>(
    fitting: impl Iterator<Item = (&'f Found, &'f Runtime)>,
    terms: Terms<'_>,
) -> Option<(&'f Found, &'f Runtime)> {
    fitting.min_by_key(|(found, runtime)| terms.rank(found, runtime))
}

/// Whether a contender could take it at all: another build than the usual one does not fit its lock file's packages,
/// and a pre-release is no release.
pub(super) fn is_usual(version: &Version) -> bool {
    version.build.is_empty() && version.pre.is_empty()
}

/// Why a runtime is not taken where that one is.
pub(super) fn why_not(runtime: &Runtime, taken: Option<&Runtime>, terms: Terms<'_>) -> String {
    let version = &runtime.version;
    if !version.pre.is_empty() {
        return "a pre-release".to_owned();
    }
    if !version.build.is_empty() {
        return format!("another build: {}", version.build);
    }
    match (terms.standing(runtime), taken) {
        (Standing::Ended(_), _) => "past its end of life".to_owned(),
        (Standing::OlderThanWanted { wanted, .. }, _) => format!("older than the wanted {wanted}"),
        (_, Some(taken)) if taken.version > *version => format!("older than {}", taken.version),
        (_, Some(taken)) if taken.version == *version => "the same version was found before".to_owned(),
        (Standing::Unknown, _) => "the table of support does not know its line".to_owned(),
        (Standing::Supported(_), _) => "what the machine has comes first".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Terms, best, why_not};
    use crate::runtime::Runtime;
    use crate::runtimes::found::Found;
    use crate::support::shipped;
    use jiff::civil::date;
    use semver::Version;

    fn terms() -> Terms<'static> {
        Terms {
            table: shipped(),
            today: date(2026, 11, 28),
        }
    }

    fn found(name: &str, version: &str, provided: Option<&str>) -> Found {
        Found {
            name: name.to_owned(),
            program: version.into(),
            place: "PATH".to_owned(),
            provided: provided.map(str::to_owned),
            outcome: Ok(Runtime {
                name: name.to_owned(),
                program: version.into(),
                version: Version::parse(version).unwrap(),
            }),
        }
    }

    #[track_caller]
    fn taken(all: &[Found], expected: &str) {
        let started = all
            .iter()
            .filter_map(|found| Some((found, found.outcome.as_ref().ok()?)));
        let (_, runtime) = best(started, terms()).unwrap();
        assert_eq!(runtime.version.to_string(), expected, "{all:#?}");
    }

    fn own(name: &str, versions: &[&str]) -> Vec<Found> {
        versions
            .iter()
            .map(|version| found(name, version, None))
            .collect()
    }

    #[test]
    fn the_newest_supported_one_is_taken() {
        taken(&own("node", &["20.20.2", "22.23.3", "24.22.3"]), "24.22.3");
        taken(&own("node", &["25.9.0", "22.23.3"]), "22.23.3");
        taken(&own("node", &["24.1.0", "26.12.1", "25.9.0"]), "26.12.1");
        taken(&own("python", &["3.11.7", "3.13.0", "3.12.1"]), "3.13.0");
    }

    #[test]
    fn where_all_are_old_the_newest_is_taken() {
        taken(&own("node", &["18.1.0", "20.20.2"]), "20.20.2");
        taken(&own("node", &["20.20.2", "25.9.0"]), "25.9.0");
        taken(&own("python", &["3.10.1", "3.11.7"]), "3.11.7");
        let provided = found("node", "18.20.1", Some("18"));
        taken(&[own("node", &["16.1.0"]), vec![provided]].concat(), "18.20.1");
    }

    #[test]
    fn a_line_that_the_table_does_not_know_comes_after_the_supported_ones() {
        taken(&own("node", &["28.0.0", "22.1.0"]), "22.1.0");
        taken(&own("node", &["28.0.0", "25.9.0"]), "28.0.0");
    }

    #[test]
    fn what_bakeoff_provided_comes_after_the_machines_own_and_by_preference() {
        let provided = [
            found("node", "26.12.1", Some("26")),
            found("node", "24.22.3", Some("24")),
        ];
        let with = |versions: &[&str]| [own("node", versions), provided.to_vec()].concat();
        taken(&with(&["22.1.0"]), "22.1.0");
        taken(&with(&["20.20.2"]), "24.22.3");
        taken(&with(&["28.0.0"]), "28.0.0");
    }

    #[test]
    fn each_that_is_not_taken_has_its_reason() {
        let runtime = |name: &str, version: &str| found(name, version, None).outcome.unwrap();
        let check = |name: &str, version: &str, taken: &str, expected: &str| {
            let taken = runtime(name, taken);
            let why = why_not(&runtime(name, version), Some(&taken), terms());
            assert_eq!(why, expected, "{name} {version}");
        };
        check("node", "20.20.2", "24.22.3", "past its end of life");
        check("node", "22.1.0", "24.22.3", "older than 24.22.3");
        check("node", "24.22.3", "24.22.3", "the same version was found before");
        check("python", "3.11.7", "3.13.0", "older than the wanted 3.12");
        check("python", "3.15.0-candidate.1", "3.13.0", "a pre-release");
        check(
            "python",
            "3.14.0+free-threaded",
            "3.13.0",
            "another build: free-threaded",
        );
        check(
            "node",
            "28.0.0",
            "24.22.3",
            "the table of support does not know its line",
        );
        check("node", "26.12.1", "22.1.0", "what the machine has comes first");
    }
}
