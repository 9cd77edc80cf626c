//! The opening handshake of a WebSocket [RFC 6455, 4.1] over any stream, step by step as the stream lets it.

use crate::check::body::excerpt;
use crate::failure::{FailureCause, FailureKind};
use crate::net::target::Target;
use crate::net::tls_problem::cause_of;
use crate::websocket::socket::{WebSocket, would_block_or_timed_out};
use crate::wire::handshake::{accepts, upgrade_headers};
use crate::wire::head::Head;
use crate::wire::malformed::Malformed;
use crate::wire::reader::{ResponseHandler, ResponseReader};
use crate::wire::request::request_bytes;
use std::io::{Read, Write};

/// A handshake that is under way.
#[derive(Debug)]
pub(crate) struct OpeningHandshake {
    unsent: Vec<u8>,
    reader: ResponseReader,
    response: HandshakeResponse,
}

impl OpeningHandshake {
    /// Prepares the request for a WebSocket at `path`.
    pub(crate) fn new(target: &Target, path: &str, headers: &[(String, String)], key: String) -> Self {
        let upgrade = upgrade_headers(&key);
        let upgrade = upgrade.into_iter().map(|(name, value)| (name.to_owned(), value));
        let headers: Vec<_> = headers.iter().cloned().chain(upgrade).collect();
        let mut reader = ResponseReader::default();
        reader.begin_upgrade();
        Self {
            unsent: request_bytes(target, "GET", path, &headers, None),
            reader,
            response: HandshakeResponse {
                key,
                ..HandshakeResponse::default()
            },
        }
    }

    /// Goes on as far as the stream allows; `None` when it waits for the stream.
    pub(crate) fn advance(
        &mut self,
        stream: &mut (impl Read + Write),
        buffer: &mut [u8],
    ) -> Result<Option<WebSocket>, FailureCause> {
        while !self.unsent.is_empty() {
            match stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(error) if would_block_or_timed_out(&error) => return Ok(None),
                Err(error) => return Err((FailureKind::Reset, format!("while sending: {error}"))),
            }
        }
        loop {
            match stream.read(buffer) {
                Ok(0) => return Err(self.end()),
                Ok(length) => {
                    if let Some(socket) = self.take(&buffer[..length])? {
                        return Ok(Some(socket));
                    }
                }
                Err(error) if would_block_or_timed_out(&error) => return Ok(None),
                Err(error) => return Err(cause_of(&error, FailureKind::Reset)),
            }
        }
    }

    /// Whether some of the request waits for room in the socket.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Option<WebSocket>, FailureCause> {
        let taken = self.reader.read(bytes, &mut self.response);
        let taken = taken.map_err(|malformed| malformed.cause())?;
        if !self.reader.is_done() {
            return Ok(None);
        }
        self.response.granted()?;
        Ok(Some(WebSocket::after(&bytes[taken..])))
    }

    fn end(&mut self) -> FailureCause {
        match self.reader.end() {
            Ok(()) => self.response.granted().err().unwrap_or((
                FailureKind::Reset,
                "the server ended the connection as the socket was opened".to_owned(),
            )),
            Err(Malformed::Truncated(place)) => (FailureKind::Reset, format!("the connection ended {place}")),
            Err(malformed) => malformed.cause(),
        }
    }
}

/// The response to a handshake, as far as it has come.
#[derive(Debug, Default)]
struct HandshakeResponse {
    key: String,
    status: u16,
    refused: Option<FailureCause>,
    body: Vec<u8>,
}

impl HandshakeResponse {
    /// The error is the reason why the server did not grant the WebSocket.
    fn granted(&mut self) -> Result<(), FailureCause> {
        match self.refused.take() {
            None => Ok(()),
            Some((kind, reason)) if self.body.is_empty() => Err((kind, reason)),
            Some((kind, reason)) => Err((kind, format!("{reason}: {}", excerpt(&self.body)))),
        }
    }
}

impl ResponseHandler for HandshakeResponse {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
        self.refused = match head.status {
            101 => accepts(&self.key, |name| head.header(name)).err(),
            status => Some((FailureKind::Status, format!("expected status 101, got {status}"))),
        };
    }

    fn body(&mut self, bytes: &[u8]) {
        const SHOWN: usize = 256;
        let room = SHOWN.saturating_sub(self.body.len());
        self.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}
