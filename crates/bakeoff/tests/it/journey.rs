//! The whole product, once, with real contenders, a real PostgreSQL and a real browser: from the example brief to the
//! report. It asserts shape and truth, never speed.

use crate::look;
use crate::program::{Place, has_ended, left_behind_by};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::time::Instant;

/// Reasons for a missing value that a noisy machine, or a budget shorter than a full answer, may bring to any
/// contender.
const MACHINE: [&str; 6] = [
    "gate",
    "not-warm",
    "impossible-value",
    "impossible-trials",
    "too-few-responses",
    "too-few-trials",
];

/// The contenders of the journey, since the time of all tests is bounded: the reference, and a framework of each
/// language. Another test holds all contenders to the contract and runs the tests that they ship.
const FIELD: [&str; 3] = ["node-http", "node-fastify", "python-django"];

#[test]
fn a_run_leads_from_a_brief_to_a_report() {
    let place = Place::new();
    place.brief("order-api.toml");
    // Two launches of each contender: what a decision needs, in half the time of a full answer.
    let only = FIELD.join(",");
    let args = [
        "run",
        "order-api.toml",
        "--only",
        &only,
        "--budget",
        "125s",
        "--seed",
        "1",
        "--time-share",
        "0.4",
        "--skip-changes",
        "--skip-browser",
    ];
    let mut child = place.start(&args, "run.log");
    let pid = child.id();
    let code = child.wait().unwrap().code();
    let log = place.read("run.log");
    assert!(has_ended(code), "exit {code:?}:\n{log}");
    assert_eq!(
        left_behind_by(pid),
        Vec::<String>::new(),
        "processes outlived the run"
    );

    let results: Value = serde_json::from_str(&place.read(".bakeoff/runs/latest/results.json")).unwrap();
    every_contender_is_measured(&results, &log);
    every_launch_has_its_trials_and_its_end(&place, &log);
    every_criterion_has_estimates(&results);
    every_missing_value_has_a_reason(&results);
    intervals_are_honest(&results);
    the_verdict_adds_up(&results);
    the_record_is_a_proposal(&place.read(".bakeoff/runs/latest/decision.md"), &results);
    the_same_run_reports_the_same_bytes(&place);
    records_are_numbered_and_never_edited(&place);
    other_weights_measure_nothing(&place);
    removing_a_contender_keeps_the_order_of_the_others(&place);
    the_interview_shows_the_effect_of_each_answer(&place);
    advice_is_stored_and_early_stops_can_be_simulated(&place, &results);
    look::at_the_report(
        &place.path().join(".bakeoff/runs/latest/report.html"),
        FIELD.len(),
        place.path(),
    );
}

fn every_contender_is_measured(results: &Value, log: &str) {
    for name in FIELD {
        let record = results["contenders"]
            .as_array()
            .unwrap()
            .iter()
            .find(|record| record["name"] == name);
        let status = record.map(|record| record["status"].clone());
        assert_eq!(status, Some(Value::from("measured")), "{name}: {record:?}\n{log}");
    }
}

/// The launches of a run as they are stored: id, round, contender, reason of the end.
fn launches(store: &Connection) -> Vec<(u32, u32, String, String)> {
    let sql = "SELECT id, json_extract(document, '$.round'), contender,
               coalesce(json_extract(document, '$.end.reason'), 'lives') FROM launch ORDER BY id";
    let mut statement = store.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Every contender was launched, every trial woke a launch of its own contender, and no launch outlives the run.
fn every_launch_has_its_trials_and_its_end(place: &Place, log: &str) {
    let path = place.path().join(".bakeoff/bakeoff.db");
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let launches = launches(&store);
    for name in FIELD {
        let retired = launches
            .iter()
            .filter(|(_, _, who, end)| who == name && end == "retired");
        assert!(
            retired.count() >= 1,
            "{name} has no launch of a whole round: {launches:?}\n{log}"
        );
    }
    assert!(launches.iter().all(|(.., end)| end != "lives"), "{launches:?}");
    let sql = "SELECT contender, json_extract(document, '$.launch') FROM trial";
    let mut statement = store.prepare(sql).unwrap();
    let trials = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    for trial in trials {
        let (who, launch): (String, u32) = trial.unwrap();
        assert_eq!(launches[launch as usize].2, who, "a trial of another's launch");
    }
}

fn every_missing_value_has_a_reason(results: &Value) {
    for row in results["metrics"].as_array().unwrap() {
        let reason = row["missing"].as_str().unwrap_or_default();
        assert!(row["value"].is_number() || !reason.is_empty(), "{row}");
    }
}

fn row_of<'a>(results: &'a Value, name: &str, metric: &str) -> &'a Value {
    let mut rows = results["metrics"].as_array().unwrap().iter();
    rows.find(|row| row["contender"] == name && row["metric"] == metric)
        .unwrap_or_else(|| panic!("{name} has no row of {metric}"))
}

fn estimates<'a>(results: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    results["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(move |row| row["contender"] == name && row["value"].is_number())
}

fn every_criterion_has_estimates(results: &Value) {
    for name in FIELD {
        for criterion in [
            "speed",
            "scalability",
            "universality",
            "extensibility",
            "architecture",
            "learning-curve",
        ] {
            let count = estimates(results, name)
                .filter(|row| row["criterion"] == criterion)
                .count();
            // On a slow machine the budget ends before the second probe of a criterion.
            let cut_short = results["stop"] == "budget-spent";
            assert!(
                count >= 2 || count == 1 && cut_short,
                "{name} has {count} estimates for {criterion}"
            );
        }
    }
}

fn intervals_are_honest(results: &Value) {
    for name in FIELD {
        for metric in [
            "cpu_us_per_request",
            "latency_ms_p50",
            "latency_ms_p99",
            "latency_ms_p999",
        ] {
            let row = row_of(results, name, metric);
            // A noisy machine fails the quality checks of trials, of the tail first; a short budget has too few
            // responses for the far tail. Then that is the reason.
            if row["value"].is_null() {
                let kind = row["missing_kind"].as_str().unwrap();
                assert!(MACHINE.contains(&kind), "{row}");
                continue;
            }
            let number = |key: &str| row[key].as_f64().unwrap();
            let weakened =
                row["gate"]["outcome"] == "failed" || !row["cautions"].as_array().unwrap().is_empty();
            let cut_short = results["stop"] == "budget-spent";
            assert!(
                number("n") >= 5.0 || weakened || number("n") >= 2.0 && cut_short,
                "fewer than five blocks without a reason: {row}"
            );
            assert!(
                number("low") < number("value") && number("value") < number("high"),
                "{row}"
            );
        }
    }
}

fn the_verdict_adds_up(results: &Value) {
    let verdict = &results["verdict"];
    let outcome = verdict["outcome"].as_str().unwrap();
    let answers = ["choose", "keep-both", "none", "undecided"];
    assert!(answers.contains(&outcome), "{verdict}");
    let vetoed = verdict["vetoes"].as_array().unwrap().len();
    if outcome != "none" {
        let sum: f64 = verdict["p_best"]
            .as_object()
            .unwrap()
            .values()
            .map(|p| p.as_f64().unwrap())
            .sum();
        assert!((sum - 1.0).abs() < 1e-6, "P(best) sums to {sum}");
        let choice = verdict["choice"].as_str();
        assert!(
            choice.is_some_and(|choice| FIELD.contains(&choice)) || outcome == "undecided",
            "{verdict}"
        );
        assert!(vetoed < FIELD.len());
    }
}

fn the_record_is_a_proposal(record: &str, results: &Value) {
    assert!(
        record.starts_with("---\n") && record.contains("status: proposed"),
        "{record}"
    );
    for heading in [
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "### Confirmation",
    ] {
        assert!(record.contains(heading), "no `{heading}` in:\n{record}");
    }
    assert!(
        record.contains(results["run"].as_str().unwrap()),
        "the record does not name its run"
    );
}

fn the_same_run_reports_the_same_bytes(place: &Place) {
    for format in ["json", "html", "adr", "csv", "text"] {
        let once = place.run(&["report", "latest", "--format", format]);
        let twice = place.run(&["report", "latest", "--format", format]);
        assert_eq!(once.code, 0, "{}", once.err);
        assert!(
            once.out == twice.out && !once.out.is_empty(),
            "the {format} report differs from itself"
        );
    }
    let stored = place.read(".bakeoff/runs/latest/results.json");
    assert!(
        stored == place.run(&["report", "--format", "json"]).out,
        "the run's folder and the report differ"
    );
}

fn records_are_numbered_and_never_edited(place: &Place) {
    let theirs = place.write("docs/decisions/0004-use-postgresql.md", "# 4. Use PostgreSQL\n");
    let add = || place.run(&["report", "--format", "adr", "--directory", "docs/decisions"]);
    let first = add();
    assert_eq!(first.code, 0, "{}", first.err);
    let name = first.out.trim().to_owned();
    assert!(
        name.starts_with("docs/decisions/0005-") && name.contains("order-api") && name.ends_with(".md"),
        "{name}"
    );
    let text = place.read(&name);
    assert!(
        text.starts_with("---\nstatus: proposed\n") && !text.contains("supersedes"),
        "{text}"
    );

    let again = add();
    assert_eq!(again.code, 2, "{}", again.out);
    assert!(
        again.err.contains("already holds the record of the run"),
        "{}",
        again.err
    );

    // As if an earlier run had written it.
    let (before, mark) = text.rsplit_once("<!-- bakeoff record").unwrap();
    let earlier = format!("{before}<!-- bakeoff record{}", mark.replace("T", "S"));
    place.write(&name, &earlier);
    let style = [
        "report",
        "--format",
        "adr",
        "--style",
        "nygard",
        "--directory",
        "docs/decisions",
    ];
    let second = place.run(&style);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(second.out.contains("docs/decisions/0006-"), "{}", second.out);
    let record = place.read(second.out.trim());
    assert!(
        record.starts_with("# 6. ") && record.contains("Supersedes [0005-"),
        "{record}"
    );
    assert_eq!(place.read(&name), earlier, "a record is never edited");
    assert_eq!(std::fs::read_to_string(theirs).unwrap(), "# 4. Use PostgreSQL\n");
}

fn other_weights_measure_nothing(place: &Place) {
    let before = std::fs::metadata(place.path().join(".bakeoff/bakeoff.db"))
        .unwrap()
        .len();
    let decide = |weights: &str| {
        let started = Instant::now();
        let said = place.run(&["decide", "latest", "--weights", weights, "--format", "json"]);
        assert!(has_ended(Some(said.code)), "{}", said.err);
        assert!(
            started.elapsed().as_secs() < 20,
            "deciding again took as long as measuring"
        );
        said.json()["verdict"]["expected_value"].clone()
    };
    assert_ne!(
        decide("speed=1"),
        decide("learning-curve=1"),
        "weights change nothing"
    );
    let after = std::fs::metadata(place.path().join(".bakeoff/bakeoff.db"))
        .unwrap()
        .len();
    assert_eq!(before, after, "deciding wrote into the store");
}

/// Removing any one contender changes no score, no order and no pair among the others.
fn removing_a_contender_keeps_the_order_of_the_others(place: &Place) {
    let verdict = |only: &[&str]| -> Value {
        let said = place.run(&["decide", "latest", "--only", &only.join(","), "--format", "json"]);
        assert!(has_ended(Some(said.code)), "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap()["verdict"].clone()
    };
    let whole = verdict(&FIELD);
    for left_out in FIELD {
        let others: Vec<&str> = FIELD.into_iter().filter(|name| *name != left_out).collect();
        let fewer = verdict(&others);
        for name in others {
            assert_eq!(
                whole["expected_value"][name], fewer["expected_value"][name],
                "{name}"
            );
            for (other, p) in fewer["pairwise"][name].as_object().into_iter().flatten() {
                assert_eq!(&whole["pairwise"][name][other], p, "{name} against {other}");
            }
        }
    }
}

fn the_interview_shows_the_effect_of_each_answer(place: &Place) {
    let said = place.run_answering(&["decide", "latest", "--ask"], "1\n\n2\nq\n");
    assert!(has_ended(Some(said.code)), "{}", said.err);
    assert!(
        said.err.contains("With no priorities: For `order-api`"),
        "{}",
        said.err
    );
    assert_eq!(said.err.matches("\n> → ").count(), 3, "{}", said.err);
    assert!(said.out.contains("order-api"), "{}", said.out);
}

/// The run keeps the advice after each round, and `decide --rehearse` draws sessions from what it measured.
fn advice_is_stored_and_early_stops_can_be_simulated(place: &Place, results: &Value) {
    let advice = results["advice"].as_array().unwrap();
    let path = place.path().join(".bakeoff/bakeoff.db");
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let rounds = launches(&store).iter().map(|(_, round, ..)| round + 1).max();
    // A round that the end of the budget cut short has no advice.
    let whole = advice.len() as u32;
    assert!(
        rounds.is_some_and(|rounds| whole == rounds || whole + 1 == rounds),
        "{advice:?}"
    );
    let said = place.run(&["decide", "latest", "--rehearse", "5", "--format", "json"]);
    assert!(has_ended(Some(said.code)), "{}", said.err);
    let rehearsal: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(rehearsal["sessions"].as_array().unwrap().len(), 5);
}
