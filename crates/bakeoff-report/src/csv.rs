//! All results as one long table (RFC 4180): a row is one value of one metric of one contender. Observations are in the
//! order in which they were made; estimates and scores have contenders in the order of the verdict.
//!
//! - `run`, `contender`, `criterion`, `metric`, `unit`: what the value is of. Scores have the unit `score`;
//!   the score of a criterion has no metric.
//! - `kind`: `observation` (raw, before any gate), `block` (a value that an estimate rests on), `estimate`, `score`,
//!   `criterion-score` or `p-best`.
//! - `block`: the block, from 0, of observations and block values; empty for a value that was read once.
//! - `value`, `low`, `high`: the value and its 95 % interval; empty without evidence.
//! - `n`: the number of blocks, launches or observations of an estimate.
//! - `gate`, `cautions`, `missing`: the gate that failed, the words of the cautions separated by `;`, and why there is
//!   no evidence.
//! - `launch`: the launch, from 0 through the run as in `results.json`, of observations and block values; empty in runs
//!   in which each trial was a launch of its own.
//! - `class`, `data_access`, `parser`: the contender's work, as its manifest declares it, or `not declared`.
//!
//! A text cell that a spreadsheet would run as a formula gets an apostrophe in front.

use crate::document::Document;
use crate::error::RenderError;
use crate::field::in_order;
use bakeoff_core::contender::{Access, Class, Parser};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Observation;
use bakeoff_core::judgement::MetricEstimate;
use bakeoff_core::range::Range;
use bakeoff_core::words::absence;
use bakeoff_core::words::work::NOT_DECLARED;
use std::borrow::Cow;

/// The number of columns.
const COLUMNS: usize = 18;

const HEADER: [&str; COLUMNS] = [
    "run",
    "contender",
    "criterion",
    "metric",
    "unit",
    "kind",
    "block",
    "value",
    "low",
    "high",
    "n",
    "gate",
    "cautions",
    "missing",
    "launch",
    "class",
    "data_access",
    "parser",
];

#[derive(Default)]
struct Row<'a> {
    contender: Cow<'a, str>,
    criterion: &'a str,
    metric: &'a str,
    unit: &'a str,
    kind: &'static str,
    block: Option<u32>,
    value: Option<f64>,
    interval: Option<(f64, f64)>,
    n: Option<u32>,
    gate: String,
    cautions: String,
    missing: String,
    launch: Option<u32>,
}

/// Where something was observed.
#[derive(Default, Clone, Copy)]
struct Origin {
    block: Option<u32>,
    launch: Option<u32>,
}

/// The table, with a header and lines that end in a newline.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let mut rows = observations(document);
    let estimates = in_order(document, &document.judgement.metrics, |estimate| {
        estimate.contender.as_str()
    });
    rows.extend(
        estimates
            .into_iter()
            .flat_map(|estimate| estimate_rows(document, estimate)),
    );
    rows.extend(criterion_rows(document));
    rows.extend(verdict_rows(document));
    let mut bytes = Vec::new();
    let mut table = ::csv::Writer::from_writer(&mut bytes);
    table.write_record(HEADER)?;
    for row in rows {
        let declared = declared(document, &row.contender);
        table.write_record(row.cells(&document.run.id, declared))?;
    }
    table.flush()?;
    drop(table);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The class, the data access and the HTTP parser of a contender, or of a twin's contender.
fn declared(document: &Document<'_>, contender: &str) -> [&'static str; 3] {
    let entrant = Entrant::from(contender.to_owned());
    let work = document.record(entrant.name()).map(|record| &record.work);
    let words = [
        work.and_then(|work| work.class).map(Class::id),
        work.and_then(|work| work.data.access).map(Access::id),
        work.and_then(|work| work.http.parser).map(Parser::id),
    ];
    words.map(|word| word.unwrap_or(NOT_DECLARED))
}

fn observations<'a>(document: &Document<'a>) -> Vec<Row<'a>> {
    let run = document.run;
    let once = run.contenders.iter().flat_map(|record| {
        let observed = record.observations.iter();
        observed.map(|seen| (Cow::Borrowed(record.name.as_str()), Origin::default(), seen))
    });
    let in_launches = run.launches.iter().flat_map(|launch| {
        let origin = Origin {
            launch: Some(launch.id),
            block: None,
        };
        let at_the_end = launch.end.iter().flat_map(|end| &end.observations);
        let observed = launch.observations.iter().chain(at_the_end);
        observed.map(move |seen| (id(&launch.entrant), origin, seen))
    });
    let in_blocks = run.trials.iter().flat_map(|trial| {
        let origin = Origin {
            launch: trial.launch,
            block: Some(trial.block),
        };
        let observed = trial.observations.iter();
        observed.map(move |seen| (id(&trial.entrant), origin, seen))
    });
    once.chain(in_launches)
        .chain(in_blocks)
        .map(|(contender, origin, seen)| observation(document, contender, origin, seen))
        .collect()
}

fn id(entrant: &Entrant) -> Cow<'_, str> {
    match entrant {
        Entrant::Contender(name) => Cow::Borrowed(name.as_str()),
        twin @ Entrant::Twin(_) => Cow::Owned(twin.id()),
    }
}

fn observation<'a>(
    document: &Document<'a>,
    contender: Cow<'a, str>,
    origin: Origin,
    seen: &'a Observation,
) -> Row<'a> {
    let cautions = seen
        .cautions
        .iter()
        .map(|caution| caution.id())
        .collect::<Vec<_>>()
        .join(";");
    let row = Row {
        contender,
        kind: "observation",
        block: origin.block,
        launch: origin.launch,
        value: Some(seen.value),
        cautions,
        ..Row::default()
    };
    row.of_metric(document, &seen.metric)
}

fn estimate_rows<'a>(document: &Document<'a>, estimate: &'a MetricEstimate) -> Vec<Row<'a>> {
    let blank = || {
        Row {
            contender: Cow::Borrowed(&estimate.contender),
            ..Row::default()
        }
        .of_metric(document, &estimate.metric)
    };
    let in_launches = estimate
        .by_launch
        .iter()
        .flat_map(|of| of.blocks.iter().map(|value| (Some(of.launch), *value)));
    let mut values: Vec<(Option<u32>, (u32, f64))> = in_launches.collect();
    if values.is_empty() {
        values.extend(estimate.by_block.iter().map(|value| (None, *value)));
    }
    let mut rows: Vec<_> = values
        .into_iter()
        .map(|(launch, (block, value))| Row {
            kind: "block",
            block: Some(block),
            launch,
            value: Some(value),
            ..blank()
        })
        .collect();
    let estimated = Row {
        kind: "estimate",
        n: Some(estimate.n),
        gate: estimate
            .gate
            .as_ref()
            .map(|result| result.gate.to_string())
            .unwrap_or_default(),
        cautions: estimate
            .cautions
            .iter()
            .map(|caution| caution.id())
            .collect::<Vec<_>>()
            .join(";"),
        missing: estimate
            .missing
            .as_ref()
            .map(absence::missing)
            .unwrap_or_default(),
        ..blank()
    };
    rows.push(estimated.with_range(estimate.estimate));
    if estimate.score.is_some() {
        rows.push(
            Row {
                kind: "score",
                unit: "score",
                ..blank()
            }
            .with_range(estimate.score),
        );
    }
    rows
}

fn criterion_rows<'a>(document: &Document<'a>) -> impl Iterator<Item = Row<'a>> {
    let scores = in_order(document, &document.judgement.criteria, |row| {
        row.contender.as_str()
    });
    scores.into_iter().map(|score| {
        let row = Row {
            contender: Cow::Borrowed(&score.contender),
            criterion: &score.criterion,
            unit: "score",
            kind: "criterion-score",
            ..Row::default()
        };
        row.with_range(Some(score.score))
    })
}

fn verdict_rows<'a>(document: &Document<'a>) -> impl Iterator<Item = Row<'a>> {
    let p_best: Vec<(&String, &f64)> = document.judgement.verdict.p_best.iter().collect();
    let rows: Vec<Row<'a>> = in_order(document, &p_best, |(contender, _)| contender.as_str())
        .into_iter()
        .map(|(contender, p)| Row {
            contender: Cow::Borrowed(contender.as_str()),
            unit: "share",
            kind: "p-best",
            value: Some(**p),
            ..Row::default()
        })
        .collect();
    rows.into_iter()
}

impl<'a> Row<'a> {
    fn of_metric(mut self, document: &Document<'a>, id: &'a str) -> Self {
        self.metric = id;
        self.criterion = document.brief.criterion_of(id).unwrap_or("");
        self.unit = document.brief.unit_of(id);
        self
    }

    fn with_range(mut self, range: Option<Range>) -> Self {
        self.value = range.map(|range| range.value);
        self.interval = range.map(|range| (range.low, range.high));
        self
    }

    fn cells(&self, run: &str, [class, data_access, parser]: [&str; 3]) -> [String; COLUMNS] {
        let number = |value: Option<f64>| {
            value
                .filter(|v| v.is_finite())
                .map(|v| v.to_string())
                .unwrap_or_default()
        };
        let whole = |value: Option<u32>| value.map(|v| v.to_string()).unwrap_or_default();
        [
            text(run),
            text(&self.contender),
            text(self.criterion),
            text(self.metric),
            text(self.unit),
            text(self.kind),
            whole(self.block),
            number(self.value),
            number(self.interval.map(|(low, _)| low)),
            number(self.interval.map(|(_, high)| high)),
            whole(self.n),
            text(&self.gate),
            text(&self.cautions),
            text(&self.missing),
            whole(self.launch),
            text(class),
            text(data_access),
            text(parser),
        ]
    }
}

/// A text as a cell that no spreadsheet runs as a formula.
fn text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_text_is_no_formula() {
        assert_eq!(text("plain"), "plain");
        assert_eq!(text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
