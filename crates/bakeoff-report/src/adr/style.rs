//! The forms of decision records that teams keep, one row each. All forms have the same sentences: a form arranges them
//! and adds none.

use super::record::Record;
use askama::Template;

/// One form.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The word of `--style`.
    pub id: &'static str,
    /// What it is, in one sentence.
    pub sentence: &'static str,
    /// How its files are named.
    pub names: Names,
    pub(super) render: fn(&Record) -> Result<String, askama::Error>,
}

/// How the files of a form are named in their folder, before the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `0001-title.md`, counted.
    Numbered,
    /// `20261124-title.md`, by day.
    Dated,
}

/// Every form, the usual one first.
pub const STYLES: &[Style] = &[
    Style {
        id: "madr",
        sentence: "Markdown Architectural Decision Records 4.0.",
        names: Names::Numbered,
        render: |record| record.render(),
    },
    Style {
        id: "nygard",
        sentence: "The short form of M. Nygard, as adr-tools keeps it.",
        names: Names::Numbered,
        render: |record| Nygard { record }.render(),
    },
    Style {
        id: "log4brains",
        sentence: "The form of log4brains, named by day.",
        names: Names::Dated,
        render: |record| Log4brains { record }.render(),
    },
];

/// The row of that word, if there is one.
#[must_use]
pub fn style(id: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.id == id)
}

#[derive(Template)]
#[template(path = "decision-nygard.md", escape = "none")]
struct Nygard<'r> {
    record: &'r Record,
}

#[derive(Template)]
#[template(path = "decision-log4brains.md", escape = "none")]
struct Log4brains<'r> {
    record: &'r Record,
}
