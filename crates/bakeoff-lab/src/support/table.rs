//! The table of release lines as data, and where a version stands on a day. It reads no file.

use bakeoff_core::evidence::{Support, SupportedPart};
use jiff::civil::Date;
use semver::Version;
use std::fmt;

/// Runtimes and frameworks with their release lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SupportTable {
    pub(super) date: Date,
    pub(super) runtimes: Vec<Subject>,
    pub(super) frameworks: Vec<Subject>,
}

/// A runtime or a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Of a runtime its name in manifests, of a framework its package.
    pub(super) id: String,
    /// What a reader calls it.
    pub(crate) title: String,
    /// The oldest version that is measured without a caution: as a reader sees it, and as a number.
    pub(super) wanted: Option<(String, Version)>,
    /// The lines that bakeoff can provide, the preferred one first.
    pub(super) provides: Vec<String>,
    /// Oldest first.
    pub(super) lines: Vec<Line>,
}

/// A release line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) released: Option<Date>,
    pub(super) active_until: Option<Date>,
    pub(super) ends: Option<Date>,
    pub(super) source: String,
}

/// Where a version of a runtime stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Supported until that day; none where no end is published.
    Supported(Option<Date>),
    /// Supported until that day, and older than the oldest version that is measured without a caution.
    OlderThanWanted {
        /// That version.
        wanted: String,
        /// The last day; none where it is not known.
        until: Option<Date>,
    },
    /// Past its end of life, whose last day was this one.
    Ended(Date),
    /// The table does not know its line.
    Unknown,
}

impl SupportTable {
    /// The day of the table.
    pub(crate) fn date(&self) -> Date {
        self.date
    }

    /// The runtime of that name in manifests.
    pub(crate) fn runtime(&self, name: &str) -> Option<&Subject> {
        self.runtimes.iter().find(|subject| subject.id == name)
    }

    /// The framework of that package.
    pub(crate) fn framework(&self, package: &str) -> Option<&Subject> {
        self.frameworks.iter().find(|subject| subject.id == package)
    }

    /// Where that version of that runtime stands on a day.
    pub(crate) fn standing(&self, name: &str, version: &Version, day: Date) -> Standing {
        let Some(subject) = self.runtime(name) else {
            return Standing::Unknown;
        };
        let line = subject.line_of(&version.to_string());
        let until = line.and_then(|line| line.ends);
        match (until, subject.wanted_above(version), line) {
            (Some(ends), ..) if ends < day => Standing::Ended(ends),
            (_, Some(wanted), _) => Standing::OlderThanWanted {
                wanted: wanted.to_owned(),
                until,
            },
            (_, None, Some(_)) => Standing::Supported(until),
            (_, None, None) => Standing::Unknown,
        }
    }
}

impl Subject {
    /// The release line of a version.
    pub(super) fn line_of(&self, version: &str) -> Option<&Line> {
        let is_of = |line: &&Line| {
            let rest = version.strip_prefix(line.name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
        };
        self.lines.iter().find(is_of)
    }

    /// The oldest version without a caution, where this one is older.
    pub(super) fn wanted_above(&self, version: &Version) -> Option<&str> {
        let wanted = self.wanted.as_ref().filter(|(_, wanted)| version < wanted);
        wanted.map(|(text, _)| text.as_str())
    }

    /// The lines that bakeoff can provide and that are supported on a day, the preferred one first.
    pub(crate) fn provides_on(&self, day: Date) -> impl Iterator<Item = &str> {
        let lives = move |name: &&String| {
            let line = self.lines.iter().find(|line| line.name == **name);
            line.is_some_and(|line| line.ends.is_none_or(|ends| ends >= day))
        };
        self.provides.iter().filter(lives).map(String::as_str)
    }

    /// What the table of that day says of a version.
    pub(super) fn support(&self, part: SupportedPart, version: &str, table: Date) -> Support {
        let line = self.line_of(version);
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        Support {
            part,
            what: format!("{} {version}", self.title),
            line: line.map(|line| line.name.clone()),
            active_until: day(line.and_then(|line| line.active_until)),
            ends: day(line.and_then(|line| line.ends)),
            older_than: None,
            source: line.map(|line| line.source.clone()),
            not_provided: None,
            table: table.to_string(),
        }
    }
}

impl Standing {
    /// Whether every number that is measured on it has a caution.
    #[must_use]
    pub fn is_old(&self) -> bool {
        matches!(self, Standing::OlderThanWanted { .. } | Standing::Ended(_))
    }

    /// The last day of its support, where it is known.
    #[must_use]
    pub fn ends(&self) -> Option<Date> {
        match self {
            Standing::Supported(until) | Standing::OlderThanWanted { until, .. } => *until,
            Standing::Ended(on) => Some(*on),
            Standing::Unknown => None,
        }
    }
}

impl fmt::Display for Standing {
    /// How long it is supported: `until 2028-04-30`, `until 2027-10-31, older than the wanted 3.12`, `not known`,
    /// `ended 2026-04-30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::Supported(Some(until)) => write!(f, "until {until}"),
            Standing::Supported(None) => f.write_str("no end is published"),
            Standing::OlderThanWanted { wanted, until } => {
                match until {
                    Some(until) => write!(f, "until {until}")?,
                    None => f.write_str("not known")?,
                }
                write!(f, ", older than the wanted {wanted}")
            }
            Standing::Ended(on) => write!(f, "ended {on}"),
            Standing::Unknown => f.write_str("not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::Standing;
    use jiff::civil::{Date, date};
    use semver::Version;

    /// The day on which the table was made.
    const DAY: Date = date(2026, 11, 28);

    fn standing(name: &str, version: &str) -> String {
        let version = Version::parse(version).unwrap();
        match shipped().standing(name, &version, DAY) {
            Standing::Supported(_) => "supported".to_owned(),
            Standing::OlderThanWanted { wanted, .. } => format!("older than {wanted}"),
            Standing::Ended(on) => format!("ended {on}"),
            Standing::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn versions_stand_where_their_line_does() {
        for (name, version, expected) in [
            ("node", "20.20.2", "ended 2026-04-30"),
            ("node", "22.23.4", "supported"),
            ("node", "24.22.3", "supported"),
            ("node", "25.9.0", "ended 2026-06-01"),
            ("node", "26.12.1", "supported"),
            ("node", "2.0.0", "older than 22"),
            ("node", "28.0.0", "unknown"),
            ("python", "3.10.1", "ended 2026-10-31"),
            ("python", "3.11.7", "older than 3.12"),
            ("python", "3.13.0", "supported"),
            ("python", "3.1.0", "older than 3.12"),
            ("java", "25.0.2", "supported"),
            ("java", "26.0.1", "ended 2026-09-30"),
            ("bun", "1.4.5", "supported"),
            ("go", "1.26.1", "unknown"),
        ] {
            assert_eq!(standing(name, version), expected, "{name} {version}");
        }
    }

    #[test]
    fn the_last_day_counts_as_supported() {
        let version = Version::new(22, 0, 0);
        let on = |day| shipped().standing("node", &version, day);
        assert!(matches!(on(date(2027, 4, 30)), Standing::Supported(_)));
        assert_eq!(on(date(2027, 5, 1)), Standing::Ended(date(2027, 4, 30)));
    }

    #[test]
    fn a_line_that_has_ended_is_not_provided() {
        let node = shipped().runtime("node").unwrap();
        assert_eq!(node.provides_on(DAY).collect::<Vec<_>>(), ["24", "26"]);
        assert_eq!(
            node.provides_on(date(2028, 5, 1)).collect::<Vec<_>>(),
            ["26"],
            "24 ends on 2028-04-30"
        );
    }

    #[test]
    fn a_version_belongs_to_the_line_that_it_begins_with() {
        let flask = shipped().framework("flask").unwrap();
        let line = |version| flask.line_of(version).map(|line| line.name.as_str());
        assert_eq!(line("3.1.3"), Some("3.1"));
        assert_eq!(line("3.1"), Some("3.1"));
        assert_eq!(line("3.10.0"), None);
        assert_eq!(line("3"), None);
    }
}
