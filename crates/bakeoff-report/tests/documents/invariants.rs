//! Rules that hold for every document with any data.

use crate::cases;
use bakeoff_report::FORMATS;

fn all(format: &str) -> Vec<(&'static str, String)> {
    let format = bakeoff_report::format(format).expect("the format is in the table");
    let render = |(name, fixture): &(&'static str, crate::fixture::Fixture)| {
        (
            *name,
            (format.render)(&fixture.document()).expect("the document can be made"),
        )
    };
    cases::all().iter().map(render).collect()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(all(format.id), all(format.id), "{}", format.id);
    }
}

#[test]
fn the_summary_fits_a_terminal_and_has_no_control_characters() {
    for (name, text) in all("text") {
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n'),
            "{name} has a control character"
        );
        assert!(
            text.ends_with('\n') && !text.ends_with("\n\n"),
            "{name} ends in one newline"
        );
    }
}

#[test]
fn every_row_of_the_table_has_every_column() {
    for (name, text) in all("csv") {
        let mut cells = 1;
        let mut quoted = false;
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells += 1,
                '\n' if !quoted => {
                    assert_eq!(cells, 14, "{name}");
                    cells = 1;
                }
                _ => {}
            }
        }
        assert!(!quoted && cells == 1, "{name} ends within a row");
    }
}

#[test]
fn the_results_have_the_fields_of_schema_one() {
    for (name, text) in all("json") {
        let results: serde_json::Value = serde_json::from_str(&text).expect("the results are JSON");
        assert_eq!(results["schema"], 1, "{name}");
        for key in [
            "run",
            "version",
            "brief",
            "host",
            "seed",
            "started",
            "contenders",
            "metrics",
            "criteria",
            "verdict",
        ] {
            assert!(!results[key].is_null(), "{name} has no `{key}`");
        }
        let keys = [
            "outcome",
            "choice",
            "runner_up",
            "p_best",
            "ranks",
            "central_weights",
            "confidence",
            "flips",
            "reasons",
            "vetoes",
            "noise_floor",
            "monte_carlo_error",
        ];
        let verdict = results["verdict"].as_object().expect("the verdict is an object");
        for key in keys {
            assert!(verdict.contains_key(key), "{name}: the verdict has no `{key}`");
        }
        let known = ["choose", "keep-both", "none"];
        assert!(
            known
                .iter()
                .any(|outcome| results["verdict"]["outcome"] == *outcome),
            "{name}"
        );
    }
}

#[test]
fn the_record_is_a_proposal_with_an_end() {
    for (name, text) in all("adr") {
        assert!(text.starts_with("---\nstatus: proposed\n"), "{name}");
        for part in [
            "## Context and Problem Statement",
            "## Decision Outcome",
            "### Confirmation",
            "expires on 2027-11-24",
        ] {
            assert!(text.contains(part), "{name} lacks `{part}`");
        }
        let outside_of_fences = text.split("```").step_by(2);
        let mut outside_of_code = outside_of_fences.flat_map(|part| part.split('`').step_by(2));
        assert!(
            outside_of_code.all(|part| !part.contains("<script")),
            "{name} has markup of others"
        );
    }
}

#[test]
fn the_summary_gives_the_reason_for_each_contender_that_was_not_measured() {
    for (_, text) in all("text")
        .into_iter()
        .filter(|(name, _)| ["order-api", "judged"].contains(name))
    {
        assert!(
            text.contains("hapi, not measured: it could not be installed"),
            "{text}"
        );
    }
}
