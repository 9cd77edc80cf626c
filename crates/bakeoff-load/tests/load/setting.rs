//! A load in one line: builders with the values that most tests share.

use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use bakeoff_load::{Arrivals, Histogram, LoadReport, Plan, RequestSpec, Target, run};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub(crate) fn scripted_server(
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> ScriptedServer {
    ScriptedServer::start(script).expect("the loopback interface has a free port")
}

pub(crate) fn constant(rate_rps: f64, millis: u64) -> Plan {
    Plan {
        arrivals: Arrivals::Constant { rate_rps },
        ..plan(millis)
    }
}

pub(crate) fn plan(millis: u64) -> Plan {
    Plan {
        connections: 8,
        duration: Duration::from_millis(millis),
        timeout: Duration::from_millis(1_500),
        ..Plan::default()
    }
}

pub(crate) fn drive(server: &ScriptedServer, mix: &[RequestSpec], plan: &Plan) -> LoadReport {
    let target = Target::plain(server.address());
    let report = run(&target, mix, plan, &mut |_| {}, &AtomicBool::new(false));
    let report = report.expect("the plan can be driven");
    let failed: u64 = report.failures.iter().map(|failure| failure.count).sum();
    assert_eq!(
        report.planned,
        report.correct + failed + report.shed,
        "every planned request is correct, failed or shed"
    );
    assert_eq!(
        report.due,
        report.planned + report.dropped,
        "every request that was due has ended or was dropped"
    );
    obeys_littles_law(&report);
    assert_eq!(report.response.len(), report.correct);
    assert_eq!(report.failed.len(), failed);
    assert!(
        report.correct <= report.completed
            && report.completed <= report.sent
            && report.sent <= report.planned
    );
    report
}

/// Holds the histograms against the count of requests in flight, which is kept apart from them.
fn obeys_littles_law(report: &LoadReport) {
    let sum_s = |histogram: &Histogram<u64>| match histogram.len() {
        0 => 0.0,
        count => histogram.mean() * count as f64 / 1e6,
    };
    let by_latency_s = sum_s(&report.response) + sum_s(&report.failed);
    let by_clock_s = report.mean_in_flight * report.seconds;
    // A histogram keeps three digits, and no latency below a microsecond.
    let rounding_s = 0.002 * by_latency_s + report.planned as f64 * 1e-6;
    assert!(
        report.dropped + report.shed > 0 || (by_latency_s - by_clock_s).abs() <= rounding_s,
        "{by_latency_s} s by the histograms, {by_clock_s} s by the clock"
    );
}
