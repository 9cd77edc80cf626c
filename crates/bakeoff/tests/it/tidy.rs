//! The rules of the house that no lint knows: which room may do what, and how a file looks. ARCHITECTURE.md names these tests beside its invariants.

use std::fs;
use std::path::{Path, PathBuf};

/// The most lines that a source file may have, its unit tests included; tables of cases in files of tests may be longer.
const MOST_LINES: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Every file below a folder with that ending, as (path from the root, text).
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if ![
                    "target",
                    "node_modules",
                    ".git",
                    ".bakeoff",
                    ".venv",
                    "__pycache__",
                ]
                .contains(&name.as_str())
                {
                    walk(&path, found);
                }
            } else {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut paths = Vec::new();
    walk(&root.join(folder), &mut paths);
    paths.sort();
    let matching = paths
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(ending));
    matching
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            Some((
                path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(),
                text,
            ))
        })
        .collect()
}

/// Whether a file holds tests and nothing else.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The part of a source file before its unit tests.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]").map_or(text, |at| &text[..at])
}

/// Files of `crates/CRATE/src` in which one of the texts stands outside of comments and tests.
fn uses(crate_name: &str, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files(&format!("crates/{crate_name}/src"), ".rs")
        .into_iter()
        .filter(|(path, _)| !is_test(path))
    {
        for (number, line) in without_tests(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if texts.iter().any(|wanted| code.contains(wanted)) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

fn assert_none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn the_core_has_no_clock_no_io_and_no_processes() {
    let forbidden = [
        "std::time::Instant",
        "SystemTime",
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "tokio",
        "println!",
        "eprintln!",
        "rand::rng(",
    ];
    assert_none(
        uses("bakeoff-core", &forbidden),
        "the core decides and does nothing else",
    );
}

#[test]
fn reports_are_pure() {
    let forbidden = [
        "std::time",
        "SystemTime",
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "HashMap",
        "println!",
        "eprintln!",
    ];
    assert_none(
        uses("bakeoff-report", &forbidden),
        "a report is a function of the evidence",
    );
}

#[test]
fn only_the_lab_starts_processes() {
    for crate_name in ["bakeoff-core", "bakeoff-load", "bakeoff-report", "bakeoff"] {
        assert_none(
            uses(crate_name, &["Command::new(", "process::Command"]),
            "only the lab starts processes",
        );
    }
}

#[test]
fn only_the_store_speaks_sql() {
    let outside: Vec<String> = uses("bakeoff", &["rusqlite"])
        .into_iter()
        .filter(|place| !place.contains("/store"))
        .collect();
    assert_none(outside, "only the store knows the database of runs");
    for crate_name in ["bakeoff-core", "bakeoff-load", "bakeoff-lab", "bakeoff-report"] {
        assert_none(
            uses(crate_name, &["rusqlite"]),
            "only the store knows the database of runs",
        );
    }
}

#[test]
fn no_duration_comes_from_a_clock_that_can_step() {
    // The wall clock dates runs, logs and installs, and tells the reader when a run will end. Whatever is measured comes from the
    // monotonic clock.
    let dates = [
        "measure/session.rs",
        "progress.rs",
        "command/load.rs",
        "output/hdr.rs",
        "prepare/folder.rs",
    ];
    for crate_name in [
        "bakeoff-core",
        "bakeoff-load",
        "bakeoff-lab",
        "bakeoff-report",
        "bakeoff",
    ] {
        let wall = ["SystemTime", "Timestamp::now", "Zoned::now", "ZonedDateTime::now"];
        let elsewhere = uses(crate_name, &wall)
            .into_iter()
            .filter(|place| !dates.iter().any(|file| place.contains(file)));
        assert_none(elsewhere.collect(), "durations come from the monotonic clock");
    }
}

#[test]
fn engines_do_not_print() {
    for crate_name in ["bakeoff-load", "bakeoff-lab"] {
        assert_none(
            uses(crate_name, &["println!", "eprintln!", "print!(", "eprint!("]),
            "engines emit events and never print",
        );
    }
}

#[test]
fn arrows_between_crates_point_one_way() {
    let allowed: [(&str, &[&str]); 5] = [
        ("bakeoff-core", &[]),
        ("bakeoff-load", &[]),
        ("bakeoff-lab", &["bakeoff-core", "bakeoff-load"]),
        ("bakeoff-report", &["bakeoff-core"]),
        (
            "bakeoff",
            &["bakeoff-core", "bakeoff-lab", "bakeoff-load", "bakeoff-report"],
        ),
    ];
    for (crate_name, arrows) in allowed {
        let manifest = fs::read_to_string(root().join("crates").join(crate_name).join("Cargo.toml")).unwrap();
        let dependencies = manifest
            .split("[dependencies]")
            .nth(1)
            .unwrap_or("")
            .split("\n[")
            .next()
            .unwrap_or("");
        for line in dependencies.lines().filter(|line| line.starts_with("bakeoff")) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or("");
            assert!(
                arrows.contains(&name),
                "`{crate_name}` must not depend on `{name}`"
            );
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = files("crates", ".rs")
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert_none(silent, "every module opens with `//!`");
}

#[test]
fn no_file_is_a_room_for_everything() {
    let long: Vec<String> = files("crates", ".rs")
        .into_iter()
        .filter(|(path, text)| !is_test(path) && text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    assert_none(long, "a file has one idea, and at most 400 lines");
}

#[test]
fn lock_files_name_no_host() {
    for ending in ["package-lock.json", "requirements.lock"] {
        let locks = files("contenders", ending);
        assert!(!locks.is_empty(), "no `{ending}` found");
        for (path, text) in locks {
            for host_like in [
                "\"resolved\"",
                "http://",
                "--index-url",
                "--find-links",
                "--extra-index-url",
            ] {
                assert!(
                    !text.contains(host_like),
                    "`{path}` names where it came from: `{host_like}`"
                );
            }
        }
    }
}

#[test]
fn every_contender_has_a_manifest_a_lock_and_a_readme() {
    let manifests = files("contenders", "contender.toml");
    assert!(
        manifests.len() >= 8,
        "the first field has eight contenders, found {}",
        manifests.len()
    );
    for (path, text) in manifests {
        let folder = root().join(Path::new(&path).parent().unwrap());
        assert!(
            folder.join("README.md").is_file(),
            "`{path}` has no README beside it"
        );
        let lock = text
            .lines()
            .find_map(|line| line.strip_prefix("lock = "))
            .map(|lock| lock.split('"').nth(1).unwrap_or("").to_owned());
        assert!(
            lock.is_some_and(|lock| folder.join(lock).is_file()),
            "`{path}` names no lock file that is there"
        );
    }
}
