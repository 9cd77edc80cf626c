//! What people reported of load generators, on `bakeoff load`: a rate that was not held and looked held, failures that
//! were blamed on the rate, results that were lost, and words that led astray.

use crate::program::{Place, Said};
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer, Step};
use serde_json::Value;
use std::time::{Duration, Instant};

pub(crate) fn server(
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> (ScriptedServer, String) {
    // The look whether a server is there is no request of the load.
    let server = ScriptedServer::start(move |request| match request.method.as_str() {
        "OPTIONS" => Reaction::ok(),
        _ => script(request),
    });
    let server = server.unwrap();
    let url = format!("http://{}/", server.address());
    (server, url)
}

pub(crate) fn load(place: &Place, url: &str, options: &[&str]) -> Said {
    place.run(&[&["load", url], options].concat())
}

fn first_line(said: &Said) -> &str {
    said.out.lines().next().unwrap_or_default()
}

#[test]
fn a_count_of_requests_does_not_hide_an_overload() {
    let (_server, url) = server(|_| Reaction::ok().after(Duration::from_millis(300)));
    let place = Place::new();
    let options = ["-r", "100", "-n", "20", "-c", "2", "--arrivals", "constant"];
    let said = load(&place, &url, &options);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(
        first_line(&said).starts_with("rate not held: 100 a second were due and 6."),
        "{}",
        said.out
    );
    let json = load(&place, &url, &[&options[..], &["--json"]].concat()).json();
    let offered = json["offered_rps"].as_f64().unwrap();
    assert!((99.0..101.0).contains(&offered), "{offered}");
    assert_eq!(
        (&json["rate_held"], &json["piled_up"]),
        (&false.into(), &true.into())
    );
    assert_eq!(json["broken_limits"], serde_json::json!(["rate-held"]));
}

#[test]
fn a_count_alone_has_no_time_limit() {
    let (_server, url) = server(|_| Reaction::ok());
    let place = Place::new();
    // At the default duration of ten seconds four requests would be missing.
    let options = [
        "-c",
        "1",
        "-n",
        "24",
        "-r",
        "2",
        "--arrivals",
        "constant",
        "--json",
    ];
    let said = load(&place, &url, &options);
    let json = said.json();
    assert_eq!((said.code, &json["correct"]), (0, &24.into()));
    assert_eq!(json["plan"]["duration_s"], Value::Null);
    let cut = load(
        &place,
        &url,
        &[
            "-n",
            "50",
            "-r",
            "20",
            "-d",
            "500ms",
            "--arrivals",
            "constant",
            "--json",
        ],
    )
    .json();
    assert_eq!((&cut["correct"], &cut["offered_rps"]), (&10.into(), &20.0.into()));
}

#[test]
fn failures_are_named_first_and_not_blamed_on_the_rate() {
    type Script = fn(&ReceivedRequest) -> Reaction;
    let reactions: [(&str, Script); 3] = [
        ("invalid header name", move |_| {
            Reaction::raw("HTTP/1.1 200 OK\r\nX Foo: x\r\ncontent-length: 2\r\n\r\nok")
        }),
        ("connection lost", |_| Reaction::default().then(Step::Reset)),
        ("503", |_| Reaction::response(503, "text/plain", "busy")),
    ];
    for (words, reaction) in reactions {
        let (_server, url) = server(reaction);
        let said = load(&Place::new(), &url, &["-r", "20", "-n", "10", "-c", "2"]);
        assert_eq!(said.code, 1);
        assert!(
            first_line(&said).starts_with("10 of 10 requests failed: no response was right"),
            "{}",
            said.out
        );
        assert!(said.out.contains(words), "{}", said.out);
        assert!(
            !said.out.contains("too high") && !said.out.contains("pile up"),
            "{}",
            said.out
        );
    }
}

#[test]
fn responses_that_mostly_fail_are_no_success() {
    let (_server, url) = server(|request| match request.n % 10 {
        4 => Reaction::ok(),
        _ => Reaction::response(503, "text/plain", "busy"),
    });
    let place = Place::new();
    let options = ["-r", "100", "-n", "100", "--arrivals", "constant"];
    let said = load(&place, &url, &options);
    let first = first_line(&said);
    assert!(
        first.starts_with("90 of 100 requests failed: the latencies are those of the 10 that did not"),
        "{first}"
    );
    assert_eq!(said.code, 1);
    let allowed = load(
        &place,
        &url,
        &[&options[..], &["--max-error-rate", "95%"]].concat(),
    );
    assert_eq!(allowed.code, 0, "{}", allowed.out);
    let json = load(
        &place,
        &url,
        &[&options[..], &["--max-error-rate", "0.5", "--json"]].concat(),
    )
    .json();
    assert_eq!(json["broken_limits"], serde_json::json!(["max-error-rate"]));
    assert_eq!(
        (&json["error_rate"], &json["rate_held"]),
        (&0.9.into(), &true.into())
    );
}

#[test]
fn lost_connections_that_the_user_allows_break_no_limit() {
    let (_server, url) = server(|request| match request.n % 10 {
        4 => Reaction::default().then(Step::Reset),
        _ => Reaction::ok(),
    });
    let place = Place::new();
    let options = ["-r", "100", "-n", "100", "--arrivals", "constant"];
    assert_eq!(load(&place, &url, &options).code, 1);
    let allowed = load(
        &place,
        &url,
        &[&options[..], &["--max-error-rate", "20%"]].concat(),
    );
    assert_eq!(allowed.code, 0, "{}", allowed.out);
}

#[test]
fn the_limit_of_the_99th_percentile_decides_the_exit_code() {
    let (_server, url) = server(|_| Reaction::ok().after(Duration::from_millis(10)));
    let place = Place::new();
    let options = ["-r", "100", "-d", "1s", "--arrivals", "constant"];
    let slow = load(&place, &url, &[&options[..], &["--slo-p99", "9ms"]].concat());
    assert_eq!(slow.code, 1, "{}", slow.out);
    assert!(
        first_line(&slow).starts_with("limit broken: 100 of 100 requests"),
        "{}",
        slow.out
    );
    let json = load(
        &place,
        &url,
        &[&options[..], &["--slo-p99", "9ms", "--json"]].concat(),
    )
    .json();
    assert_eq!(json["broken_limits"], serde_json::json!(["slo-p99"]));
    assert_eq!(json["limits"]["slo_p99_us"], 9_000);
    let kept = load(&place, &url, &[&options[..], &["--slo-p99", "500ms"]].concat());
    assert_eq!(kept.code, 0, "{}", kept.out);
}

#[test]
fn each_second_is_a_line_while_the_load_runs() {
    let (_server, url) = server(|_| Reaction::ok());
    let said = load(
        &Place::new(),
        &url,
        &["-r", "100", "-d", "2s", "--arrivals", "constant", "--ndjson"],
    );
    let lines: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (report, seconds) = lines.split_last().unwrap();
    assert_eq!(
        (&report["type"], &report["correct"]),
        (&"report".into(), &200.into())
    );
    assert!(
        seconds
            .iter()
            .all(|second| second["type"] == "second" && second["histogram"].is_string())
    );
    let correct: u64 = seconds
        .iter()
        .map(|second| second["correct"].as_u64().unwrap())
        .sum();
    assert_eq!(correct, 200);
    assert!((2..=3).contains(&seconds.len()), "{}", said.out);
}

#[test]
fn a_file_for_histograms_is_opened_before_the_load() {
    let (server, url) = server(|_| Reaction::ok());
    let place = Place::new();
    let began = Instant::now();
    let said = load(&place, &url, &["-r", "20", "-d", "20s", "--hdr", "nowhere/x.hdr"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("cannot write `nowhere/x.hdr`"), "{}", said.err);
    assert!(began.elapsed() < Duration::from_secs(10), "no load was run");
    assert!(server.requests() <= 1, "no load was run");
    // A file that is there keeps what it holds until the load has ended, and then holds the log alone.
    place.write("x.hdr", &"old\n".repeat(100_000));
    assert_eq!(load(&place, &url, &["-n", "3", "--hdr", "x.hdr"]).code, 0);
    assert!(place.read("x.hdr").starts_with('#') && !place.read("x.hdr").contains("old"));
    // What cannot be written later costs no report.
    let full = load(&place, &url, &["-n", "3", "--hdr", "/dev/full"]);
    assert_eq!(full.code, 3, "{}", full.err);
    assert!(
        full.out.contains("3 correct") && full.err.contains("cannot write `/dev/full`"),
        "{}{}",
        full.out,
        full.err
    );
}

#[test]
fn the_first_line_of_an_error_names_its_cause() {
    let (_server, url) = server(|_| Reaction::ok());
    let place = Place::new();
    place.write("no.pem", "no certificate");
    for (target, options, code, words, way_out) in [
        (&*url, &["-c", "0"][..], 2, "`connections` is 0", "--help"),
        (
            &*url,
            &["-c", "1", "-t", "4"],
            2,
            "`connections` is 1: it must be at least one a thread",
            "--help",
        ),
        (
            &*url,
            &["-c", "100000000"],
            2,
            "100,000,000 connections need 100,000,064 open files",
            "ulimit",
        ),
        (&*url, &["--deadline", "9s"], 2, "`deadline` is 9s", "--help"),
        (
            "http://nosuch.invalid/",
            &[],
            3,
            "`nosuch.invalid` has no address",
            "is the name right",
        ),
        ("http://a b/", &[], 2, "the host `a b`", "write a URL"),
        (
            "https://127.0.0.1:1/",
            &["--cacert", "no.pem"],
            2,
            "`no.pem`: no certificate",
            "PEM",
        ),
        (
            "https://127.0.0.1:1/",
            &["--cert", "no.pem"],
            2,
            "`no.pem`: no certificate",
            "PEM",
        ),
        (
            &*url,
            &["--cacert", "none.pem"],
            2,
            "cannot read `none.pem`",
            "name a file",
        ),
    ] {
        let said = load(&place, target, &[options, &["-n", "1"]].concat());
        let first = said.err.lines().next().unwrap_or_default();
        assert!(
            said.code == code && first.starts_with("error: ") && first.contains(words),
            "{options:?} {said:?}"
        );
        assert!(said.err.contains(way_out), "{}", said.err);
        assert!(
            !said.err.contains("Rlimit") && !said.err.contains("OtherError"),
            "{}",
            said.err
        );
    }
}

#[test]
fn words_fit_the_terminal() {
    let (_server, url) = server(|_| Reaction::response(503, "text/plain", "busy"));
    let place = Place::new();
    for columns in ["40", "80", "200"] {
        let run = |args: &[&str]| {
            let output = place.command(args).env("COLUMNS", columns).output().unwrap();
            let text = [output.stdout, output.stderr].concat();
            String::from_utf8(text).unwrap()
        };
        let report = run(&["load", &url, "-n", "30", "-r", "200"]);
        let error = run(&["load", "http://nosuch.invalid/", "-n", "1"]);
        for line in report.lines().chain(error.lines()) {
            let width = textwrap::core::display_width(line);
            assert!(width <= columns.parse().unwrap(), "{columns}: {line}");
        }
        let data = run(&["load", &url, "-n", "3", "--json"]);
        assert!(
            serde_json::from_str::<Value>(&data).is_ok(),
            "data is not broken into lines"
        );
    }
}
