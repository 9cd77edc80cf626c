//! The report as JSON, schema version 1. Programs rely on it, so it only ever gets additions: keys keep their names
//! even where the fields of [`LoadReport`] have been renamed. All latencies are whole microseconds.

use crate::output::limits::{Limits, failed, share};
use crate::output::wording::tells;
use crate::plan::{Arrivals, Plan, Spacing};
use crate::report::{LoadReport, Second};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// The percentiles in the JSON, by their names.
const PERCENTILES: [(&str, f64); 8] = [
    ("p50", 0.5),
    ("p75", 0.75),
    ("p90", 0.9),
    ("p95", 0.95),
    ("p99", 0.99),
    ("p999", 0.999),
    ("p9999", 0.9999),
    ("p99999", 0.99999),
];

/// The report of a load, with the plan that it followed and the limits that it was held to.
pub fn json(report: &LoadReport, plan: &Plan, limits: &Limits) -> Value {
    let labels = report.by_label.iter().map(|label| {
        json!({
            "label": label.label, "planned": label.planned, "correct": label.correct,
            "response_us": latency(&label.response), "service_us": latency(&label.service),
        })
    });
    let labels: Vec<Value> = labels.collect();
    json!({
        "schema": 1,
        "plan": {
            "arrivals": arrivals(&plan.arrivals), "connections": plan.connections, "threads": plan.threads,
            "duration_s": (plan.duration != Plan::WITHOUT_LIMIT).then_some(plan.duration.as_secs_f64()),
            "deadline_s": plan.deadline.map(|deadline| deadline.as_secs_f64()), "warm_s": plan.warm.as_secs_f64(),
            "timeout_s": plan.timeout.as_secs_f64(), "max_requests": plan.max_requests, "seed": plan.seed,
        },
        "planned": report.planned, "sent": report.sent, "answered": report.completed, "correct": report.correct,
        "dropped": report.dropped, "seconds": report.seconds, "offered_rps": report.offered_rps,
        "achieved_rps": report.achieved_rps, "rate_held": report.rate_held, "saturation": report.saturation,
        "response_us": latency(&report.response), "service_us": latency(&report.service),
        "failed_us": latency(&report.failed), "lag_us": latency(&report.lag),
        "labels": labels, "failures": report.failures, "series": report.series,
        "own_cpu_s": report.own_cpu_s, "own_wait_s": report.own_wait_s, "reconnects": report.reconnects,
        "stray_answers": report.unsolicited_responses, "body_bytes": report.body_bytes,
        "due": report.due, "mean_in_flight": report.mean_in_flight, "failed": failed(report), "shed": report.shed,
        "error_rate": share(failed(report), report), "piled_up": report.piled_up,
        "limits": {
            "max_error_rate": limits.max_error_rate,
            "slo_p99_us": limits.slo_p99.map(|limit| limit.as_micros() as u64),
        },
        "broken_limits": limits.broken(report).iter().map(|limit| limit.name()).collect::<Vec<_>>(),
    })
}

/// A second of a load while it runs, as one line of JSON. The histogram is HdrHistogram's V2 encoding, deflated, in
/// base64, as its readers take it; those of the measured seconds add up to that of the report.
pub fn second_line(second: &Second) -> Value {
    json!({
        "type": "second", "second": second.second, "sent": second.sent, "correct": second.correct,
        "failed": second.failed, "shed": second.shed, "p50_us": second.p50_us, "p99_us": second.p99_us,
        "histogram": STANDARD.encode(&second.response_blob),
    })
}

/// A histogram's figures; `null` when nothing was recorded, and for percentiles beyond which too few responses lie.
fn latency(histogram: &Histogram<u64>) -> Value {
    if histogram.is_empty() {
        return Value::Null;
    }
    let mut figures = json!({
        "count": histogram.len(), "min": histogram.min(), "mean": histogram.mean(), "stdev": histogram.stdev(),
        "max": histogram.max(),
    });
    for (name, quantile) in PERCENTILES {
        let known = tells(histogram, quantile).then(|| histogram.value_at_quantile(quantile));
        figures[name] = known.into();
    }
    figures
}

fn arrivals(arrivals: &Arrivals) -> Value {
    match arrivals {
        Arrivals::Poisson { rate_rps } => json!({"loop": "open", "spacing": "poisson", "rate_rps": rate_rps}),
        Arrivals::Constant { rate_rps } => json!({"loop": "open", "spacing": "even", "rate_rps": rate_rps}),
        Arrivals::Closed => json!({"loop": "closed"}),
        Arrivals::Stages { spacing, stages } => {
            let spacing = if *spacing == Spacing::Even {
                "even"
            } else {
                "poisson"
            };
            let stages: Vec<Value> = stages
                .iter()
                .map(|s| json!({"from_rps": s.from_rps, "to_rps": s.to_rps, "seconds": s.seconds}))
                .collect();
            json!({"loop": "open", "spacing": spacing, "stages": stages})
        }
    }
}
