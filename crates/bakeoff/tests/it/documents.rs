//! The tables of `docs/method.md` that follow from rows of the program: probes, kinds of HTTP requests and metrics. The
//! test compares each with its rows; `BAKEOFF_WRITE_DOCS=1 cargo test -p bakeoff --test it documents` writes them
//! anew. The prose around them is by hand.

use crate::program::{Place, repository};
use bakeoff_core::metric::{Better, METRICS, Metric, Repeatability, Scale};
use bakeoff_lab::probe::{RUNNING_PROBES, conformance_kinds};
use std::fs;

const DOCUMENT: &str = "docs/method.md";

#[test]
fn the_tables_of_the_method_follow_from_the_rows() {
    let path = repository().join(DOCUMENT);
    let text = fs::read_to_string(&path).unwrap();
    let mut fresh = text.clone();
    for (name, table) in [
        ("running probes", running()),
        ("conformance kinds", conformance()),
        ("metrics", metrics()),
    ] {
        fresh = with_table(&fresh, name, &table)
            .unwrap_or_else(|| panic!("{DOCUMENT} has no place for `{name}`"));
    }
    if std::env::var_os("BAKEOFF_WRITE_DOCS").is_some() {
        fs::write(&path, &fresh).unwrap();
    } else {
        assert!(
            text == fresh,
            "a table of {DOCUMENT} differs from the rows: run BAKEOFF_WRITE_DOCS=1 cargo test -p bakeoff --test it documents"
        );
    }
}

/// The text with the table between `<!-- NAME -->` and `<!-- /NAME -->` replaced; `None` without these marks.
pub(crate) fn with_table(text: &str, name: &str, table: &str) -> Option<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("\n<!-- /{name} -->"));
    let start = text.find(&open)? + open.len();
    let end = start + text[start..].find(&close)?;
    Some(format!("{}{table}{}", &text[..start], &text[end..]))
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = format!("|{}", "---|".repeat(header.len()));
    let rows = rows.map(|row| line(&row));
    [line(&header), rule]
        .into_iter()
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

fn running() -> String {
    let rows = RUNNING_PROBES.iter();
    table(
        &["probe", "method", "figure"],
        rows.map(|probe| {
            vec![
                probe.title.to_owned(),
                probe.method.to_owned(),
                probe.figure.to_owned(),
            ]
        }),
    )
}

fn conformance() -> String {
    table(
        &["the server gets", "standard", "right responses"],
        conformance_kinds().map(|kind| {
            vec![
                kind.title.to_owned(),
                kind.standard.to_owned(),
                kind.accepted.to_owned(),
            ]
        }),
    )
}

fn metrics() -> String {
    table(
        &[
            "metric",
            "criterion",
            "unit",
            "better",
            "between launches",
            "between blocks",
        ],
        METRICS
            .iter()
            .filter(|metric| !metric.is_of_earlier_versions())
            .map(|metric| {
                let better = match metric.better {
                    Better::Lower => "lower",
                    Better::Higher => "higher",
                };
                vec![
                    format!("`{}`", metric.id),
                    metric.criterion.id().to_owned(),
                    metric.unit.to_owned(),
                    better.to_owned(),
                    deviation(metric, Some(metric.levels.launch)),
                    deviation(metric, metric.levels.block),
                ]
            }),
    )
}

/// One standard deviation at a level, as `bakeoff compare --within` prints it.
fn deviation(metric: &Metric, of_level: Option<f64>) -> String {
    match (metric.repeatability, metric.scale, of_level) {
        (Repeatability::Exact, ..) => "exact".to_owned(),
        (_, _, None) => "–".to_owned(),
        (Repeatability::OfCount(_), _, Some(factor)) => format!("{factor:.2} × √{}", metric.unit),
        (Repeatability::OnScale(_), Scale::Log, Some(factor)) => format!("factor {:.3}", factor.exp()),
        (Repeatability::OnScale(_), Scale::Linear, Some(factor)) => format!("{factor:.3} {}", metric.unit),
    }
}

#[test]
fn a_table_is_replaced_between_its_marks() {
    let text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
    assert_eq!(
        with_table(text, "x", "new").unwrap(),
        "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"
    );
    assert_eq!(with_table(text, "y", "new"), None);
}

/// The files that a walk-through shows: each stands in a block below a line with its path.
fn files_of(document: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("\n```toml\n") {
        let (text, behind) = after.split_once("\n```").expect("a block has an end");
        let path = before.trim_end().lines().last().unwrap_or_default();
        files.push((path.trim_matches(['`', ':']).to_owned(), text.to_owned()));
        rest = behind;
    }
    files
}

#[test]
fn the_files_of_the_walk_through_are_read() {
    let text = fs::read_to_string(repository().join("docs/techempower.md")).unwrap();
    let place = Place::new();
    let mut kinds = [0; 3];
    for (path, text) in files_of(&text) {
        let kind = ["bakeoff.toml", "scenarios/", "contenders/"]
            .iter()
            .position(|start| path.starts_with(start))
            .unwrap_or_else(|| panic!("`{path}` is the path of a file"));
        kinds[kind] += 1;
        place.write(&path, &text);
        // What the walk-through copies and makes.
        for line in text
            .lines()
            .filter(|line| line.starts_with("files = [") || line.starts_with("lock = "))
        {
            for name in line.split('"').skip(1).step_by(2) {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                place.write(&format!("{folder}/{name}"), "");
            }
        }
    }
    assert_eq!(kinds, [1, 4, 4]);
    place.write("create-postgres.sql", "");
    let listed = place.run(&["list", "contenders", "--brief", "bakeoff.toml"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    for name in ["tfb-django", "tfb-express", "tfb-fastify", "tfb-flask"] {
        assert!(listed.out.contains(name), "{}", listed.out);
    }
    let planned = place.run(&["plan", "bakeoff.toml", "--only", "tfb-fastify,tfb-express"]);
    assert_eq!(planned.code, 0, "{}", planned.err);
}
