//! The three forms of a report, for people, programs and plotters, have the same figures.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{Arrivals, Plan, RequestSpec, output};
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use std::time::{Duration, SystemTime};

/// One request in five fails; the load lasts two seconds after a quarter of a second of warm-up.
fn report() -> (bakeoff_load::LoadReport, Plan) {
    let server = scripted_server(|request| match request.n % 5 {
        0 => Reaction::response(500, "text/plain", "no"),
        _ => Reaction::ok(),
    });
    let plan = Plan {
        warm: Duration::from_millis(250),
        ..constant(100.0, 2_000)
    };
    (drive(&server, &[RequestSpec::get("/json")], &plan), plan)
}

#[test]
fn the_json_has_the_figures_of_the_report() {
    let (report, plan) = report();
    let json = output::json(&report, &plan);
    for (pointer, expected) in [
        ("/schema", 1),
        ("/plan/arrivals/rate_rps", 100),
        ("/plan/connections", 8),
        ("/planned", 200),
        ("/correct", 160),
        ("/failures/0/count", 40),
        ("/response_us/count", 160),
        ("/failed_us/count", 40),
        ("/labels/0/planned", 200),
    ] {
        assert_eq!(
            json.pointer(pointer).and_then(|value| value.as_f64()),
            Some(f64::from(expected)),
            "{pointer}"
        );
    }
    assert_eq!(json["failures"][0]["kind"], "status");
    assert_eq!(
        json["response_us"]["p99"],
        report.response.value_at_quantile(0.99)
    );
    assert_eq!(json["series"][0]["second"], -1);
}

#[test]
fn the_text_begins_with_the_reasons_to_doubt_the_figures() {
    let (mut report, plan) = report();
    report.saturation = bakeoff_load::Saturation::Fine;
    let text = output::text(&report, &plan, "GET /json");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("GET /json · 2.0 s · open loop, 100/s, even · 8 connections · 1 thread · seed 1")
    );
    assert_eq!(lines.nth(1), Some("rate       80.0/s correct of 100/s offered"));
    assert_eq!(
        lines.next(),
        Some("requests   200 planned · 160 correct · 40 failed")
    );
    assert!(
        text.contains("  40 × wrong status (/json): expected a status of the 200s, got 500: `no`"),
        "{text}"
    );

    report.rate_held = false;
    report.saturation = bakeoff_load::Saturation::Late { lag_p99_us: 2_500 };
    let closed = Plan {
        arrivals: Arrivals::Closed,
        ..plan
    };
    let text = output::text(&report, &closed, "GET /json");
    assert!(
        text.starts_with("rate not held: 100 a second were offered and 80.0 answered correctly;"),
        "{text}"
    );
    assert!(
        text.contains("\ngenerator late: one request in a hundred left 2.50 ms or more after it could have;"),
        "{text}"
    );
    assert!(
        text.contains("\nclosed loop: a slow server gets fewer requests,"),
        "{text}"
    );
}

#[test]
fn hdr_histograms_own_reader_reads_the_log() {
    let (report, _) = report();
    let log = output::hdr_log(&report, SystemTime::now()).unwrap();
    let mut counts = Vec::new();
    for entry in IntervalLogIterator::new(log.as_bytes()) {
        if let LogEntry::Interval(interval) = entry.unwrap() {
            assert_eq!(interval.duration(), Duration::from_secs(1));
            counts.push(interval.start_timestamp().as_secs());
        }
    }
    // Two seconds, and the third in which the last responses may have come.
    assert!(counts == [0, 1] || counts == [0, 1, 2], "{counts:?}");
}
