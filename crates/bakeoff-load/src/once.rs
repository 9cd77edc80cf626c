//! One request over a fresh connection, and its whole answer: for contracts and for the time to a first answer. Blocking
//! and collecting, unlike the load itself, and reading the same wire.

use crate::body::{Coding, Upload};
use crate::exchange::{Exchange, Question};
use crate::expect::BodyRule;
use crate::failure::FailureKind;
use crate::streamed::{Following, Streamed};
use crate::target::Target;
use std::time::Duration;

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers in their order, names as they came, values as text.
    pub headers: Vec<(String, String)>,
    /// The body, decoded; of a stream only the beginning.
    pub body: Vec<u8>,
    /// From just before connecting to the last byte.
    pub elapsed: Duration,
    /// What a body that was checked as it came was.
    pub streamed: Option<Streamed>,
}

/// One request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Single<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The request target.
    pub path: &'a str,
    /// Header names and values. `Host`, what tells the body's length and `Connection: close` are added, each unless it is there.
    pub headers: &'a [(String, String)],
    /// The body.
    pub payload: Payload<'a>,
}

/// What a single request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// Nothing.
    Nothing,
    /// These bytes.
    Bytes(&'a [u8]),
    /// [The pattern](crate::pattern_byte), so many bytes of it, made as they are sent.
    Pattern {
        /// How many.
        bytes: u64,
        /// How its end is told.
        coding: Coding,
    },
}

impl Answer {
    /// The length of the body, bytes.
    pub fn length(&self) -> u64 {
        self.streamed
            .as_ref()
            .map_or(self.body.len() as u64, |streamed| streamed.bytes)
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Sends one request over a fresh connection and reads its answer.
///
/// `Host`, `Content-Length` (where there is a body) and `Connection: close` are added, each unless `headers` has it.
///
/// # Errors
/// How the request failed, and a sentence.
pub fn send_once(
    target: &Target,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
    timeout: Duration,
) -> Result<Answer, (FailureKind, String)> {
    let payload = body.map_or(Payload::Nothing, Payload::Bytes);
    let single = Single {
        method,
        path,
        headers,
        payload,
    };
    ask_once(target, &single, &[], timeout)
}

/// Sends one request over a fresh connection and reads its answer. A body for which `rules` has one of a stream
/// ([`BodyRule::Pattern`], [`BodyRule::Events`]) is checked as it comes and not collected; other rules are not looked at.
///
/// A stream, sent or received, is given up when it has made no progress for `timeout`; everything else `timeout` after the start.
///
/// # Errors
/// How the request failed, and a sentence.
pub fn ask_once(
    target: &Target,
    single: &Single<'_>,
    rules: &[BodyRule],
    timeout: Duration,
) -> Result<Answer, (FailureKind, String)> {
    let mut exchange = Exchange::open(target, timeout)?;
    let has = |wanted: &str| {
        single
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    let mut headers = single.headers.to_vec();
    let mut add = |name: &str, value: String| {
        if !has(name) {
            headers.push((name.to_owned(), value));
        }
    };
    add("connection", "close".to_owned());
    let (body, upload) = match single.payload {
        Payload::Nothing => (None, None),
        Payload::Bytes(bytes) => (Some(bytes), None),
        Payload::Pattern { bytes, coding } => {
            match coding {
                Coding::Length => add("content-length", bytes.to_string()),
                Coding::Chunked => add("transfer-encoding", "chunked".to_owned()),
            }
            (None, Some(Upload::new(bytes, coding)))
        }
    };
    exchange.put(Question {
        bytes: &request_bytes(target, single.method, single.path, &headers, body),
        method: single.method,
        upload,
        following: Following::of(rules),
    })
}

/// The bytes of a request: its head with what is missing in it, and its body.
pub(crate) fn request_bytes(
    target: &Target,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
) -> Vec<u8> {
    let has = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    let mut head = format!("{method} {path} HTTP/1.1\r\n");
    if !has("host") {
        head.push_str(&format!("host: {}\r\n", target.host));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body.filter(|_| !has("content-length") && !has("transfer-encoding")) {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body.unwrap_or_default());
    bytes
}
