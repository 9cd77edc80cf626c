//! Tests of a mix: its lines, its file, and what each request of it sends.

use super::super::files::Placeholders;
use super::{Line, Usual, from_file, method, parse};
use crate::exit::Failure;
use bakeoff_load::{Body, BodyRule, RequestSpec, Variable};
use std::path::Path;

fn parsed(text: &str) -> Result<Vec<RequestSpec>, Failure> {
    let usual = Usual {
        sample_share: 0.5,
        placeholders: Placeholders::Texts,
        file: Path::new("mix.toml"),
    };
    parse(text, usual)
}

#[test]
fn requests_are_read_from_lines() {
    let line = |text| Line::parse(text).map_err(|failure| failure.text);
    let read = line(" 15 post /items?a=b {\"id\": {1..5}, \"x\": 1} ").unwrap();
    assert_eq!(
        (
            read.weight,
            read.method.as_str(),
            read.path.as_str(),
            read.body.as_deref()
        ),
        (15.0, "POST", "/items?a=b", Some("{\"id\": {1..5}, \"x\": 1} "))
    );
    assert_eq!(line("0.5 GET /").unwrap().body, None);
    for (text, reason) in [
        ("GET /", "does not begin with a weight"),
        ("-1 GET /", "does not begin with a weight"),
        ("1", "has no method"),
        ("1 GET", "has no path"),
        ("1 GET items", "has no path that begins with `/`"),
    ] {
        let told = line(text).unwrap_err();
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn requests_are_read_from_a_file() {
    let text = r#"
        [[request]]
        weight = 60
        path = "/items/{1..10}"
        headers = { Accept = "text/{html|plain}" }
        expect = { status = [200, 304], type = "text/html", at = { "/id" = "{1..10}" } }
        [[request]]
        label = "up"
        path = "/upload"
        body_pattern = 5
        expect = { status = 200, length = 7 }
        [[request]]
        path = "/socket"
        message = "hello {1..3}"
        [[request]]
        path = "/events"
        expect = { events = { count = 5, name = "tick", data = "{id}" } }
    "#;
    let specs = parsed(text).map_err(|failure| failure.text).unwrap();
    let [item, upload, socket, events] = &specs[..] else {
        panic!("four requests")
    };
    assert_eq!(
        (item.weight, item.method.as_str(), item.label.as_str()),
        (60.0, "GET", "GET /items/{1..10}")
    );
    assert_eq!(
        item.headers,
        [("Accept".to_owned(), "text/{html|plain}".to_owned())]
    );
    assert!(matches!(
        &item.variables[..],
        [(_, Variable::Int { low: 1, high: 10 }), (_, Variable::Choice(_))]
    ));
    assert_eq!(
        (&item.expect.status[..], item.expect.sample_share),
        (&[200, 304][..], 0.5)
    );
    assert_eq!(
        (
            upload.method.as_str(),
            upload.label.as_str(),
            upload.expect.length
        ),
        ("POST", "up", Some(7))
    );
    assert_eq!(socket.body, Some(Body::Message("hello {1..3}".into())));
    assert_eq!(socket.expect.sampled, [BodyRule::Exact("hello {1..3}".into())]);
    assert!(matches!(&events.expect.sampled[..], [BodyRule::Events(rule)] if rule.from == 1));
}

#[test]
fn an_invalid_mix_is_an_error_with_its_line() {
    let told = |text| parsed(text).unwrap_err().text;
    let unknown = told("[[request]]\npath = \"/\"\nbdoy = \"x\"\n");
    assert!(
        unknown.contains("line 3") && unknown.contains("unknown field `bdoy`"),
        "{unknown}"
    );
    let two = told("[[request]]\npath = \"/\"\nbody = \"x\"\nmessage = \"y\"\n");
    assert!(two.contains("more than one of"), "{two}");
    assert!(told("").contains("missing field `request`"));
}

#[test]
fn a_method_has_the_case_in_which_it_is_written() {
    for (written, sent) in [
        ("get", "GET"),
        ("Patch", "PATCH"),
        ("PURGE", "PURGE"),
        ("Report", "Report"),
    ] {
        assert_eq!(method(written), sent);
    }
}

#[test]
fn a_file_of_a_body_lies_beside_the_mix_and_is_sent_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("item.json"), "{\"id\": {1..9}}").unwrap();
    let mix = folder.path().join("mix.toml");
    let body = |more: &str| {
        std::fs::write(
            &mix,
            format!("[[request]]\npath = \"/{{1..9}}\"\nbody_file = \"item.json\"\n{more}"),
        )
        .unwrap();
        let specs = from_file(&mix, 1.0, Placeholders::Texts)
            .map_err(|failure| failure.text)
            .unwrap();
        (specs[0].body.clone().unwrap(), specs[0].variables.len())
    };
    let text = "{\"id\": {1..9}}";
    assert_eq!(body(""), (Body::Bytes(text.into()), 1));
    assert_eq!(body("placeholders = \"all\"\n"), (Body::Text(text.into()), 1));
    assert_eq!(body("placeholders = \"none\"\n"), (Body::Bytes(text.into()), 0));
    std::fs::remove_file(folder.path().join("item.json")).unwrap();
    let told = from_file(&mix, 1.0, Placeholders::Texts).unwrap_err().text;
    let tried = folder.path().join("item.json").display().to_string();
    assert!(told.contains(&tried), "{told}");
    assert_eq!(
        (told.matches("error: ").count(), told.matches("hint: ").count()),
        (1, 1),
        "{told}"
    );
}
