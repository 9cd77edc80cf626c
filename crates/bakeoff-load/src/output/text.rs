//! The report as text: first the reasons to doubt the figures, then rates, latencies and failures.

use crate::output::doubts::doubts;
use crate::output::limits::{Limits, failed};
use crate::output::wording::{at, figure, mean, plural, span, tells};
use crate::pace::pacer::batch_ns;
use crate::plan::{Arrivals, Departures, Plan};
use crate::report::LoadReport;
use hdrhistogram::Histogram;
use std::fmt::Write as _;
use textwrap::core::display_width;

/// How a report is printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layout {
    /// The columns of the terminal; `None` where the text goes elsewhere.
    pub columns: Option<usize>,
}

impl Layout {
    /// The columns for sentences where no terminal sets them.
    const USUAL: usize = 110;
    /// The columns that the wide table of latencies takes.
    const WIDE: usize = 97;

    fn columns(self) -> usize {
        self.columns.unwrap_or(Self::USUAL)
    }

    fn is_wide(self) -> bool {
        self.columns() >= Self::WIDE
    }
}

/// The report of a load at `what`, driven as planned and held to `limits`.
pub fn text(report: &LoadReport, plan: &Plan, what: &str, limits: &Limits, layout: Layout) -> String {
    let mut lines = doubts(report, plan, limits);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!(
        "{what} · {} · {}",
        span(report.seconds * 1e6),
        shape(plan)
    ));
    lines.push(String::new());
    lines.extend(rates(report, plan));
    lines.push(String::new());
    let mut lines: Vec<String> = lines.iter().map(|line| wrapped(line, layout)).collect();
    lines.extend(latencies(report, plan, layout));
    if !report.response.is_empty() {
        lines.push(String::new());
        lines.extend(distribution(&report.response, layout));
    }
    if report.by_label.len() > 1 {
        lines.push(String::new());
        lines.extend(by_label(report, layout));
    }
    if !report.failures.is_empty() {
        lines.push(String::new());
        lines.extend(failures(report).iter().map(|line| wrapped(line, layout)));
    }
    lines.join("\n")
}

/// A line, broken at words where it is too long; what follows stands under its text.
fn wrapped(line: &str, layout: Layout) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let options = textwrap::Options::new(layout.columns())
        .subsequent_indent(indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(line, options)
}

fn shape(plan: &Plan) -> String {
    let arrivals = match &plan.arrivals {
        Arrivals::Poisson { rate_rps } => format!("open loop, {}/s, Poisson", figure(*rate_rps)),
        Arrivals::Constant { rate_rps } => format!("open loop, {}/s, even", figure(*rate_rps)),
        Arrivals::Stages { stages, .. } => {
            let rate =
                |stage: &crate::plan::Stage| format!("{}–{}", figure(stage.from_rps), figure(stage.to_rps));
            format!(
                "open loop, {}/s",
                stages.iter().map(rate).collect::<Vec<_>>().join(", ")
            )
        }
        Arrivals::Closed => "closed loop".to_owned(),
    };
    let connections = plural(plan.connections, "connection");
    format!(
        "{arrivals} · {connections} · {} · seed {}",
        plural(plan.threads, "thread"),
        plan.seed
    )
}

fn rates(report: &LoadReport, plan: &Plan) -> Vec<String> {
    let mut lines = vec![format!("rate       {}/s correct", figure(report.achieved_rps))];
    if plan.arrivals.is_open() {
        let _ = write!(lines[0], " of {}/s offered", figure(report.offered_rps));
    }
    let mut requests = format!(
        "requests   {} planned · {} correct · {} failed",
        report.planned,
        report.correct,
        failed(report)
    );
    if report.shed > 0 {
        let _ = write!(requests, " · {} shed", report.shed);
    }
    if report.dropped > 0 {
        let _ = write!(requests, " · {} more due when it was stopped", report.dropped);
    }
    lines.push(requests);
    let mut own = format!(
        "generator  {:.2} s CPU · {:.2} s waiting for a core · lag p50 {}, p99 {}",
        report.own_cpu_s,
        report.own_wait_s,
        at(&report.lag, 0.5),
        at(&report.lag, 0.99)
    );
    own.push_str(departures(plan));
    if report.reconnects > 0 {
        let _ = write!(own, " · {} connections made again", report.reconnects);
    }
    if report.unsolicited_responses > 0 {
        let _ = write!(own, " · {} unrequested responses", report.unsolicited_responses);
    }
    lines.push(own);
    lines
}

/// Whether requests wait for each other, where the rate is high enough for it.
fn departures(plan: &Plan) -> &'static str {
    let fastest = match &plan.arrivals {
        Arrivals::Poisson { rate_rps } | Arrivals::Constant { rate_rps } => *rate_rps,
        Arrivals::Stages { stages, .. } => stages
            .iter()
            .fold(0.0, |most: f64, stage| most.max(stage.from_rps).max(stage.to_rps)),
        Arrivals::Closed => return "",
    };
    match (batch_ns(fastest / plan.threads.max(1) as f64), plan.departures) {
        (0, _) => "",
        (_, Departures::Punctual) => " · each request leaves at its instant",
        (_, Departures::Batched) => {
            " · about six requests leave together (with --cores, each leaves at its instant)"
        }
    }
}

/// The percentiles of the table of latencies, and their names.
const PERCENTILES: [(&str, f64); 5] = [
    ("p50", 0.5),
    ("p90", 0.9),
    ("p99", 0.99),
    ("p99.9", 0.999),
    ("max", 1.0),
];

fn latencies(report: &LoadReport, plan: &Plan, layout: Layout) -> Vec<String> {
    let mut columns = Vec::new();
    if plan.arrivals.is_open() {
        columns.push(("response", &report.response, "   from the intended instant"));
    }
    columns.push(("service", &report.service, "   from the actual send"));
    if !report.failed.is_empty() {
        columns.push(("failed", &report.failed, "   until the failure"));
    }
    let figures = |histogram: &Histogram<u64>| {
        let mut cells: Vec<String> = PERCENTILES
            .iter()
            .map(|(_, quantile)| at(histogram, *quantile))
            .collect();
        cells.push(mean(histogram));
        cells
    };
    let names: Vec<String> = PERCENTILES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(["mean".to_owned()])
        .collect();
    let row = |name: &str, cells: &[String]| {
        cells.iter().fold(format!("{name:<9}"), |mut line, cell| {
            let _ = write!(line, "{cell:>10}");
            line
        })
    };
    let mut lines = Vec::new();
    if layout.is_wide() {
        lines.push(row("latency", &names));
        lines.extend(
            columns
                .iter()
                .map(|(name, histogram, from)| row(name, &figures(histogram)) + from),
        );
    } else {
        let by_column: Vec<Vec<String>> = columns
            .iter()
            .map(|(_, histogram, _)| figures(histogram))
            .collect();
        let heads: Vec<String> = columns.iter().map(|(name, ..)| (*name).to_owned()).collect();
        lines.push(row("latency", &heads));
        lines.extend(names.iter().enumerate().map(|(i, name)| {
            let cells: Vec<String> = by_column.iter().map(|column| column[i].clone()).collect();
            row(name, &cells)
        }));
    }
    if columns
        .iter()
        .any(|(_, histogram, _)| !histogram.is_empty() && !tells(histogram, 0.999))
    {
        lines.push(wrapped("–: fewer than ten responses are slower", layout));
    }
    lines
}

/// The distribution of the response times. Each step shows a smaller rest of the requests, so that the slowest
/// thousandth gets as much room as the fastest half; the bars are logarithmic.
fn distribution(response: &Histogram<u64>, layout: Layout) -> Vec<String> {
    const BESIDES: usize = 22;
    let width = (layout.columns() - BESIDES.min(layout.columns() - 1)).min(40) as f64;
    let longest = (response.max().max(2) as f64).ln();
    let shortest = (response.min().max(1) as f64).ln().min(longest - 0.1);
    let bar = |us: u64| {
        let share = ((us.max(1) as f64).ln() - shortest) / (longest - shortest);
        "▪".repeat(1 + (share.clamp(0.0, 1.0) * (width - 1.0)).round() as usize)
    };
    [0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0]
        .into_iter()
        .filter(|quantile| tells(response, *quantile))
        .map(|quantile| {
            let us = response.value_at_quantile(quantile);
            let share = format!("{:.3}", quantile * 100.0);
            let share = share.trim_end_matches('0').trim_end_matches('.').to_owned();
            format!("{share:>7} %{:>10}  {}", span(us as f64), bar(us))
        })
        .collect()
}

fn by_label(report: &LoadReport, layout: Layout) -> Vec<String> {
    let widths = report.by_label.iter().map(|label| display_width(&label.label));
    let width = widths.max().unwrap_or(0);
    let line = |label: &crate::report::LabelReport| {
        let [p50, p99] = [0.5, 0.99].map(|quantile| at(&label.response, quantile));
        if layout.columns.is_none_or(|columns| width + 68 <= columns) {
            let padding = " ".repeat(width - display_width(&label.label));
            return format!(
                "{}{padding}  {:>9} planned {:>9} correct   p50 {p50:>9}   p99 {p99:>9}",
                label.label, label.planned, label.correct
            );
        }
        let counts = format!("  {} planned · {} correct", label.planned, label.correct);
        let name = wrapped(&label.label, layout);
        format!("{name}\n{}\n  p50 {p50} · p99 {p99}", wrapped(&counts, layout))
    };
    report.by_label.iter().map(line).collect()
}

fn failures(report: &LoadReport) -> Vec<String> {
    let line = |failure: &crate::failure::Failure| {
        format!(
            "{} × {} ({}): {}",
            failure.count, failure.kind, failure.label, failure.example
        )
    };
    std::iter::once("failures".to_owned())
        .chain(report.failures.iter().map(|f| format!("  {}", line(f))))
        .collect()
}
