//! Standard changes that are wrong, each with what their author then reads, and those that ship.

use super::{check_scenarios, parse};
use crate::scenario::Change;
use std::collections::BTreeSet;

const RIGHT: &str = r#"id = "rate-limit"
title = "A limit"
summary = "Limits."
leaves_out = ["login"]

[[case]]
name = "the third is refused"
[[case.step]]
method = "POST"
path = "/login"
times = 2
expect = { problem = 401, without_headers = ["retry-after"] }
[[case.step]]
method = "POST"
path = "/login"
expect = { with_headers = ["retry-after"] }
"#;

fn wrong(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "`{from}` stands in the right change");
    parse(&RIGHT.replacen(from, to, 1), "c.toml")
        .expect_err("the change is wrong")
        .to_string()
}

#[track_caller]
fn check(from: &str, to: &str, line: usize, message: &str) {
    let said = wrong(from, to);
    let first = format!("error: {message}\n");
    assert!(said.starts_with(&first), "{said}");
    assert!(said.contains(&format!("c.toml:{line}:")), "{said}");
}

#[test]
fn the_right_one_is_read() {
    let change = parse(RIGHT, "c.toml").expect("it is right");
    let steps = &change.cases[0].steps;
    assert_eq!((steps[0].times, steps[1].times), (Some(2), None));
    assert_eq!(steps[0].expect.without_headers, ["retry-after"]);
    assert!(steps[1].expect.statuses().is_empty());
    assert_eq!(change.leaves_out, ["login"]);
    assert!(!change.openapi && change.sql.is_empty());
}

#[test]
fn each_mistake_has_its_line_and_its_reason() {
    check("title = \"A limit\"", "title = \" \"", 2, "`title` is empty");
    check(
        "times = 2",
        "times = 0",
        11,
        "`times` must be from 1 to 1000, not `0`",
    );
    check(
        "{ with_headers = [\"retry-after\"] }",
        "{ contains = [\"a\"] }",
        16,
        "no status is expected",
    );
    check(
        "leaves_out = [\"login\"]",
        "sql = [\" \"]",
        4,
        "the statement is empty",
    );
    check("\"POST\"", "\"PSOT\"", 9, "unknown method `PSOT`");
    let unknown = wrong("times = 2", "time = 2");
    assert!(unknown.contains("did you mean `times`?"), "{unknown}");
}

#[test]
fn a_change_that_nothing_checks_is_refused() {
    let nothing = "id = \"x\"\ntitle = \"X\"\nsummary = \"Does x.\"\n";
    let error = parse(nothing, "c.toml").expect_err("nothing shows whether it holds");
    insta::assert_snapshot!(error.to_string(), @r#"
    error: nothing shows whether the change `x` holds
      --> c.toml:1:6
      |
    1 | id = "x"
      |      ^^^
    hint: add a `[[case]]`, or `openapi = true`
    "#);
    assert!(parse(&format!("{nothing}openapi = true\n"), "c.toml").is_ok());
}

#[test]
fn a_scenario_that_nobody_has_is_named_with_the_nearest() {
    assert_eq!(check_scenarios(RIGHT, "c.toml", &["login", "json"]), Ok(()));
    let error = check_scenarios(RIGHT, "c.toml", &["logins", "json"]).expect_err("nobody has it");
    assert_eq!(error.message, "unknown scenario `login`");
    assert_eq!(error.place.map(|place| place.line), Some(4));
    assert!(error.hint.is_some_and(|hint| hint.contains("`logins`")));
}

fn shipped() -> Vec<Change> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/changes");
    let entries = std::fs::read_dir(folder).expect("the folder ships with the program");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("it can be listed").path();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        parse(&text, &path.display().to_string()).unwrap_or_else(|error| panic!("{error}"))
    };
    entries.map(read).collect()
}

#[test]
fn the_six_that_ship_are_read() {
    let ids: BTreeSet<String> = shipped().into_iter().map(|change| change.id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(
        ids,
        [
            "add-endpoint",
            "add-field",
            "cors",
            "multipart",
            "openapi",
            "rate-limit"
        ]
    );
}
