//! The methods of a connection for long requests: streams that are written and read piece by piece, and WebSockets.
//! Short requests are in [`super`].

use super::{Connection, Progress};
use crate::check::stream::stream_progress;
use crate::engine::outcome::{Outcome, ResponseComplete, websocket_failed};
use crate::failure::FailureKind;
use crate::net::stream::would_block;
use crate::request::mix::{RequestKind, TimeoutFrom};

impl Connection {
    /// Whether part of a WebSocket's message waits for room in the socket.
    pub(crate) fn websocket_has_unsent(&self) -> bool {
        self.websocket
            .as_ref()
            .is_some_and(|websocket| websocket.has_unsent())
    }

    /// Notes how far a stream has come by `now_ns`.
    pub(crate) fn note_progress(&mut self, kind: Option<&RequestKind>, now_ns: u64) {
        if kind.is_none_or(|kind| kind.timeout_from() == TimeoutFrom::IntendedInstant) {
            return;
        }
        let steps = stream_progress(self.upload.as_ref(), self.reader.body_len(), self.sink.verifier());
        if steps > self.progress.steps {
            self.progress = Progress { steps, at_ns: now_ns };
        }
    }

    /// When the request on it times out: `timeout_ns` after its intended instant, or after a stream's last progress.
    pub(crate) fn expires_ns(&self, timeout_ns: u64) -> Option<u64> {
        let since = self.in_flight?.intended_ns.max(self.progress.at_ns);
        Some(since + timeout_ns)
    }

    /// Whether a stream on it has made any progress.
    pub(crate) fn has_progressed(&self) -> bool {
        self.progress.steps > 0
    }

    /// Writes more of an upload, a few pieces at once, so that the other connections of the thread do not wait long.
    pub(super) fn send_stream(&mut self) {
        const PIECES: usize = 4;
        let (Some(stream), Some(upload)) = (&mut self.stream, &mut self.upload) else {
            return;
        };
        for _ in 0..PIECES {
            if upload.is_done() {
                return;
            }
            match stream.write(upload.next_piece()) {
                Ok(0) => return,
                Ok(written) => upload.advance(written),
                Err(error) if would_block(&error) => return,
                Err(_) => {
                    self.upload = None;
                    return;
                }
            }
        }
    }

    /// A stream that is wrong fails at once: its end may be far off or never come.
    pub(super) fn check_stream(&self) -> Outcome {
        match self.sink.verifier().and_then(|verifier| verifier.violation()) {
            None => Outcome::Pending,
            Some(wrong) => Outcome::Failed {
                kind: FailureKind::Check,
                reason: wrong.to_owned(),
                complete: ResponseComplete::No,
            },
        }
    }

    /// The server has switched protocols; `rest` is the bytes that came after that. If it has granted the WebSocket,
    /// sends the message.
    pub(super) fn open_websocket(&mut self, kind: &RequestKind, rest: &[u8]) -> Outcome {
        let (Some(websocket), Some(stream), true) =
            (&mut self.websocket, &mut self.stream, self.sink.is_right())
        else {
            return self.finish_response(kind);
        };
        match websocket.open(rest, stream) {
            Ok(()) => self.receive_message(kind),
            Err(error) => websocket_failed(error),
        }
    }

    /// Reads the reply if it has come; it counts as the body of the response.
    pub(super) fn receive_message(&mut self, kind: &RequestKind) -> Outcome {
        let (Some(websocket), Some(stream)) = (&mut self.websocket, &mut self.stream) else {
            return Outcome::Pending;
        };
        match websocket.receive(stream) {
            Ok(None) => Outcome::Pending,
            Ok(Some(text)) => {
                self.sink.take_body(text.as_bytes());
                self.finish_response(kind)
            }
            Err(error) => websocket_failed(error),
        }
    }
}
