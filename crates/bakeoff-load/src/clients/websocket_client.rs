//! One WebSocket that blocks: for the contract, which sends and awaits one message after the other. Loads and fleets
//! never block.

use crate::clients::blocking::{BlockingConnection, ClientStream};
use crate::failure::{FailureCause, FailureKind};
use crate::net::target::Target;
use crate::websocket::opening::OpeningHandshake;
use crate::websocket::socket::WebSocket;
use crate::wire::handshake::key;
use std::time::{Duration, Instant};
use tungstenite::Message;

/// A message of a WebSocket, or its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebSocketMessage {
    /// A text message, whole.
    Text(String),
    /// A binary message, whole.
    Binary(Vec<u8>),
    /// The reply to a ping.
    Pong(Vec<u8>),
    /// The server closes the WebSocket.
    Closed {
        /// Its code, as of RFC 6455, 7.4; `None` when it gave none.
        code: Option<u16>,
        /// Its reason, often empty.
        reason: String,
    },
}

/// An open WebSocket; dropping it ends the connection without a close frame.
#[derive(Debug)]
pub struct WebSocketClient {
    stream: ClientStream,
    socket: WebSocket,
}

impl WebSocketClient {
    /// Connects and opens a WebSocket at `path`, with `headers` besides the ones of the handshake.
    ///
    /// # Errors
    /// The handshake failed: a status other than 101 is [`FailureKind::Status`], a `101` that does not grant the
    /// WebSocket is [`FailureKind::Protocol`].
    pub fn open(
        target: &Target,
        path: &str,
        headers: &[(String, String)],
        timeout: Duration,
    ) -> Result<Self, FailureCause> {
        let deadline = Instant::now() + timeout;
        let mut stream = BlockingConnection::open(target, timeout)?.into_stream();
        let mut opening = OpeningHandshake::new(target, path, headers, key(u64::from(std::process::id()), 0));
        let mut buffer = vec![0; 4096];
        loop {
            wait_until(&stream, deadline, "no handshake in time")?;
            if let Some(socket) = opening.advance(&mut stream, &mut buffer)? {
                return Ok(Self { stream, socket });
            }
        }
    }

    /// Sends a text message.
    ///
    /// # Errors
    /// The WebSocket is closed, or the connection is lost.
    pub fn send_text(&mut self, text: &str) -> Result<(), FailureCause> {
        self.send(Message::text(text))
    }

    /// Sends a binary message.
    ///
    /// # Errors
    /// As [`Self::send_text`].
    pub fn send_binary(&mut self, bytes: &[u8]) -> Result<(), FailureCause> {
        self.send(Message::binary(bytes.to_vec()))
    }

    /// Sends a ping.
    ///
    /// # Errors
    /// As [`Self::send_text`].
    pub fn ping(&mut self, bytes: &[u8]) -> Result<(), FailureCause> {
        self.send(Message::Ping(bytes.to_vec().into()))
    }

    /// A server may close the WebSocket before it has read the whole message. Its close frame has the reason, so a
    /// reset while sending is no error here: the next read gets the frame.
    fn send(&mut self, message: Message) -> Result<(), FailureCause> {
        const PATIENCE: Duration = Duration::from_secs(5);
        let set = self.stream.socket().set_write_timeout(Some(PATIENCE));
        set.map_err(|error| (FailureKind::Reset, error.to_string()))?;
        match self.socket.send(&mut self.stream, message) {
            Err((FailureKind::Reset, _)) | Ok(_) => Ok(()),
            Err(broken) => Err(broken),
        }
    }

    /// Waits for the next message. Pings of the server are answered and do not count as messages.
    ///
    /// # Errors
    /// No message in time ([`FailureKind::Timeout`]), frames that RFC 6455 forbids ([`FailureKind::Protocol`]), or a
    /// lost connection ([`FailureKind::Reset`]).
    pub fn receive(&mut self, timeout: Duration) -> Result<WebSocketMessage, FailureCause> {
        let deadline = Instant::now() + timeout;
        loop {
            wait_until(&self.stream, deadline, "no message in time")?;
            match self.socket.next(&mut self.stream)? {
                Some(Message::Text(text)) => return Ok(WebSocketMessage::Text(text.as_str().to_owned())),
                Some(Message::Binary(bytes)) => return Ok(WebSocketMessage::Binary(bytes.to_vec())),
                Some(Message::Pong(bytes)) => return Ok(WebSocketMessage::Pong(bytes.to_vec())),
                Some(Message::Close(frame)) => {
                    return Ok(WebSocketMessage::Closed {
                        code: frame.as_ref().map(|frame| frame.code.into()),
                        reason: frame.map(|frame| frame.reason.to_string()).unwrap_or_default(),
                    });
                }
                Some(Message::Ping(_) | Message::Frame(_)) | None => {}
            }
        }
    }

    /// Closes the WebSocket and waits for the server's close frame, whose code it returns; messages before it are
    /// dropped.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub fn close(mut self, timeout: Duration) -> Result<Option<u16>, FailureCause> {
        let deadline = Instant::now() + timeout;
        self.socket.close(&mut self.stream);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if let WebSocketMessage::Closed { code, .. } = self.receive(left)? {
                return Ok(code);
            }
        }
    }
}

/// Limits the next read or write to the time until the deadline.
fn wait_until(stream: &ClientStream, deadline: Instant, late: &str) -> Result<(), FailureCause> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err((FailureKind::Timeout, late.to_owned()));
    }
    let socket = stream.socket();
    let set = socket
        .set_read_timeout(Some(left))
        .and_then(|()| socket.set_write_timeout(Some(left)));
    set.map_err(|error| (FailureKind::Reset, error.to_string()))
}
