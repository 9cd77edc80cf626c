//! What is long about a request: a stream that is written or read piece by piece, and the WebSocket that it asks for. Short
//! requests, which nearly all are, are in [`super`].

use super::{Answered, Connection, Outcome, is_not_ready, unheard};
use crate::failure::FailureKind;
use crate::mix::{Flow, Kind};
use crate::streamed::progress;

/// How far the stream that is on a connection had come, and when.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    pub(super) steps: u64,
    pub(super) at_ns: u64,
}

impl Connection {
    /// Whether a message of a WebSocket waits for room in the socket.
    pub(crate) fn talk_has_unsent(&self) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.has_unsent())
    }

    /// Takes note of how far a stream has come by `now_ns`.
    pub(crate) fn note_progress(&mut self, kind: Option<&Kind>, now_ns: u64) {
        if kind.is_none_or(|kind| kind.flow() == Flow::Short) {
            return;
        }
        let steps = progress(
            self.upload.as_ref(),
            self.reader.body_len(),
            self.hearing.following(),
        );
        if steps > self.progress.steps {
            self.progress = Progress { steps, at_ns: now_ns };
        }
    }

    /// When the request that is on it is given up: so long after its intended instant, or after the last progress of a stream.
    pub(crate) fn expires_ns(&self, timeout_ns: u64) -> Option<u64> {
        let since = self.ticket?.intended_ns.max(self.progress.at_ns);
        Some(since + timeout_ns)
    }

    /// Whether a stream that is on it has come some way.
    pub(crate) fn has_flowed(&self) -> bool {
        self.progress.steps > 0
    }

    /// Writes on at a stream, so much at once that the other connections do not wait long.
    pub(super) fn send_stream(&mut self) {
        const WINDOWS: usize = 4;
        let (Some(stream), Some(upload)) = (&mut self.stream, &mut self.upload) else {
            return;
        };
        for _ in 0..WINDOWS {
            if upload.is_done() {
                return;
            }
            match stream.write(upload.window()) {
                Ok(0) => return,
                Ok(written) => upload.advance(written),
                Err(error) if is_not_ready(&error) => return,
                Err(_) => {
                    self.upload = None;
                    return;
                }
            }
        }
    }

    /// A stream that is wrong is not read to its end, which may be far or never come.
    pub(super) fn judge_stream(&self) -> Outcome {
        match self.hearing.following().and_then(|following| following.wrong()) {
            None => Outcome::Pending,
            Some(wrong) => Outcome::Failed {
                kind: FailureKind::Check,
                reason: wrong.to_owned(),
                answered: Answered::No,
            },
        }
    }

    /// The server has switched protocols; `rest` is what came after that. If it has granted the WebSocket, the message goes.
    pub(super) fn open_talk(&mut self, kind: &Kind, rest: &[u8]) -> Outcome {
        let (Some(talk), Some(stream), true) = (&mut self.talk, &mut self.stream, self.hearing.is_right())
        else {
            return self.judge(kind);
        };
        match talk.open(rest, stream) {
            Ok(()) => self.hear(kind),
            Err(error) => unheard(error),
        }
    }

    /// Listens for the message that is the answer.
    pub(super) fn hear(&mut self, kind: &Kind) -> Outcome {
        let (Some(talk), Some(stream)) = (&mut self.talk, &mut self.stream) else {
            return Outcome::Pending;
        };
        match talk.hear(stream) {
            Ok(None) => Outcome::Pending,
            Ok(Some(text)) => {
                self.hearing.take_body(text.as_bytes());
                self.judge(kind)
            }
            Err(error) => unheard(error),
        }
    }
}
