//! One WebSocket that blocks: for contracts, where one message after the other is sent and awaited. Loads and crowds never block.

use super::{Broken, Opening, Socket, key};
use crate::exchange::{Exchange, Way};
use crate::failure::FailureKind;
use crate::target::Target;
use std::time::{Duration, Instant};
use tungstenite::Message;

/// A message of a WebSocket, or its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketMessage {
    /// A text message, whole.
    Text(String),
    /// A binary message, whole.
    Binary(Vec<u8>),
    /// The answer to a ping.
    Pong(Vec<u8>),
    /// The server closes the socket.
    Closed {
        /// Its code, as of RFC 6455, 7.4; `None` when it gave none.
        code: Option<u16>,
        /// Its reason, often empty.
        reason: String,
    },
}

/// An open WebSocket; dropping it ends the connection without a word.
#[derive(Debug)]
pub struct SocketClient {
    way: Way,
    socket: Socket,
}

impl SocketClient {
    /// Connects and opens a WebSocket at `path`, with `headers` besides the ones of the opening.
    ///
    /// # Errors
    /// How the opening failed, and a sentence: a status other than 101 is [`FailureKind::Status`], a `101` that does not grant
    /// what was asked for is [`FailureKind::Protocol`].
    pub fn open(
        target: &Target,
        path: &str,
        headers: &[(String, String)],
        timeout: Duration,
    ) -> Result<Self, (FailureKind, String)> {
        let deadline = Instant::now() + timeout;
        let mut way = Exchange::open(target, timeout)?.into_way();
        let mut opening = Opening::new(target, path, headers, key(u64::from(std::process::id()), 0));
        let mut buffer = vec![0; 4096];
        loop {
            wait_until(&way, deadline, "no opening in time")?;
            if let Some(socket) = opening.advance(&mut way, &mut buffer)? {
                return Ok(Self { way, socket });
            }
        }
    }

    /// Sends a text message.
    ///
    /// # Errors
    /// The socket is closed, or the connection is lost.
    pub fn send_text(&mut self, text: &str) -> Result<(), (FailureKind, String)> {
        self.send(Message::text(text))
    }

    /// Sends a binary message.
    ///
    /// # Errors
    /// As [`Self::send_text`].
    pub fn send_binary(&mut self, bytes: &[u8]) -> Result<(), (FailureKind, String)> {
        self.send(Message::binary(bytes.to_vec()))
    }

    /// Sends a ping.
    ///
    /// # Errors
    /// As [`Self::send_text`].
    pub fn ping(&mut self, bytes: &[u8]) -> Result<(), (FailureKind, String)> {
        self.send(Message::Ping(bytes.to_vec().into()))
    }

    /// A server may close a socket before it has taken the whole of a message, and says why: that is read, and counts.
    fn send(&mut self, message: Message) -> Result<(), Broken> {
        const PATIENCE: Duration = Duration::from_secs(5);
        let set = self.way.socket().set_write_timeout(Some(PATIENCE));
        set.map_err(|error| (FailureKind::Reset, error.to_string()))?;
        match self.socket.send(&mut self.way, message) {
            Err((FailureKind::Reset, _)) | Ok(_) => Ok(()),
            Err(broken) => Err(broken),
        }
    }

    /// Waits for the next message. Pings of the server are answered by the way and are none.
    ///
    /// # Errors
    /// No message in time ([`FailureKind::Timeout`]), frames that RFC 6455 forbids ([`FailureKind::Protocol`]), or a connection
    /// that was lost ([`FailureKind::Reset`]).
    pub fn receive(&mut self, timeout: Duration) -> Result<SocketMessage, (FailureKind, String)> {
        let deadline = Instant::now() + timeout;
        loop {
            wait_until(&self.way, deadline, "no message in time")?;
            match self.socket.next(&mut self.way)? {
                Some(Message::Text(text)) => return Ok(SocketMessage::Text(text.as_str().to_owned())),
                Some(Message::Binary(bytes)) => return Ok(SocketMessage::Binary(bytes.to_vec())),
                Some(Message::Pong(bytes)) => return Ok(SocketMessage::Pong(bytes.to_vec())),
                Some(Message::Close(frame)) => {
                    return Ok(SocketMessage::Closed {
                        code: frame.as_ref().map(|frame| frame.code.into()),
                        reason: frame.map(|frame| frame.reason.to_string()).unwrap_or_default(),
                    });
                }
                Some(Message::Ping(_) | Message::Frame(_)) | None => {}
            }
        }
    }

    /// Closes the socket and waits for the server's word; what comes before it is passed over.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub fn close(mut self, timeout: Duration) -> Result<Option<u16>, (FailureKind, String)> {
        let deadline = Instant::now() + timeout;
        self.socket.close(&mut self.way);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if let SocketMessage::Closed { code, .. } = self.receive(left)? {
                return Ok(code);
            }
        }
    }
}

/// Lets the next read or write last until the deadline and no longer.
fn wait_until(way: &Way, deadline: Instant, late: &str) -> Result<(), Broken> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err((FailureKind::Timeout, late.to_owned()));
    }
    let socket = way.socket();
    let set = socket
        .set_read_timeout(Some(left))
        .and_then(|()| socket.set_write_timeout(Some(left)));
    set.map_err(|error| (FailureKind::Reset, error.to_string()))
}
