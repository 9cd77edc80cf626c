//! How long a contender's runtime and framework are supported, as a dated table says. It compares with the day of the
//! run and knows no clock, so a stored run reads the same on every later day.

use super::caution::Caution;
use serde::{Deserialize, Serialize};

/// What a dated table of release lines says of one part of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// Which part of the stack.
    pub part: SupportedPart,
    /// Name and version, as `Node.js 20.20.2`.
    pub what: String,
    /// The release line, as `20`; none where the table does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The last day with fixes of bugs, `YYYY-MM-DD`; none where none is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_until: Option<String>,
    /// The last day with fixes of security, `YYYY-MM-DD`; none where none is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// The oldest version that is measured without a caution, where this one is older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than: Option<String>,
    /// Where the days are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why bakeoff did not provide a better one, where it tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_provided: Option<String>,
    /// The day of the table, `YYYY-MM-DD`.
    pub table: String,
}

/// A part of a stack that has release lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupportedPart {
    /// What runs the contender.
    Runtime,
    /// Its framework.
    Framework,
}

impl Support {
    /// What weakens every number of the contender on a day, `YYYY-MM-DD`: the end of life before its age.
    #[must_use]
    pub fn caution_on(&self, day: &str) -> Option<Caution> {
        // Days in this form sort as their texts do.
        let ended = self.ends.as_ref().filter(|ends| ends.as_str() < day);
        match (ended, &self.older_than, self.part) {
            (Some(ended), _, SupportedPart::Runtime) => Some(Caution::RuntimeEnded {
                runtime: self.what.clone(),
                ended: ended.clone(),
            }),
            (Some(ended), _, SupportedPart::Framework) => Some(Caution::FrameworkEnded {
                framework: self.what.clone(),
                ended: ended.clone(),
            }),
            (None, Some(wanted), _) => Some(Caution::RuntimeOlderThanWanted {
                runtime: self.what.clone(),
                wanted: wanted.clone(),
            }),
            (None, None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Support, SupportedPart};
    use crate::evidence::Caution;

    fn support(ends: Option<&str>, older_than: Option<&str>) -> Support {
        Support {
            part: SupportedPart::Runtime,
            what: "Node.js 20.20.2".to_owned(),
            line: Some("20".to_owned()),
            active_until: None,
            ends: ends.map(str::to_owned),
            older_than: older_than.map(str::to_owned),
            source: None,
            not_provided: None,
            table: "2026-11-28".to_owned(),
        }
    }

    fn id(support: &Support, day: &str) -> Option<&'static str> {
        support.caution_on(day).as_ref().map(Caution::id)
    }

    #[test]
    fn the_day_of_the_run_decides_and_the_last_day_counts_as_supported() {
        let node = support(Some("2026-04-30"), Some("22"));
        assert_eq!(id(&node, "2026-04-30"), Some("runtime-older-than-wanted"));
        assert_eq!(id(&node, "2026-05-01"), Some("runtime-ended"));
        let framework = Support {
            part: SupportedPart::Framework,
            ..support(Some("2026-04-30"), None)
        };
        assert_eq!(id(&framework, "2026-11-28"), Some("framework-ended"));
        assert_eq!(id(&framework, "2026-01-01"), None);
    }

    #[test]
    fn without_an_end_or_a_day_nothing_has_ended() {
        assert_eq!(id(&support(None, None), "2026-11-28"), None);
        assert_eq!(id(&support(Some("2026-04-30"), None), ""), None);
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let node = support(Some("2026-04-30"), None);
        let json = serde_json::to_string(&node).expect("it has only texts");
        assert_eq!(
            json,
            r#"{"part":"runtime","what":"Node.js 20.20.2","line":"20","ends":"2026-04-30","table":"2026-11-28"}"#
        );
        assert_eq!(
            serde_json::from_str::<Support>(&json).expect("it was written so"),
            node
        );
    }
}
