//! Services that run already: fake ones of this process, measured by their URLs with requests from an OpenAPI document.

use crate::program::{Place, Said};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use serde_json::Value;
use std::time::Duration;

const API: &str = "openapi: 3.1.0
info: { title: Rooms, version: '1' }
servers: [{ url: http://localhost/api }]
paths:
  /rooms:
    get:
      operationId: listRooms
      responses:
        '200':
          description: rooms
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Room' } }
    post:
      responses: { '201': { description: added } }
  /rooms/{number}:
    get:
      operationId: getRoom
      parameters: [{ name: number, in: path, required: true, schema: { type: integer, minimum: 1, maximum: 9 } }]
      responses:
        '200':
          description: a room
          content: { application/json: { schema: { $ref: '#/components/schemas/Room' } } }
components:
  schemas:
    Room: { type: object, required: [number], properties: { number: { type: integer } } }
";

/// A server that has the rooms below `/api`, after a wait.
fn rooms(ms: u64) -> ScriptedServer {
    serve(ms, r#"{"number": 7}"#)
}

fn serve(ms: u64, room: &'static str) -> ScriptedServer {
    let script = move |request: &ReceivedRequest| {
        let body = match request.path.strip_prefix("/api/rooms") {
            Some("") => format!("[{room}]"),
            Some(number) if number.len() == 2 => room.to_owned(),
            _ => return Reaction::response(404, "text/plain", "no such room"),
        };
        Reaction::response(200, "application/json", &body).after(Duration::from_millis(ms))
    };
    ScriptedServer::start(script).unwrap()
}

fn url(name: &str, server: &ScriptedServer) -> String {
    format!("{name}=http://{}", server.address())
}

fn place() -> Place {
    let place = Place::new();
    place.write("api.yaml", API);
    place
}

/// The results of a run that ended. On a busy machine trials are left out, and nothing is decided.
#[track_caller]
fn results(place: &Place, said: &Said) -> Value {
    assert!(said.code == 0 || said.code == 4, "{}\n{}", said.out, said.err);
    let results: Value = serde_json::from_str(&place.read(".bakeoff/runs/latest/results.json")).unwrap();
    let is_undecided = results["verdict"]["outcome"] == "undecided";
    assert_eq!(is_undecided, said.code == 4, "{}", said.out);
    results
}

fn metric<'r>(results: &'r Value, contender: &str, id: &str) -> &'r Value {
    let mut rows = results["metrics"].as_array().unwrap().iter();
    rows.find(|row| row["contender"] == contender && row["metric"] == id)
        .unwrap()
}

/// Blocks of a quarter of a second, enough of them for an answer.
const SHORT: [&str; 4] = ["--blocks", "5", "--time-share", "0.1"];

#[test]
fn two_urls_and_a_document_bring_a_choice_as_they_run_now() {
    let place = place();
    let (fast, slow) = (rooms(5), rooms(40));
    let (a, b) = (url("fast", &fast), url("slow", &slow));
    let args = [
        &["run", "--url", &a, "--url", &b, "--openapi", "api.yaml"][..],
        &SHORT,
    ]
    .concat();
    let plan = place.run(&[&args[..], &["--dry-run"]].concat());
    let left_out = "left out: `POST /rooms`: it may change data (`--writes` asks it too)";
    assert!(
        plan.code == 0 && plan.out.contains(left_out),
        "{}{}",
        plan.out,
        plan.err
    );
    let said = place.run(&args);
    let results = results(&place, &said);
    if said.code == 0 {
        assert_eq!(results["verdict"]["outcome"], "choose", "{}", said.out);
        assert_eq!(results["verdict"]["choice"], "fast");
        let score = results["verdict"]["expected_value"]["fast"]["value"].as_f64();
        assert!(
            score > Some(0.5),
            "speed has all the weight: {}",
            results["verdict"]
        );
    }
    for (name, server, ms) in [("fast", &fast, 5.0), ("slow", &slow, 40.0)] {
        let median = metric(&results, name, "latency_ms_p50");
        if let Some(value) = median["value"].as_f64() {
            assert!(value >= ms, "nobody answers faster than it waits: {median}");
            assert!(
                median["n"].as_u64() <= Some(5) && median["launches"] == 1,
                "{median}"
            );
        }
        let cpu = metric(&results, name, "cpu_us_per_request");
        assert_eq!(cpu["missing_kind"], "from-outside");
        let mut records = results["contenders"].as_array().unwrap().iter();
        let record = records.find(|record| record["name"] == name).unwrap();
        assert_eq!(record["running"]["url"], format!("http://{}", server.address()));
    }
    let text = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("The answer is about fast and slow as they run now"),
        "{text}"
    );
    assert!(text.contains("cannot be known from outside."), "{text}");
    assert!(
        text.contains("architecture and learning curve, so the answer gives them no weight."),
        "{text}"
    );
    let again = format!("bakeoff run --url {a} --url {b} --openapi api.yaml --seed 1 --blocks 5");
    assert!(text.contains(&again), "{text}");
    // Nobody goes on with services that may be others by now.
    let resumed = place.run(&["run", "--resume"]);
    assert_eq!(resumed.code, 2, "{}", resumed.err);
}

#[test]
fn a_document_becomes_a_brief_that_runs_and_a_pid_brings_cpu_time() {
    let place = place();
    let made = place.run(&["init", "--openapi", "api.yaml"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(
        made.out.lines().collect::<Vec<_>>(),
        [
            "scenarios/list-rooms.toml",
            "scenarios/get-room.toml",
            "bakeoff.toml"
        ]
    );
    let twice = place.run(&["init", "other.toml", "--openapi", "api.yaml"]);
    assert!(
        twice.code == 2 && twice.err.contains("exists already"),
        "{}",
        twice.err
    );
    // The same service under two names: nothing tells them apart.
    let server = rooms(2);
    let (a, b) = (url("one", &server), url("same", &server));
    let pid = format!("one={}", std::process::id());
    let args = [&["run", "--url", &a, "--url", &b, "--pid", &pid][..], &SHORT].concat();
    let said = place.run(&args);
    let results = results(&place, &said);
    for (id, least) in [("cpu_us_per_request", 1.0), ("memory_mb_peak", 0.1)] {
        let seen = metric(&results, "one", id);
        let is_noisy = seen["missing_kind"] == "gate";
        assert!(is_noisy || seen["value"].as_f64() > Some(least), "{seen}");
    }
    assert_eq!(
        metric(&results, "same", "cpu_us_per_request")["missing_kind"],
        "from-outside"
    );
    let text = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let process = format!("process {} for one", std::process::id());
    assert!(text.contains(&process), "{text}");
}

#[test]
fn a_service_that_breaks_its_schema_is_out_with_the_place() {
    let place = place();
    let (right, wrong) = (rooms(1), serve(1, r#"{"number": "seven"}"#));
    let (a, b) = (url("right", &right), url("wrong", &wrong));
    let args = [
        &["run", "--url", &a, "--url", &b, "--openapi", "api.yaml"][..],
        &SHORT,
    ]
    .concat();
    let said = place.run(&args);
    let results = results(&place, &said);
    assert!(
        said.code == 4 || results["verdict"]["choice"] == "right",
        "{}",
        said.out
    );
    assert!(
        said.err.contains("`GET /api/rooms` (`list-rooms`)")
            && said
                .err
                .contains("at `/0/number`, the schema does not hold: \"seven\" is not of type \"integer\""),
        "{}",
        said.err
    );
}

#[test]
fn what_cannot_be_measured_is_refused_with_the_way_out() {
    let place = place();
    let server = rooms(1);
    let a = url("a", &server);
    let closed = "b=http://127.0.0.1:1";
    let refused: [(&[&str], i32, &str); 9] = [
        (
            &["--url", &a],
            2,
            "`a` is the only service, and a comparison needs two",
        ),
        (
            &["--url", &a, "--url", "b=http://192.0.2.1:9"],
            2,
            "192.0.2.1 is neither a loopback nor a private address",
        ),
        (&["--url", &a, "--url", closed], 3, "no connection to 127.0.0.1:1"),
        (&["--url", &a, "--url", &a], 2, "the service `a` is listed twice"),
        (
            &["--url", &a, "--url", "http://127.0.0.1:1"],
            2,
            "has no name: write it like `a=http://127.0.0.1:1`",
        ),
        (
            &["--url", &a, "--url", &a.replace("a=", "b="), "--pid", "c=1"],
            2,
            "no `--url` has the name `c`",
        ),
        (
            &[
                "--url",
                &a,
                "--url",
                &a.replace("a=", "b="),
                "--pid",
                "a=2147483646",
            ],
            2,
            "`a`: there is no process 2147483646",
        ),
        (
            &["--url", &a, "--url", &a.replace("a=", "b="), "--only", "a"],
            2,
            "cannot be used with",
        ),
        (
            &["--url", &a, "--url", "b=ws://127.0.0.1:1"],
            2,
            "a scheme of HTTP",
        ),
    ];
    for (args, code, words) in refused {
        let said = place.run(&[&["run", "--openapi", "api.yaml"], args].concat());
        let text = said.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(said.code, code, "{args:?}: {text}");
        assert!(text.contains(words), "{args:?}: {text}");
    }
    let without = place.run(&["run", "--url", &a, "--url", &a.replace("a=", "b=")]);
    assert!(
        without.code == 2 && without.err.contains("cannot read the brief `bakeoff.toml`"),
        "{}",
        without.err
    );
}

#[test]
fn ten_and_twelve_milliseconds_are_told_apart_and_ten_and_ten_are_not() {
    let said = Place::new().run(&["selftest", "--running", "--json"]);
    let too_noisy = said.code == 4 && said.err.contains("too noisy");
    assert!(said.code == 0 || too_noisy, "{}\n{}", said.out, said.err);
    let figures = said.json()["figures"].clone();
    assert_eq!(figures.as_array().unwrap().len(), 2, "{figures}");
}
