//! Right and wrong responses, each with its exact error.

use super::check_response;
use crate::check::response::Response;
use crate::request::expect::{BodyRule, Expect};
use std::collections::BTreeMap;
use std::time::Duration;

fn check(expect: Expect, body: &str, outcome: Result<(), &str>) {
    let response = Response {
        status: 200,
        headers: vec![("Content-Type".into(), "application/json; charset=utf-8".into())],
        body: body.into(),
        elapsed: Duration::ZERO,
        streamed: None,
    };
    let bindings = BTreeMap::from([("id".to_owned(), "7".to_owned())]);
    assert_eq!(
        check_response(&expect, &response, &bindings),
        outcome.map_err(str::to_owned)
    );
}

fn rule(rule: BodyRule, body: &str, outcome: Result<(), &str>) {
    check(
        Expect {
            sampled: vec![rule],
            ..Expect::default()
        },
        body,
        outcome,
    );
}

#[test]
fn status_media_type_headers_and_length() {
    let expect = Expect::default;
    check(
        Expect {
            status: vec![200, 409],
            ..expect()
        },
        "",
        Ok(()),
    );
    check(
        Expect {
            status: vec![201],
            ..expect()
        },
        "",
        Err("expected status 201, got 200"),
    );
    check(
        Expect {
            content_type: Some("application/json".into()),
            ..expect()
        },
        "",
        Ok(()),
    );
    check(
        Expect {
            content_type: Some("text/html".into()),
            ..expect()
        },
        "",
        Err("expected `content-type: text/html`, got `application/json; charset=utf-8`"),
    );
    check(
        Expect {
            headers: vec![("etag".into(), "1".into())],
            ..expect()
        },
        "",
        Err("expected `etag: 1`, got none"),
    );
    check(
        Expect {
            length: Some(3),
            ..expect()
        },
        "ab",
        Err("expected 3 bytes of body, got 2"),
    );
}

#[test]
fn json_is_compared_as_data() {
    let json = || BodyRule::Json(r#"{"id": {id}, "tags": ["a", "b"]}"#.into());
    rule(json(), r#"{"tags":["a","b"],"id":7}"#, Ok(()));
    rule(
        json(),
        r#"{"tags":["a","b"],"id":"7"}"#,
        Err(r#"at `/id`: expected 7, got "7""#),
    );
    rule(
        json(),
        r#"{"tags":["a","b"]}"#,
        Err("at `/id`: expected 7, got nothing"),
    );
    rule(
        json(),
        r#"{"tags":["a","b"],"id":7,"x":null}"#,
        Err("at `/x`: expected nothing, got null"),
    );
    rule(
        json(),
        r#"{"tags":["a"],"id":7}"#,
        Err(r#"at `/tags/1`: expected "b", got nothing"#),
    );
    let besides = || BodyRule::JsonBesides {
        json: r#"{"id": {id}, "rows": [{"id": 1, "stock": 5}]}"#.into(),
        fields: vec!["stock".into()],
    };
    rule(besides(), r#"{"id":7,"rows":[{"stock":3,"id":1}]}"#, Ok(()));
    rule(
        besides(),
        r#"{"id":7,"rows":[{"stock":3,"id":2}]}"#,
        Err("at `/rows/0/id`: expected 1, got 2"),
    );
    rule(
        besides(),
        r#"{"id":7,"rows":[{"id":1}]}"#,
        Err("at `/rows/0/stock`: expected null, got nothing"),
    );
    let at = |pointer: &str| BodyRule::JsonAt {
        pointer: pointer.into(),
        value: "{id}".into(),
    };
    rule(at("/a/0"), r#"{"a":[7]}"#, Ok(()));
    rule(
        at("/a/1"),
        r#"{"a":[7]}"#,
        Err("at `/a/1`: expected 7, got nothing"),
    );
    let len = |len| BodyRule::JsonLen {
        pointer: "/a".into(),
        len,
    };
    rule(len(1), r#"{"a":[7]}"#, Ok(()));
    rule(len(2), r#"{"a":[7]}"#, Err("at `/a`: expected 2 entries, got 1"));
    rule(len(2), r#"{"a":7}"#, Err("at `/a`: expected a list of 2, got 7"));
}

#[test]
fn texts_are_found_and_counted() {
    rule(BodyRule::Contains("<{id}>".into()), "a<7>", Ok(()));
    rule(
        BodyRule::Contains("<{id}>".into()),
        "",
        Err("expected `<7>` in the body, got an empty body"),
    );
    rule(
        BodyRule::Lacks("b".into()),
        "abc",
        Err("expected no `b` in the body, and it is there"),
    );
    let count = |times| BodyRule::Count {
        text: "a".into(),
        times,
    };
    rule(count(2), "aba", Ok(()));
    rule(
        count(3),
        "aba",
        Err("expected `a` 3 times in the body, found it 2 times"),
    );
    rule(BodyRule::Exact("x{id}".into()), "x7", Ok(()));
    rule(
        BodyRule::Exact("x{id}".into()),
        "x8",
        Err("expected `x7`, got `x8`"),
    );
}
