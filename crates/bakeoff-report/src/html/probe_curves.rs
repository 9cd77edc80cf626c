//! What probes saw on the way to a metric: rate by clients and by processes with the fitted law, memory by connections,
//! and response times before, during and after an overload. Each comes from the contender's last trial that has it.
//! Only stored points are drawn: nothing is fitted or averaged here.

use super::axis::{Axis, Tick};
use super::palette::{Mark, Named, Palette};
use super::plot::{Frame, Labels, Plot};
use super::reading::{Row as Values, Stop};
use crate::document::Document;
use crate::field::FieldRow;
use askama::Template;
use bakeoff_core::evidence::{Gate, GateOutcome, Observation, Point, Trial};
use bakeoff_core::words::number::Quantity;

/// A chart: which points it shows, and which of them its table holds.
struct Kind {
    id: &'static str,
    title: &'static str,
    sentence: &'static str,
    /// The metric whose points are drawn as dots.
    dots: Option<&'static str>,
    /// The metrics whose points are drawn as a line with its band: the first that has points.
    line: &'static [&'static str],
    /// The metric whose points stand in the table and in the line of values.
    values: &'static str,
    unit: &'static str,
    /// The unit above the axis.
    unit_words: &'static str,
    columns: &'static [(f64, &'static str)],
    x: Across,
    x_name: &'static str,
    /// The x at which the line of values begins, or the nearest.
    start: f64,
}

/// How x is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Across {
    /// Each step to the right is twice as many of these: the words for one and for more.
    Doubling { one: &'static str, many: &'static str },
    /// Seconds, 0 being the beginning of the overload, which ends at this instant.
    Seconds { overload_s: f64 },
    /// Each step to the right adds as many of these.
    Count { one: &'static str, many: &'static str },
}

const KINDS: [Kind; 4] = [
    Kind {
        id: "rate-by-clients",
        title: "Rate by number of clients",
        sentence: "Responses a second while each client sends its next request as soon as it has a response. Dots are \
                   measured, first with ever more clients, then with ever fewer. The line is the Universal Scalability Law \
                   fitted to them, the dotted lines its 95 % band. Where the line bends down, more clients get fewer responses.",
        dots: Some("usl_contention"),
        line: &["usl_peak"],
        values: "usl_contention",
        unit: "1/s",
        unit_words: "/s",
        columns: &[(1.0, "1"), (4.0, "4"), (16.0, "16"), (64.0, "64 clients")],
        x: Across::Doubling {
            one: "client",
            many: "clients",
        },
        x_name: "clients",
        start: 16.0,
    },
    Kind {
        id: "rate-by-processes",
        title: "Rate by number of processes",
        sentence: "Responses a second to computing requests, each process on a core of its own. With three cores or more the \
                   line is the Universal Scalability Law fitted to the dots, the dotted lines its 95 % band. Two cores give two \
                   dots, joined by a straight line.",
        dots: Some("multicore_speedup"),
        line: &["usl_processes_peak", "multicore_speedup"],
        values: "multicore_speedup",
        unit: "1/s",
        unit_words: "/s",
        columns: &[(1.0, "1"), (2.0, "2"), (4.0, "4"), (8.0, "8 processes")],
        x: Across::Doubling {
            one: "process",
            many: "processes",
        },
        x_name: "processes",
        start: 8.0,
    },
    Kind {
        id: "memory-by-connections",
        title: "Memory by number of connections",
        sentence: "Memory of the whole process tree while this many connections are open and idle after one request each. A \
                   line ends where the server accepted no more, or where the time for opening connections ran out.",
        dots: Some("connection_kb"),
        line: &["connection_kb"],
        values: "connection_kb",
        unit: "MB",
        unit_words: "MB",
        columns: &[
            (0.0, "none"),
            (1_000.0, "1,000"),
            (5_000.0, "5,000"),
            (10_000.0, "10,000 connections"),
        ],
        x: Across::Count {
            one: "connection",
            many: "connections",
        },
        x_name: "open connections",
        start: 10_000.0,
    },
    Kind {
        id: "overload",
        title: "Before, during and after overload",
        sentence: "Median response time of the requests that were due in each tenth of a second: at the brief's rate, then for \
                   half a second at twice the rate that the contender can carry (shaded), then at the brief's rate again.",
        dots: None,
        line: &["recovery_s"],
        values: "recovery_s",
        unit: "ms",
        unit_words: "ms",
        columns: &[
            (-0.15, "before"),
            (0.45, "at its end"),
            (0.95, "½ s later"),
            (1.95, "1½ s later"),
        ],
        x: Across::Seconds { overload_s: 0.5 },
        x_name: "seconds since the overload began",
        start: 0.95,
    },
];

#[derive(Template)]
#[template(path = "probe_curves.html")]
pub(super) struct ProbeCurves {
    id: &'static str,
    title: &'static str,
    sentence: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    plot: Plot,
}

impl askama::filters::HtmlSafe for ProbeCurves {}

struct Row {
    named: Named,
    cells: Vec<String>,
}

/// One contender's points.
struct Line<'a> {
    mark: &'a Mark,
    dots: Vec<(f64, f64)>,
    line: Vec<(f64, f64)>,
    low: Vec<(f64, f64)>,
    high: Vec<(f64, f64)>,
}

impl ProbeCurves {
    /// The charts of which at least one contender has a line.
    pub(super) fn all(
        document: &Document<'_>,
        field: &[FieldRow<'_>],
        palette: &Palette,
    ) -> Vec<ProbeCurves> {
        KINDS
            .iter()
            .filter_map(|kind| ProbeCurves::of(document, field, palette, kind))
            .collect()
    }

    fn of(
        document: &Document<'_>,
        field: &[FieldRow<'_>],
        palette: &Palette,
        kind: &'static Kind,
    ) -> Option<ProbeCurves> {
        let lines: Vec<Line<'_>> = field
            .iter()
            .filter_map(|row| line(document, palette.get(row.name)?, row.name, kind))
            .collect();
        let known: Vec<(&str, &[Point])> = field
            .iter()
            .filter_map(|row| Some((row.name, points(document, row.name, kind.values)?)))
            .collect();
        if lines.is_empty() {
            return None;
        }
        let row = |(name, points): &(&str, &[Point])| {
            let cell = |(x, _): &(f64, &str)| value(points, *x, kind).unwrap_or_else(|| "–".to_owned());
            Row {
                named: Named::of(palette, name),
                cells: kind.columns.iter().map(cell).collect(),
            }
        };
        Some(ProbeCurves {
            id: kind.id,
            title: kind.title,
            sentence: kind.sentence,
            heads: kind.columns.iter().map(|(_, head)| *head).collect(),
            rows: known.iter().map(row).collect(),
            plot: plot(kind, &lines, &known, palette),
        })
    }

    pub(super) const fn plot(&self) -> &Plot {
        &self.plot
    }
}

fn plot(kind: &Kind, lines: &[Line<'_>], known: &[(&str, &[Point])], palette: &Palette) -> Plot {
    let all = || lines.iter().flat_map(|line| line.line.iter().chain(&line.dots));
    let (first, last) = all().fold((f64::INFINITY, 0.0_f64), |(first, last), (x, _)| {
        (first.min(*x), last.max(*x))
    });
    let x = match kind.x {
        Across::Doubling { .. } => Axis::doubling(first, last),
        Across::Seconds { .. } => Axis::linear(first, last),
        Across::Count { .. } => Axis::linear(0.0, last),
    };
    let frame = Frame::around(x, all());
    let curves = lines.iter().flat_map(|line| {
        let mut curves = vec![frame.curve(line.mark, &line.line, line.mark.title.clone())];
        if !line.low.is_empty() {
            curves.push(frame.bound(line.mark, &line.low));
            curves.push(frame.bound(line.mark, &line.high));
        }
        if !line.dots.is_empty() {
            curves.push(frame.dots(line.mark, &line.dots));
        }
        curves
    });
    let labels = Labels {
        id: kind.id.to_owned(),
        title: kind.title.to_owned(),
        unit: kind.unit_words,
        x_name: kind.x_name,
        x_ticks: x_ticks(kind, &x, last),
        shade: match kind.x {
            Across::Seconds { overload_s } => Some((0.0, overload_s)),
            _ => None,
        },
        level: None,
    };
    let curves = curves.collect();
    Plot::new(
        frame,
        labels,
        curves,
        Vec::new(),
        values(kind, &x, known),
        palette,
    )
}

fn x_ticks(kind: &Kind, x: &Axis, last: f64) -> Vec<Tick> {
    let values = match kind.x {
        Across::Doubling { .. } => (0..32)
            .map(|step| f64::from(1_u32 << step))
            .take_while(|value| *value <= last)
            .collect(),
        _ => x.round_values(),
    };
    x.chart_ticks(values, |value| Quantity::new(value, "").as_set_bare())
}

/// The stops, each contender's values at them, and the stop at which reading begins.
fn values(kind: &Kind, x: &Axis, known: &[(&str, &[Point])]) -> (Vec<Stop>, Vec<Values>, usize) {
    let mut places: Vec<f64> = known
        .iter()
        .flat_map(|(_, points)| points.iter().map(|point| point.x))
        .filter(|place| x.holds(*place))
        .collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    let head = |place: f64| match kind.x {
        Across::Doubling { one, many } | Across::Count { one, many } => {
            format!(
                "{} {}",
                Quantity::new(place, "").as_set_bare(),
                if place == 1.0 { one } else { many }
            )
        }
        Across::Seconds { .. } => format!("at {place:.2} s"),
    };
    let stops = places.iter().map(|place| Stop {
        at: x.percent(*place),
        head: head(*place),
    });
    let rows = known.iter().map(|(name, points)| Values {
        name: (*name).to_owned(),
        values: places.iter().map(|place| value(points, *place, kind)).collect(),
    });
    let distance = |place: &f64| (place - kind.start).abs();
    let start = (0..places.len()).min_by(|a, b| distance(&places[*a]).total_cmp(&distance(&places[*b])));
    (stops.collect(), rows.collect(), start.unwrap_or(0))
}

/// The value of the point at that x.
fn value(points: &[Point], x: f64, kind: &Kind) -> Option<String> {
    let point = points.iter().find(|point| (point.x - x).abs() < 1e-6)?;
    Some(Quantity::new(point.y, kind.unit).in_table())
}

/// Whether a trial's probes are evidence: the gates that take what they saw away were passed.
fn counts(trial: &&Trial) -> bool {
    trial.gates.iter().all(|result| {
        let concerns = matches!(result.gate, Gate::Contract | Gate::ErrorRate | Gate::Quiet);
        !concerns || result.outcome != GateOutcome::Failed
    })
}

/// The points behind a metric in the contender's last trial that has some and counts, or at the end of its last launch
/// that has some.
fn points<'d>(document: &Document<'d>, name: &str, metric: &str) -> Option<&'d [Point]> {
    let run = document.run;
    let own = |observation: &&'d Observation| observation.metric == metric;
    let trials = run.trials.iter().rev();
    let in_trials = trials
        .filter(|trial| trial.entrant.is_contender(name))
        .filter(counts)
        .flat_map(|trial| &trial.observations);
    let launches = run.launches.iter().rev();
    let at_ends = launches
        .filter(|launch| launch.entrant.is_contender(name))
        .flat_map(|launch| &launch.end)
        .flat_map(|end| &end.observations);
    in_trials
        .chain(at_ends)
        .filter(own)
        .find_map(|observation| observation.detail.as_ref().map(|detail| detail.points.as_slice()))
        .filter(|points| !points.is_empty())
}

fn line<'a>(document: &Document<'_>, mark: &'a Mark, name: &str, kind: &Kind) -> Option<Line<'a>> {
    let drawn = |points: &[Point], y: fn(&Point) -> Option<f64>| -> Vec<(f64, f64)> {
        points
            .iter()
            .filter_map(|point| Some((point.x, y(point).filter(|y| *y > 0.0)?)))
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
        mark,
        dots: drawn(dots, |point| Some(point.y)),
        line: drawn(line, |point| Some(point.y)),
        low: drawn(line, |point| point.range.map(|range| range.0)),
        high: drawn(line, |point| point.range.map(|range| range.1)),
    })
}
