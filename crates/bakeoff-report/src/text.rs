//! The summary for a terminal: at most 80 columns, no colour, no characters that steer a terminal. The page has the
//! rest; the last lines give its path.

mod serverless;

use crate::claims;
use crate::commands;
use crate::document::Document;
use crate::error::RenderError;
use crate::field::{FieldRow, Standing, field};
use crate::findings;
use crate::flags::{Flag, flags};
use crate::layout::{self, WIDTH, indent, plain, wrap};
use crate::wording;
use bakeoff_core::metric::columns;
use bakeoff_core::tiers::tiers;
use bakeoff_core::words;
use bakeoff_core::words::number::{self, Quantity};
use bakeoff_core::words::table::{self, Align};
use bakeoff_core::words::{absence, state};

/// Longest title in the table, and the shortest to which wide numbers may shorten it, in characters.
const LONGEST_TITLE: usize = 24;
const SHORTEST_TITLE: usize = 6;
/// Blanks before the table, and between two of its columns.
const GAP: usize = 2;
/// How many findings the summary lists; the page has all.
const FINDINGS: usize = 8;

/// The summary, with a newline at its end.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = field(document);
    let parts = [
        answer(document),
        ranking(document, &field),
        beside_rows(document, &field),
        without_rank(document, &field),
        criteria(document),
        serverless::section(document, &field),
        compilers(document),
        starts(document),
        claims::verdicts(document),
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

/// App Engine and Cloud Run alone; empty where the document has neither.
#[must_use]
pub fn serverless_in_text(document: &Document<'_>) -> String {
    serverless::section(document, &field(document))
}

fn answer(document: &Document<'_>) -> String {
    let words = &document.words;
    let mut text = wrap(&plain(&words.both_levels()), WIDTH).join("\n") + "\n\n";
    for (label, sentence) in [
        ("because", &words.because),
        ("unless", &words.unless),
        ("beware", &words.beware),
    ] {
        if !sentence.is_empty() {
            text.push_str(&indent(&format!("  {label:<9}"), &plain(sentence)));
        }
    }
    for sentence in words.beside_the_answer() {
        text.push_str(&indent("  ", &plain(sentence)));
    }
    text
}

fn ranking(document: &Document<'_>, field: &[FieldRow<'_>]) -> String {
    let head = ["", "contender", "P(best)", "score", "95 %"].map(str::to_owned);
    let mut rows: Vec<Vec<String>> = vec![
        head.into_iter()
            .chain(columns().into_iter().map(|(_, column)| column.head.to_owned()))
            .collect(),
    ];
    rows.extend(
        field
            .iter()
            .filter(|row| row.has_numbers())
            .map(|row| cells(document, row)),
    );
    if rows.len() == 1 {
        return String::new();
    }
    let longest = room_for_titles(&rows);
    for row in &mut rows {
        row[TITLE] = layout::shorten(&row[TITLE], longest);
    }
    use Align::{Left, Right};
    let lines = table::lines(&rows, &[Right, Left, Right, Right, Left, Right, Right, Right]);
    let mut text: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    if rows.len() > 2 {
        text.push_str("  in the order of the score, by which bakeoff chooses\n");
    }
    if field.iter().any(FieldRow::is_reference) {
        text.push_str("  ref: a reference, measured and no candidate\n");
    }
    text
}

/// The column of the titles.
const TITLE: usize = 1;

/// How long a title may be beside the widest cells of the other columns.
fn room_for_titles(rows: &[Vec<String>]) -> usize {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let others: usize = (0..columns)
        .filter(|column| *column != TITLE)
        .map(|column| widest(column) + GAP)
        .sum();
    WIDTH
        .saturating_sub(GAP + others)
        .clamp(SHORTEST_TITLE, LONGEST_TITLE)
}

fn cells(document: &Document<'_>, row: &FieldRow<'_>) -> Vec<String> {
    let (place, p_best) = match row.standing {
        Standing::Ranked(rank) => (rank.to_string(), number::probability(row.p_best)),
        Standing::Reference => ("ref".to_owned(), "–".to_owned()),
        Standing::Vetoed(_) | Standing::NotMeasured(_) => return Vec::new(),
    };
    let mut cells = vec![
        place,
        plain(&row.title),
        p_best,
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
    let estimate = document.estimate(contender, id);
    match estimate.and_then(|estimate| estimate.estimate) {
        Some(range) => Quantity::new(range.value, document.brief.unit_of(id)).in_table(),
        None => wording::absent_briefly(estimate.and_then(|estimate| estimate.missing.as_ref())).to_owned(),
    }
}

/// The flags of the contenders that were measured, and why numbers of the table are absent.
fn beside_rows(document: &Document<'_>, field: &[FieldRow<'_>]) -> String {
    let mut text = String::new();
    for (flag, titles) in shared_flags(document, field) {
        let of = number::list(&titles);
        text.push_str(&indent(
            "  * ",
            &format!("{of}, {}: {}", flag.label, plain(&flag.why)),
        ));
    }
    for (metric, _) in columns() {
        for (why, titles) in absences(document, field, metric.id) {
            let (title, of) = (metric.title, number::list(&titles));
            text.push_str(&indent("  * ", &format!("{title} of {of}: {}", plain(&why))));
        }
    }
    text
}

/// The flags of the contenders of the table, each once with the titles that have it: contenders of one runtime share
/// its flag.
fn shared_flags(document: &Document<'_>, field: &[FieldRow<'_>]) -> Vec<(Flag, Vec<String>)> {
    let mut found: Vec<(Flag, Vec<String>)> = Vec::new();
    for row in field.iter().filter(|row| row.has_numbers()) {
        let title = plain(&row.title);
        for flag in flags(document, row.name) {
            match found.iter_mut().find(|(other, _)| *other == flag) {
                Some((_, titles)) => titles.push(title.clone()),
                None => found.push((flag, vec![title.clone()])),
            }
        }
    }
    found
}

/// Why contenders of the table have no evidence of a metric, each reason once with the titles that it concerns.
fn absences(document: &Document<'_>, field: &[FieldRow<'_>], id: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in field.iter().filter(|row| row.has_numbers()) {
        let estimate = document.estimate(row.name, id);
        let Some(why) = estimate.and_then(|estimate| estimate.missing.as_ref()) else {
            continue;
        };
        let why = absence::missing(why);
        let title = plain(&row.title);
        match found.iter_mut().find(|(other, _)| *other == why) {
            Some((_, titles)) => titles.push(title),
            None => found.push((why, vec![title])),
        }
    }
    found
}

fn without_rank(document: &Document<'_>, field: &[FieldRow<'_>]) -> String {
    let mut text = String::new();
    for row in field {
        let (label, reason) = match &row.standing {
            Standing::Ranked(_) | Standing::Reference => continue,
            Standing::Vetoed(reason) => ("out", reason),
            Standing::NotMeasured(reason) => ("not measured", reason),
        };
        let title = plain(&row.title);
        text.push_str(&indent("  – ", &format!("{title}, {label}: {}", plain(reason))));
        for flag in flags(document, row.name) {
            text.push_str(&indent("    ", &format!("{}: {}", flag.label, plain(&flag.why))));
        }
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

/// What V8's compilers are worth; empty in a run of one stage.
fn compilers(document: &Document<'_>) -> String {
    let tiers = tiers(document.run, document.judgement, document.brief);
    let sentences = tiers
        .iter()
        .flat_map(|tiers| words::tiers::sentences(tiers, document));
    let lines: String = sentences
        .map(|sentence| indent("  ", &plain(&sentence)))
        .collect();
    match lines.is_empty() {
        true => lines,
        false => format!("V8's compilers\n{lines}"),
    }
}

/// What a prepared start is worth; empty in a run without one.
fn starts(document: &Document<'_>) -> String {
    let sentences = words::starts(document);
    let lines: String = sentences
        .iter()
        .map(|sentence| indent("  ", &plain(sentence)))
        .collect();
    match lines.is_empty() {
        true => lines,
        false => format!("Prepared starts\n{lines}"),
    }
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
    let measured = format!(
        "{}, seed {}; it stopped because {}",
        wording::extent(run),
        run.plan.seed,
        plain(&wording::stop(run.stop.as_ref()))
    );
    let mut runtimes = String::new();
    let names = wording::runtimes(run);
    if !names.is_empty() {
        runtimes = indent("runtimes  ", &plain(&number::list(&names)));
    }
    indent("measured  ", &measured)
        + &runtimes
        + &indent("report    ", &plain(&commands::report_path(document)))
        + &indent("again     ", &plain(&commands::repeat(document)))
}
