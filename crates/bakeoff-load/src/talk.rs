//! The WebSocket of one request: it is opened, one message is sent, one comes back, and it is closed. What the message that came
//! back is held to is not decided here.

use crate::failure::FailureKind;
use crate::socket::{Broken, Flushed, Socket};
use std::io::{Read, Write};
use tungstenite::Message;

/// A request's talk.
#[derive(Debug)]
pub(crate) struct Talk {
    key: String,
    message: String,
    socket: Option<Socket>,
    flushed: Flushed,
    answer_len: u64,
}

impl Talk {
    /// A talk that is to be opened with `key`, and its message.
    pub(crate) fn new(key: String, message: String) -> Self {
        Self {
            key,
            message,
            socket: None,
            flushed: Flushed::Wholly,
            answer_len: 0,
        }
    }

    /// The key with which the socket is asked for.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether the socket has been granted.
    pub(crate) fn is_open(&self) -> bool {
        self.socket.is_some()
    }

    /// The length of the message that came back, bytes.
    pub(crate) fn answer_len(&self) -> u64 {
        self.answer_len
    }

    /// Whether some of the message waits for room in the socket.
    pub(crate) fn has_unsent(&self) -> bool {
        self.flushed == Flushed::Partly
    }

    /// The socket has been granted; `rest` is what came after that. Sends the message.
    pub(crate) fn open(&mut self, rest: &[u8], stream: &mut (impl Read + Write)) -> Result<(), Broken> {
        let socket = self.socket.insert(Socket::after(rest));
        self.flushed = socket.send(stream, Message::text(std::mem::take(&mut self.message)))?;
        Ok(())
    }

    /// Writes on.
    pub(crate) fn send_rest(&mut self, stream: &mut (impl Read + Write)) {
        if let Some(socket) = &mut self.socket {
            // What the server has said before it stopped listening is still to be read, and counts.
            self.flushed = socket.flush(stream).unwrap_or(Flushed::Wholly);
        }
    }

    /// The answer, `None` when it has not come.
    pub(crate) fn hear(&mut self, stream: &mut (impl Read + Write)) -> Result<Option<String>, Broken> {
        /// Pings and pongs that may come before an answer.
        const ASIDES: usize = 1_000;
        let Some(socket) = &mut self.socket else {
            return Ok(None);
        };
        for _ in 0..ASIDES {
            match socket.next(stream)? {
                None => return Ok(None),
                Some(Message::Text(text)) => {
                    self.answer_len = text.len() as u64;
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
                    let reason = format!("the server closed the socket {code} before it answered");
                    return Err((FailureKind::Reset, reason));
                }
                Some(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
        let reason = format!("{ASIDES} pings and pongs at once, and no answer");
        Err((FailureKind::Protocol, reason))
    }

    /// Says that it goes away, if the stream takes it at once.
    pub(crate) fn close(&mut self, stream: &mut (impl Read + Write)) {
        if let Some(socket) = &mut self.socket {
            socket.close(stream);
        }
    }
}
