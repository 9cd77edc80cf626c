//! The exact texts of a small case. A change of wording changes a snapshot, and its reader sees it.

use crate::cases::small;
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
