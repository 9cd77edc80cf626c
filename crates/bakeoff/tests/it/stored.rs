//! A store of an earlier version opens, judges and reports as that version did. `tests/stored/` holds a run that
//! version 0.1.0 measured before faults, entrants and needs had types of their own, cut down to a few hundred KB, with
//! faults of every form added by hand; and what that version's `bakeoff decide` answered.

use crate::program::Place;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Probabilities and values may differ in the last bits between processors, and nowhere else.
const LAST_BITS: f64 = 1e-9;

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/stored")
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(kept(name)).unwrap()
}

fn place_with_store() -> Place {
    let place = Place::new();
    std::fs::create_dir(place.path().join(".bakeoff")).unwrap();
    std::fs::copy(kept("bakeoff.db"), place.path().join(".bakeoff/bakeoff.db")).unwrap();
    place
}

/// Whether two documents are the same but for the last bits of their numbers.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= LAST_BITS * one.abs().max(1.0)
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

#[test]
fn an_older_store_gives_the_same_choice_and_the_same_probabilities() {
    let place = place_with_store();
    let decisions: Value = serde_json::from_str(&text("decisions.json")).unwrap();
    for expected in decisions.as_array().unwrap() {
        let options = expected["arguments"].as_array().unwrap().iter();
        let options: Vec<&str> = options.map(|option| option.as_str().unwrap()).collect();
        let mut arguments = vec!["decide", "latest", "--format", "json"];
        arguments.extend(&options);
        let said = place.run(&arguments);
        let (results, verdict) = (said.json(), said.json()["verdict"].clone());
        for key in ["outcome", "choice", "runner_up", "p_best", "pairwise"] {
            assert!(
                same(&verdict[key], &expected[key]),
                "{options:?}: {key} is {}, and was {}",
                verdict[key],
                expected[key]
            );
        }
        for (contender, value) in expected["expected_value"].as_object().unwrap() {
            let now = &verdict["expected_value"][contender]["value"];
            assert!(
                same(now, value),
                "{options:?}: {contender} is worth {now}, and was {value}"
            );
        }
        let vetoes = verdict["vetoes"].as_array().unwrap().iter();
        let out: BTreeSet<&str> = vetoes.map(|veto| veto["contender"].as_str().unwrap()).collect();
        let was_out = expected["out"].as_array().unwrap().iter();
        assert_eq!(out, was_out.map(|name| name.as_str().unwrap()).collect());
        let metrics = results["metrics"].as_array().unwrap().iter();
        // Not the missing ones: each metric that the program has gained since adds to these.
        let measured = metrics.filter(|metric| metric["value"].is_number()).count();
        assert_eq!(
            measured as u64,
            expected["measured"].as_u64().unwrap(),
            "{options:?}"
        );
    }
}

#[test]
fn an_older_store_is_reported_in_every_format() {
    let place = place_with_store();
    let runs = place.run(&["list", "runs", "--json"]).json();
    assert_eq!(runs[0]["trials"], "35", "{runs}");
    for format in ["html", "text", "adr", "json", "csv"] {
        let said = place.run(&["report", "latest", "--format", format, "--output", "report"]);
        assert_eq!(said.code, 0, "{format}: {}", said.err);
        assert!(!place.read("report").is_empty(), "{format}");
    }
}

#[test]
fn the_reasons_of_an_older_store_have_types() {
    let place = place_with_store();
    let results = place.run(&["decide", "latest", "--format", "json"]).json();
    let kinds = |contender: &str| -> Vec<&str> {
        let vetoes = results["verdict"]["vetoes"].as_array().unwrap().iter();
        vetoes
            .filter(|veto| veto["contender"] == contender)
            .map(|veto| veto["kind"].as_str().unwrap())
            .collect()
    };
    assert_eq!(kinds("python-flask"), ["need-not-covered"]);
    assert_eq!(kinds("python-pyramid"), ["over-limit"]);
    assert_eq!(kinds("node-hapi"), ["fails"]);
    assert_eq!(kinds("node-express"), ["not-measured"]);
    assert_eq!(kinds("python-django"), ["not-measured"]);
    let contenders = results["contenders"].as_array().unwrap();
    let fault = |name: &str| {
        let contender = contenders.iter().find(|one| one["name"] == name);
        &contender.unwrap()["faults"][0]
    };
    assert_eq!(fault("node-hapi")["stage"], "start");
    let of_a_probe = fault("python-fastapi");
    assert_eq!(of_a_probe["stage"], "drain_lost, crash_recovery_ms");
    assert_eq!(
        of_a_probe["metrics"],
        serde_json::json!(["drain_lost", "crash_recovery_ms"])
    );
}

/// The paths of a document: an array's elements are `[]`, and a map's keys, which are names, are `*`.
fn paths(value: &Value, path: &str, is_map: bool, found: &mut BTreeSet<String>) {
    const MAPS: [&str; 11] = [
        "p_best",
        "ranks",
        "central_weights",
        "confidence",
        "pairwise",
        "expected_value",
        "expected_loss",
        "ratios",
        "versions",
        "controllers",
        "runtimes",
    ];
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                let below = format!("{path}/{}", if is_map { "*" } else { key });
                let of_maps = path.ends_with("/pairwise") || path.ends_with("/central_weights");
                let is_map = if is_map {
                    of_maps
                } else {
                    MAPS.contains(&key.as_str())
                };
                paths(part, &below, is_map, found);
                found.insert(below);
            }
        }
        Value::Array(parts) => {
            for part in parts {
                paths(part, &format!("{path}/[]"), false, found);
            }
        }
        _ => {}
    }
}

#[test]
fn results_have_every_field_of_the_first_version() {
    let place = place_with_store();
    let results = place.run(&["decide", "latest", "--format", "json"]).json();
    let mut now = BTreeSet::new();
    paths(&results, "", false, &mut now);
    let fields = text("results_fields.txt");
    let gone: Vec<&str> = fields.lines().filter(|field| !now.contains(*field)).collect();
    assert_eq!(gone, Vec::<&str>::new());
}

#[test]
fn a_decision_record_of_the_first_version_is_recognised_and_kept() {
    let place = place_with_store();
    let name = "records/0001-keep-two-open.md";
    place.write(name, &text("record.md"));
    let said = place.run(&["report", "--format", "adr", "--directory", "records"]);
    assert_ne!(said.code, 0, "the run has a record already: {}", said.out);
    assert!(said.err.contains("0001-keep-two-open.md"), "{}", said.err);
    assert_eq!(place.read(name), text("record.md"));
    assert_eq!(
        std::fs::read_dir(place.path().join("records")).unwrap().count(),
        1
    );
}

/// A claim about the kept run that its evidence settles.
const OWN_CLAIM: &str = "id = \"flask-starts\"\nsentence = \"Flask starts\"\nreading = \"Within a minute\"\n\
    settle = \"Run it\"\n[[test]]\nabout = \"start\"\nmetric = \"startup_ms\"\n\
    of = { contenders = [\"python-flask\"] }\nis = \"lower\"\nthan = { value = 60000.0 }\n";

#[test]
fn every_claim_has_an_answer_from_an_older_store_with_numbers_or_with_what_is_missing() {
    let place = place_with_store();
    let said = place.run(&["claims", "latest", "--json"]);
    let answers = said.json();
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 11);
    for answer in answers {
        let tests = answer["tests"].as_array().unwrap();
        let has = |key: &str| tests.iter().any(|test| !test[key].as_array().unwrap().is_empty());
        match answer["verdict"].as_str().unwrap() {
            "not-tested" => {
                assert!(has("lacks"), "{answer:#}");
                assert!(!answer["settle"].as_str().unwrap().is_empty(), "{answer:#}");
            }
            "supported" | "refuted" | "not-separable" => {
                assert!(has("pairs") || has("documented"), "{answer:#}");
            }
            other => panic!("`{other}` is no verdict"),
        }
    }
    assert_eq!(place.run(&["claims", "latest", "--json"]).out, said.out);
    let page = place.run(&["report", "--format", "html"]).out;
    assert_eq!(page.matches("<article class=\"fault claim\"").count(), 11);
    assert!(place.run(&["report"]).out.contains("what people say"));
}

#[test]
fn a_claim_of_ones_own_is_added_and_a_bad_one_points_at_its_line() {
    let place = place_with_store();
    place.write("claims/flask-starts.toml", OWN_CLAIM);
    let said = place.run(&["claims", "--only", "flask-starts"]);
    assert!(
        said.out.starts_with("Flask starts: supported"),
        "{}\n{}",
        said.out,
        said.err
    );
    place.write(
        "claims/flask-starts.toml",
        &OWN_CLAIM.replace("python-flask", "python-flsk"),
    );
    let said = place.run(&["claims"]);
    assert_eq!(said.code, 2);
    for words in ["flask-starts.toml:8:22", "did you mean `python-flask`?"] {
        assert!(said.err.contains(words), "{}", said.err);
    }
    place.write("claims/flask-starts.toml", OWN_CLAIM);
    let said = place.run(&["claims", "--only", "flask-start"]);
    assert!(said.err.contains("did you mean `flask-starts`?"), "{}", said.err);
}
