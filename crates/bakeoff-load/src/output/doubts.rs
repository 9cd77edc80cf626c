//! The reasons to doubt the figures of a load: what failed, what piled up, which limit broke, and what the generator
//! itself does to them.

use crate::output::limits::{BrokenLimit, Limits, failed, slower};
use crate::output::wording::{figure, span};
use crate::plan::Plan;
use crate::report::{LoadReport, Saturation};

/// The reasons to doubt the figures below, the gravest first.
pub(super) fn doubts(report: &LoadReport, plan: &Plan, limits: &Limits) -> Vec<String> {
    let mut doubts = Vec::new();
    let broken = limits.broken(report);
    if report.planned == 0 {
        doubts.push("nothing measured: no request was due in the measured time".to_owned());
    } else if broken.contains(&BrokenLimit::ErrorRate) || report.correct == 0 {
        doubts.extend(failed_requests(report));
    }
    if report.shed > 0 {
        let deadline = plan.deadline.unwrap_or_default().as_secs_f64();
        doubts.push(format!(
            "requests shed: {} of {} could not be sent within {} of when they were due",
            report.shed,
            report.planned,
            span(deadline * 1e6)
        ));
    }
    if report.piled_up {
        doubts.push(format!(
            "rate not held: {} a second were due and {} were answered correctly; requests pile up, so the latencies below \
             grow with the duration and show only that this rate is too high for the server",
            figure(report.offered_rps),
            figure(report.achieved_rps)
        ));
    }
    if let (Some(limit), true) = (limits.slo_p99, broken.contains(&BrokenLimit::SloP99)) {
        doubts.push(format!(
            "limit broken: {} of {} requests had no right response within {}, and the 99th percentile allows one in a hundred",
            slower(report, limit),
            report.planned,
            span(limit.as_secs_f64() * 1e6)
        ));
    }
    doubts.extend(own_doubts(report, plan));
    doubts
}

/// What the failed requests leave of the figures.
fn failed_requests(report: &LoadReport) -> Option<String> {
    let most = report.failures.iter().max_by_key(|failure| failure.count)?;
    let rest = match report.correct {
        0 => "no response was right".to_owned(),
        1 => "the latencies are those of the one that did not".to_owned(),
        correct => format!("the latencies are those of the {correct} that did not"),
    };
    let mostly = if report.failures.len() > 1 { "mostly " } else { "" };
    Some(format!(
        "{} of {} requests failed: {rest} ({mostly}{}: {})",
        failed(report),
        report.planned,
        most.kind,
        most.example
    ))
}

/// What the generator itself, or the kind of load, does to the figures.
fn own_doubts(report: &LoadReport, plan: &Plan) -> Vec<String> {
    let mut doubts = Vec::new();
    match report.saturation {
        Saturation::Fine => {}
        Saturation::CpuBound { share } => doubts.push(format!(
            "generator saturated: its threads ran or waited for a core {:.0} % of the time; the server may be faster than \
             this report shows",
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
