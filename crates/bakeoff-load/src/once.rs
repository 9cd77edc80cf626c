//! One request over a fresh connection, and its whole answer: for contracts and for the time to a first answer. Blocking
//! and collecting, unlike the load itself, and reading the same wire.

use crate::exchange::Exchange;
use crate::failure::FailureKind;
use crate::target::Target;
use std::time::Duration;

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers in their order, names as they came, values as text.
    pub headers: Vec<(String, String)>,
    /// The body, decoded.
    pub body: Vec<u8>,
    /// From just before connecting to the last byte.
    pub elapsed: Duration,
}

impl Answer {
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
    let mut exchange = Exchange::open(target, timeout)?;
    let close = ("connection".to_owned(), "close".to_owned());
    let has_connection = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("connection"));
    let headers: Vec<_> = headers
        .iter()
        .cloned()
        .chain((!has_connection).then_some(close))
        .collect();
    exchange.ask(&request_bytes(target, method, path, &headers, body), method)
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
