//! All results as one long table (RFC 4180): a row is one value of one metric of one contender.
//!
//! - `run`, `contender`, `criterion`, `metric`, `unit`: what the value is of. Scores have the unit `score`;
//!   the score of a criterion has no metric.
//! - `kind`: `observation` (raw, before any gate), `block` (a value that an estimate rests on), `estimate`, `score`,
//!   `criterion-score` or `p-best`.
//! - `block`: the block, from 0, of observations and block values; empty for a value that was read once.
//! - `value`, `low`, `high`: the value and its 95 % interval; empty without evidence.
//! - `n`: the number of blocks or observations of an estimate.
//! - `gate`, `cautions`, `missing`: the gate that failed, the words of the cautions separated by `;`, and why there is
//!   no evidence.
//!
//! A text cell that a spreadsheet would run as a formula gets an apostrophe in front.

use crate::document::Document;
use crate::error::RenderError;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Observation;
use bakeoff_core::judgement::MetricEstimate;
use bakeoff_core::range::Range;
use bakeoff_core::words::absence;
use std::borrow::Cow;

const HEADER: [&str; 14] = [
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
}

/// The table, with a header and lines that end in a newline.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let mut rows = observations(document);
    rows.extend(
        document
            .judgement
            .metrics
            .iter()
            .flat_map(|estimate| estimate_rows(document, estimate)),
    );
    rows.extend(criterion_rows(document));
    rows.extend(verdict_rows(document));
    let mut bytes = Vec::new();
    let mut table = ::csv::Writer::from_writer(&mut bytes);
    table.write_record(HEADER)?;
    for row in rows {
        table.write_record(row.cells(&document.run.id))?;
    }
    table.flush()?;
    drop(table);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn observations<'a>(document: &Document<'a>) -> Vec<Row<'a>> {
    let once = document.run.contenders.iter().flat_map(|record| {
        record
            .observations
            .iter()
            .map(|observation| (Cow::Borrowed(record.name.as_str()), None, observation))
    });
    let in_blocks = document.run.trials.iter().flat_map(|trial| {
        let id = match &trial.entrant {
            Entrant::Contender(name) => Cow::Borrowed(name.as_str()),
            twin @ Entrant::Twin(_) => Cow::Owned(twin.id()),
        };
        let observed = trial.observations.iter();
        observed.map(move |observation| (id.clone(), Some(trial.block), observation))
    });
    once.chain(in_blocks)
        .map(|(contender, block, seen)| observation(document, contender, block, seen))
        .collect()
}

fn observation<'a>(
    document: &Document<'a>,
    contender: Cow<'a, str>,
    block: Option<u32>,
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
        block,
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
    let mut rows: Vec<_> = estimate
        .by_block
        .iter()
        .map(|&(block, value)| Row {
            kind: "block",
            block: Some(block),
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
    document.judgement.criteria.iter().map(|score| {
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
    document
        .judgement
        .verdict
        .p_best
        .iter()
        .map(|(contender, p)| Row {
            contender: Cow::Borrowed(contender),
            unit: "share",
            kind: "p-best",
            value: Some(*p),
            ..Row::default()
        })
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

    fn cells(&self, run: &str) -> [String; 14] {
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
