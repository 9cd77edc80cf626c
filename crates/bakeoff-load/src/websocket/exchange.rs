//! The WebSocket of one request of a load: it is opened, one message is sent, one comes back, and it is closed. The
//! caller checks the message.

use crate::failure::{FailureCause, FailureKind};
use crate::net::stream::Flushed;
use crate::websocket::socket::WebSocket;
use std::io::{Read, Write};
use tungstenite::Message;

/// One message and its reply on a WebSocket of their own.
#[derive(Debug)]
pub(crate) struct WebSocketExchange {
    key: String,
    message: String,
    socket: Option<WebSocket>,
    flushed: Flushed,
    message_len: u64,
}

impl WebSocketExchange {
    /// An exchange that the handshake with `key` opens, and its message.
    pub(crate) fn new(key: String, message: String) -> Self {
        Self {
            key,
            message,
            socket: None,
            flushed: Flushed::Wholly,
            message_len: 0,
        }
    }

    /// The key of the handshake.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether the server has granted the WebSocket.
    pub(crate) fn is_open(&self) -> bool {
        self.socket.is_some()
    }

    /// The length of the message that came back, bytes.
    pub(crate) fn message_len(&self) -> u64 {
        self.message_len
    }

    /// Whether some of the message waits for room in the socket.
    pub(crate) fn has_unsent(&self) -> bool {
        self.flushed == Flushed::Partly
    }

    /// Sends the message once the server has granted the WebSocket; `rest` is the bytes that came after that.
    pub(crate) fn open(&mut self, rest: &[u8], stream: &mut (impl Read + Write)) -> Result<(), FailureCause> {
        let socket = self.socket.insert(WebSocket::after(rest));
        self.flushed = socket.send(stream, Message::text(std::mem::take(&mut self.message)))?;
        Ok(())
    }

    /// Goes on writing.
    pub(crate) fn send_rest(&mut self, stream: &mut (impl Read + Write)) {
        if let Some(socket) = &mut self.socket {
            // A server may send its reply and close before it has read everything; the reply still counts.
            self.flushed = socket.flush(stream).unwrap_or(Flushed::Wholly);
        }
    }

    /// The reply, `None` when it has not come.
    pub(crate) fn receive(
        &mut self,
        stream: &mut (impl Read + Write),
    ) -> Result<Option<String>, FailureCause> {
        /// Pings and pongs that may come before a reply.
        const MAX_CONTROL_FRAMES: usize = 1_000;
        let Some(socket) = &mut self.socket else {
            return Ok(None);
        };
        for _ in 0..MAX_CONTROL_FRAMES {
            match socket.next(stream)? {
                None => return Ok(None),
                Some(Message::Text(text)) => {
                    self.message_len = text.len() as u64;
                    return Ok(Some(text.as_str().to_owned()));
                }
                Some(Message::Binary(bytes)) => {
                    let reason = format!(
                        "expected a text message, got {} bytes of a binary one",
                        bytes.len()
                    );
                    return Err((FailureKind::Check, reason));
                }
                Some(Message::Close(frame)) => {
                    let code = frame.map_or("without a code".to_owned(), |frame| {
                        format!("with {}", u16::from(frame.code))
                    });
                    let reason = format!("the server closed the WebSocket {code} before it replied");
                    return Err((FailureKind::Reset, reason));
                }
                Some(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
        let reason = format!("{MAX_CONTROL_FRAMES} pings and pongs at once, and no reply");
        Err((FailureKind::Protocol, reason))
    }

    /// Sends a close frame, if the stream takes it at once.
    pub(crate) fn close(&mut self, stream: &mut (impl Read + Write)) {
        if let Some(socket) = &mut self.socket {
            socket.close(stream);
        }
    }
}
