//! The report as text: first the reasons to doubt the figures, then rates, latencies and failures.

use crate::plan::{Arrivals, Plan};
use crate::report::{LoadReport, Saturation};
use hdrhistogram::Histogram;
use std::fmt::Write as _;

/// The report of a load at `what`, driven as planned; lines of at most about a hundred characters.
pub fn text(report: &LoadReport, plan: &Plan, what: &str) -> String {
    let mut lines = doubts(report, plan);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("{what} · {:.1} s · {}", report.seconds, shape(plan)));
    lines.push(String::new());
    lines.extend(rates(report, plan));
    lines.push(String::new());
    lines.extend(latencies(report, plan));
    if !report.response.is_empty() {
        lines.push(String::new());
        lines.extend(distribution(&report.response));
    }
    if report.by_label.len() > 1 {
        lines.push(String::new());
        lines.extend(by_label(report));
    }
    if !report.failures.is_empty() {
        lines.push(String::new());
        lines.extend(failures(report));
    }
    lines.join("\n")
}

/// The reasons to doubt the figures below.
fn doubts(report: &LoadReport, plan: &Plan) -> Vec<String> {
    let mut doubts = Vec::new();
    if report.planned == 0 {
        doubts.push("nothing measured: no request was due in the measured time".to_owned());
    } else if !report.rate_held {
        doubts.push(format!(
            "rate not held: {} a second were offered and {} answered correctly; requests pile up, so the latencies below\n\
             grow with the duration and show only that this rate is too high for the server",
            figure(report.offered_rps),
            figure(report.achieved_rps)
        ));
    }
    match report.saturation {
        Saturation::Fine => {}
        Saturation::CpuBound { share } => doubts.push(format!(
            "generator saturated: its threads ran or waited for a core {:.0} % of the time; the server may be\n             faster than this report shows",
            share * 100.0
        )),
        Saturation::Late { lag_p99_us } => doubts.push(format!(
            "generator late: one request in a hundred left {} or more after it could have; that time is in the latencies",
            span(lag_p99_us as f64)
        )),
    }
    if !plan.arrivals.is_open() {
        doubts.push(
            "closed loop: a slow server gets fewer requests, so the latencies look better than users would find them".to_owned(),
        );
    }
    doubts
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
    let failed: u64 = report.failures.iter().map(|failure| failure.count).sum();
    let mut lines = vec![format!("rate       {}/s correct", figure(report.achieved_rps))];
    if plan.arrivals.is_open() {
        let _ = write!(lines[0], " of {}/s offered", figure(report.offered_rps));
    }
    lines.push(format!(
        "requests   {} planned · {} correct · {failed} failed",
        report.planned, report.correct
    ));
    let mut own = format!(
        "generator  {:.2} s CPU · {:.2} s waiting for a core · lag p99 {}",
        report.own_cpu_s,
        report.own_wait_s,
        at(&report.lag, 0.99)
    );
    if report.reconnects > 0 {
        let _ = write!(own, " · {} connections made again", report.reconnects);
    }
    if report.unsolicited_responses > 0 {
        let _ = write!(own, " · {} unrequested responses", report.unsolicited_responses);
    }
    lines.push(own);
    lines
}

fn latencies(report: &LoadReport, plan: &Plan) -> Vec<String> {
    let mut lines = vec![row(
        ["latency", "p50", "p90", "p99", "p99.9", "max", "mean"].map(str::to_owned)
    )];
    let figures = |name: &str, histogram: &Histogram<u64>| {
        row([
            name.to_owned(),
            at(histogram, 0.5),
            at(histogram, 0.9),
            at(histogram, 0.99),
            at(histogram, 0.999),
            at(histogram, 1.0),
            if histogram.is_empty() {
                "–".to_owned()
            } else {
                span(histogram.mean())
            },
        ])
    };
    if plan.arrivals.is_open() {
        lines.push(figures("response", &report.response) + "   from the intended instant");
    }
    lines.push(figures("service", &report.service) + "   from the actual send");
    if !report.failed.is_empty() {
        lines.push(figures("failed", &report.failed) + "   until the failure");
    }
    lines
}

fn row(cells: [String; 7]) -> String {
    let [name, rest @ ..] = cells;
    rest.iter().fold(format!("{name:<9}"), |mut line, cell| {
        let _ = write!(line, "{cell:>10}");
        line
    })
}

/// The distribution of the response times. Each step shows a smaller rest of the requests, so that the slowest
/// thousandth gets as much room as the fastest half; the bars are logarithmic.
fn distribution(response: &Histogram<u64>) -> Vec<String> {
    const WIDTH: f64 = 40.0;
    let longest = (response.max().max(2) as f64).ln();
    let shortest = (response.min().max(1) as f64).ln().min(longest - 0.1);
    let bar = |us: u64| {
        let share = ((us.max(1) as f64).ln() - shortest) / (longest - shortest);
        "▪".repeat(1 + (share.clamp(0.0, 1.0) * (WIDTH - 1.0)).round() as usize)
    };
    [0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0]
        .into_iter()
        .filter(|quantile| *quantile == 1.0 || (1.0 - quantile) * response.len() as f64 >= 1.0)
        .map(|quantile| {
            let us = response.value_at_quantile(quantile);
            let share = format!("{:.3}", quantile * 100.0);
            let share = share.trim_end_matches('0').trim_end_matches('.').to_owned();
            format!("{share:>7} %{:>10}  {}", span(us as f64), bar(us))
        })
        .collect()
}

fn by_label(report: &LoadReport) -> Vec<String> {
    let width = report
        .by_label
        .iter()
        .map(|l| l.label.chars().count())
        .max()
        .unwrap_or(0);
    let line = |label: &crate::report::LabelReport| {
        format!(
            "{:<width$}  {:>9} planned {:>9} correct   p50 {:>9}   p99 {:>9}",
            label.label,
            label.planned,
            label.correct,
            at(&label.response, 0.5),
            at(&label.response, 0.99)
        )
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

fn at(histogram: &Histogram<u64>, quantile: f64) -> String {
    if histogram.is_empty() {
        "–".to_owned()
    } else {
        span(histogram.value_at_quantile(quantile) as f64)
    }
}

/// Microseconds with three digits, in the unit that gives the shortest number.
pub(crate) fn span(us: f64) -> String {
    match us {
        us if us < 999.5 => format!("{us:.0} µs"),
        us if us < 999_500.0 => format!("{} ms", figure(us / 1e3)),
        us => format!("{} s", figure(us / 1e6)),
    }
}

/// A number with at least three digits, and only as many of them after the point as that takes.
fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_have_three_digits_and_a_fitting_unit() {
        for (us, expected) in [
            (1.0, "1 µs"),
            (999.0, "999 µs"),
            (1_000.0, "1.00 ms"),
            (12_340.0, "12.3 ms"),
            (250_000.0, "250 ms"),
            (1_500_000.0, "1.50 s"),
        ] {
            assert_eq!(span(us), expected);
        }
    }
}
