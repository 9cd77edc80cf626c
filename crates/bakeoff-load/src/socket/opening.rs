//! The opening of a WebSocket: the request that asks for it, and whether the answer grants it [RFC 6455, 4.1]. Extensions and
//! subprotocols are not asked for.

use super::{Broken, Socket, is_not_ready};
use crate::check::excerpt;
use crate::dice::{Dice, Purpose};
use crate::failure::FailureKind;
use crate::once::request_bytes;
use crate::target::Target;
use crate::wire::{AnswerReader, Head, Listener, Malformed};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read, Write};
use tungstenite::handshake::derive_accept_key;

/// The key of opening `n`: sixteen seeded bytes.
pub(crate) fn key(seed: u64, n: u64) -> String {
    let mut dice = Dice::new(seed, Purpose::Key, n);
    let bytes = [dice.bits().to_ne_bytes(), dice.bits().to_ne_bytes()].concat();
    STANDARD.encode(bytes)
}

/// The headers that ask for a WebSocket.
pub(crate) fn upgrade_headers(key: &str) -> [(&'static str, String); 4] {
    [
        ("connection", "Upgrade".to_owned()),
        ("upgrade", "websocket".to_owned()),
        ("sec-websocket-version", "13".to_owned()),
        ("sec-websocket-key", key.to_owned()),
    ]
}

/// Whether a `101` grants the WebSocket that was asked for with `key`.
pub(crate) fn accepts<'h>(key: &str, header: impl Fn(&str) -> Option<&'h [u8]>) -> Result<(), Broken> {
    let names = |name: &str, token: &str| {
        let value = header(name).unwrap_or_default();
        value
            .split(|&b| b == b',')
            .any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    };
    let wrong = |reason: String| Err((FailureKind::Protocol, reason));
    for (name, token) in [("upgrade", "websocket"), ("connection", "upgrade")] {
        if !names(name, token) {
            return wrong(format!("status 101 without `{name}: {token}`"));
        }
    }
    let expected = derive_accept_key(key.as_bytes());
    match header("sec-websocket-accept") {
        Some(accept) if accept == expected.as_bytes() => Ok(()),
        Some(accept) => wrong(format!(
            "`sec-websocket-accept` is `{}`, and the key asks for `{expected}`",
            String::from_utf8_lossy(accept).escape_debug()
        )),
        None => wrong("status 101 without `sec-websocket-accept`".to_owned()),
    }
}

/// An opening that is under way.
#[derive(Debug)]
pub(crate) struct Opening {
    unsent: Vec<u8>,
    reader: AnswerReader,
    heard: Answering,
}

impl Opening {
    /// Begins to ask for the socket at `path`.
    pub(crate) fn new(target: &Target, path: &str, headers: &[(String, String)], key: String) -> Self {
        let upgrade = upgrade_headers(&key);
        let upgrade = upgrade.into_iter().map(|(name, value)| (name.to_owned(), value));
        let headers: Vec<_> = headers.iter().cloned().chain(upgrade).collect();
        let mut reader = AnswerReader::default();
        reader.begin_switching();
        Self {
            unsent: request_bytes(target, "GET", path, &headers, None),
            reader,
            heard: Answering {
                key,
                ..Answering::default()
            },
        }
    }

    /// Goes on as far as the stream lets it; `None` when it waits for the stream.
    pub(crate) fn advance(
        &mut self,
        stream: &mut (impl Read + Write),
        buffer: &mut [u8],
    ) -> Result<Option<Socket>, Broken> {
        while !self.unsent.is_empty() {
            match stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(error) if is_not_ready(&error) => return Ok(None),
                Err(error) => return Err((FailureKind::Reset, format!("while asking: {error}"))),
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
                Err(error) if is_not_ready(&error) => return Ok(None),
                Err(error) => return Err((FailureKind::Reset, error.to_string())),
            }
        }
    }

    /// Whether some of the request waits for room in the socket.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Option<Socket>, Broken> {
        let protocol = |malformed: Malformed| (FailureKind::Protocol, malformed.to_string());
        let taken = self.reader.read(bytes, &mut self.heard).map_err(protocol)?;
        if !self.reader.is_done() {
            return Ok(None);
        }
        self.heard.verdict()?;
        Ok(Some(Socket::after(&bytes[taken..])))
    }

    fn end(&mut self) -> Broken {
        match self.reader.end() {
            Ok(()) => self.heard.verdict().err().unwrap_or((
                FailureKind::Reset,
                "the server ended the connection as the socket was opened".to_owned(),
            )),
            Err(Malformed::Truncated(place)) => (FailureKind::Reset, format!("the connection ended {place}")),
            Err(malformed) => (FailureKind::Protocol, malformed.to_string()),
        }
    }
}

/// Hears the answer to an opening.
#[derive(Debug, Default)]
struct Answering {
    key: String,
    status: u16,
    refused: Option<Broken>,
    body: Vec<u8>,
}

impl Answering {
    fn verdict(&mut self) -> Result<(), Broken> {
        match self.refused.take() {
            None => Ok(()),
            Some((kind, reason)) if self.body.is_empty() => Err((kind, reason)),
            Some((kind, reason)) => Err((kind, format!("{reason}: {}", excerpt(&self.body)))),
        }
    }
}

impl Listener for Answering {
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

#[cfg(test)]
mod tests {
    use super::{accepts, key};
    use crate::failure::FailureKind;

    /// The key and its answer of RFC 6455, 1.3.
    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn check(headers: &[(&str, &str)], outcome: Result<(), &str>) {
        let find = |name: &str| {
            let mut found = headers.iter().filter(|(n, _)| *n == name);
            found.next().map(|(_, value)| value.as_bytes())
        };
        let outcome = outcome.map_err(|reason| (FailureKind::Protocol, reason.to_owned()));
        assert_eq!(accepts(KEY, find), outcome);
    }

    #[test]
    fn an_opening_is_granted_by_the_three_headers() {
        let upgrade = ("upgrade", "WebSocket");
        let connection = ("connection", "keep-alive, Upgrade");
        check(&[upgrade, connection, ("sec-websocket-accept", ACCEPT)], Ok(()));
        check(&[connection], Err("status 101 without `upgrade: websocket`"));
        check(&[upgrade], Err("status 101 without `connection: upgrade`"));
        check(
            &[upgrade, connection],
            Err("status 101 without `sec-websocket-accept`"),
        );
        check(
            &[upgrade, connection, ("sec-websocket-accept", "x")],
            Err("`sec-websocket-accept` is `x`, and the key asks for `s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`"),
        );
    }

    #[test]
    fn keys_are_sixteen_bytes_and_differ() {
        assert_eq!(key(1, 1).len(), 24);
        assert_eq!(key(1, 1), key(1, 1));
        assert_ne!(key(1, 1), key(1, 2));
    }
}
