//! The summary for a terminal: at most 100 columns, no colour, nothing that a terminal would take for a command.
//! Deliberately not everything: the page has the rest, and the last lines say where it is.

mod layout;

use crate::commands;
use crate::contender::{FieldRow, Standing};
use crate::document::Document;
use crate::findings;
use crate::format::RenderError;
use crate::{number, wording};
use bakeoff_core::metric::{Metric, columns};
use bakeoff_core::words::state;
use bakeoff_core::words::table::{self, Align};
use layout::{WIDTH, indent, plain, wrap};

/// Longest title in the table, in characters.
const TITLE_WIDTH: usize = 24;
/// How many findings are told before the reader is sent to the page.
const FINDINGS: usize = 8;

/// The summary, with a newline at its end.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = document.field();
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
    let head = ["", "contender", "best", "value", "95 %"].map(str::to_owned);
    let mut rows = vec![
        head.into_iter()
            .chain(columns().into_iter().map(|(_, column)| column.head.to_owned()))
            .collect(),
    ];
    rows.extend(
        field
            .iter()
            .filter(|entrant| entrant.is_ranked())
            .map(|entrant| row(document, entrant)),
    );
    if rows.len() == 1 {
        return String::new();
    }
    use Align::{Left, Right};
    let lines = table::lines(&rows, &[Right, Left, Right, Right, Left, Right, Right, Right]);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn row(document: &Document<'_>, entrant: &FieldRow<'_>) -> Vec<String> {
    let Standing::Ranked(rank) = entrant.standing else {
        return Vec::new();
    };
    let mut row = vec![
        rank.to_string(),
        layout::shorten(&plain(&entrant.title), TITLE_WIDTH),
        number::probability(entrant.p_best),
        entrant.value.map_or("–".to_owned(), |v| number::score(v.value)),
        entrant.value.map_or(String::new(), |v| {
            format!("{} to {}", number::score(v.low), number::score(v.high))
        }),
    ];
    row.extend(
        columns()
            .into_iter()
            .map(|(metric, _)| key_metric(document, entrant.name, metric)),
    );
    row
}

fn key_metric(document: &Document<'_>, contender: &str, metric: &Metric) -> String {
    let estimate = document
        .estimate(contender, metric.id)
        .and_then(|estimate| estimate.estimate);
    match estimate {
        Some(range) => number::in_table(range.value, document.unit(metric)),
        None => "no evidence".to_owned(),
    }
}

fn without_rank(field: &[FieldRow<'_>]) -> String {
    let mut text = String::new();
    for entrant in field {
        let (label, reason) = match &entrant.standing {
            Standing::Ranked(_) => continue,
            Standing::Vetoed(reason) => ("out", reason),
            Standing::NotMeasured(reason) => ("not measured", reason),
        };
        text.push_str(&indent(
            "  – ",
            &format!("{}, {label}: {}", plain(&entrant.title), plain(reason)),
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
        text.push_str(&indent(
            "  ~ ",
            &format!("cautions beside numbers: {}", kinds.join(", ")),
        ));
    }
    text
}

fn closing(document: &Document<'_>) -> String {
    let run = document.run;
    let blocks = run.trials.iter().map(|trial| trial.block + 1).max().unwrap_or(0) as usize;
    let measured = format!(
        "{} in {}, seed {}; it stopped because {}",
        wording::plural(run.trials.len(), "trial"),
        wording::plural(blocks, "block"),
        run.plan.seed,
        plain(&wording::stop(run.stop.as_ref()))
    );
    indent("measured  ", &measured)
        + &indent("report    ", &plain(&commands::report_path(document)))
        + &indent("again     ", &plain(&commands::repeat(document)))
}
