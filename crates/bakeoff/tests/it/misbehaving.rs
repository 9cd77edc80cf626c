//! Contenders that exit at once, never listen, or send wrong responses: each is a finding with its owner, and none
//! costs the others a trial.

use crate::faulty::{derive, fake};
use crate::killed::stored;
use crate::program::{Place, has_ended, left_behind_by};
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
            "45s",
            "--seed",
            "5",
            "--time-share",
            "0.1",
            "--skip-changes",
            "--skip-browser",
        ],
        "run.log",
    );
    let code = child.wait().unwrap().code();
    let log = place.read("run.log");
    assert!(has_ended(code), "exit {code:?}:\n{log}");
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
    let ended = stored(&place).unwrap();
    let blocks = ended.iter().filter(|(what, ..)| *what == "block");
    let blocks = blocks.map(|(_, block, _)| *block).max().unwrap();
    for name in ["node-http", "node-fastify"] {
        assert_eq!(record(name)["status"], "measured", "{log}");
        for block in 1..=blocks {
            let trial = ("block", block, name.to_owned());
            assert!(
                ended.contains(&trial),
                "{name} has no trial in block {block}\n{log}"
            );
        }
        let launches = ended
            .iter()
            .filter(|(what, _, who)| *what == "launch" && who == name);
        assert!(launches.count() >= 1, "{log}");
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
