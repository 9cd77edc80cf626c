//! The exact texts of a small case. A change of wording changes a snapshot, and its reader sees it.

use crate::cases::{judged, small};
use bakeoff_core::evidence::{Support, SupportedPart};
use bakeoff_core::words::words;
use bakeoff_report::Place;

fn document(format: &str) -> String {
    let format = bakeoff_report::format(format).expect("the format is in the table");
    (format.render)(&small().document()).expect("a document of a small case can be made")
}

#[test]
fn the_summary() {
    insta::assert_snapshot!(document("text"));
}

#[test]
fn the_decision_record() {
    insta::assert_snapshot!(document("adr"));
}

fn record(style: &str, place: Place) -> String {
    let style = bakeoff_report::style(style).expect("the style is in the table");
    bakeoff_report::record(&small().document(), style, place).expect("a record of a small case can be made")
}

#[test]
fn the_record_of_each_style() {
    assert_eq!(record("madr", Place::default()), document("adr"));
    let place = Place {
        number: Some(12),
        supersedes: Some("0007-use-fastapi-for-order-api.md".to_owned()),
    };
    insta::assert_snapshot!("the_record_of_nygard", record("nygard", place.clone()));
    let place = Place {
        number: None,
        ..place
    };
    insta::assert_snapshot!("the_record_of_log4brains", record("log4brains", place.clone()));
    assert!(record("madr", place).contains("It supersedes [0007-"));
}

#[test]
fn the_table() {
    insta::assert_snapshot!(document("csv"));
}

#[test]
fn the_results() {
    insta::assert_snapshot!(document("json"));
}

#[test]
fn a_stack_past_its_end_stands_beside_the_name_in_the_first_lines_and_in_the_record() {
    let mut fixture = judged();
    for record in fixture
        .run
        .contenders
        .iter_mut()
        .filter(|record| record.family == "node")
    {
        record.support = vec![Support {
            part: SupportedPart::Runtime,
            what: "Node.js 20.20.2".to_owned(),
            line: Some("20".to_owned()),
            active_until: Some("2024-10-22".to_owned()),
            ends: Some("2026-04-30".to_owned()),
            older_than: Some("22".to_owned()),
            source: None,
            not_provided: None,
            table: "2026-11-28".to_owned(),
        }];
    }
    fixture.words = words(&fixture.run, &fixture.brief, &fixture.judgement);
    let of = |format: &str| {
        let format = bakeoff_report::format(format).expect("the format is in the table");
        (format.render)(&fixture.document()).expect("a document of a judged case can be made")
    };
    let text = of("text").split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "ran on Node.js 20.20.2, past its end of life since 2026-04-30.",
        "past its end of life: Node.js 20.20.2 since 2026-04-30",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    for format in ["html", "adr"] {
        let document = of(format);
        assert!(document.contains("past its end of life since"), "{format}");
        assert!(
            document.contains("past its end of life</b>: ") || document.contains("past its end of life: ")
        );
    }
    let results = of("json");
    assert!(results.contains("\"ends\": \"2026-04-30\""), "{results}");
}
