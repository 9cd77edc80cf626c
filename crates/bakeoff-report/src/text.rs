//! The summary for a terminal: at most 100 columns, no colour, no characters that steer a terminal. The page has the
//! rest; the last lines give its path.

mod layout;

use crate::commands;
use crate::document::Document;
use crate::error::RenderError;
use crate::field::{FieldRow, Standing, field};
use crate::findings;
use crate::wording;
use bakeoff_core::metric::columns;
use bakeoff_core::words::number::{self, Quantity};
use bakeoff_core::words::state;
use bakeoff_core::words::table::{self, Align};
use layout::{WIDTH, indent, plain, wrap};

/// Longest title in the table, in characters.
const TITLE_WIDTH: usize = 24;
/// How many findings the summary lists; the page has all.
const FINDINGS: usize = 8;

/// The summary, with a newline at its end.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = field(document);
    let parts = [
        answer(document),
        ranking(document, &field),
        without_rank(&field),
        criteria(document),
        found(document),
        closing(document),
    ];
    let mut text = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}

fn answer(document: &Document<'_>) -> String {
    let words = &document.words;
    let mut text = wrap(&plain(&words.answer), WIDTH).join("\n") + "\n\n";
    for (label, sentence) in [
        ("because", &words.because),
        ("unless", &words.unless),
        ("beware", &words.beware),
    ] {
        if !sentence.is_empty() {
            text.push_str(&indent(&format!("  {label:<9}"), &plain(sentence)));
        }
    }
    text
}

fn ranking(document: &Document<'_>, field: &[FieldRow<'_>]) -> String {
    let head = ["", "contender", "P(best)", "score", "95 % interval"].map(str::to_owned);
    let mut rows = vec![
        head.into_iter()
            .chain(columns().into_iter().map(|(_, column)| column.head.to_owned()))
            .collect(),
    ];
    rows.extend(
        field
            .iter()
            .filter(|row| row.is_ranked())
            .map(|row| cells(document, row)),
    );
    if rows.len() == 1 {
        return String::new();
    }
    use Align::{Left, Right};
    let lines = table::lines(&rows, &[Right, Left, Right, Right, Left, Right, Right, Right]);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn cells(document: &Document<'_>, row: &FieldRow<'_>) -> Vec<String> {
    let Standing::Ranked(rank) = row.standing else {
        return Vec::new();
    };
    let mut cells = vec![
        rank.to_string(),
        layout::shorten(&plain(&row.title), TITLE_WIDTH),
        number::probability(row.p_best),
        row.score.map_or("–".to_owned(), |v| number::score(v.value)),
        row.score.map_or(String::new(), |v| {
            format!("{} to {}", number::score(v.low), number::score(v.high))
        }),
    ];
    cells.extend(
        columns()
            .into_iter()
            .map(|(metric, _)| key_metric(document, row.name, metric.id)),
    );
    cells
}

fn key_metric(document: &Document<'_>, contender: &str, id: &str) -> String {
    let estimate = document
        .estimate(contender, id)
        .and_then(|estimate| estimate.estimate);
    match estimate {
        Some(range) => Quantity::new(range.value, document.brief.unit_of(id)).in_table(),
        None => "no evidence".to_owned(),
    }
}

fn without_rank(field: &[FieldRow<'_>]) -> String {
    let mut text = String::new();
    for row in field {
        let (label, reason) = match &row.standing {
            Standing::Ranked(_) => continue,
            Standing::Vetoed(reason) => ("out", reason),
            Standing::NotMeasured(reason) => ("not measured", reason),
        };
        text.push_str(&indent(
            "  – ",
            &format!("{}, {label}: {}", plain(&row.title), plain(reason)),
        ));
    }
    text
}

fn criteria(document: &Document<'_>) -> String {
    let sentences = document
        .words
        .criteria
        .iter()
        .filter(|(_, sentence)| !sentence.is_empty());
    sentences
        .map(|(id, sentence)| indent(&format!("  {:<16}", plain(id)), &plain(sentence)))
        .collect()
}

fn found(document: &Document<'_>) -> String {
    let faults = findings::faults(document);
    let mut text = String::new();
    for finding in faults.iter().take(FINDINGS) {
        let owner = state::owner(finding.fault.owner);
        let title = plain(&document.entrant_title(&finding.entrant));
        let message = plain(&finding.fault.message);
        text.push_str(&indent(
            "  ! ",
            &format!(
                "{title}, {}: {message} ({owner} fault)",
                plain(&finding.fault.at.to_string())
            ),
        ));
        for line in finding.fault.log.iter().rev().take(3).rev() {
            text.push_str(&format!("      | {}\n", layout::shorten(&plain(line), WIDTH - 8)));
        }
    }
    if faults.len() > FINDINGS {
        text.push_str(&format!("  ! {} more in the report\n", faults.len() - FINDINGS));
    }
    let cautions = findings::cautions(document);
    if !cautions.is_empty() {
        let kinds: Vec<String> = cautions
            .iter()
            .map(|group| format!("{} ({})", group.id, group.count()))
            .collect();
        text.push_str(&indent("  ~ ", &format!("cautions: {}", kinds.join(", "))));
    }
    text
}

fn closing(document: &Document<'_>) -> String {
    let run = document.run;
    let blocks = run.trials.iter().map(|trial| trial.block + 1).max().unwrap_or(0) as usize;
    let measured = format!(
        "{} in {}, seed {}; it stopped because {}",
        number::count(run.trials.len(), "trial"),
        number::count(blocks, "block"),
        run.plan.seed,
        plain(&wording::stop(run.stop.as_ref()))
    );
    indent("measured  ", &measured)
        + &indent("report    ", &plain(&commands::report_path(document)))
        + &indent("again     ", &plain(&commands::repeat(document)))
}
