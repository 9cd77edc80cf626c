//! The rules of a mix whose scenarios read and change the same rows.

use super::mix_of;
use bakeoff_core::brief::Traffic;
use bakeoff_core::scenario::{self, Scenario};
use bakeoff_load::{BodyRule, RequestSpec};
use std::collections::BTreeMap;
use std::path::Path;

/// The scenarios of this repository.
fn scenarios() -> BTreeMap<String, Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let scenario = scenario::parse(&text, &path.display().to_string()).unwrap();
        (scenario.id.clone(), scenario)
    };
    files
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(read)
        .collect()
}

fn mix(names: &[&str]) -> Vec<RequestSpec> {
    let traffic: Vec<Traffic> = names
        .iter()
        .map(|name| Traffic {
            scenario: (*name).to_owned(),
            share: 1.0,
        })
        .collect();
    mix_of(&traffic, 100.0, &scenarios())
}

/// The rules for values of these fields.
fn held_to(spec: &RequestSpec, fields: &[&str]) -> Vec<BodyRule> {
    let is = |rule: &&BodyRule| match rule {
        BodyRule::Json(_) => true,
        BodyRule::JsonAt { pointer, .. } => {
            fields.iter().any(|field| pointer.ends_with(&format!("/{field}")))
        }
        _ => false,
    };
    spec.expect.sampled.iter().filter(is).cloned().collect()
}

#[test]
fn no_response_is_held_to_a_value_that_another_scenario_changes() {
    let all = [
        "read-item",
        "list-items",
        "page",
        "create-item",
        "update-item",
        "place-order",
    ];
    for writer in ["update-item", "place-order"] {
        let changes = scenarios()[writer].changes.clone();
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        assert!(
            changes.contains(&"stock") && changes.contains(&"version"),
            "{writer}: {changes:?}"
        );
        for spec in mix(&all) {
            // What creates a row answers with that row, which no other request knows yet.
            if spec.label != writer && spec.label != "create-item" {
                assert_eq!(held_to(&spec, &changes), [], "{} beside {writer}", spec.label);
            }
        }
    }
}

#[test]
fn a_mix_that_changes_nothing_is_held_to_every_value() {
    let [read, list] = &mix(&["read-item", "list-items"])[..] else {
        panic!("two kinds of requests")
    };
    assert!(matches!(&read.expect.sampled[..], [BodyRule::Json(_)]));
    assert_eq!(held_to(list, &["version"]).len(), 1);
    // A scenario is held to what it changes itself.
    let [update] = &mix(&["update-item"])[..] else {
        panic!("one kind of request")
    };
    assert_eq!(held_to(update, &["price_cents", "stock", "version"]).len(), 3);
}
