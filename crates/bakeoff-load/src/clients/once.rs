//! One request over a new connection, and its whole response: for the contract and for the time to a first response. It
//! blocks and collects the body, unlike the load.

use crate::check::response::Response;
use crate::check::stream::StreamVerifier;
use crate::clients::blocking::{BlockingConnection, OutgoingRequest};
use crate::failure::FailureCause;
use crate::net::target::Target;
use crate::request::expect::BodyRule;
use crate::request::spec::Coding;
use crate::request::upload::Upload;
use crate::wire::request::request_bytes;
use std::time::Duration;

/// One request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleRequest<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The request target.
    pub path: &'a str,
    /// Header names and values. `Host`, `Content-Length` or `Transfer-Encoding`, and `Connection: close` are added,
    /// each unless it is among them.
    pub headers: &'a [(String, String)],
    /// The body.
    pub payload: Payload<'a>,
}

/// The body of a single request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// Nothing.
    Nothing,
    /// These bytes.
    Bytes(&'a [u8]),
    /// This many bytes of [the pattern](crate::pattern_byte), produced while they are sent.
    Pattern {
        /// The number of bytes.
        bytes: u64,
        /// How the receiver finds the end of the body.
        coding: Coding,
    },
}

/// Sends one request over a new connection and reads its response.
///
/// `Host`, `Content-Length` (where there is a body) and `Connection: close` are added, each unless `headers` has it.
///
/// # Errors
/// The request failed: the kind, and a sentence.
pub fn send_once(
    target: &Target,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
    timeout: Duration,
) -> Result<Response, FailureCause> {
    let payload = body.map_or(Payload::Nothing, Payload::Bytes);
    let single = SingleRequest {
        method,
        path,
        headers,
        payload,
    };
    send_single(target, &single, &[], timeout)
}

/// Sends one request over a new connection and reads its response. If `rules` has a rule for a stream
/// ([`BodyRule::Pattern`], [`BodyRule::Events`]), the body is checked as it comes and not collected; other rules are
/// ignored.
///
/// A stream, sent or received, times out when it has made no progress for `timeout`; everything else `timeout` after
/// the start.
///
/// # Errors
/// The request failed: the kind, and a sentence.
pub fn send_single(
    target: &Target,
    single: &SingleRequest<'_>,
    rules: &[BodyRule],
    timeout: Duration,
) -> Result<Response, FailureCause> {
    let mut connection = BlockingConnection::open(target, timeout)?;
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
    connection.exchange(OutgoingRequest {
        bytes: &request_bytes(target, single.method, single.path, &headers, body),
        method: single.method,
        upload,
        verifier: StreamVerifier::for_rules(rules),
    })
}
