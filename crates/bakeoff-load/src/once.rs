//! One request over a fresh connection, and its whole answer: for contracts and for the time to a first answer. Blocking
//! and collecting, unlike the load itself, and reading the same wire.

use crate::failure::FailureKind;
use crate::target::Target;
use crate::wire::{AnswerReader, Head, Listener, Malformed};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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

/// A kept connection on which one request after another is asked.
#[derive(Debug)]
pub(crate) struct Exchange {
    stream: TcpStream,
    reader: AnswerReader,
    started: Instant,
    timeout: Duration,
}

impl Exchange {
    pub(crate) fn open(target: &Target, timeout: Duration) -> Result<Self, (FailureKind, String)> {
        let started = Instant::now();
        let stream = TcpStream::connect_timeout(&target.address, timeout)
            .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
            .map_err(|e| (FailureKind::Connect, format!("{}: {e}", target.address)))?;
        Ok(Self {
            stream,
            reader: AnswerReader::default(),
            started,
            timeout,
        })
    }

    /// Asks and reads the whole answer; its time counts from the opening of the connection.
    pub(crate) fn ask(&mut self, request: &[u8], method: &str) -> Result<Answer, (FailureKind, String)> {
        self.reader.begin(method);
        // A server may refuse a request before it has read all of it, and then close: what it answered counts.
        let sent = self
            .stream
            .set_write_timeout(self.remaining().ok())
            .and_then(|()| self.stream.write_all(request));
        let mut collected = Collected::default();
        let mut buffer = vec![0; 64 * 1024];
        while !self.reader.is_done() {
            let set = self.stream.set_read_timeout(Some(self.remaining()?));
            match set.and_then(|()| self.stream.read(&mut buffer)) {
                Ok(0) => self.reader.end().map_err(|malformed| match (&sent, malformed) {
                    (Err(error), Malformed::Truncated(_)) => {
                        (FailureKind::Reset, format!("while sending: {error}"))
                    }
                    (_, malformed) => (FailureKind::Reset, malformed.to_string()),
                })?,
                Ok(length) => self.take(&buffer[..length], &mut collected)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_failure(&error)),
            }
        }
        Ok(Answer {
            status: collected.status,
            headers: collected.headers,
            body: collected.body,
            elapsed: self.started.elapsed(),
        })
    }

    /// Whether the server has neither closed the connection nor sent what nobody asked for.
    pub(crate) fn is_open(&self) -> bool {
        let mut byte = [0];
        let peeked = self
            .stream
            .set_nonblocking(true)
            .and_then(|()| self.stream.peek(&mut byte));
        matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn take(&mut self, bytes: &[u8], collected: &mut Collected) -> Result<(), (FailureKind, String)> {
        let protocol = |malformed: Malformed| (FailureKind::Protocol, malformed.to_string());
        let taken = self.reader.read(bytes, collected).map_err(protocol)?;
        if taken < bytes.len() {
            Err(protocol(Malformed::Surplus(bytes.len() - taken)))
        } else {
            Ok(())
        }
    }

    fn remaining(&self) -> Result<Duration, (FailureKind, String)> {
        match self.timeout.checked_sub(self.started.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(self.late()),
        }
    }

    fn late(&self) -> (FailureKind, String) {
        (
            FailureKind::Timeout,
            format!("no whole answer within {} ms", self.timeout.as_millis()),
        )
    }

    fn read_failure(&mut self, error: &std::io::Error) -> (FailureKind, String) {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.late(),
            _ => (FailureKind::Reset, error.to_string()),
        }
    }
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

#[derive(Default)]
struct Collected {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Listener for Collected {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        self.headers = head
            .headers
            .iter()
            .map(|h| (h.name.to_owned(), text(h.value)))
            .collect();
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }
}
