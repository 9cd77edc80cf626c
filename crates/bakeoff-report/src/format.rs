//! The table of formats: help, `--format` and the tests come from its rows. A format makes bytes; its caller decides
//! where they go.

use crate::document::Document;
use crate::error::RenderError;
use crate::{adr, csv, html, json, text};

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Format {
    /// The word of `--format`.
    pub id: &'static str,
    /// The file name's extension, without a dot.
    pub extension: &'static str,
    /// The name under which a run's folder keeps it.
    pub file: &'static str,
    /// Whether it shows the knobs and sizes of App Engine and Cloud Run, whose simulation takes seconds.
    pub shows_knobs: bool,
    /// What it is, in one sentence.
    pub sentence: &'static str,
    /// Makes the document. The same input gives the same bytes.
    pub render: fn(&Document<'_>) -> Result<String, RenderError>,
}

/// Every format, in the order of the help.
pub const FORMATS: &[Format] = &[
    Format {
        id: "html",
        extension: "html",
        file: "report.html",
        shows_knobs: true,
        sentence: "The report as one page that needs no network.",
        render: html::render,
    },
    Format {
        id: "adr",
        extension: "md",
        file: "decision.md",
        shows_knobs: false,
        sentence: "The decision record, as a proposal (MADR 4.0).",
        render: adr::render,
    },
    Format {
        id: "json",
        extension: "json",
        file: "results.json",
        shows_knobs: true,
        sentence: "All results, for programs (schema version 1).",
        render: json::render,
    },
    Format {
        id: "csv",
        extension: "csv",
        file: "results.csv",
        shows_knobs: false,
        sentence: "Every observation, block value, estimate and score, one a row.",
        render: csv::render,
    },
    Format {
        id: "text",
        extension: "txt",
        file: "summary.txt",
        shows_knobs: false,
        sentence: "The summary for a terminal.",
        render: text::render,
    },
];

/// The row of that word, if there is one.
#[must_use]
pub fn format(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}
