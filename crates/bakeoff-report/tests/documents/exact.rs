//! The exact texts of a small case. A change of wording changes a snapshot, and its reader sees it.

use crate::cases::small;

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

#[test]
fn the_table() {
    insta::assert_snapshot!(document("csv"));
}

#[test]
fn the_results() {
    insta::assert_snapshot!(document("json"));
}
