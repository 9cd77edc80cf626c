//! The runtimes of a machine that a test made: programs on its `PATH` and in the folders of version managers.

use crate::program::{Place, Said};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn script(place: &Place, path: &str, line: &str) {
    let path = place.write(path, &format!("#!/bin/sh\n{line}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A program that says, to any arguments, that it is this version of a runtime.
fn runtime(place: &Place, path: &str, version: &str) {
    script(place, path, &format!("echo \"$0 {version}\""));
}

/// A machine with old runtimes on `PATH`, newer ones in the folders of version managers, and a shim of a version that
/// is not installed.
fn machine() -> Place {
    let place = Place::new();
    runtime(&place, "bin/node", "20.20.2");
    runtime(&place, "home/.nvm/versions/node/v24.22.3/bin/node", "24.22.3");
    runtime(
        &place,
        "home/.local/share/mise/installs/node/22.23.3/bin/node",
        "22.23.3",
    );
    runtime(&place, "bin/python3", "3.11.7");
    script(
        &place,
        "home/.pyenv/shims/python3.13",
        "echo 'pyenv: python3.13: command not found' >&2; exit 127",
    );
    runtime(&place, "home/.pyenv/versions/3.13.0/bin/python", "3.13.0");
    place
}

/// Runs a command there, with nothing of the user's own environment.
fn run(place: &Place, args: &[&str]) -> Said {
    let within = |path: &str| place.path().join(path);
    let path = std::env::join_paths([within("home/.pyenv/shims"), within("bin")]).unwrap();
    let output = place
        .command(args)
        .env_clear()
        .env("HOME", within("home"))
        .env("PATH", path)
        .env("BAKEOFF_CACHE", within("cache"))
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The rows of runtimes that the test made; a machine may have others at the places of the system.
fn own_rows(place: &Place, listed: &Value) -> Vec<Value> {
    let root = place.path().to_str().unwrap();
    let is_own = |row: &&Value| row["program"].as_str().unwrap().starts_with(root);
    listed
        .as_array()
        .unwrap()
        .iter()
        .filter(is_own)
        .cloned()
        .collect()
}

#[test]
fn all_runtimes_are_listed_with_their_place_and_the_newest_is_taken() {
    let place = machine();
    let said = run(&place, &["list", "runtimes", "--json"]);
    assert_eq!(said.code, 0, "{said:#?}");
    let rows = own_rows(&place, &said.json());
    let short: Vec<(&str, Option<&str>, &str, bool)> = rows
        .iter()
        .map(|row| {
            (
                row["name"].as_str().unwrap(),
                row["version"].as_str(),
                row["found_in"].as_str().unwrap(),
                row["why_not"].is_null(),
            )
        })
        .collect();
    assert_eq!(
        short,
        [
            ("node", Some("24.22.3"), "nvm", true),
            ("node", Some("22.23.3"), "mise", false),
            ("node", Some("20.20.2"), "PATH", false),
            ("python", Some("3.13.0"), "pyenv", true),
            ("python", Some("3.11.7"), "PATH", false),
            ("python", None, "PATH", false),
        ]
    );
    let takes = |row: &Value, name: &str| row["taken_by"].as_array().unwrap().contains(&name.into());
    assert!(takes(&rows[0], "node-http"), "{:#}", rows[0]);
    assert!(takes(&rows[3], "python-flask"), "{:#}", rows[3]);
    assert_eq!(rows[2]["support"], "ended 2026-04-30");
    assert_eq!(rows[2]["support_ends"], "2026-04-30");
    assert_eq!(rows[2]["why_not"], "past its end of life");
    assert_eq!(
        rows[5]["why_not"],
        "cannot be started: pyenv: python3.13: command not found"
    );
}

#[test]
fn the_list_reads_without_colour() {
    let place = machine();
    let said = run(&place, &["list", "runtimes"]);
    assert_eq!(said.code, 0, "{said:#?}");
    let line = |words: &str| {
        let found = said.out.lines().find(|line| line.contains(words));
        found.unwrap_or_else(|| panic!("no line has `{words}`:\n{}", said.out))
    };
    assert!(line("24.22.3").contains("  by "), "{}", said.out);
    assert!(
        line("20.20.2").ends_with("no: past its end of life"),
        "{}",
        said.out
    );
    assert!(
        line("command not found").contains("no: cannot be started: "),
        "{}",
        said.out
    );
    assert!(!said.out.contains('\u{1b}'), "{}", said.out);
}

#[test]
fn the_doctor_names_the_runtime_that_is_taken() {
    let place = machine();
    let said = run(&place, &["doctor", "--json"]);
    let finding = |topic: &str| {
        let findings = said.json();
        let mut all = findings.as_array().unwrap().iter();
        let found = all.find(|finding| finding["topic"] == topic).unwrap();
        found["sentence"].as_str().unwrap().to_owned()
    };
    assert!(
        finding("node").starts_with("node 24.22.3 at "),
        "{}",
        finding("node")
    );
    assert!(
        finding("python").starts_with("python 3.13.0 at "),
        "{}",
        finding("python")
    );
}
