//! Contenders that cheat: one responds from its own cache, one responds with a wrong row now and then. Both fail under
//! load, and the report shows the reason.

use crate::faulty::derive;
use crate::program::{Place, has_ended, left_behind_by};
use serde_json::Value;
use std::fs;

const BRIEF: &str = r#"name = "reads"
question = "Who tells the truth?"
[load]
peak_rps = 500
cores = 1
memory_mb = 512
slo = { p99_ms = 200, error_rate = 0.01 }
[[traffic]]
scenario = "read-item"
share = 1
[team]
people = 1
knows = ["javascript"]
[deploy]
target = "container"
price = { core_hour = 0.04, gb_hour = 0.005, currency = "USD" }
"#;

const FIND: &str = "  const [item] = await rows(FIND, [id]);\n  return item;\n";

/// All rows are read once, and what changes them is asked again.
const FROM_A_CACHE: &str = "  cache ??= rows({ name: 'all', text: `SELECT ${COLUMNS} FROM items` }, []).then((all) => new Map(all.map((item) => [item.id, item])));
  const found = (await cache).get(id);
  if (found !== undefined && !changed.has(id)) return found;
  const [item] = await rows(FIND, [id]);
  return item;
";

/// Every thousandth answer is about the item after the one that was asked for.
const ANOTHER_ROW: &str = "  asked += 1;
  const [item] = await rows(FIND, [asked % 1000 === 0 ? (id % 9000) + 1 : id]);
  return item;
";

#[test]
fn contenders_that_bypass_the_database_fail_the_contract() {
    let place = Place::new();
    place.write("reads.toml", BRIEF);
    let update = "export async function updateItem({ id, version, name, price_cents, stock }) {\n";
    derive(
        &place,
        "node-http",
        "node-cache",
        &[
            ("items.js", FIND, FROM_A_CACHE),
            (
                "items.js",
                "async function rows",
                "let cache;\nconst changed = new Set();\nasync function rows",
            ),
            ("items.js", update, &format!("{update}  changed.add(id);\n")),
        ],
    );
    derive(
        &place,
        "node-http",
        "node-slip",
        &[
            ("items.js", FIND, ANOTHER_ROW),
            (
                "items.js",
                "async function rows",
                "let asked = 0;\nasync function rows",
            ),
        ],
    );
    // Only the original has patches, so that only its standard changes are checked.
    for name in ["node-cache", "node-slip"] {
        fs::remove_dir_all(place.path().join("contenders").join(name).join("changes")).unwrap();
    }
    let field = "node-http,node-cache,node-slip";
    let args = [
        "run",
        "reads.toml",
        "--only",
        field,
        "--budget",
        "40s",
        "--time-share",
        "0.4",
    ];
    let mut child = place.start(&args, "run.log");
    let code = child.wait().unwrap().code();
    let log = place.read("run.log");
    assert!(has_ended(code), "exit {code:?}:\n{log}");
    assert_eq!(left_behind_by(child.id()), Vec::<String>::new());

    let results = place.run(&["report", "--format", "json"]).json();
    let record = |name: &str| -> &Value {
        let records = results["contenders"].as_array().unwrap();
        records.iter().find(|record| record["name"] == name).unwrap()
    };
    assert_eq!(record("node-http")["status"], "measured", "{log}");
    assert_eq!(
        record("node-http")["faults"],
        Value::from(Vec::<Value>::new()),
        "{log}"
    );
    let row = |name: &str, metric: &str| -> &Value {
        let rows = results["metrics"].as_array().unwrap();
        rows.iter()
            .find(|row| row["contender"] == name && row["metric"] == metric)
            .unwrap()
    };
    assert!(row("node-http", "change_tokens")["value"].is_number(), "{log}");
    let page = place.run(&["report", "--format", "html"]).out;
    for (name, evidence) in [
        (
            "node-cache",
            "serves data without querying the database: PostgreSQL counted 0 statements and 0 rows, where ",
        ),
        ("node-slip", "wrong responses to"),
    ] {
        let faults = record(name)["faults"].to_string();
        println!("{name}: {faults}");
        assert!(faults.contains(evidence), "{name}: {faults}\n{log}");
        assert!(faults.contains("\"owner\":\"contender\""), "{faults}");
        assert!(page.contains(evidence), "the page does not say `{evidence}`");
    }
    // The cache cheats in every trial, so nothing of it counts.
    assert_eq!(record("node-cache")["status"], "contract-failed", "{log}");
    let figures = results["metrics"].as_array().unwrap().iter();
    let mut latency =
        figures.filter(|row| row["contender"] == "node-cache" && row["metric"] == "latency_ms_p99");
    assert!(
        latency.all(|row| row["value"].is_null()),
        "a cache is scored as if it asked the database"
    );
}
