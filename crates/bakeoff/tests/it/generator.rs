//! `bakeoff load` and `bakeoff selftest` as a user runs them, against a scripted server in this process.

use crate::program::Place;
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Items, a socket, and what is posted.
fn script(request: &ReceivedRequest) -> Reaction {
    match (request.method.as_str(), request.path.as_str()) {
        (_, "/socket") => Reaction::websocket(request),
        ("POST", "/upload") => Reaction::response(
            200,
            "text/plain",
            &format!("{} {:?}", request.body_len, request.unlike_pattern),
        ),
        ("POST", _) => Reaction::response(201, "application/json", &String::from_utf8_lossy(&request.body)),
        (_, path) => match path.strip_prefix("/items/") {
            Some(id) => Reaction::response(200, "application/json", &format!("{{\"id\": {id}}}")),
            None => Reaction::ok(),
        },
    }
}

fn scripted_server() -> (ScriptedServer, String) {
    let server = ScriptedServer::start(script).unwrap();
    let address = server.address().to_string();
    (server, address)
}

#[test]
fn several_requests_form_a_mix_by_their_weights() {
    let (_server, address) = scripted_server();
    let place = Place::new();
    place.write("item.json", "{\"id\": {1..10}}");
    let url = format!("http://{address}");
    let said = place.run(&[
        "load",
        &url,
        "-q",
        "3 GET /items/{1..100}",
        "-q",
        "1 POST /items @item.json",
        "--rate",
        "400",
        "-d",
        "1s",
        "--arrivals",
        "constant",
        "--json",
    ]);
    let report = said.json();
    assert_eq!(
        (said.code, report["correct"].as_u64()),
        (0, Some(400)),
        "{}",
        said.err
    );
    let labels = report["labels"].as_array().unwrap();
    let planned = |label: &str| {
        let found = labels.iter().find(|entry| entry["label"] == label);
        found
            .and_then(|entry| entry["planned"].as_u64())
            .unwrap_or_else(|| panic!("no `{label}` in {labels:?}"))
    };
    let (read, posted) = (planned("GET /items/{1..100}"), planned("POST /items"));
    assert_eq!(read + posted, 400);
    // Five standard deviations around three of four.
    assert!((257..=343).contains(&read), "{read} of 400");
}

#[test]
fn a_mix_file_gives_each_request_its_own_checks() {
    let (_server, address) = scripted_server();
    let place = Place::new();
    place.write(
        "mix.toml",
        r#"
        [[request]]
        path = "/items/{1..100}"
        expect = { type = "application/json", at = { "/id" = "{1..100}" } }
        [[request]]
        path = "/upload"
        body_pattern = 100000
        expect = { body = "100000 None" }
        [[request]]
        path = "/socket"
        message = "hello {1..1000}"
        [[request]]
        label = "wrong on purpose"
        path = "/items/7"
        expect = { json = '{"id": 8}' }
        "#,
    );
    let url = format!("http://{address}");
    let said = place.run(&[
        "load", &url, "--mix", "mix.toml", "--rate", "100", "-d", "1s", "--json",
    ]);
    let report = said.json();
    let failures = report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(
        (&failures[0]["kind"], &failures[0]["label"]),
        (&"check".into(), &"wrong on purpose".into())
    );
    let failed = failures[0]["count"].as_u64().unwrap();
    assert!(failed > 0);
    assert_eq!(
        report["correct"].as_u64().unwrap() + failed,
        report["planned"].as_u64().unwrap()
    );
}

#[test]
fn every_check_has_an_option() {
    let (_server, address) = scripted_server();
    let place = Place::new();
    let outcome = |path: &str, options: &[&str]| {
        let url = format!("http://{address}{path}");
        let said = place.run(&[&["load", &url, "-n", "20", "--closed", "--json"], options].concat());
        let report = said.json();
        let failures = report["failures"].as_array().unwrap();
        match failures.first() {
            None => (said.code, "right".to_owned()),
            Some(failure) => (said.code, failure["kind"].as_str().unwrap().to_owned()),
        }
    };
    let right =
        |path: &str, options: &[&str]| assert_eq!(outcome(path, options), (0, "right".into()), "{options:?}");
    let wrong = |path: &str, options: &[&str], kind: &str| {
        assert_eq!(outcome(path, options), (1, kind.to_owned()), "{options:?}");
    };
    right(
        "/items/7",
        &[
            "--expect-status",
            "200,304",
            "--expect-length",
            "9",
            "--expect-type",
            "application/json",
        ],
    );
    right(
        "/items/7",
        &[
            "--expect-body",
            "{\"id\": 7}",
            "--expect-header",
            "content-length: 9",
        ],
    );
    right(
        "/items/{1..9}",
        &[
            "--expect-at",
            "/id={1..9}",
            "--expect-text",
            "id",
            "--expect-json",
            "{\"id\": {1..9}}",
        ],
    );
    right(
        "/upload",
        &["--body-pattern", "300000", "--expect-body", "300000 None"],
    );
    wrong("/items/7", &["--expect-status", "201"], "status");
    wrong("/items/7", &["--expect-length", "8"], "check");
    wrong("/items/7", &["--expect-body", "{\"id\": 8}"], "check");
    wrong("/items/7", &["--expect-header", "etag: 1"], "check");
    wrong("/items/7", &["--expect-at", "/id=8"], "check");
    wrong("/items/7", &["--expect-pattern", "9"], "check");
}

#[test]
fn a_ws_url_gets_echo_messages() {
    let (_server, address) = scripted_server();
    let place = Place::new();
    let url = format!("ws://{address}/socket");
    let said = place.run(&[
        "load",
        &url,
        "--rate",
        "100",
        "-d",
        "1s",
        "--arrivals",
        "constant",
        "--json",
    ]);
    assert_eq!(
        (said.code, said.json()["correct"].as_u64()),
        (0, Some(100)),
        "{}",
        said.err
    );
    let text = place.run(&[
        "load",
        &url,
        "--message",
        "{\"n\": {1..5}}",
        "--rate",
        "50",
        "-d",
        "500ms",
    ]);
    assert_eq!(text.code, 0, "{}{}", text.out, text.err);
    let not_asked = place.run(&["load", &format!("http://{address}"), "--message", "x"]);
    assert_eq!(not_asked.code, 2);
    assert!(
        not_asked.err.contains("`--message` needs a WebSocket"),
        "{}",
        not_asked.err
    );
    let twice = place.run(&["load", &format!("http://{address}/items"), "-q", "1 GET /"]);
    assert!(
        twice.code == 2 && twice.err.contains("the URL has the path `/items`"),
        "{}",
        twice.err
    );
}

/// Reads a stream to its end on a thread, and hands over what has come so far when asked.
fn wait_until(child: &mut std::process::Child, seen: impl Fn() -> bool) {
    let began = Instant::now();
    while !seen() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "it never came that far"
        );
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::yield_now();
    }
}

#[test]
fn an_interrupted_load_prints_its_figures_so_far() {
    let (server, address) = scripted_server();
    let place = Place::new();
    let mut command = place.command(&[
        "load",
        &format!("http://{address}/items/1"),
        "--rate",
        "200",
        "-d",
        "10m",
    ]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until(&mut child, || server.requests() > 100);
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{out}");
    assert!(out.contains("p99") && out.contains("correct"), "{out}");
}

#[test]
fn a_terminal_shows_the_load_live() {
    let (_server, address) = scripted_server();
    let place = Place::new();
    let url = format!("http://{address}/items/1");
    let program = place.command(&["load", &url, "--rate", "100", "-d", "1s"]);
    let terminal = "import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let said = Command::new("python3")
        .args(["-c", terminal])
        .arg(program.get_program())
        .args(program.get_args())
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    assert!(
        said.status.success(),
        "{out}{}",
        String::from_utf8_lossy(&said.stderr)
    );
    assert!(
        out.contains("/s sent · ") && out.contains("/s correct · p50 "),
        "{out}"
    );
    // Without a terminal nothing moves.
    let plain = place.run(&["load", &url, "--rate", "100", "-d", "1s"]);
    assert_eq!((plain.code, plain.err.as_str()), (0, ""));
}

#[test]
fn the_selftest_runs_the_chosen_tests() {
    let place = Place::new();
    let said = place.run(&["selftest", "--only", "status", "--only", "socket", "--json"]);
    let proved = said.json();
    assert_eq!((said.code, &proved["ok"]), (0, &true.into()), "{}", said.out);
    let figures = proved["figures"].as_array().unwrap();
    let planted: Vec<_> = figures
        .iter()
        .map(|figure| figure["proof"].as_str().unwrap())
        .collect();
    assert_eq!(
        planted,
        [
            "status", "status", "status", "socket", "socket", "socket", "socket"
        ]
    );
    assert!(
        figures
            .iter()
            .all(|figure| figure["planted"] == figure["reported"]),
        "{}",
        said.out
    );
    let text = place.run(&["selftest", "--only", "body"]);
    assert!(
        text.code == 0 && text.out.contains("all within tolerance"),
        "{}",
        text.out
    );
    assert!(
        text.err.contains("body … 1 in 10 responses has a wrong body"),
        "{}",
        text.err
    );
    let unknown = place.run(&["selftest", "--only", "bodies"]);
    assert!(
        unknown.code == 2 && unknown.err.contains("body"),
        "{}",
        unknown.err
    );
}
