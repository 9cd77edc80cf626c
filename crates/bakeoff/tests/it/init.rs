//! `bakeoff init`: the briefs that it writes from a template and from answers, and the files that it does not touch.
//! Nothing here measures.

use crate::program::Place;

/// The brief is read without an error.
#[track_caller]
fn is_right(place: &Place, brief: &str) {
    let said = place.run(&["explain", "latency_ms_p99", "--brief", brief]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn every_template_is_a_brief_that_explains_itself() {
    let place = Place::new();
    for template in ["api", "site", "realtime", "data"] {
        let file = format!("{template}.toml");
        let said = place.run(&["init", &file, "--template", template]);
        assert_eq!((said.code, said.out.trim()), (0, file.as_str()), "{}", said.err);
        is_right(&place, &file);
        let text = place.read(&file);
        assert!(text.contains(&format!("name = \"{template}\"")), "{text}");
        assert!(text.matches("# ").count() >= 2, "{text}");
    }
}

#[test]
fn an_existing_file_is_never_overwritten() {
    let place = Place::new();
    place.write("bakeoff.toml", "mine");
    for args in [&["init"][..], &["init", "--template", "api"]] {
        let said = place.run(args);
        assert_eq!(said.code, 2);
        assert_eq!(
            said.err.trim(),
            "error: `bakeoff.toml` exists already\nhint: name another file, or edit that one"
        );
        assert_eq!(place.read("bakeoff.toml"), "mine");
    }
}

#[test]
fn answers_become_a_brief() {
    let place = Place::new();
    let answers = [
        "1",           // an API
        "Not A Name",  // refused, asked again
        "billing",     // its name
        "900",         // requests a second
        "",            // 50 ms stays
        "2",           // processors
        "",            // memory stays
        "7",           // people
        "python, sql", // what they know
        "postgres",    // must
        "pdf, s3",     // want
        "2",           // scalability or speed: speed
        "",            // universality: open
        "maybe",       // no answer, asked again
        "q",           // enough
    ];
    let said = place.run_answering(&["init", "billing.toml"], &answers.join("\n"));
    assert_eq!(said.code, 0, "{}", said.err);
    is_right(&place, "billing.toml");
    let text = place.read("billing.toml");
    for line in [
        "name = \"billing\"",
        "peak_rps = 900                   # requests a second that one instance must serve at peak",
        "cores = 2  ",
        "knows = [\"python\", \"sql\"]",
        "want = [\"pdf\", \"s3\"]",
        "[\"speed\", \"scalability\", 1.0, 1000000.0]",
    ] {
        assert!(text.contains(line), "no `{line}` in:\n{text}");
    }
    assert!(!text.contains("order = "), "{text}");
    assert!(said.err.contains("must be 1 to 60 small letters"), "{}", said.err);
    assert!(said.err.contains("`maybe` is not an answer"), "{}", said.err);
    assert!(
        said.err.contains("Which improvement matters more: "),
        "{}",
        said.err
    );
    assert!(said.err.contains("→ weights on average: speed "), "{}", said.err);
}

#[test]
fn an_interview_without_answers_gives_a_brief_too() {
    let place = Place::new();
    let said = place.run_answering(&["init"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    is_right(&place, "bakeoff.toml");
    let text = place.read("bakeoff.toml");
    assert!(
        text.contains("no answers, so all weightings are equally likely"),
        "{text}"
    );
}
