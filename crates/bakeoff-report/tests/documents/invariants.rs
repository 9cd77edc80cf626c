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
            assert!(line.chars().count() <= 80, "{name}: {line}");
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
                    assert_eq!(cells, 18, "{name}");
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
        let known = ["choose", "keep-both", "none", "undecided"];
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

#[test]
fn the_results_have_every_launch_with_its_blocks() {
    for (name, text) in all("json") {
        let results: serde_json::Value = serde_json::from_str(&text).expect("the results are JSON");
        let launches = results["launches"].as_array().expect("launches are a list");
        let (_, fixture) = cases::all()
            .iter()
            .find(|(known, _)| *known == name)
            .expect("it is one");
        assert_eq!(launches.len(), fixture.run.launches.len(), "{name}");
        let blocks: usize = launches
            .iter()
            .map(|launch| launch["blocks"].as_array().map_or(0, Vec::len))
            .sum();
        let trials = fixture.run.trials.iter().filter(|trial| trial.launch.is_some());
        assert_eq!(blocks, trials.count(), "{name}");
    }
}

#[test]
fn every_block_value_of_a_run_with_launches_has_its_launch() {
    let (_, table) = all("csv")
        .into_iter()
        .find(|(name, _)| *name == "launches")
        .expect("it is a case");
    let of_blocks = table.lines().skip(1).filter(|line| line.contains(",block,"));
    let mut count = 0;
    for line in of_blocks {
        let launch = line.rsplit(',').nth(3).unwrap_or("");
        assert!(launch.parse::<u32>().is_ok(), "{line}");
        count += 1;
    }
    assert!(count > 500, "{count} values of blocks");
}

#[test]
fn the_record_of_an_open_verdict_uses_nothing() {
    let fixture = cases::undecided();
    for style in bakeoff_report::STYLES {
        let text = bakeoff_report::record(&fixture.document(), style, bakeoff_report::Place::default())
            .expect("the record can be made");
        assert!(text.contains("Leave the choice for order-api open"), "{text}");
        for said in ["Use ", "We use", "Chosen option"] {
            assert!(!text.contains(said), "{}: {said}", style.id);
        }
        let command = "bakeoff run briefs/order-api.toml --seed 42";
        let in_line = text.contains(&format!("`{command}`"));
        assert!(
            in_line || text.contains(&format!("\n{command}\n")),
            "{}",
            style.id
        );
        for part in ["Nothing is decided yet", "Fastify has 2 launches"] {
            assert!(text.contains(part), "{} lacks `{part}`", style.id);
        }
    }
    assert_eq!(
        bakeoff_report::slug(&fixture.document()),
        "leave-the-choice-for-order-api-open"
    );
}

#[test]
fn the_command_that_measures_again_names_the_contenders_that_the_user_named() {
    let mut fixture = cases::undecided();
    fixture.run.plan.only = vec!["node-fastify".to_owned(), "node-fastify@jitless".to_owned()];
    let command = "bakeoff run briefs/order-api.toml --only node-fastify,node-fastify@jitless --seed 42";
    for style in bakeoff_report::STYLES {
        let text = bakeoff_report::record(&fixture.document(), style, bakeoff_report::Place::default())
            .expect("the record can be made");
        assert!(text.contains(command), "{}: {text}", style.id);
    }
}

#[test]
fn the_command_that_measures_again_asks_for_the_same_variants() {
    let mut fixture = cases::undecided();
    fixture.run.plan.compared = ["--tiers", "node-fastify"].map(str::to_owned).to_vec();
    let command = "bakeoff run briefs/order-api.toml --tiers node-fastify --seed 42";
    for style in bakeoff_report::STYLES {
        let text = bakeoff_report::record(&fixture.document(), style, bakeoff_report::Place::default())
            .expect("the record can be made");
        assert!(text.contains(command), "{}: {text}", style.id);
    }
}

#[test]
fn every_format_has_the_rows_in_the_order_of_the_expected_score() {
    for (name, fixture) in cases::all() {
        let verdict = &fixture.judgement.verdict;
        let mut ranked: Vec<(&String, f64)> = verdict
            .expected_value
            .iter()
            .filter(|(contender, _)| verdict.p_best.contains_key(*contender))
            .filter(|(contender, _)| !verdict.vetoes.iter().any(|veto| veto.contender == **contender))
            .map(|(contender, range)| (contender, range.value))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let expected: Vec<&str> = ranked.iter().map(|(contender, _)| contender.as_str()).collect();
        let render = |id: &str| {
            let format = bakeoff_report::format(id).expect("the format is in the table");
            (format.render)(&fixture.document()).expect("the document can be made")
        };
        let results: serde_json::Value = serde_json::from_str(&render("json")).expect("the results are JSON");
        let contenders = results["contenders"].as_array().expect("a list");
        let in_results: Vec<&str> = contenders
            .iter()
            .filter(|contender| !contender["rank"].is_null())
            .filter_map(|contender| contender["name"].as_str())
            .collect();
        assert_eq!(in_results, expected, "{name}");
        let table = render("csv");
        let in_table: Vec<&str> = table
            .lines()
            .filter(|line| line.contains(",p-best,"))
            .filter_map(|line| line.split(',').nth(1))
            .filter(|contender| expected.contains(contender))
            .collect();
        assert_eq!(in_table, expected, "{name}");
        let options = render("adr");
        let titles: Vec<usize> = expected
            .iter()
            .filter_map(|contender| {
                let record = fixture
                    .run
                    .contenders
                    .iter()
                    .find(|record| record.name == **contender)?;
                options.find(&format!("### {}\n", record.title))
            })
            .collect();
        assert!(titles.is_sorted(), "{name}");
    }
}

#[test]
fn references_variants_and_families_are_in_the_documents() {
    let of = |format: &str| {
        let (_, text) = all(format)
            .into_iter()
            .find(|(name, _)| *name == "parts")
            .expect("it is a case");
        text
    };
    let results: serde_json::Value = serde_json::from_str(&of("json")).expect("the results are JSON");
    let contender = |name: &str| {
        let mut rows = results["contenders"].as_array().expect("a list").iter();
        rows.find(|row| row["name"] == name).expect("it is in the field")
    };
    let reference = contender("node-http");
    assert_eq!(reference["part"], "reference");
    assert_eq!(reference["class"], "platform");
    assert!(reference["rank"].is_null());
    let variant = contender("node-fastify@jitless");
    assert_eq!(variant["variant_of"], "node-fastify");
    assert_eq!(contender("python-django")["data"]["access"], "orm");
    assert_eq!(contender("python-flask")["http"]["parser"], "interpreted");
    let families = results["verdict"]["families"].as_object().expect("a map");
    let sum: f64 = families.values().filter_map(serde_json::Value::as_f64).sum();
    assert!((sum - 1.0).abs() < 1e-9 && families.contains_key("node") && families.contains_key("python"));
    assert_eq!(results["verdict"]["references"], serde_json::json!(["node-http"]));
    assert_eq!(results["variants"][0]["of"], "node-fastify");
    assert!(results["variants"][0]["ratios"]["cpu_us_per_request"]["value"].is_number());

    let summary = of("text");
    assert!(
        summary.contains("ref: a reference, measured and no candidate") && summary.contains(" ref  Node.js"),
        "{summary}"
    );
    let record = of("adr");
    assert!(
        record.contains("Reference, measured and no candidate: score"),
        "{record}"
    );
    assert!(record.contains("Fastify without V8's compilers compared with Fastify: CPU time per request × "));
    let table = of("csv");
    let row = |start: &str| {
        let mut lines = table.lines();
        lines
            .find(|line| line.contains(start))
            .expect("it has rows")
            .to_owned()
    };
    assert!(row(",python-django,").ends_with(",micro,orm,interpreted"));
    assert!(row(",node-http,").ends_with(",platform,raw,native"));
}
