//! Manifests that are wrong, each with exactly what their author then reads.

use super::parse;

const RIGHT: &str = r#"name = "node-express"
title = "Express"
family = "node"
language = "javascript"
framework = { name = "Express", package = "express" }
server = "node:http"
homepage = "https://expressjs.com"
model = { concurrency = "event-loop", style = "async" }

[runtime]
name = "node"
version = ">=20"

[prepare]
tool = "npm"
lock = "package-lock.json"

[start]
command = ["{node}", "server.js", "{port}"]
env = { NODE_ENV = "production" }

[source]
files = ["server.js", "app.js"]
"#;

fn wrong(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "`{from}` stands in the right manifest");
    parse(&RIGHT.replacen(from, to, 1), "c.toml")
        .expect_err("the manifest is wrong")
        .to_string()
}

#[test]
fn the_right_one_is_read() {
    let contender = parse(RIGHT, "c.toml").expect("it is right");
    assert_eq!(
        (contender.name.as_str(), contender.source.files.len()),
        ("node-express", 2)
    );
    assert!(contender.source.not_served.is_empty());
}

#[test]
fn every_shipped_contender_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contenders");
    for entry in std::fs::read_dir(folder).expect("the folder ships with the program") {
        let path = entry.expect("it can be listed").path().join("contender.toml");
        if let Ok(text) = std::fs::read_to_string(&path)
            && let Err(error) = parse(&text, &path.display().to_string())
        {
            panic!("{error}");
        }
    }
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(wrong("server = \"node:http\"\n", ""), @r#"
    error: missing field `server`
      --> c.toml:1:1
      |
    1 | name = "node-express"
      | ^
    "#);
}

#[test]
fn an_unknown_model() {
    insta::assert_snapshot!(wrong("event-loop", "event-lop"), @r#"
    error: unknown variant `event-lop`, expected one of `event-loop`, `threads`, `processes`
      --> c.toml:8:25
      |
    8 | model = { concurrency = "event-lop", style = "async" }
      |                         ^^^^^^^^^^^
    hint: did you mean `event-loop`?
    "#);
}

#[test]
fn a_version_that_is_no_comparison() {
    insta::assert_snapshot!(wrong(">=20", "twenty"), @r#"
    error: `version` must be a comparison, not `twenty`
       --> c.toml:12:11
       |
    12 | version = "twenty"
       |           ^^^^^^^^
    hint: write for example `>=20` or `>=3.11, <4`
    "#);
}

#[test]
fn a_tool_without_its_lock() {
    insta::assert_snapshot!(wrong("lock = \"package-lock.json\"\n", ""), @r#"
    error: [prepare] has no `lock`
       --> c.toml:14:1
       |
    14 | [prepare]
       | ^^^^^^^^^
    hint: write `lock = "package-lock.json"`
    "#);
}

#[test]
fn no_way_to_prepare() {
    insta::assert_snapshot!(wrong("tool = \"npm\"\nlock = \"package-lock.json\"", ""), @r#"
    error: [prepare] says neither `tool` nor `commands`
       --> c.toml:14:1
       |
    14 | [prepare]
       | ^^^^^^^^^
    hint: write `tool = "npm"`, `tool = "python"`, `commands = [["make"]]`, or `commands = []` when there is nothing to install
    "#);
}

#[test]
fn an_unknown_placeholder() {
    insta::assert_snapshot!(wrong("{port}", "{prot}"), @r#"
    error: unknown placeholder `{prot}`
       --> c.toml:19:35
       |
    19 | command = ["{node}", "server.js", "{prot}"]
       |                                   ^^^^^^^^
    hint: did you mean `{port}`? known are `{node}`, `{bin}`, `{host}`, `{port}`, `{workers}`, `{threads}`
    "#);
}

#[test]
fn a_variable_that_the_lab_sets() {
    insta::assert_snapshot!(wrong("NODE_ENV", "WORKERS"), @r#"
    error: `WORKERS` is set by the lab, by one rule for all
       --> c.toml:20:19
       |
    20 | env = { WORKERS = "production" }
       |                   ^^^^^^^^^^^^
    "#);
}

#[test]
fn a_source_outside_its_folder() {
    insta::assert_snapshot!(wrong("\"app.js\"", "\"../app.js\""), @r#"
    error: the path `../app.js` must stay inside the contender's folder
       --> c.toml:23:23
       |
    23 | files = ["server.js", "../app.js"]
       |                       ^^^^^^^^^^^
    "#);
}

#[test]
fn a_source_twice() {
    insta::assert_snapshot!(wrong("\"app.js\"", "\"server.js\""), @r#"
    error: the file `server.js` is listed twice
       --> c.toml:23:23
       |
    23 | files = ["server.js", "server.js"]
       |                       ^^^^^^^^^^^
    "#);
}

#[test]
fn a_homepage_without_an_address() {
    insta::assert_snapshot!(wrong("https://", ""), @r#"
    error: `homepage` must be an address, not `expressjs.com`
      --> c.toml:7:12
      |
    7 | homepage = "expressjs.com"
      |            ^^^^^^^^^^^^^^^
    "#);
}
