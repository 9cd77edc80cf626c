//! Contenders that exit at once, never listen, or send wrong responses: each is a finding with its owner, and none
//! costs the others a trial.

use crate::faulty::{derive, fake};
use crate::program::{Place, left_behind_by};
use serde_json::Value;

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
    derive(
        &place,
        "node-http",
        "node-liar",
        &[(
            "items.js",
            "FROM items WHERE id = $1",
            "FROM items WHERE id = $1 + 1",
        )],
    );
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
    assert_eq!(code, Some(0), "exit {code:?}:\n{log}");
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
        let trials = record(name)["trials"].as_u64().unwrap();
        assert!(
            trials >= 5,
            "the others cost {name} trials, it had {trials}\n{log}"
        );
        let cpu = results["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["contender"] == name && row["metric"] == "cpu_us_per_request")
            .unwrap();
        // A machine that others use can spoil trials, and the check that it failed then stands beside the figure.
        let spoilt = cpu["gate"]["outcome"] == "failed";
        assert!(cpu["n"].as_u64().unwrap() >= 5 || spoilt, "{cpu:?}\n{log}");
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
