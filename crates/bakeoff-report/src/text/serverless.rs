//! App Engine and Cloud Run in the summary: for each target a line a contender, why one does not fit, and what is
//! emulated and simulated. The page has knobs, sizes, assumptions and sources.

use crate::document::Document;
use crate::field::FieldRow;
use crate::layout::{WIDTH, indent, plain, shorten, wrap};
use bakeoff_core::words::serverless::{self, RowWords, TargetWords};
use bakeoff_core::words::table::{self, Align};

/// Longest title in the table, in characters.
const LONGEST_TITLE: usize = 16;

/// The section; empty where the brief's target has no autoscaler.
pub(super) fn section(document: &Document<'_>, field: &[FieldRow<'_>]) -> String {
    let Some(table) = document.serverless else {
        return String::new();
    };
    let words = serverless::section(table, document);
    let mut text = String::from("App Engine and Cloud Run\n");
    text.push_str(&indent("  ", &plain(&words.intro)));
    for target in &words.targets {
        text.push_str(&of_target(document, field, target));
    }
    for sentence in [&words.emulated, &words.simulated] {
        text.push_str(&indent("  ", &plain(sentence)));
    }
    text
}

fn of_target(document: &Document<'_>, field: &[FieldRow<'_>], target: &TargetWords) -> String {
    let mut rows: Vec<&RowWords> = target.rows.iter().collect();
    rows.sort_by_key(|row| field.iter().position(|other| other.name == row.contender));
    let mut text = format!("\n  {}\n", plain(&target.title));
    text.push_str(&indent("  ", &plain(&target.price)));
    // Instances, the most, cold starts, wait p99 and the month fit into a line; their intervals are on the page, but
    // that of the month.
    let shown = [0, 1, 2, 4, 6];
    let heads = ["mean", "most", "cold/day", "wait p99", "month"].map(str::to_owned);
    let mut lines = vec![[vec![String::new()], heads.to_vec()].concat()];
    for row in rows.iter().filter(|row| !row.cells.is_empty()) {
        let title = shorten(&plain(document.title(&row.contender)), LONGEST_TITLE);
        let cell = |index: usize| match index {
            0 => before_interval(&row.cells[0]),
            other => row.cells[other].clone(),
        };
        lines.push([vec![title], shown.map(cell).to_vec()].concat());
    }
    use Align::{Left, Right};
    if lines.len() > 1 {
        let lines = table::lines(&lines, &[Left, Right, Right, Right, Right, Right]);
        text.extend(lines.iter().map(|line| format!("  {}\n", line.trim_end())));
    }
    for row in rows {
        let title = plain(document.title(&row.contender));
        for why in &row.unfit {
            text.push_str(&indent("  – ", &format!("{title} does not fit: {}", plain(why))));
        }
        if !row.missing.is_empty() {
            text.push_str(&indent("  * ", &format!("{title}: {}", plain(&row.missing))));
        }
        if !row.check.is_empty() {
            text.push_str(&indent(
                "  · ",
                &format!("{title}, emulated: {}", plain(&row.check)),
            ));
        }
    }
    debug_assert!(wrap(&text, WIDTH).len() > 1, "a target has a title and a price");
    text
}

/// A value without its interval, which the page shows.
fn before_interval(cell: &str) -> String {
    cell.split(" (").next().unwrap_or(cell).to_owned()
}
