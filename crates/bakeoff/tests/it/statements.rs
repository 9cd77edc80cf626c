//! The table of SQL statements in `contenders/README.md`. Its figures are measured, so the test does not compare them
//! with new ones: it holds rows, columns and the least that each response needs.
//! `BAKEOFF_WRITE_DOCS=1 cargo test -p bakeoff --test it statements` measures them anew and writes the table.

use crate::documents::with_table;
use crate::program::{Place, contenders, repository};
use bakeoff_core::contender;
use bakeoff_core::scenario::{self, Scenario};
use std::fs;

const DOCUMENT: &str = "contenders/README.md";
const TABLE: &str = "statements";

/// The mark of a scenario that a contender does not serve.
const NOT_SERVED: &str = "–";

/// How far a mean may lie below what one response needs: some orders and changes meet an item that is not as they want.
const TOLERANCE: f64 = 0.1;

#[test]
fn the_table_of_statements_has_every_contender_and_what_each_response_needs() {
    let path = repository().join(DOCUMENT);
    let mut text = fs::read_to_string(&path).unwrap();
    if std::env::var_os("BAKEOFF_WRITE_DOCS").is_some() {
        let said = Place::new().run(&["check", "--statements"]);
        assert_eq!(said.code, 0, "{said:#?}");
        text = with_table(&text, TABLE, said.out.trim_end()).expect("the document has a place for the table");
        fs::write(&path, &text).unwrap();
    }
    let (header, rows) = table_in(&text);
    let scenarios = with_statements();
    let ids: Vec<String> = scenarios
        .iter()
        .map(|scenario| format!("`{}`", scenario.id))
        .collect();
    assert_eq!(&header[1..], ids, "the columns of {DOCUMENT}");
    for name in contenders() {
        let row = rows.iter().find(|row| row[0] == name);
        let row = row.unwrap_or_else(|| panic!("{DOCUMENT} has no row of {name}"));
        let not_served = not_served(&name);
        for (scenario, cell) in scenarios.iter().zip(&row[1..]) {
            let what = format!("{name}, {}: {cell}", scenario.id);
            if not_served.contains(&scenario.id) {
                assert_eq!(cell, NOT_SERVED, "{what}");
                continue;
            }
            let (all, control) = counts(cell).unwrap_or_else(|| panic!("{what}"));
            let needed = f64::from(scenario.statements);
            assert!(all - control >= needed - TOLERANCE, "{what}, {needed} are needed");
        }
    }
}

/// The scenarios that need the database, in the order of the program.
fn with_statements() -> Vec<Scenario> {
    let files = fs::read_dir(repository().join("scenarios")).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let read =
        |path: std::path::PathBuf| scenario::parse(&fs::read_to_string(path).unwrap(), "a scenario").unwrap();
    let mut scenarios: Vec<Scenario> = files.map(read).filter(|one| one.statements > 0).collect();
    scenarios.sort_by(|one, other| one.id.cmp(&other.id));
    scenarios
}

fn not_served(name: &str) -> Vec<String> {
    let manifest = repository().join("contenders").join(name).join("contender.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    contender::parse(&manifest, "contender.toml")
        .unwrap()
        .source
        .not_served
}

/// The cells of the header, and those of each row.
fn table_in(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let (_, rest) = text.split_once(&format!("<!-- {TABLE} -->\n")).unwrap();
    let (table, _) = rest.split_once(&format!("<!-- /{TABLE} -->")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim_matches('|').split('|');
        inner.map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = table.lines();
    let header = cells(lines.next().unwrap());
    (header, lines.skip(1).map(cells).collect())
}

/// All statements of a response, and those that begin or end a transaction: `3 (2)`.
fn counts(cell: &str) -> Option<(f64, f64)> {
    let (all, control) = cell.split_once(" (").unwrap_or((cell, "0)"));
    Some((all.parse().ok()?, control.strip_suffix(')')?.parse().ok()?))
}

#[test]
fn a_cell_has_all_statements_and_those_of_transactions() {
    assert_eq!(counts("3 (2)"), Some((3.0, 2.0)));
    assert_eq!(counts("1.9"), Some((1.9, 0.0)));
    assert_eq!(counts(NOT_SERVED), None);
}
