//! The three forms of a report, for people, programs and plotters, have the same figures.

use crate::setting::{constant, drive, scripted_server};
use bakeoff_load::output::{Layout, Limits};
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
    let json = output::json(&report, &plan, &Limits::default());
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
    let p90 = report.response.value_at_quantile(0.9);
    assert_eq!(json["response_us"]["p90"], p90);
    // Of 160 responses less than ten lie beyond the 99th percentile, so that it says nothing.
    assert_eq!(json["response_us"]["p99"], serde_json::Value::Null);
    assert_eq!(json["error_rate"], 0.2);
    assert_eq!(json["broken_limits"], serde_json::json!(["max-error-rate"]));
    assert_eq!(json["series"][0]["second"], -1);
}

#[test]
fn the_text_begins_with_the_reasons_to_doubt_the_figures() {
    let (mut report, plan) = report();
    report.saturation = bakeoff_load::Saturation::Fine;
    let all_right = Limits {
        max_error_rate: 0.5,
        ..Limits::default()
    };
    let text = output::text(&report, &plan, "GET /json", &all_right, Layout::default());
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("GET /json · 2.00 s · open loop, 100/s, even · 8 connections · 1 thread · seed 1")
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

    (report.rate_held, report.piled_up) = (false, true);
    report.saturation = bakeoff_load::Saturation::Late { lag_p99_us: 2_500 };
    let closed = Plan {
        arrivals: Arrivals::Closed,
        ..plan
    };
    let text = output::text(
        &report,
        &closed,
        "GET /json",
        &Limits::default(),
        Layout::default(),
    );
    let first = "40 of 200 requests failed: the latencies are those of the 160 that did not (wrong status: ";
    assert!(text.starts_with(first), "{text}");
    let text = text.replace('\n', " ");
    assert!(
        text.contains("rate not held: 100 a second were due and 80.0 were answered correctly;"),
        "{text}"
    );
    assert!(
        text.contains(" generator late: one request in a hundred left 2.50 ms or more after it could have;"),
        "{text}"
    );
    assert!(
        text.contains(" closed loop: a slow server gets fewer requests,"),
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

#[test]
fn the_text_fits_every_terminal() {
    let (report, plan) = report();
    let what = "GET http://localhost:8080/größe/日本語/a-rather-long-path?with=a&query=in-it";
    for columns in [40, 60, 80, 97, 120, 200] {
        let layout = Layout {
            columns: Some(columns),
        };
        let text = output::text(&report, &plan, what, &Limits::default(), layout);
        for line in text.lines() {
            assert!(
                textwrap::core::display_width(line) <= columns,
                "{columns}: {line}"
            );
        }
        for figure in ["p50", "p99.9", "mean", "160 correct", "40 failed"] {
            assert!(text.contains(figure), "{columns}: {text}");
        }
    }
}
