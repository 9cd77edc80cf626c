//! Scenarios that are wrong, each with exactly what their author then reads.

use super::{parse, player};
use std::collections::BTreeMap;

const RIGHT: &str = r#"id = "read"
title = "Read"
summary = "Reads."
statements = 1

[request]
method = "GET"
path = "/items/{id}"
[request.vars]
id = { int = [1, 9] }
double = { linear = { of = "id", times = 2, modulo = 10, plus = 0 } }

[answer]
status = 200
json = '{"id": {id}}'

[[case]]
name = "made and read"
[[case.step]]
method = "POST"
path = "/items"
expect = { status = 201 }
capture = { at = "header:location" }
[[case.step]]
method = "GET"
path = "{at}"
expect = { status = 200, json_at = { "/id" = "1" } }
"#;

fn wrong(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "`{from}` stands in the right scenario");
    parse(&RIGHT.replacen(from, to, 1), "s.toml")
        .expect_err("the scenario is wrong")
        .to_string()
}

#[test]
fn the_right_one_is_read() {
    let scenario = parse(RIGHT, "s.toml").expect("it is right");
    assert_eq!(
        (
            scenario.id.as_str(),
            scenario.cases.len(),
            scenario.cases[0].steps.len()
        ),
        ("read", 1, 2)
    );
}

#[test]
fn every_shipped_scenario_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder ships with the program") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).expect("it can be read");
            if let Err(error) = parse(&text, &path.display().to_string()) {
                panic!("{error}");
            }
            count += 1;
        }
    }
    assert!(count >= 15, "{count} scenarios");
}

#[test]
fn an_unknown_key() {
    insta::assert_snapshot!(wrong("statements", "statement"), @r#"
    error: unknown field `statement`, expected one of `id`, `title`, `summary`, `token`, `statements`, `waits_ms`, `changes`, `common_rules`, `plays`, `services`, `database`, `request`, `answer`, `case`
      --> s.toml:4:1
      |
    4 | statement = 1
      | ^^^^^^^^^
    hint: did you mean `statements`?
    "#);
}

#[test]
fn a_wrong_type() {
    insta::assert_snapshot!(wrong("statements = 1", "statements = \"one\""), @r#"
    error: `statements` must be a whole number of 0 or more, not the text "one"
      --> s.toml:4:14
      |
    4 | statements = "one"
      |              ^^^^^
    "#);
}

#[test]
fn an_unknown_method() {
    insta::assert_snapshot!(wrong("\"GET\"", "\"GTE\""), @r#"
    error: unknown method `GTE`
      --> s.toml:7:10
      |
    7 | method = "GTE"
      |          ^^^^^
    hint: did you mean `GET`?
    "#);
}

#[test]
fn a_path_that_names_no_variable() {
    insta::assert_snapshot!(wrong("/items/{id}", "/items/{idd}"), @r#"
    error: unknown variable `idd` in the path `/items/{idd}`
      --> s.toml:8:8
      |
    8 | path = "/items/{idd}"
      |        ^^^^^^^^^^^^^^
    hint: did you mean `id`?
    "#);
}

#[test]
fn an_empty_range() {
    insta::assert_snapshot!(wrong("[1, 9]", "[9, 1]"), @r#"
    error: the range of `id` is empty: 9 is above 1
       --> s.toml:10:6
       |
    10 | id = { int = [9, 1] }
       |      ^^^^^^^^^^^^^^^^
    hint: write `int = [1, 9]`
    "#);
}

#[test]
fn a_modulus_of_zero() {
    insta::assert_snapshot!(wrong("modulo = 10", "modulo = 0"), @r#"
    error: the modulus of `double` must be above 0, not `0`
       --> s.toml:11:10
       |
    11 | double = { linear = { of = "id", times = 2, modulo = 0, plus = 0 } }
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_variable_of_nothing() {
    insta::assert_snapshot!(wrong("of = \"id\"", "of = \"ib\""), @r#"
    error: `double` comes from the unknown variable `ib`
       --> s.toml:11:10
       |
    11 | double = { linear = { of = "ib", times = 2, modulo = 10, plus = 0 } }
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: did you mean `id`?
    "#);
}

#[test]
fn a_variable_of_itself() {
    insta::assert_snapshot!(wrong("of = \"id\"", "of = \"double\""), @r#"
    error: `double` comes from itself
       --> s.toml:11:10
       |
    11 | double = { linear = { of = "double", times = 2, modulo = 10, plus = 0 } }
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_response_that_is_not_json() {
    insta::assert_snapshot!(wrong("{\"id\": {id}}", "{\"id\": {id}"), @r#"
    error: `json` is not JSON: `{"id": {id}`
       --> s.toml:15:8
       |
    15 | json = '{"id": {id}'
       |        ^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_response_without_a_status() {
    insta::assert_snapshot!(wrong("status = 200\n", ""), @r#"
    error: no status is expected
       --> s.toml:13:1
       |
    13 | [answer]
       | ^^^^^^^^
    hint: write for example `status = 200` or `problem = 404`
    "#);
}

#[test]
fn a_status_that_is_none() {
    insta::assert_snapshot!(wrong("status = 200", "status = 20"), @r#"
    error: `20` is no HTTP status
       --> s.toml:14:10
       |
    14 | status = 20
       |          ^^
    "#);
}

#[test]
fn a_step_that_uses_an_uncaptured_value() {
    insta::assert_snapshot!(wrong("capture = { at", "capture = { where"), @r#"
    error: unknown captured value `at` in the path `{at}`
       --> s.toml:26:8
       |
    26 | path = "{at}"
       |        ^^^^^^
    "#);
}

#[test]
fn a_pointer_without_its_slash() {
    insta::assert_snapshot!(wrong("\"/id\"", "\"id\""), @r#"
    error: `id` is no JSON pointer
       --> s.toml:27:45
       |
    27 | expect = { status = 200, json_at = { "id" = "1" } }
       |                                             ^^^
    hint: write `/id`
    "#);
}

#[test]
fn a_capture_from_nowhere() {
    insta::assert_snapshot!(wrong("header:location", "location"), @r#"
    error: `location` is neither a JSON pointer nor a header
       --> s.toml:23:18
       |
    23 | capture = { at = "location" }
       |                  ^^^^^^^^^^
    hint: write `"/id"` or `"header:location"`
    "#);
}

const STREAMS: &str = r#"id = "socket"
title = "Talk"
summary = "Talks."
statements = 0

[request]
method = "GET"
path = "/socket"
message = '{"n": {n}}'
vars = { n = { int = [1, 9] } }

[answer]
status = 101
json = '{"n": {n}}'

[[case]]
name = "talks"
[[case.step]]
method = "GET"
path = "/socket"
talk = [{ send = "a" }, { on = 1, json = '"a"' }]
expect = { status = 101 }

[[case]]
name = "streams"
[[case.step]]
method = "POST"
path = "/stream"
body_pattern = 10
chunked = true
expect = { status = 200, events = { count = 2, from = 1, name = "tick", data = "{id}" }, min_spread_ms = 5 }
"#;

fn wrong_stream(from: &str, to: &str) -> String {
    assert!(STREAMS.contains(from), "`{from}` stands in the right scenario");
    parse(&STREAMS.replacen(from, to, 1), "s.toml")
        .expect_err("the scenario is wrong")
        .to_string()
}

#[test]
fn streams_and_talks_are_read() {
    let scenario = parse(STREAMS, "s.toml").expect("it is right");
    assert_eq!(scenario.request.message.as_deref(), Some(r#"{"n": {n}}"#));
    let [talk, stream] = &scenario.cases[..] else {
        panic!("two cases")
    };
    assert_eq!(talk.steps[0].talk[1].on, 1);
    assert_eq!(
        (stream.steps[0].body_pattern, stream.steps[0].chunked),
        (Some(10), true)
    );
    assert_eq!(
        stream.steps[0].expect.events.as_ref().map(|events| events.count),
        Some(2)
    );
}

/// The first line of what is said.
fn wrong_line(from: &str, to: &str) -> String {
    wrong_stream(from, to)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_request_that_carries_two_things() {
    insta::assert_snapshot!(wrong_stream("vars =", "body = \"x\"\nvars ="), @r#"
    error: a request has either `body` or `message`
      --> s.toml:9:11
      |
    9 | message = '{"n": {n}}'
      |           ^^^^^^^^^^^^
    "#);
}

#[test]
fn a_websocket_opened_with_post() {
    insta::assert_snapshot!(wrong_stream("method = \"GET\"", "method = \"POST\""), @r#"
    error: a WebSocket cannot be opened with `POST`
      --> s.toml:7:10
      |
    7 | method = "POST"
      |          ^^^^^^
    hint: write `method = "GET"`
    "#);
}

#[test]
fn a_step_that_does_two_things_or_nothing() {
    let turn = "{ send = \"a\" }";
    insta::assert_snapshot!(wrong_stream(turn, "{ send = \"a\", pong = \"a\" }"), @r#"
    error: a step has either `send` or `pong`
       --> s.toml:21:30
       |
    21 | talk = [{ send = "a", pong = "a" }, { on = 1, json = '"a"' }]
       |                              ^^^
    hint: make it two steps
    "#);
    let nothing = "error: the step neither sends nor awaits anything";
    assert_eq!(wrong_line(turn, "{ on = 1 }"), nothing);
    let many = "error: a talk has at most 8 sockets, counted from 0";
    assert_eq!(wrong_line(turn, "{ on = 8, send = \"a\" }"), many);
    assert_eq!(
        wrong_line("json = '\"a\"'", "json = 'a'"),
        "error: `json` is not JSON: `a`"
    );
    let unknown = wrong_stream(turn, "{ sent = \"a\" }");
    assert!(
        unknown.contains("unknown field `sent`") && unknown.contains("did you mean `send`?"),
        "{unknown}"
    );
}

#[test]
fn chunks_of_nothing_and_a_spread_of_nothing() {
    insta::assert_snapshot!(wrong_stream("body_pattern = 10\n", ""), @r"
    error: there is no stream to be sent in chunks
       --> s.toml:29:11
       |
    29 | chunked = true
       |           ^^^^
    hint: `chunked` sets how a `body_pattern` is sent
    ");
    let events = "events = { count = 2, from = 1, name = \"tick\", data = \"{id}\" }";
    assert_eq!(
        wrong_line(events, "pattern = 5"),
        "error: `min_spread_ms` needs `events`"
    );
}

#[test]
fn a_stream_with_another_rule() {
    insta::assert_snapshot!(wrong_stream("min_spread_ms = 5", "contains = [\"tick\"]"), @r#"
    error: a body with `events` has no other rule, such as `contains`
       --> s.toml:31:101
       |
    31 | expect = { status = 200, events = { count = 2, from = 1, name = "tick", data = "{id}" }, contains = ["tick"] }
       |                                                                                                     ^^^^^^^^
    "#);
    let both = "error: a body has either `pattern` or `events`";
    assert_eq!(wrong_line("min_spread_ms = 5", "pattern = 5"), both);
}

#[test]
fn a_scenario_plays_a_role_in_place_of_the_shipped_one() {
    let scenario = |text: &str| parse(text, "s.toml").expect("it is right");
    let own = scenario(&RIGHT.replacen("id = \"read\"", "id = \"read\"\nplays = \"json\"", 1));
    let shipped = scenario(&RIGHT.replacen("id = \"read\"", "id = \"json\"", 1));
    let mut all = BTreeMap::from([("json".to_owned(), shipped)]);
    let id = |all: &BTreeMap<_, _>| player(all, "json").map(|scenario: &super::Scenario| scenario.id.clone());
    assert_eq!(id(&all).as_deref(), Some("json"));
    all.insert("read".to_owned(), own);
    assert_eq!(id(&all).as_deref(), Some("read"));
    assert!(player(&all, "wait").is_none());
    let unknown = wrong("id = \"read\"", "id = \"read\"\nplays = \"jsn\"");
    assert!(unknown.contains("unknown role `jsn`"), "{unknown}");
    assert!(unknown.contains("did you mean `json`?"), "{unknown}");
}
