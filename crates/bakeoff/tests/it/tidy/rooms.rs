//! What each room may not do: clocks, files, processes, SQL, printing. The rules look at names as they resolve, so that
//! `use std::time::{Duration, Instant}` and a new name for `Instant` are found too, and at all production code of a
//! file.

use super::modules::Modules;
use super::names::Names;
use super::tree::{CRATES, assert_none, root, sources};
use std::fs;

/// The places of a crate's production code that name one of these items or something within it.
fn uses(modules: &Modules, forbidden: &[&str]) -> Vec<String> {
    let names = Names::read(modules);
    let mut found = Vec::new();
    for module in modules.all() {
        for name in names.of(module) {
            if forbidden.iter().any(|item| name.is_within(item)) {
                found.push(format!("{}:{}: {}", module.file, name.line, name.text()));
            }
        }
    }
    found
}

fn assert_unused(crate_name: &str, forbidden: &[&str], rule: &str) {
    let found = uses(&Modules::read(&sources(crate_name)), forbidden);
    assert_none(found, &format!("`{crate_name}`: {rule}"));
}

const PRINTING: [&str; 5] = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];

#[test]
fn the_core_has_no_clock_no_io_and_no_processes() {
    let forbidden = [
        "std::time::Instant",
        "std::time::SystemTime",
        "std::fs",
        "std::io",
        "std::net",
        "std::process",
        "std::env",
        "tokio",
        "rand::rng",
        "jiff",
    ];
    assert_unused(
        "bakeoff-core",
        &forbidden,
        "the core decides and does nothing else",
    );
    assert_unused("bakeoff-core", &PRINTING, "the core does not print");
}

#[test]
fn reports_are_pure() {
    let forbidden = [
        "std::time",
        "std::fs",
        "std::io::stderr",
        "std::io::stdin",
        "std::io::stdout",
        "std::net",
        "std::process",
        "std::env",
        "std::collections::HashMap",
        "std::collections::HashSet",
    ];
    assert_unused(
        "bakeoff-report",
        &forbidden,
        "a report is a function of the evidence",
    );
    assert_unused("bakeoff-report", &PRINTING, "a report does not print");
}

#[test]
fn only_the_lab_starts_processes() {
    let forbidden = ["std::process::Command", "nix::unistd::fork", "nix::unistd::execv"];
    for crate_name in CRATES.into_iter().filter(|name| *name != "bakeoff-lab") {
        assert_unused(crate_name, &forbidden, "only the lab starts processes");
    }
}

#[test]
fn only_the_store_speaks_sql() {
    for crate_name in CRATES {
        let modules = Modules::read(&sources(crate_name));
        let found = uses(&modules, &["rusqlite"]).into_iter();
        let outside = found.filter(|place| crate_name != "bakeoff" || !place.starts_with("store"));
        assert_none(outside.collect(), "only the store knows the database of runs");
    }
}

#[test]
fn no_duration_comes_from_a_clock_that_can_step() {
    // The wall clock dates runs, logs, installs, visits and tokens, and predicts for the reader when a run ends.
    // Measured times come from the monotonic clock.
    let dates = [
        "calendar.rs",
        "measure/session.rs",
        "progress.rs",
        "command/load.rs",
        "output/hdr.rs",
        "prepare/folder.rs",
        "browser/check.rs",
        "token.rs",
    ];
    let wall = [
        "std::time::SystemTime",
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
    ];
    for crate_name in CRATES {
        let modules = Modules::read(&sources(crate_name));
        let found = uses(&modules, &wall).into_iter();
        let elsewhere = found.filter(|place| !dates.iter().any(|file| place.contains(file)));
        assert_none(elsewhere.collect(), "durations come from the monotonic clock");
    }
}

#[test]
fn engines_do_not_print() {
    for crate_name in ["bakeoff-load", "bakeoff-lab"] {
        assert_unused(crate_name, &PRINTING, "engines emit events and never print");
    }
}

/// The crates of the workspace that each crate may depend on.
const ARROWS: [(&str, &[&str]); 5] = [
    ("bakeoff-core", &[]),
    ("bakeoff-load", &[]),
    ("bakeoff-lab", &["bakeoff-core", "bakeoff-load"]),
    ("bakeoff-report", &["bakeoff-core"]),
    (
        "bakeoff",
        &["bakeoff-core", "bakeoff-lab", "bakeoff-load", "bakeoff-report"],
    ),
];

/// The dependencies of a manifest that point the wrong way, those of builds and single platforms too. Tests may use
/// any crate.
fn wrong_arrows(manifest: &str, allowed: &[&str]) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    let platforms = manifest.get("target").and_then(toml::Value::as_table);
    let platforms = platforms
        .into_iter()
        .flat_map(|table| table.values().filter_map(toml::Value::as_table));
    let mut found = Vec::new();
    for table in platforms.chain([&manifest]) {
        for kind in ["dependencies", "build-dependencies"] {
            let dependencies = table.get(kind).and_then(toml::Value::as_table);
            for (name, how) in dependencies.into_iter().flatten() {
                // A dependency may have another name here than its crate.
                let crate_name = how.get("package").and_then(toml::Value::as_str).unwrap_or(name);
                if crate_name.starts_with("bakeoff") && !allowed.contains(&crate_name) {
                    found.push(crate_name.to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn arrows_between_crates_point_one_way() {
    for (crate_name, allowed) in ARROWS {
        let manifest = root().join("crates").join(crate_name).join("Cargo.toml");
        let found = wrong_arrows(&fs::read_to_string(manifest).unwrap(), allowed);
        assert_none(found, &format!("`{crate_name}` must not depend on"));
    }
}

#[test]
fn an_arrow_that_points_the_wrong_way_is_found_in_every_form() {
    let wrong = |manifest: &str| wrong_arrows(manifest, &["bakeoff-core"]);
    for form in [
        "[dependencies]\nbakeoff-lab.workspace = true",
        "[build-dependencies]\nbakeoff-lab = { path = \"../bakeoff-lab\" }",
        "[target.'cfg(unix)'.dependencies]\nbakeoff-lab.workspace = true",
        "[dependencies]\nlab = { package = \"bakeoff-lab\", path = \"../bakeoff-lab\" }",
    ] {
        assert_eq!(wrong(form), ["bakeoff-lab"], "{form}");
    }
    let right = "[dependencies]\nbakeoff-core.workspace = true\nserde = \"1\"\n[dev-dependencies]\nbakeoff-lab.workspace = true";
    assert_eq!(wrong(right), Vec::<String>::new());
}

/// A name is found behind an early `mod tests;`, in a group of imports, under another name, by a part of its path and
/// in a macro.
#[test]
fn a_forbidden_name_is_found_in_every_form() {
    let forms = [
        "use std::time::{Duration, Instant};",
        "use std::time::Instant as Now;",
        "use std::time;\nfn f() { time::Instant::now(); }",
        "use std::{time as clock};\nfn f() -> clock::Instant { g() }",
        "fn f() { std::time::Instant::now(); }",
        "use std::time::*;",
        "fn f() { format!(\"{:?}\", std::time::Instant::now()); }",
        "fn f() { ::std::time::Instant::now(); }",
        "fn f() { core::time::Instant::now(); }",
    ];
    for form in forms {
        let text = format!("//! A file.\n\n#[cfg(test)]\nmod tests;\n\n{form}");
        let files = [("lib.rs", text.as_str()), ("tests.rs", "use std::time::Instant;")];
        let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
        let found = uses(&Modules::read(&files.into()), &["std::time::Instant"]);
        assert!(!found.is_empty(), "not found: {form}");
        assert!(
            found.iter().all(|place| place.starts_with("lib.rs:")),
            "{form}: {found:?}"
        );
    }
    let innocent = "use std::time::Duration; #[cfg(test)] use std::time::Instant; /// `std::time::Instant`\nfn instant() {}";
    let files = [("lib.rs".to_owned(), innocent.to_owned())];
    assert_eq!(
        uses(&Modules::read(&files.into()), &["std::time::Instant"]),
        Vec::<String>::new()
    );
}
