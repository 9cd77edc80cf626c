//! What documents name must exist: the tests of ARCHITECTURE's invariants, and the files that links lead to.

use super::tree::{assert_none, files, root};
use std::collections::BTreeSet;

/// The tests of the workspace, each as the path of its file (without ending) and its name:
/// `crates/x/src/smaa/simulate/name`.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in files("crates", &[".rs"]) {
        let file = path.trim_end_matches(".rs");
        for line in text.lines() {
            let line = line.trim_start();
            if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
                found.insert(format!("{file}/{name}"));
            }
        }
    }
    found
}

/// The texts in backticks of a line, where they look like the path of a test: `module::some_words`.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split('`').skip(1).step_by(2);
    code.filter(|word| {
        let plain = word
            .chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_:".contains(sign));
        let name = word.rsplit("::").next().unwrap_or("");
        plain && word.contains("::") && name.matches('_').count() >= 2
    })
}

/// Whether a test of that path exists: its file, or a module of it, ends with the path before the name.
fn exists(tests: &BTreeSet<String>, path: &str) -> bool {
    let parts: Vec<&str> = path.split("::").filter(|part| *part != "tests").collect();
    let Some((name, modules)) = parts.split_last() else {
        return false;
    };
    let wanted = format!("/{}/{name}", modules.join("/"));
    let with_file = format!("/{}/tests/{name}", modules.join("/"));
    tests
        .iter()
        .any(|test| test.ends_with(&wanted) || test.ends_with(&with_file))
}

#[test]
fn every_test_that_a_document_names_exists() {
    let tests = tests();
    let mut missing = Vec::new();
    for (path, text) in files("", &["ARCHITECTURE.md", "CONTRIBUTING.md"])
        .into_iter()
        .chain(files("docs", &[".md"]))
    {
        for (number, line) in text.lines().enumerate() {
            let absent = paths(line).filter(|name| !exists(&tests, name));
            missing.extend(absent.map(|name| format!("{path}:{}: `{name}`", number + 1)));
        }
    }
    assert_none(missing, "a test that a document names must exist");
}

/// The links of a document that lead to no file; `exists` takes a path beside the document.
fn broken_links(text: &str, exists: impl Fn(&str) -> bool) -> Vec<&str> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let leads_nowhere = |link: &&str| {
        let file = link.split('#').next().unwrap_or("");
        !link.contains([':', '{']) && !file.is_empty() && !exists(file)
    };
    links.filter(leads_nowhere).collect()
}

#[test]
fn every_file_that_a_document_links_to_exists() {
    let mut missing = Vec::new();
    for (path, text) in files("", &[".md"]) {
        let folder = root().join(&path).parent().unwrap().to_owned();
        let broken = broken_links(&text, |file| folder.join(file).exists());
        missing.extend(broken.into_iter().map(|link| format!("{path}: `{link}`")));
    }
    assert_none(missing, "a document's link leads to a file");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let text =
        "[one](docs/method.md), [two](docs/gone.md#part), [a part](#below), [a page](https://example.org/x)";
    assert_eq!(
        broken_links(text, |file| file == "docs/method.md"),
        ["docs/gone.md#part"]
    );
}

#[test]
fn a_test_that_is_not_there_is_found() {
    let tests: BTreeSet<String> = [
        "crates/x/src/smaa/simulate/any_number_of_threads",
        "crates/x/tests/it/killed/a_kill_at_once",
    ]
    .map(str::to_owned)
    .into();
    let line = "| the same bytes | `smaa::simulate::tests::any_number_of_threads`; `killed::a_kill_at_once`, `killed::a_kill_too_late`, `std::fs` |";
    let absent: Vec<&str> = paths(line).filter(|path| !exists(&tests, path)).collect();
    assert_eq!(absent, ["killed::a_kill_too_late"]);
}
