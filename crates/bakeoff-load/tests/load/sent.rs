//! What goes out is what was written: bodies to the byte, header names in their case, paths in any script, and the
//! length of a body that is not there.

use crate::setting::{drive, scripted_server};
use bakeoff_load::scripted::{Reaction, ReceivedRequest};
use bakeoff_load::{Arrivals, Body, BodyRule, Expect, LoadError, Plan, RequestSpec, Target, Variable, run};
use proptest::prelude::{any, prop, prop_assert_eq, proptest};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Sends each request once or more often, and returns what the server read.
fn received(spec: &RequestSpec) -> ReceivedRequest {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let server = scripted_server(move |request| {
        kept.lock().unwrap().push(request.clone());
        Reaction::ok()
    });
    let once = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        max_requests: Some(1),
        ..Plan::default()
    };
    let report = drive(&server, std::slice::from_ref(spec), &once);
    assert_eq!(report.correct, 1, "{:?}", report.failures);
    seen.lock().unwrap().remove(0)
}

fn of(method: &str, body: Option<Body>) -> RequestSpec {
    RequestSpec {
        method: method.to_owned(),
        body,
        ..RequestSpec::get("/")
    }
}

#[test]
fn a_request_without_a_body_says_so_where_servers_ask() {
    for (method, length) in [
        ("POST", Some("0")),
        ("PUT", Some("0")),
        ("PATCH", Some("0")),
        ("GET", None),
        ("DELETE", None),
        ("OPTIONS", None),
        ("PURGE", None),
    ] {
        let request = received(&of(method, None));
        assert_eq!(request.header("content-length"), length, "{method}");
        assert_eq!(request.method, method);
    }
    let single = {
        let server = scripted_server(|request| Reaction::response(200, "text/plain", &request.head));
        let target = Target::plain(server.address());
        let response =
            bakeoff_load::send_once(&target, "POST", "/", &[], None, Plan::default().timeout).unwrap();
        String::from_utf8(response.body).unwrap()
    };
    assert!(single.contains("content-length: 0\r\n"), "{single}");
}

#[test]
fn a_length_that_the_user_gives_is_sent_once_or_refused() {
    let with = |value: &str, body: Option<Body>| RequestSpec {
        headers: vec![("Content-Length".to_owned(), value.to_owned())],
        ..of("POST", body)
    };
    for (value, body) in [
        ("0", None),
        ("3", Some(Body::Bytes(vec![0, 1, 255]))),
        ("5", Some("{\"a\"}".into())),
    ] {
        let request = received(&with(value, body));
        assert_eq!(
            request.head.to_lowercase().matches("content-length").count(),
            1,
            "{}",
            request.head
        );
        assert_eq!(request.body_len.to_string(), value);
    }
    let target = Target::plain(([127, 0, 0, 1], 9).into());
    for (value, body) in [
        ("1", None),
        ("00", None),
        ("4", Some("abc".into())),
        ("-3", Some("abc".into())),
    ] {
        let stop = AtomicBool::new(false);
        let refused = run(
            &target,
            &[with(value, body)],
            &Plan::default(),
            &mut |_| {},
            &stop,
        );
        assert!(matches!(refused, Err(LoadError::Request { .. })), "{value}");
    }
}

#[test]
fn header_names_and_paths_are_sent_as_they_are_written() {
    let spec = RequestSpec {
        path: "/größe/日本/%2f/..?q=ß&r=a+b%20c;d,e".to_owned(),
        headers: vec![
            ("X-Request-ID".to_owned(), "Ünï: {x}".to_owned()),
            ("SOAPAction".to_owned(), String::new()),
        ],
        ..RequestSpec::get("/")
    };
    let head = received(&spec).head;
    assert!(
        head.starts_with("GET /größe/日本/%2f/..?q=ß&r=a+b%20c;d,e HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains("\r\nX-Request-ID: Ünï: {x}\r\n") && head.contains("\r\nSOAPAction: \r\n"),
        "{head}"
    );
}

#[test]
fn bytes_have_no_placeholders() {
    let spec = RequestSpec {
        variables: vec![("id".to_owned(), Variable::Int { low: 7, high: 7 })],
        path: "/{id}".to_owned(),
        ..of("POST", Some(Body::Bytes(b"{id}\r\n\0\xff{id}".to_vec())))
    };
    let request = received(&spec);
    assert_eq!(
        (request.path.as_str(), &request.body[..]),
        ("/7", &b"{id}\r\n\0\xff{id}"[..])
    );
}

#[test]
fn a_body_of_bytes_is_compared_byte_for_byte() {
    let server =
        scripted_server(|_| Reaction::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\0\xff{}".to_vec()));
    let correct = |rule| {
        let spec = RequestSpec {
            expect: Expect {
                sampled: vec![rule],
                ..Expect::default()
            },
            ..RequestSpec::get("/")
        };
        let plan = Plan {
            arrivals: Arrivals::Closed,
            max_requests: Some(3),
            connections: 1,
            ..Plan::default()
        };
        drive(&server, &[spec], &plan).correct
    };
    assert_eq!(correct(BodyRule::Bytes(b"\0\xff{}".to_vec())), 3);
    assert_eq!(correct(BodyRule::Bytes(b"\0\xff{ ".to_vec())), 0);
    assert_eq!(correct(BodyRule::Bytes(b"\0\xff".to_vec())), 0);
}

#[test]
fn a_path_that_would_break_the_request_line_is_refused() {
    let target = Target::plain(([127, 0, 0, 1], 9).into());
    for path in ["/a b", "/a\r\nx: y", "/a\tb", "/#a", "a", "/\u{7f}"] {
        let stop = AtomicBool::new(false);
        let refused = run(
            &target,
            &[RequestSpec::get(path)],
            &Plan::default(),
            &mut |_| {},
            &stop,
        );
        assert!(matches!(refused, Err(LoadError::Request { .. })), "{path}");
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]

    #[test]
    fn any_bytes_arrive(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
        let request = received(&of("POST", Some(Body::Bytes(bytes.clone()))));
        prop_assert_eq!(request.body_len, bytes.len() as u64);
        prop_assert_eq!(request.body, bytes);
    }
}
