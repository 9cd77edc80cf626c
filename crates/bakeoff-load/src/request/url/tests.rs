//! Tests of URLs: every form that RFC 3986 allows, what people type besides, and what is refused with a reason.

use super::{Scheme, Url, inline_variables};
use crate::net::target::{Tls, Trust};
use crate::request::spec::Variable;

fn tls(server_name: String) -> Tls {
    Tls {
        server_name,
        trust: Trust::Anyone,
        identity: None,
    }
}

#[test]
fn urls_are_parsed() {
    let cases = [
        ("http://a", "a", 80, "a", "/"),
        ("a:8080/b?c=d#e", "a", 8080, "a:8080", "/b?c=d"),
        ("http://a?c", "a", 80, "a", "/?c"),
        ("https://a.b/c", "a.b", 443, "a.b", "/c"),
        ("https://a:80", "a", 80, "a:80", "/"),
        ("http://[::1]:81/x", "::1", 81, "[::1]:81", "/x"),
        ("http://[::1]", "::1", 80, "[::1]", "/"),
        ("ws://a/socket", "a", 80, "a", "/socket"),
        ("wss://a", "a", 443, "a", "/"),
        // Schemes have no case, and what stands behind a `/` or a `?` is no scheme.
        ("HTTP://A/", "A", 80, "A", "/"),
        ("hTTps://a", "a", 443, "a", "/"),
        ("a:81/r?to=http://b/x", "a", 81, "a:81", "/r?to=http://b/x"),
        ("a?to=ws://b", "a", 80, "a", "/?to=ws://b"),
        ("http://a/http://b", "a", 80, "a", "/http://b"),
        ("//a/b", "a", 80, "a", "/b"),
        // An empty port is the scheme's own.
        ("http://a:/", "a", 80, "a", "/"),
        ("https://[::1]:", "::1", 443, "[::1]", "/"),
        ("http://a:0080/", "a", 80, "a", "/"),
        // White space of a paste.
        (" http://a/\n", "a", 80, "a", "/"),
        ("\thttp://a/b ", "a", 80, "a", "/b"),
        // Percent-encoding: decoded in the host, left alone in the path.
        ("http://%61.b/%61?%20", "a.b", 80, "a.b", "/%61?%20"),
        ("http://a/größe?q=日本", "a", 80, "a", "/größe?q=日本"),
        ("http://a/a/../b;c=d,e/?", "a", 80, "a", "/a/../b;c=d,e/?"),
        ("http://[fe80::1%25lo]:81/", "fe80::1%lo", 81, "[fe80::1]:81", "/"),
        (
            "http://[::ffff:127.0.0.1]/",
            "::ffff:127.0.0.1",
            80,
            "[::ffff:127.0.0.1]",
            "/",
        ),
        ("http://a/{1..9}?x={b/c|d}", "a", 80, "a", "/{1..9}?x={b/c|d}"),
    ];
    for (text, host, port, header, path) in cases {
        let url = Url::parse(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
        assert_eq!(
            (url.origin.host.as_str(), url.origin.port, url.path.as_str()),
            (host, port, path),
            "{text}"
        );
        assert_eq!(url.origin.host_header(), header, "{text}");
        let scheme = text.trim().to_lowercase();
        assert_eq!(url.origin.scheme == Scheme::Https, scheme.starts_with("https"));
        assert_eq!(url.origin.scheme.is_socket(), scheme.starts_with("ws"));
        assert_eq!(url.authorization, None, "{text}");
    }
}

#[test]
fn a_url_that_names_no_server_is_refused_with_its_reason() {
    for (text, reason) in [
        ("", "names no host"),
        ("http://", "names no host"),
        ("http:///a", "names no host"),
        ("http://:80/", "names no host"),
        ("ftp://a", "`ftp` is not a supported scheme"),
        ("localhost://a", "`localhost` is not a supported scheme"),
        ("http://a:port", "`port` is not a port"),
        ("http://a:99999", "`99999` is not a port"),
        ("http://a:+80", "`+80` is not a port"),
        ("http://a:0", "`0` is not a port"),
        ("http://::1:80/", "in brackets"),
        ("http://[::1/", "no closing"),
        ("http://[a]/", "not an IPv6 address"),
        ("http://[::1]80/", "not a port"),
        ("http://a b/", "no host has"),
        ("http://a%0ab/", "no host has"),
        ("http://a{1..2}/", "no host has"),
        ("http://a%40b/", "no host has"),
        ("http://[::5%25l \0T]/", "not an IPv6 address"),
        ("http://[::5%25]/", "not an IPv6 address"),
        ("http://a%3a80/", "no host has"),
        ("http://a%2fb/", "no host has"),
    ] {
        let told = Url::parse(text).unwrap_err();
        assert!(told.contains(reason), "{text}: {told}");
    }
}

#[test]
fn a_user_becomes_a_header() {
    // RFC 7617, section 2, has the first as its example.
    for (text, value) in [
        (
            "http://Aladdin:open%20sesame@a/",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        ("http://me@a/", "Basic bWU6"),
        ("http://a%40b:c@d/", "Basic YUBiOmM="),
    ] {
        let url = Url::parse(text).unwrap();
        assert_eq!(url.authorization.as_deref(), Some(value), "{text}");
    }
    assert_eq!(Url::parse("http://a/b@c?d=e@f").unwrap().authorization, None);
}

#[test]
fn the_targets_of_a_url_are_its_addresses() {
    let targets = Url::parse("http://me:x@127.0.0.1:8080/").unwrap().targets(tls);
    let [target] = &targets.unwrap()[..] else {
        panic!("an address is one target")
    };
    assert_eq!(
        (target.address.to_string().as_str(), target.host.as_str()),
        ("127.0.0.1:8080", "127.0.0.1:8080")
    );
    assert_eq!(target.tls, None);
    assert_eq!(
        target.headers,
        [("authorization".to_owned(), "Basic bWU6eA==".to_owned())]
    );
    let encrypted = Url::parse("https://[::1]:8443/").unwrap().targets(tls).unwrap();
    assert_eq!(encrypted[0].tls, Some(tls("::1".to_owned())));
    let unknown = Url::parse("http://nosuch.invalid/")
        .unwrap()
        .targets(tls)
        .unwrap_err();
    assert!(
        unknown.starts_with("`nosuch.invalid` has no address: "),
        "{unknown}"
    );
}

#[test]
fn placeholders_declare_variables() {
    let found = inline_variables(&[
        "/items/{1..10}/{red|blue}?q={1..10}&x={id}",
        r#"{"a": {5..6}, "b|c": 1}"#,
    ]);
    let int = |low, high| Variable::Int { low, high };
    assert_eq!(
        found,
        [
            ("1..10".to_owned(), int(1, 10)),
            (
                "red|blue".to_owned(),
                Variable::Choice(vec!["red".into(), "blue".into()])
            ),
            ("5..6".to_owned(), int(5, 6)),
        ]
    );
}
