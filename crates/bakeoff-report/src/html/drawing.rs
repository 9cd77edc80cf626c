//! What probes saw on the way to a metric: the rate against the number of clients and of processes with the fitted law, memory against connections, and
//! response times before, during and after an overload. Each from the contender's last trial that has it. Deliberately only stored points: nothing is fitted or averaged here.

use super::chart::{ChartOption, dash, extent, frame, rounded};
use super::mark::{Mark, Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::evidence::{Gate, GateOutcome, Point, Trial};
use serde_json::{Value, json};

/// A drawing: which points it shows, and which of them its table tells.
struct Kind {
    id: &'static str,
    title: &'static str,
    sentence: &'static str,
    /// The metric whose points are drawn as symbols, and the one whose points are drawn as a line with its band.
    dots: Option<&'static str>,
    /// The first of these that has points.
    line: &'static [&'static str],
    /// The metric whose points the table tells, its unit, and at which x under which head.
    told: &'static str,
    unit: &'static str,
    columns: &'static [(f64, &'static str)],
    axis: Axis,
}

/// How x is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Axis {
    /// Each step to the right is twice as many.
    Doubling,
    /// Seconds, 0 being the beginning of the overload, which ends at this instant.
    Seconds { until: f64 },
    /// Each step to the right is as many more.
    Count,
}

const KINDS: [Kind; 4] = [
    Kind {
        id: "rate-by-clients",
        title: "Rate against clients",
        sentence: "Answers a second of so many clients that ask again as soon as they are answered: measured on the way up and on the way down, and the Universal Scalability Law through it with its 95 % band, dotted. Where the line bends down, more clients get fewer answers.",
        dots: Some("usl_contention"),
        line: &["usl_peak"],
        told: "usl_contention",
        unit: "1/s",
        columns: &[(1.0, "1"), (4.0, "4"), (16.0, "16"), (64.0, "64 clients")],
        axis: Axis::Doubling,
    },
    Kind {
        id: "rate-by-processes",
        title: "Rate against processes",
        sentence: "Computing requests a second of so many processes, each with a processor of its own, and where there are three processors or more the Universal Scalability Law through it with its 95 % band, dotted. Two processors give two points, which are joined by a straight line.",
        dots: Some("multicore_speedup"),
        line: &["usl_processes_peak", "multicore_speedup"],
        told: "multicore_speedup",
        unit: "1/s",
        columns: &[(1.0, "1"), (2.0, "2"), (4.0, "4"), (8.0, "8 processes")],
        axis: Axis::Doubling,
    },
    Kind {
        id: "memory-by-connections",
        title: "Memory against connections",
        sentence: "Memory of the whole process tree in MB while so many connections stand open, each of which has been served once and does nothing. A line ends where its server took no more, or where the time for opening them ended.",
        dots: Some("connection_kb"),
        line: &["connection_kb"],
        told: "connection_kb",
        unit: "MB",
        columns: &[
            (0.0, "none"),
            (1_000.0, "1,000"),
            (5_000.0, "5,000"),
            (10_000.0, "10,000 connections"),
        ],
        axis: Axis::Count,
    },
    Kind {
        id: "overload",
        title: "Before, during and after overload",
        sentence: "Median response time in ms of the requests that were due in each tenth of a second: at the brief's rate, then for half a second at twice what the contender can do (shaded), then at the brief's rate again.",
        dots: None,
        line: &["recovery_s"],
        told: "recovery_s",
        unit: "ms",
        columns: &[
            (-0.15, "before"),
            (0.45, "at its end"),
            (0.95, "½ s later"),
            (1.95, "1½ s later"),
        ],
        axis: Axis::Seconds { until: 0.5 },
    },
];

#[derive(Template)]
#[template(path = "drawing.html")]
pub(super) struct Drawing {
    id: &'static str,
    title: &'static str,
    sentence: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    lines: Vec<Line>,
    axis: Axis,
}

impl askama::filters::HtmlSafe for Drawing {}

struct Row {
    named: Named,
    cells: Vec<String>,
}

/// One contender's points.
struct Line {
    mark: Mark,
    dots: Vec<(f64, f64)>,
    line: Vec<(f64, f64)>,
    low: Vec<(f64, f64)>,
    high: Vec<(f64, f64)>,
}

impl Drawing {
    /// Those of which there is something to be seen.
    pub(super) fn all(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Vec<Drawing> {
        KINDS
            .iter()
            .map(|kind| Drawing::of(document, field, marks, kind))
            .filter(|drawing| !drawing.lines.is_empty())
            .collect()
    }

    fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks, kind: &Kind) -> Drawing {
        let lines = field
            .iter()
            .filter_map(|entrant| line(document, marks.get(entrant.name)?, entrant.name, kind));
        let row = |entrant: &FieldRow<'_>| {
            let points = points(document, entrant.name, kind.told)?;
            let cell = |(x, _): &(f64, &str)| {
                let at = points.iter().find(|point| (point.x - x).abs() < 1e-6);
                at.map_or("–".to_owned(), |point| number::in_table(point.y, kind.unit))
            };
            Some(Row {
                named: Named::of(marks, entrant.name),
                cells: kind.columns.iter().map(cell).collect(),
            })
        };
        Drawing {
            id: kind.id,
            title: kind.title,
            sentence: kind.sentence,
            heads: kind.columns.iter().map(|(_, head)| *head).collect(),
            rows: field.iter().filter_map(row).collect(),
            lines: lines.collect(),
            axis: kind.axis,
        }
    }

    /// What the page's script draws.
    pub(super) fn option(&self) -> ChartOption {
        let points = || {
            self.lines
                .iter()
                .flat_map(|line| line.line.iter().chain(&line.dots))
        };
        let (low, high) = extent(points());
        let last = points().map(|(x, _)| *x).fold(0.0, f64::max);
        let formatter = match self.axis {
            Axis::Doubling => "doubling",
            Axis::Seconds { .. } => "seconds",
            Axis::Count => "count",
        };
        let series = self.lines.iter().flat_map(series).collect();
        let mut option = frame(formatter, rounded(last), low, high, series);
        option["tooltip"]["trigger"] = json!("item");
        if self.axis == Axis::Doubling {
            option["xAxis"]["interval"] = json!(1);
        }
        if let Axis::Seconds { until } = self.axis {
            let first = points().map(|(x, _)| *x).fold(0.0, f64::min);
            option["xAxis"]["min"] = json!(rounded(first));
            option["yAxis"]["axisLine"] = json!({ "show": false });
            option["series"][0]["markArea"] = json!({
                "silent": true, "itemStyle": { "color": "--rule" },
                "data": [[{ "xAxis": 0 }, { "xAxis": until }]],
            });
        }
        ChartOption {
            label: None,
            chart: self.id,
            option,
        }
    }
}

/// Whether a trial's probes are evidence: the gates that take what they saw away were passed.
fn counts(trial: &&Trial) -> bool {
    trial.gates.iter().all(|result| {
        let concerns = matches!(result.gate, Gate::Contract | Gate::ErrorRate | Gate::Quiet);
        !concerns || result.outcome != GateOutcome::Failed
    })
}

/// The points behind a metric in the contender's last trial that has some and counts.
fn points<'d>(document: &Document<'d>, name: &str, metric: &str) -> Option<&'d [Point]> {
    let trials = document
        .run
        .trials
        .iter()
        .rev()
        .filter(|trial| trial.entrant.is_contender(name))
        .filter(counts);
    trials
        .flat_map(|trial| &trial.observations)
        .filter(|observation| observation.metric == metric)
        .find_map(|observation| observation.detail.as_ref().map(|detail| detail.points.as_slice()))
        .filter(|points| !points.is_empty())
}

fn line(document: &Document<'_>, mark: &Mark, name: &str, kind: &Kind) -> Option<Line> {
    let place = |x: f64| match kind.axis {
        Axis::Doubling => rounded(x.log2()),
        Axis::Seconds { .. } | Axis::Count => rounded(x),
    };
    let drawn = |points: &[Point], y: fn(&Point) -> Option<f64>| -> Vec<(f64, f64)> {
        points
            .iter()
            .filter_map(|point| Some((place(point.x), rounded(y(point).filter(|y| *y > 0.0)?))))
            .collect()
    };
    let line = kind
        .line
        .iter()
        .find_map(|metric| points(document, name, metric))?;
    let dots = kind
        .dots
        .and_then(|metric| points(document, name, metric))
        .unwrap_or(&[]);
    Some(Line {
        mark: mark.clone(),
        dots: drawn(dots, |point| Some(point.y)),
        line: drawn(line, |point| Some(point.y)),
        low: drawn(line, |point| point.range.map(|range| range.0)),
        high: drawn(line, |point| point.range.map(|range| range.1)),
    })
}

fn series(line: &Line) -> Vec<Value> {
    let colour = format!("--m{}", line.mark.slot);
    let of = |points: &[(f64, f64)], width: f64, dash: Value, opacity: f64| {
        json!({
            "name": line.mark.title, "color": colour, "data": points,
            "lineStyle": { "width": width, "type": dash, "opacity": opacity },
        })
    };
    let mut all = vec![of(&line.line, 1.75, dash(&line.mark), 0.9)];
    if !line.low.is_empty() {
        let dotted = || json!("dotted");
        all.push(of(&line.low, 1.0, dotted(), 0.5));
        all.push(of(&line.high, 1.0, dotted(), 0.5));
    }
    if !line.dots.is_empty() {
        all.push(json!({
            "name": line.mark.title, "color": colour, "symbol": "circle", "symbolSize": 5,
            "showAllSymbol": true, "lineStyle": { "width": 0 }, "data": line.dots,
        }));
    }
    all
}
