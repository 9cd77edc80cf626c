//! The kinds against planted servers that give everybody the same response. Which kinds find that right is known.

use super::client::Client;
use super::draw::Draw;
use super::service::Service;
use super::unmet::{Asked, Unmet};
use super::{ConformanceKind, Tally, conformance_kinds};
use bakeoff_core::scenario::{Scenario, parse};
use bakeoff_load::Target;
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const HEALTHY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How long no further bytes of a request have come when the server responds.
const QUIET: Duration = Duration::from_millis(5);

type Seen = Arc<Mutex<Vec<Vec<u8>>>>;

/// A server that gives everybody the same response, and 200 for its health.
struct Planted {
    target: Target,
    seen: Seen,
}

impl Planted {
    fn start(response: &'static str) -> Planted {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut target = Target::plain(listener.local_addr().unwrap());
        target.headers = vec![("authorization".to_owned(), "Bearer any.token.here".to_owned())];
        let seen = Seen::default();
        let all = Arc::clone(&seen);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let seen = Arc::clone(&all);
                thread::spawn(move || serve(socket, response, &seen));
            }
        });
        Planted { target, seen }
    }

    /// What this kind finds, and its requests.
    fn ask(&self, kind: &ConformanceKind, seed: u64) -> (Asked, Vec<Vec<u8>>) {
        let scenarios = scenarios();
        let service = Service::new(scenarios.iter());
        let draw = Draw::new(seed, kind.id);
        let mut client = Client::new(&service, &self.target, draw, Duration::from_secs(2));
        let asked = (kind.ask)(&mut client);
        (asked, std::mem::take(&mut *self.seen.lock().unwrap()))
    }

    /// The ids of the kinds that this outcome fits.
    fn ids(&self, fits: fn(&Asked) -> bool) -> BTreeSet<&'static str> {
        let fitting = conformance_kinds().filter(|kind| fits(&self.ask(kind, 7).0));
        fitting.map(|kind| kind.id).collect()
    }
}

fn serve(mut socket: TcpStream, response: &str, seen: &Mutex<Vec<Vec<u8>>>) {
    socket.set_read_timeout(Some(QUIET)).unwrap();
    while let Some(request) = next_request(&mut socket) {
        let is_health = request.starts_with(b"GET /health ");
        let text = if is_health { HEALTHY } else { response };
        if !is_health {
            seen.lock().unwrap().push(request);
        }
        if socket.write_all(text.as_bytes()).is_err() || text.contains("connection: close") {
            return;
        }
    }
}

/// The bytes up to a pause; none when the client has closed.
fn next_request(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 64 * 1024];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return None,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if !bytes.is_empty() {
                    return Some(bytes);
                }
            }
            Err(_) => return None,
        }
    }
}

fn scenarios() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| parse(&fs::read_to_string(&path).unwrap(), &path.to_string_lossy()).unwrap())
        .collect()
}

#[test]
fn every_kind_names_its_standard_and_no_two_are_the_same() {
    let kinds: Vec<_> = conformance_kinds().collect();
    assert!(kinds.len() >= 40, "{}", kinds.len());
    let distinct = |name: fn(&ConformanceKind) -> &'static str| {
        let names: BTreeSet<_> = kinds.iter().map(|kind| name(kind)).collect();
        names.len()
    };
    assert_eq!(distinct(|kind| kind.id), kinds.len());
    assert_eq!(distinct(|kind| kind.title), kinds.len());
    let known: Vec<String> = scenarios().into_iter().map(|scenario| scenario.id).collect();
    for kind in kinds {
        let sections = kind.standard.split("; ");
        for section in sections {
            let named = section.starts_with("RFC ") || section.starts_with("HTML, ");
            assert!(named && section.contains(", "), "{}: {section}", kind.id);
        }
        assert!(!kind.accepted.is_empty(), "{}", kind.id);
        let unknown = kind
            .scenarios
            .iter()
            .find(|id| !known.iter().any(|other| other == *id));
        assert_eq!(unknown, None, "{}", kind.id);
    }
}

#[test]
fn the_seed_draws_the_requests_of_every_kind() {
    let server = Planted::start("HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n");
    for kind in conformance_kinds() {
        // Enough to differ, and little enough to come in one piece.
        let first = |seed| {
            let mut bytes = server.ask(kind, seed).1.swap_remove(0);
            bytes.truncate(600);
            bytes
        };
        let drawn: BTreeSet<Vec<u8>> = (1..=4).map(first).collect();
        assert!(drawn.len() > 1, "`{}` always sends the same", kind.id);
        assert_eq!(first(9), first(9), "`{}` is not determined by its seed", kind.id);
    }
}

#[test]
fn a_server_that_breaks_at_everything_is_wrong_by_every_kind() {
    let server = Planted::start("HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n");
    let not_wrong = server.ids(|asked| !matches!(asked, Err(Unmet::Wrong(_))));
    assert_eq!(not_wrong, BTreeSet::new());
    let silent = Planted::start("");
    let kind = conformance_kinds().next().unwrap();
    assert!(matches!(silent.ask(kind, 7).0, Err(Unmet::Late(_))));
    let garbage = Planted::start("SSH-2.0-server\r\n\r\n");
    assert!(
        matches!(garbage.ask(kind, 7).0, Err(Unmet::Wrong(came)) if came.starts_with("the head is not HTTP/1.1"))
    );
}

#[test]
fn a_server_that_agrees_to_everything_is_right_where_the_standard_leaves_it_free() {
    let server = Planted::start("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    let right = ["accept", "bare-lf", "expect-unknown", "last-event-id"];
    assert_eq!(server.ids(Result::is_ok), BTreeSet::from(right));
    let not_offered = server.ids(|asked| asked == &Err(Unmet::NotOffered));
    assert_eq!(not_offered, BTreeSet::from(["no-content"]));
}

#[test]
fn a_server_that_refuses_everything_is_right_where_the_request_is_wrong() {
    let refusal = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let right = [
        "bare-cr",
        "bare-lf",
        "byte-order-mark",
        "deep-nesting",
        "dot-segments",
        "duplicate-name",
        "duplicate-parameter",
        "expect-continue",
        "folded-line",
        "huge-number",
        "invalid-chunk",
        "invalid-host",
        "invalid-length",
        "invalid-utf8",
        "large-headers",
        "last-event-id",
        "length-and-coding",
        "lone-surrogate",
        "long-target",
        "method-case",
        "no-host",
        "not-a-number",
        "nul-in-field",
        "nul-in-query",
        "nul-in-string",
        "prototype",
        "space-before-colon",
        "trailing-text",
        "two-hosts",
        "two-lengths",
        "unknown-coding",
        "unread-body",
        "utf8-in-path",
        "utf8-in-query",
    ];
    assert_eq!(Planted::start(refusal).ids(Result::is_ok), BTreeSet::from(right));
    // Without closing, what must close is wrong, and so is a further request that gets the same response.
    let open = Planted::start("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    let mut right = BTreeSet::from(right);
    for id in [
        "invalid-length",
        "length-and-coding",
        "two-lengths",
        "unread-body",
    ] {
        right.remove(id);
    }
    assert_eq!(open.ids(Result::is_ok), right);
}

#[test]
fn the_note_lists_all_that_is_wrong() {
    let server = Planted::start("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let scenarios = scenarios();
    let without_socket = scenarios.iter().filter(|scenario| scenario.id != "socket");
    let service = Service::new(without_socket);
    let mut tally = Tally::default();
    for kind in
        conformance_kinds().filter(|kind| ["no-host", "close", "websocket-version"].contains(&kind.id))
    {
        tally.ask(kind, &service, &server.target, 7);
    }
    let observation = tally.observation();
    assert_eq!(observation.value, 0.5);
    assert_eq!(
        observation.note.unwrap(),
        "1 of 2 wrong. `Connection: close` in a list: 400"
    );
    let met = Tally {
        asked: 3,
        ..Tally::default()
    };
    assert_eq!(met.note(), "all 3 requirements are met");
}
