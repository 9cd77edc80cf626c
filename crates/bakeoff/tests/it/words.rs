//! What the program prints: errors of briefs and of words, lists, plans, explanations and help. Nothing here measures.

use crate::program::{Place, Said, contenders, repository};
use std::fs::{self, OpenOptions};
use std::process::Stdio;

/// The example brief with one text replaced by another.
fn with(from: &str, to: &str) -> Said {
    let place = Place::new();
    let text = fs::read_to_string(repository().join("briefs/order-api.toml")).unwrap();
    assert!(text.contains(from), "the example brief has no `{from}`");
    place.write("wrong.toml", &text.replacen(from, to, 1));
    place.run(&["run", "wrong.toml"])
}

/// One error, at that line's text, with that message, exit code 2, and nothing measured.
fn check(said: &Said, message: &str, place: &str) {
    assert_eq!(said.code, 2, "{}", said.err);
    assert_eq!(said.err.matches("error:").count(), 1, "{}", said.err);
    assert!(said.err.contains(message), "no `{message}` in:\n{}", said.err);
    assert!(said.err.contains(place), "no `{place}` in:\n{}", said.err);
    assert_eq!(said.out, "");
}

#[test]
fn a_misspelt_scenario_gets_its_line_and_the_nearest_word() {
    let said = with("scenario = \"read-item\"", "scenario = \"read-itm\"");
    check(&said, "unknown scenario `read-itm`", "--> wrong.toml:");
    assert!(said.err.contains("did you mean `read-item`?"), "{}", said.err);
}

#[test]
fn a_negative_rate_gets_its_line() {
    check(
        &with("peak_rps = 400", "peak_rps = -400"),
        "peak_rps",
        "peak_rps = -400",
    );
}

#[test]
fn shares_that_sum_to_zero_get_their_line() {
    let place = Place::new();
    let text = fs::read_to_string(repository().join("briefs/order-api.toml")).unwrap();
    let zeros: Vec<String> = text
        .lines()
        .map(|line| {
            if line.starts_with("share = ") {
                "share = 0".to_owned()
            } else {
                line.to_owned()
            }
        })
        .collect();
    place.write("wrong.toml", &zeros.join("\n"));
    check(&place.run(&["run", "wrong.toml"]), "share", "--> wrong.toml:");
}

#[test]
fn an_unknown_contender_gets_its_line_or_its_option() {
    let place = Place::new();
    let text = fs::read_to_string(repository().join("briefs/order-api.toml")).unwrap();
    place.write(
        "wrong.toml",
        &format!("{text}\n[contenders]\nonly = [\"node-expres\", \"node-fastify\"]\n"),
    );
    let said = place.run(&["run", "wrong.toml"]);
    check(
        &said,
        "unknown contender `node-expres`",
        "only = [\"node-expres\"",
    );
    place.brief("order-api.toml");
    for (name, near) in [
        ("node-expres", "node-express"),
        ("node-fastify@jitles", "node-fastify@jitless"),
    ] {
        let said = place.run(&["run", "order-api.toml", "--only", name]);
        assert_eq!(said.code, 2);
        assert!(
            said.err.contains(&format!("did you mean `{near}`?")),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_file_that_is_not_toml_gets_its_line() {
    let place = Place::new();
    place.write("wrong.toml", "name = \"x\"\nthis is a letter, not a brief\n");
    check(&place.run(&["run", "wrong.toml"]), "error:", "--> wrong.toml:2:");
}

#[test]
fn a_missing_brief_is_an_error_with_a_hint() {
    let said = Place::new().run(&["run"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("cannot read the brief `bakeoff.toml`") && said.err.contains("hint:"),
        "{}",
        said.err
    );
}

#[test]
fn the_seed_determines_the_plan() {
    let place = Place::new();
    place.brief("order-api.toml");
    let plan = |seed: &str| place.run(&["plan", "order-api.toml", "--seed", seed, "--json"]);
    let (one, again, other) = (plan("1"), plan("1"), plan("2"));
    assert_eq!(one.code, 0, "{}", one.err);
    assert_eq!(one.out, again.out);
    assert_ne!(one.out, other.out);
    let json = one.json();
    let rounds = json["rounds"].as_array().unwrap();
    let blocks = rounds
        .iter()
        .map(|round| round["blocks"].as_array().unwrap().len());
    let (rounds, blocks) = (rounds.len(), blocks.sum::<usize>());
    assert!(rounds >= 3 && blocks >= 5, "{rounds} rounds with {blocks} blocks");
}

#[test]
fn a_plan_tells_the_time_of_a_full_answer_and_what_a_shorter_budget_leaves_out() {
    let place = Place::new();
    place.brief("order-api.toml");
    let full = place.run(&["plan", "order-api.toml"]);
    assert_eq!(full.code, 0, "{}", full.err);
    assert!(full.out.contains("a full answer takes"), "{}", full.out);
    assert!(!full.out.contains("left out"), "{}", full.out);
    let short = place.run(&["plan", "order-api.toml", "--budget", "3m"]);
    assert_eq!(short.code, 0, "{}", short.err);
    for words in ["a full answer takes", "left out", "3 min"] {
        assert!(short.out.contains(words), "no `{words}` in:\n{}", short.out);
    }
    let json = |args: &[&str]| {
        place
            .run(&[&["plan", "order-api.toml", "--json"], args].concat())
            .json()
    };
    let full_s = |json: &serde_json::Value| json["full_answer_s"].as_f64().unwrap();
    let (full, short) = (json(&[]), json(&["--budget", "3m"]));
    assert!(
        full_s(&full) > 180.0 && (full_s(&full) - full_s(&short)).abs() < 1.0,
        "{full}"
    );
    assert_eq!(full["budget_s"], full["full_answer_s"]);
    assert!(!short["left_out"].is_null(), "{short}");
}

#[test]
fn resuming_where_nothing_is_unfinished_is_an_error_with_a_hint() {
    let place = Place::new();
    let said = place.run(&["run", "--resume"]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(
        said.err.contains("no runs here") && said.err.contains("hint:"),
        "{}",
        said.err
    );
    place.brief("order-api.toml");
    fs::create_dir(place.path().join(".bakeoff")).unwrap();
    let kept = repository().join("crates/bakeoff/tests/stored/bakeoff.db");
    fs::copy(kept, place.path().join(".bakeoff/bakeoff.db")).unwrap();
    let said = place.run(&["run", "--resume"]);
    assert_eq!(said.code, 2, "{}", said.out);
    let reasons = [
        "to continue",
        "was begun by a version that measured in another way; begin a new run",
    ];
    assert!(
        reasons.iter().any(|reason| said.err.contains(reason)),
        "{}",
        said.err
    );
}

/// A reader that closes the pipe early is no error; a full disk is one.
#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
    let place = Place::new();
    let args = ["list", "metrics"];
    let mut child = place
        .command(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let said = child.wait_with_output().unwrap();
    let err = String::from_utf8(said.stderr).unwrap();
    assert_eq!((said.status.code(), err.as_str()), (Some(0), ""));

    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let said = place.command(&args).stdout(full).output().unwrap();
    let err = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(3), "{err}");
    assert!(
        err.starts_with("error: the output was not written: No space left"),
        "{err}"
    );
}

#[test]
fn lists_show_every_contender_and_every_scenario() {
    let place = Place::new();
    let field = contenders();
    let contenders = place.run(&["list", "contenders"]);
    for name in &field {
        assert!(
            contenders.out.contains(name.as_str()),
            "no `{name}` in:\n{}",
            contenders.out
        );
    }
    assert!(!contenders.out.contains('@'), "{}", contenders.out);
    assert!(contenders.out.contains("platform") && contenders.out.contains("orm"));
    let variants = place.run(&["list", "variants", "--json"]).json();
    let variants = variants.as_array().unwrap();
    let jitless = variants
        .iter()
        .find(|row| row["name"] == "node-fastify@jitless")
        .unwrap();
    assert_eq!(jitless["not_served"], "fan-out");
    let scenarios = place.run(&["list", "scenarios", "--json"]).json();
    let ids: Vec<&str> = scenarios
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let mut contract: Vec<String> = fs::read_dir(repository().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned()))
        .collect();
    contract.sort();
    assert_eq!(ids, contract);
}

#[test]
fn every_listed_metric_has_its_explanation() {
    let place = Place::new();
    place.brief("order-api.toml");
    let metrics = place.run(&["list", "metrics", "--json"]).json();
    for row in metrics.as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        let said = place.run(&["explain", id, "--brief", "order-api.toml"]);
        assert_eq!(said.code, 0, "{id}: {}", said.err);
        assert!(
            said.out.contains(row["sentence"].as_str().unwrap()),
            "{id}: {}",
            said.out
        );
    }
    let said = place.run(&["explain", "latency_ms_p9"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("did you mean `latency_ms_p99`?"),
        "{}",
        said.err
    );
}

#[test]
fn a_report_without_a_run_hints_at_bakeoff_run() {
    let place = Place::new();
    for command in ["report", "decide"] {
        let said = place.run(&[command]);
        assert_eq!(said.code, 2);
        assert!(
            said.err.contains("no runs here") && said.err.contains("bakeoff run"),
            "{}",
            said.err
        );
    }
}

#[test]
fn an_option_of_the_record_needs_the_format_adr() {
    let place = Place::new();
    for (arguments, words) in [
        (&["report", "--style", "nygard"][..], "add `--format adr`"),
        (
            &["report", "--format", "html", "--directory", "docs"],
            "`--directory` applies to the decision record",
        ),
        (
            &["report", "--format", "adr", "--style", "nygrad"],
            "one of madr, nygard, log4brains",
        ),
    ] {
        let said = place.run(arguments);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn help_and_completions_come_from_one_definition() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    assert_eq!(help.code, 0);
    for word in [
        "run",
        "plan",
        "list",
        "prepare",
        "check",
        "decide",
        "report",
        "explain",
        "load",
        "doctor",
        "selftest",
        "130 interrupted",
    ] {
        assert!(help.out.contains(word), "no `{word}` in:\n{}", help.out);
    }
    assert!(place.run(&["completions", "bash"]).out.contains("_bakeoff"));
    assert!(place.run(&["completions", "man"]).out.contains(".TH bakeoff"));
}

#[test]
fn doctor_lists_runtimes_database_and_isolation() {
    let said = Place::new().run(&["doctor"]);
    for word in ["node", "python", "database", "isolation"] {
        assert!(
            said.out.to_lowercase().contains(word),
            "no `{word}` in:\n{}",
            said.out
        );
    }
}
