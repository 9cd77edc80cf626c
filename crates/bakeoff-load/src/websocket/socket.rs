//! An open WebSocket over any stream, whether that blocks or not. What is sent, and what a message must be, is
//! decided by its callers.

use crate::failure::{FailureCause, FailureKind};
use crate::net::stream::Flushed;
use crate::net::tls_problem::cause_of;
use std::io::{self, ErrorKind, Read, Write};
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message};

/// The longest message that is read, bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;
/// The most bytes that one read takes without a whole message, so that a server that never pauses does not starve the
/// other connections of a thread.
const MAX_READ: usize = 2 * MAX_MESSAGE;

/// An open WebSocket.
#[derive(Debug)]
pub(crate) struct WebSocket {
    context: WebSocketContext,
    last: LastBytes,
}

impl WebSocket {
    /// A WebSocket whose handshake has just ended; `rest` is the bytes that came after it.
    pub(crate) fn after(rest: &[u8]) -> Self {
        const BUFFER: usize = 2 * 1024;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        let mut last = LastBytes::default();
        last.note(rest);
        Self {
            context: WebSocketContext::from_partially_read(rest.to_vec(), Role::Client, Some(config)),
            last,
        }
    }

    /// Sends a message; bytes that the stream does not take now go with the next read or the next message.
    pub(crate) fn send(
        &mut self,
        stream: &mut (impl Read + Write),
        message: Message,
    ) -> Result<Flushed, FailureCause> {
        match self.context.write(stream, message) {
            Ok(()) => self.flush(stream),
            Err(Error::Io(error)) if would_block_or_timed_out(&error) => Ok(Flushed::Partly),
            Err(error) => Err(broken(error)),
        }
    }

    /// The next message, `None` when none has come. tungstenite answers pings meanwhile.
    pub(crate) fn next(&mut self, stream: &mut (impl Read + Write)) -> Result<Option<Message>, FailureCause> {
        let mut limited = LimitedStream {
            stream,
            left: MAX_READ,
            last: &mut self.last,
        };
        match self.context.read(&mut limited) {
            Ok(Message::Close(Some(frame))) => Ok(Some(Message::Close(Some(self.last.as_sent(frame))))),
            Ok(message) => Ok(Some(message)),
            Err(Error::Io(error)) if would_block_or_timed_out(&error) => Ok(None),
            Err(error) => Err(broken(error)),
        }
    }

    /// Writes the bytes that the stream did not take before.
    pub(crate) fn flush(&mut self, stream: &mut (impl Read + Write)) -> Result<Flushed, FailureCause> {
        match self.context.flush(stream) {
            Ok(()) => Ok(Flushed::Wholly),
            Err(Error::Io(error)) if would_block_or_timed_out(&error) => Ok(Flushed::Partly),
            Err(error) => Err(broken(error)),
        }
    }

    /// Sends a close frame, if the stream takes it at once.
    pub(crate) fn close(&mut self, stream: &mut (impl Read + Write)) {
        drop(self.context.close(stream, None));
    }
}

/// The last bytes that were read: enough for the longest close frame (RFC 6455, 5.5).
#[derive(Debug, Default)]
struct LastBytes(Vec<u8>);

impl LastBytes {
    const MOST: usize = 2 + 125;

    fn note(&mut self, bytes: &[u8]) {
        let new = &bytes[bytes.len().saturating_sub(Self::MOST)..];
        let surplus = (self.0.len() + new.len()).saturating_sub(Self::MOST);
        self.0.drain(..surplus);
        self.0.extend_from_slice(new);
    }

    /// The close frame with the code that the server sent. tungstenite puts 1002 in the place of a code that may not be
    /// on the wire, such as 1006, and that would blame the wrong side.
    fn as_sent(&self, frame: CloseFrame) -> CloseFrame {
        const FINAL_CLOSE: u8 = 0x88;
        if frame.code != CloseCode::Protocol {
            return frame;
        }
        // A close frame is the last one, so that it ends where the bytes end.
        let mut from = 0..self.0.len();
        let sent = from.find_map(|at| match &self.0[at..] {
            [FINAL_CLOSE, length, high, low, reason @ ..]
                if usize::from(*length) == reason.len() + 2 && *length <= 125 =>
            {
                Some((u16::from_be_bytes([*high, *low]), String::from_utf8_lossy(reason)))
            }
            _ => None,
        });
        sent.map_or(frame, |(code, reason)| CloseFrame {
            code: code.into(),
            reason: reason.as_ref().into(),
        })
    }
}

/// A stream from which at most `left` bytes are read.
struct LimitedStream<'s, S> {
    stream: &'s mut S,
    left: usize,
    last: &'s mut LastBytes,
}

impl<S: Read> Read for LimitedStream<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let reason = format!("more than {MAX_READ} bytes came without a whole message");
            return Err(io::Error::new(ErrorKind::InvalidData, reason));
        }
        let room = buffer.len().min(self.left);
        let length = self.stream.read(&mut buffer[..room])?;
        self.left -= length;
        self.last.note(&buffer[..length]);
        Ok(length)
    }
}

impl<S: Write> Write for LimitedStream<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_lost(self.stream.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_lost(self.stream.flush(), ())
    }
}

/// A failed write of a pong is no end: messages that the server sent before may still be unread, and the read after
/// them finds the end of the connection.
fn unless_lost<T>(done: io::Result<T>, otherwise: T) -> io::Result<T> {
    match done {
        Err(error) if !would_block_or_timed_out(&error) => Ok(otherwise),
        done => done,
    }
}

/// Also true when the read timeout of a blocking stream has passed.
pub(crate) fn would_block_or_timed_out(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

/// Distinguishes a breach of the protocol from a lost connection.
fn broken(error: Error) -> FailureCause {
    use tungstenite::error::ProtocolError::ResetWithoutClosingHandshake;
    match error {
        Error::Protocol(ResetWithoutClosingHandshake) => (
            FailureKind::Reset,
            "the server ended the connection without closing the socket".to_owned(),
        ),
        Error::ConnectionClosed | Error::AlreadyClosed => {
            (FailureKind::Reset, "the socket is closed".to_owned())
        }
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => cause_of(&error, FailureKind::Protocol),
        Error::Io(error) => cause_of(&error, FailureKind::Reset),
        error => (FailureKind::Protocol, format!("websocket: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::LastBytes;
    use tungstenite::protocol::CloseFrame;
    use tungstenite::protocol::frame::coding::CloseCode;

    #[test]
    fn a_close_frame_keeps_the_code_that_was_sent() {
        let replaced = || CloseFrame {
            code: CloseCode::Protocol,
            reason: "Protocol violation".into(),
        };
        let cases: [(&[&[u8]], u16, &str); 4] = [
            (&[b"\x88\x02\x03\xee"], 1006, ""),
            (&[b"\x81\x02hi\x88\x05", b"\x03\xedbye"], 1005, "bye"),
            (&[&[7; 300], b"\x88\x02\x00\x01"], 1, ""),
            (&[b"\x81\x02hi"], 1002, "Protocol violation"),
        ];
        for (pieces, code, reason) in cases {
            let mut last = LastBytes::default();
            pieces.iter().for_each(|piece| last.note(piece));
            let frame = last.as_sent(replaced());
            assert_eq!((u16::from(frame.code), frame.reason.as_str()), (code, reason));
        }
    }
}
