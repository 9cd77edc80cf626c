//! What people reported of load generators, on `bakeoff load`: what goes out is what was written, to the byte, and it
//! reaches the server however its URL is written.

use crate::load_cases::{load, server};
use crate::program::Place;
use bakeoff_load::scripted::{Reaction, ReceivedRequest};
use std::sync::{Arc, Mutex};

/// The requests that a load sends.
fn sent(place: &Place, options: &[&str]) -> Vec<ReceivedRequest> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let (_server, url) = server(move |request| {
        kept.lock().unwrap().push(request.clone());
        Reaction::ok()
    });
    let said = load(place, &url, options);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let seen = seen.lock().unwrap();
    seen.clone()
}

#[test]
fn files_are_sent_byte_for_byte() {
    let place = Place::new();
    let text = "{\"template\": \"Hello {{ name|upper }}\", \"wiki\": \"{{cite|title=Foo|year=2020}}\", \"n\": {1..9}}";
    place.write("body.json", text);
    let upload = b"--XX\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\x00\xff\r\n--XX--\r\n";
    std::fs::write(place.path().join("upload.bin"), upload).unwrap();
    for (file, bytes) in [("@body.json", text.as_bytes()), ("@upload.bin", &upload[..])] {
        for request in sent(&place, &["-b", file, "-n", "3"]) {
            assert_eq!((request.method.as_str(), &request.body[..]), ("POST", bytes));
        }
    }
    let line = format!("1 POST /x?n={{1..9}} @{}", "body.json");
    for request in sent(&place, &["-q", &line, "-n", "3"]) {
        assert_eq!(request.body, text.as_bytes());
        assert!(!request.path.contains('{'), "{}", request.path);
    }
}

#[test]
fn what_is_rewritten_can_be_switched_off_and_on() {
    let place = Place::new();
    place.write("body", "{7..7} {a|a}");
    let body = |options: &[&str]| {
        let request = sent(&place, &[options, &["-n", "1"]].concat()).remove(0);
        (String::from_utf8(request.body.clone()).unwrap(), request)
    };
    assert_eq!(body(&["-b", "{7..7} {{a|a}}"]).0, "7 {a}");
    assert_eq!(body(&["-b", "@body", "--placeholders", "all"]).0, "7 a");
    let (text, request) = body(&[
        "-b",
        "{7..7} {a|a}",
        "--placeholders",
        "none",
        "-H",
        "X-Tpl: {b|b}",
    ]);
    assert_eq!(
        (text.as_str(), request.header("X-Tpl")),
        ("{7..7} {a|a}", Some("{b|b}"))
    );
    assert!(request.head.contains("\r\nX-Tpl: "), "{}", request.head);
}

#[test]
fn a_body_that_is_expected_from_a_file_is_compared_byte_for_byte() {
    let place = Place::new();
    std::fs::write(place.path().join("right.bin"), b"\x00\xff{1..9}").unwrap();
    std::fs::write(place.path().join("wrong.bin"), b"\x00\xff{1..8}").unwrap();
    place.write("right.json", "{\"a\": \"{1..9}\", \"b\": []}");
    let (_server, url) = server(|request| match request.path.as_str() {
        "/json" => Reaction::response(200, "application/json", "{\"b\": [], \"a\": \"{1..9}\"}"),
        _ => Reaction::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n\x00\xff{1..9}".to_vec()),
    });
    let code = |path: &str, option: &str, file: &str| {
        let said = load(&place, &format!("{url}{path}"), &["-n", "2", option, file]);
        said.code
    };
    assert_eq!(code("", "--expect-body", "@right.bin"), 0);
    assert_eq!(code("", "--expect-body", "@wrong.bin"), 1);
    assert_eq!(code("json", "--expect-json", "@right.json"), 0);
    place.write("no.json", "{\"a\": {1..9}}");
    assert_eq!(code("json", "--expect-json", "@no.json"), 2);
}

#[test]
fn a_post_without_a_body_has_a_length_and_the_user_may_say_so() {
    let place = Place::new();
    for options in [
        &["-X", "POST"][..],
        &["-X", "POST", "-H", "Content-Length: 0"],
        &["-X", "put"],
    ] {
        let request = sent(&place, &[options, &["-n", "1"]].concat()).remove(0);
        assert_eq!(request.header("content-length"), Some("0"), "{}", request.head);
        assert_eq!(request.head.to_lowercase().matches("content-length").count(), 1);
    }
    let request = sent(&place, &["-X", "DELETE", "-n", "1"]).remove(0);
    assert_eq!(
        (request.method.as_str(), request.header("content-length")),
        ("DELETE", None)
    );
}

#[test]
fn every_form_of_a_url_reaches_the_server() {
    let (server, url) = server(|_| Reaction::ok());
    let address = server.address().to_string();
    let place = Place::new();
    for form in [
        format!("HTTP://{address}/"),
        format!("{address}/r?to=http://other/x"),
        format!(" {url}"),
        format!("//{address}?q"),
        format!("http://me:secret@{address}/größe?q=日本"),
        format!("http://%31%32%37.0.0.1:{}/", server.address().port()),
        format!("{url}#part"),
    ] {
        let said = load(&place, &form, &["-n", "1"]);
        assert_eq!(said.code, 0, "{form}: {}{}", said.out, said.err);
    }
    let empty_port = load(&place, "http://127.0.0.1:/", &["-n", "1", "--timeout", "500ms"]);
    assert!(empty_port.code != 2, "{}", empty_port.err);
}

#[test]
fn a_file_of_a_mix_lies_beside_it() {
    let place = Place::new();
    place.write("mixes/item.json", "{\"id\": 1}");
    place.write(
        "mixes/mix.toml",
        "[[request]]\npath = \"/\"\nbody_file = \"item.json\"\n",
    );
    let request = sent(&place, &["--mix", "mixes/mix.toml", "-n", "1"]).remove(0);
    assert_eq!(request.body, b"{\"id\": 1}");
    std::fs::remove_file(place.path().join("mixes/item.json")).unwrap();
    let (_server, url) = server(|_| Reaction::ok());
    let said = load(&place, &url, &["--mix", "mixes/mix.toml", "-n", "1"]);
    assert_eq!(
        (
            said.code,
            said.err.matches("error:").count(),
            said.err.matches("hint:").count()
        ),
        (2, 1, 1)
    );
    assert!(said.err.contains("`mixes/item.json`"), "{}", said.err);
}
