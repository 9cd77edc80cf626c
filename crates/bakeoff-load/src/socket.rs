//! WebSocket (RFC 6455) over any stream, whether it blocks or not: one socket after its opening, for single requests, for
//! crowds and for the load. Framing is tungstenite's; who is sent what, and what an answer is held to, is not decided here.

mod client;
mod opening;

pub use client::{SocketClient, SocketMessage};
pub(crate) use opening::{Opening, accepts, key, upgrade_headers};

use crate::failure::FailureKind;
use std::io::{self, ErrorKind, Read, Write};
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message};

/// The longest message that is read, bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;
/// The most bytes that may come without a whole message, so that a server that never pauses does not keep the others waiting.
const MAX_LOOK: usize = 2 * MAX_MESSAGE;

/// A socket that is open.
#[derive(Debug)]
pub(crate) struct Socket {
    context: WebSocketContext,
}

/// Whether everything that was to be sent has been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushed {
    Wholly,
    Partly,
}

/// How a socket or its opening failed: the kind, and a sentence.
pub(crate) type Broken = (FailureKind, String);

impl Socket {
    /// A socket whose opening has just ended; `rest` is what came after it.
    pub(crate) fn after(rest: &[u8]) -> Self {
        const BUFFER: usize = 2 * 1024;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        Self {
            context: WebSocketContext::from_partially_read(rest.to_vec(), Role::Client, Some(config)),
        }
    }

    /// Sends a message; what the stream does not take now goes with the next look or the next message.
    pub(crate) fn send(
        &mut self,
        stream: &mut (impl Read + Write),
        message: Message,
    ) -> Result<Flushed, Broken> {
        match self.context.write(stream, message) {
            Ok(()) => self.flush(stream),
            Err(Error::Io(error)) if is_not_ready(&error) => Ok(Flushed::Partly),
            Err(error) => Err(broken(error)),
        }
    }

    /// The next message, `None` when none has come. Pings are answered by the way.
    pub(crate) fn next(&mut self, stream: &mut (impl Read + Write)) -> Result<Option<Message>, Broken> {
        let mut look = Look {
            stream,
            left: MAX_LOOK,
        };
        match self.context.read(&mut look) {
            Ok(message) => Ok(Some(message)),
            Err(Error::Io(error)) if is_not_ready(&error) => Ok(None),
            Err(error) => Err(broken(error)),
        }
    }

    /// Writes what was not taken before.
    pub(crate) fn flush(&mut self, stream: &mut (impl Read + Write)) -> Result<Flushed, Broken> {
        match self.context.flush(stream) {
            Ok(()) => Ok(Flushed::Wholly),
            Err(Error::Io(error)) if is_not_ready(&error) => Ok(Flushed::Partly),
            Err(error) => Err(broken(error)),
        }
    }

    /// Says that it goes away, if the stream takes it at once.
    pub(crate) fn close(&mut self, stream: &mut (impl Read + Write)) {
        drop(self.context.close(stream, None));
    }
}

/// A stream of which only so much is read.
struct Look<'s, S> {
    stream: &'s mut S,
    left: usize,
}

impl<S: Read> Read for Look<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let reason = format!("more than {MAX_LOOK} bytes came without a whole message");
            return Err(io::Error::new(ErrorKind::InvalidData, reason));
        }
        let room = buffer.len().min(self.left);
        let length = self.stream.read(&mut buffer[..room])?;
        self.left -= length;
        Ok(length)
    }
}

impl<S: Write> Write for Look<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_lost(self.stream.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_lost(self.stream.flush(), ())
    }
}

/// Whoever listens answers pings by the way. If the server no longer takes that, what it has said before is still to be read, and the
/// end of the connection is seen there.
fn unless_lost<T>(done: io::Result<T>, otherwise: T) -> io::Result<T> {
    match done {
        Err(error) if !is_not_ready(&error) => Ok(otherwise),
        done => done,
    }
}

fn is_not_ready(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

/// A breach of the protocol is told from a loss of the connection.
fn broken(error: Error) -> Broken {
    use tungstenite::error::ProtocolError::ResetWithoutClosingHandshake;
    match error {
        Error::Protocol(ResetWithoutClosingHandshake) => (
            FailureKind::Reset,
            "the server ended the connection without closing the socket".to_owned(),
        ),
        Error::ConnectionClosed | Error::AlreadyClosed => {
            (FailureKind::Reset, "the socket is closed".to_owned())
        }
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
            (FailureKind::Protocol, error.to_string())
        }
        Error::Io(error) => (FailureKind::Reset, error.to_string()),
        error => (FailureKind::Protocol, format!("websocket: {error}")),
    }
}
