//! The stored form of a load: its latency curves and its figures. Raw: percentiles come from the merged curves of many
//! blocks, in the core.

use bakeoff_core::evidence::{
    self, Curve, CurveKind, FailureSummary, Label, LoadSummary, RequestCount, Trial,
};
use bakeoff_load::{FailureKind, Histogram, LoadReport, histogram};

/// The latency curves of a load, of all requests together and of each scenario.
pub(super) fn curves(report: &LoadReport) -> Vec<Curve> {
    let curve = |label: Label, kind: CurveKind, counts: &bakeoff_load::Histogram<u64>| Curve {
        label,
        kind,
        hdr: histogram::to_blob(counts),
    };
    let mut curves = vec![
        curve(Label::All, CurveKind::Response, &report.response),
        curve(Label::All, CurveKind::Service, &report.service),
    ];
    for label in &report.by_label {
        let scenario = || Label::Scenario(label.label.clone());
        curves.push(curve(scenario(), CurveKind::Response, &label.response));
        curves.push(curve(scenario(), CurveKind::Service, &label.service));
    }
    curves
}

/// The figures of a load; `server_cpu_s` is the CPU time of the server in the measured time, in seconds.
pub(super) fn summary(report: &LoadReport, server_cpu_s: f64) -> LoadSummary {
    let failures = report.failures.iter().map(|failure| FailureSummary {
        scenario: failure.label.clone(),
        kind: kind(failure.kind),
        count: failure.count,
        example: failure.example.clone(),
    });
    LoadSummary {
        planned: report.planned,
        correct: report.correct,
        failures: failures.collect(),
        seconds: report.seconds,
        offered_rps: report.offered_rps,
        achieved_rps: report.achieved_rps,
        send_lag_ms_p99: report.lag.value_at_quantile(0.99) as f64 / 1e3,
        generator_cpu_share: report.own_cpu_s / report.seconds.max(1e-9),
        server_cpu_s,
        served_rps: None,
        database: None,
        count: Some(count(report)),
    }
}

/// What the generator counted beside its histograms, and the means of those.
fn count(report: &LoadReport) -> RequestCount {
    let mean_ms = |counts: &Histogram<u64>| match counts.is_empty() {
        true => 0.0,
        false => counts.mean() / 1e3,
    };
    RequestCount {
        due: report.due,
        open: report.dropped,
        mean_in_flight: report.mean_in_flight,
        mean_response_ms: mean_ms(&report.response),
        mean_failed_ms: mean_ms(&report.failed),
    }
}

/// The kind of failure in evidence that the generator's kind becomes.
fn kind(seen: FailureKind) -> evidence::FailureKind {
    match seen {
        // A contender speaks no TLS; over it there is no connection either.
        FailureKind::Connect | FailureKind::Tls => evidence::FailureKind::Connect,
        FailureKind::Timeout => evidence::FailureKind::Timeout,
        FailureKind::Reset => evidence::FailureKind::Reset,
        FailureKind::Protocol => evidence::FailureKind::Protocol,
        FailureKind::Status => evidence::FailureKind::Status,
        FailureKind::Check => evidence::FailureKind::Check,
    }
}

/// The 99th percentile of the response time of a trial, in ms.
pub(super) fn response_ms_p99(trial: &Trial) -> Option<f64> {
    let curve = trial
        .curves
        .iter()
        .find(|curve| curve.label == Label::All && curve.kind == CurveKind::Response)?;
    let counts = histogram::from_blob(&curve.hdr).ok()?;
    (!counts.is_empty()).then(|| counts.value_at_quantile(0.99) as f64 / 1e3)
}
