//! Contenders that exit at once, never listen, or answer wrongly: each is a finding with its owner, and none costs the others a trial.

use crate::program::{Place, left_behind_by, repository};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A contender without dependencies whose server is that JavaScript.
fn fake(place: &Place, name: &str, server: &str) {
    let manifest = format!(
        r#"name = "{name}"
title = "{name}"
family = "node"
language = "javascript"
server = "node:http"
homepage = "https://nodejs.org"
model = {{ concurrency = "event-loop", style = "async" }}

[runtime]
name = "node"
version = ">=20"

[prepare]
commands = []

[start]
command = ["{{node}}", "server.js"]

[source]
files = ["server.js"]
"#
    );
    place.write(&format!("contenders/{name}/contender.toml"), &manifest);
    place.write(&format!("contenders/{name}/server.js"), server);
}

/// A copy of a real contender that answers `read-item` with another row.
fn liar(place: &Place) {
    let from = repository().join("contenders/node-http");
    copy(&from, &place.path().join("contenders/node-liar"));
    let manifest = place.path().join("contenders/node-liar/contender.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("name = \"node-http\"", "name = \"node-liar\""),
    )
    .unwrap();
    let changed = change_sql(&place.path().join("contenders/node-liar"));
    assert!(changed, "the liar tells the truth: no statement was changed");
}

/// Makes the statement that reads one item read the next one.
fn change_sql(folder: &Path) -> bool {
    let mut changed = false;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            changed |= change_sql(&path);
        } else if path.extension().is_some_and(|extension| extension == "js") {
            let text = fs::read_to_string(&path).unwrap();
            let lying = text.replace("WHERE id = $1", "WHERE id = $1 + 1");
            changed |= lying != text;
            fs::write(&path, lying).unwrap();
        }
    }
    changed
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != "node_modules" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_contenders_fault_is_a_finding_and_costs_the_others_nothing() {
    let place = Place::new();
    place.brief("order-api.toml");
    fake(
        &place,
        "node-exits",
        "console.error('no licence found');\nprocess.exit(3);\n",
    );
    fake(&place, "node-silent", "setInterval(() => {}, 1000);\n");
    liar(&place);
    let field = "node-exits,node-silent,node-liar,node-http,node-fastify";
    let mut child = place.start(
        &[
            "run",
            "order-api.toml",
            "--only",
            field,
            "--budget",
            "120s",
            "--seed",
            "5",
        ],
        "run.log",
    );
    let code = child.wait().unwrap().code();
    let log = place.read("run.log");
    assert!(matches!(code, Some(0 | 4)), "exit {code:?}:\n{log}");
    assert_eq!(left_behind_by(child.id()), Vec::<String>::new());

    let results = place.run(&["report", "--format", "json"]).json();
    let record = |name: &str| -> Value {
        results["contenders"]
            .as_array()
            .unwrap()
            .iter()
            .find(|record| record["name"] == name)
            .unwrap()
            .clone()
    };
    for name in ["node-http", "node-fastify"] {
        assert_eq!(record(name)["status"], "measured", "{log}");
        let cpu = results["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["contender"] == name && row["metric"] == "cpu_us_per_request");
        assert!(cpu.unwrap()["n"].as_u64().unwrap() >= 5, "{cpu:?}\n{log}");
    }
    let faults_of = |name: &str| record(name)["faults"].to_string();
    assert_eq!(record("node-exits")["status"], "failed");
    assert!(
        faults_of("node-exits").contains("no licence found"),
        "the log's last lines are missing: {}",
        faults_of("node-exits")
    );
    assert_eq!(record("node-silent")["status"], "failed");
    assert_eq!(
        record("node-liar")["status"],
        "contract-failed",
        "{}",
        faults_of("node-liar")
    );
    assert!(
        faults_of("node-liar").contains("read-item"),
        "{}",
        faults_of("node-liar")
    );
    let page = place.run(&["report", "--format", "html"]).out;
    for text in ["node-exits", "no licence found", "node-silent", "node-liar"] {
        assert!(page.contains(text), "the report does not tell `{text}`");
    }
}
