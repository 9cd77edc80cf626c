//! The section "App Engine and Cloud Run": a table for each target, and the knobs and sizes of each contender behind a
//! click. Cells and sentences come from the core's words.

use super::palette::{Named, Palette};
use super::prose::Prose;
use crate::document::Document;
use crate::field::FieldRow;
use askama::Template;
use bakeoff_core::words::serverless::{self, RowWords, Section, TargetWords};

#[derive(Template)]
#[template(path = "serverless.html")]
pub(super) struct ServerlessSection {
    words: Section,
    targets: Vec<Target>,
}

impl askama::filters::HtmlSafe for ServerlessSection {}

struct Target {
    id: String,
    words: TargetWords,
    rows: Vec<Row>,
}

struct Row {
    named: Named,
    words: RowWords,
}

impl ServerlessSection {
    fn prose(&self, text: &str) -> Prose {
        Prose::of(text)
    }

    /// The section, with contenders in the order of the field; none where the brief's target has no autoscaler.
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Option<Self> {
        let table = document.serverless?;
        let mut words = serverless::section(table, document);
        let place = |row: &RowWords| field.iter().position(|other| other.name == row.contender);
        let target = |(index, mut words): (usize, TargetWords)| {
            let mut rows = std::mem::take(&mut words.rows);
            rows.sort_by_key(place);
            Target {
                id: format!("serverless-{index}"),
                rows: rows
                    .into_iter()
                    .map(|words| Row {
                        named: Named::of(palette, &words.contender),
                        words,
                    })
                    .collect(),
                words,
            }
        };
        let targets = std::mem::take(&mut words.targets);
        Some(ServerlessSection {
            targets: targets.into_iter().enumerate().map(target).collect(),
            words,
        })
    }
}
