//! The article of every case: it has its parts, its figures are there and well-formed, and texts of others are no
//! markup.

use crate::cases;
use crate::fixture::Fixture;
use crate::markup::Markup;
use bakeoff_core::claim::{self, Answer, settle};
use bakeoff_report::{Article, article};

const CLAIM: &str = "id = \"slower\"\nsentence = \"Python is slower\"\nreading = \"As measured\"\nsettle = \"Run it\"\n\
    [[test]]\nabout = \"CPU time\"\nmetric = \"cpu_us_per_request\"\nof = { family = \"python\" }\nis = \"higher\"\n\
    than = { family = \"node\" }\n";

fn answers(fixture: &Fixture) -> Vec<Answer> {
    let claim = claim::parse(CLAIM, "claim.toml", None).expect("the claim can be read");
    vec![settle(&claim, &fixture.run, &fixture.brief, &fixture.judgement)]
}

fn of(fixture: &Fixture) -> Article {
    let answers = answers(fixture);
    article(&fixture.document().with_claims(&answers))
}

#[test]
fn every_case_has_an_article_with_its_figures() {
    for (name, fixture) in cases::all() {
        let article = of(fixture);
        if *name == "order-api" {
            assert_eq!(article, of(fixture), "the same bytes");
        }
        let text = &article.text;
        assert!(
            text.starts_with("# ") && text.ends_with('\n') && !text.contains("\n\n\n"),
            "{name}"
        );
        for (path, svg) in &article.figures {
            assert_eq!(text.matches(&format!("]({path})")).count(), 1, "{name}: {path}");
            let drawing = Markup::of(&format!("<!doctype html>{svg}"));
            assert!(
                drawing.tags.iter().any(|tag| tag.name == "path"),
                "{name}: {path}"
            );
        }
        assert_eq!(
            text.matches("](figures/").count(),
            article.figures.len(),
            "{name}"
        );
        assert!(!text.contains("NaN"), "{name}:\n{text}");
        let outside_of_fences = text.split("```").step_by(2);
        let mut outside_of_code = outside_of_fences.flat_map(|part| part.split('`').step_by(2));
        assert!(
            outside_of_code.all(|part| !part.contains("<script")),
            "{name} has markup of others"
        );
    }
}

#[test]
fn the_article_of_a_judged_run_answers_the_question() {
    let fixture = cases::judged();
    let text = of(&fixture).text;
    for part in [
        "# Node.js or Python for the backend, measured for ",
        "## What is to be built",
        "## The answer in short",
        "### Node.js",
        "### Python",
        "### Speed",
        "### Learning curve",
        "## What people say",
        "“Python is slower”: supported.",
        "## How to choose, depending on your specification",
        "**Choose a Node.js stack** where the specification stresses ",
        "What would change the answer",
        "### Where the numbers come from",
        "--format article",
    ] {
        assert!(text.contains(part), "the article lacks `{part}`:\n{text}");
    }
    assert!(text.contains("For `order-api`, choose Node.js"), "{text}");
    assert!(text.contains(&fixture.run.id));
}

#[test]
fn a_run_with_stages_of_v8_shows_what_each_compiler_is_worth() {
    let fixture = cases::parts();
    let article = of(&fixture);
    assert!(
        article
            .text
            .contains("#### What V8's compilers are worth to Fastify"),
        "{}",
        article.text
    );
    assert!(
        article
            .figures
            .iter()
            .any(|(path, _)| path.contains("compilers-node-fastify"))
    );
    let html = bakeoff_report::format("html").unwrap();
    let page = (html.render)(&fixture.document()).unwrap();
    assert!(page.contains("id=\"tiers-node-fastify\"") && page.contains("no machine code"));
    let json = bakeoff_report::format("json").unwrap();
    let results: serde_json::Value =
        serde_json::from_str(&(json.render)(&fixture.document()).unwrap()).unwrap();
    let rows = results["tiers"][0]["figures"][0]["rows"].as_array().unwrap();
    assert!(
        rows[1]["to_full"]["range"]["low"].as_f64().unwrap() > 1.0,
        "{rows:?}"
    );
}

#[test]
fn claims_stand_in_page_summary_and_results() {
    let fixture = cases::judged();
    let answers = answers(&fixture);
    let document = fixture.document().with_claims(&answers);
    let render = |format: &str| (bakeoff_report::format(format).unwrap().render)(&document).unwrap();
    assert!(render("html").contains("id=\"claim-slower\""));
    assert!(render("text").contains("  supported     Python is slower\n"));
    let results: serde_json::Value = serde_json::from_str(&render("json")).unwrap();
    assert_eq!(results["claims"][0]["verdict"], "supported");
    assert!(
        !results["claims"][0]["tests"][0]["pairs"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
