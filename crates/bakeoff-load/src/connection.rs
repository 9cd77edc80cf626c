//! One connection of the load: what it is doing, the request that is on it, and how much of the answer has come. It
//! moves when its socket is ready and says what happened; who gets the next request is not decided here.

mod flow;
mod outcome;

pub(crate) use outcome::{Answered, Outcome};

use crate::body::Upload;
use crate::check::check_length;
use crate::failure::FailureKind;
use crate::hearing::Hearing;
use crate::mix::{Kind, Mix};
use crate::stream::{Dialer, Establishing, Stream};
use crate::talk::Talk;
use crate::watch::Ending;
use crate::wire::{AnswerReader, Familiar, Malformed};
use flow::Progress;
use outcome::{End, broken, is_not_ready, lost, protocol, unheard};
use std::io;

/// A request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) n: u64,
    pub(crate) kind: usize,
    pub(crate) intended_ns: u64,
    /// When its first byte was given to the socket; `None` before.
    pub(crate) sent_ns: Option<u64>,
    /// Whether it was sent again because the kept connection had just been closed.
    pub(crate) attempt: Attempt,
}

/// Whether a request is on its way for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    First,
    Second,
}

/// What a thread reads answers with, whichever connection they come on.
#[derive(Debug)]
pub(crate) struct Desk {
    buffer: Vec<u8>,
    /// By kind of request, the head that its last right answer had.
    familiar: Vec<Familiar>,
}

impl Desk {
    pub(crate) fn new(kinds: usize) -> Self {
        Self {
            buffer: vec![0; 64 * 1024],
            familiar: (0..kinds).map(|_| Familiar::default()).collect(),
        }
    }
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is none.
    Closed,
    /// It is being made.
    Connecting,
    /// It waits for a request.
    Idle,
    /// A request is on it.
    Busy,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) phase: Phase,
    pub(crate) ticket: Option<Ticket>,
    /// Since when it could take a request.
    pub(crate) free_since_ns: u64,
    stream: Option<Stream>,
    reader: AnswerReader,
    unsent: Vec<u8>,
    /// The stream that follows the head of the request.
    upload: Option<Upload>,
    /// The WebSocket that the request asks for.
    talk: Option<Box<Talk>>,
    answers: u64,
    hearing: Hearing,
    progress: Progress,
}

impl Connection {
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Closed,
            ticket: None,
            free_since_ns: 0,
            stream: None,
            reader: AnswerReader::default(),
            unsent: Vec::new(),
            upload: None,
            talk: None,
            answers: 0,
            hearing: Hearing::default(),
            progress: Progress::default(),
        }
    }

    /// Begins to connect; the socket is then to be watched until it can be written to.
    pub(crate) fn connect(&mut self, dialer: &Dialer) -> io::Result<()> {
        self.phase = Phase::Connecting;
        self.answers = 0;
        self.stream = Some(dialer.dial()?);
        Ok(())
    }

    /// Drops the socket, which also ends its watching, and whatever was on it.
    pub(crate) fn close(&mut self) {
        if let (Some(talk), Some(stream)) = (&mut self.talk, &mut self.stream) {
            talk.close(stream);
        }
        self.phase = Phase::Closed;
        self.stream = None;
        self.unsent.clear();
        self.upload = None;
        self.talk = None;
    }

    pub(crate) fn stream(&self) -> Option<&Stream> {
        self.stream.as_ref()
    }

    /// Whether bytes of the request are still to be written.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
            || self.upload.is_some_and(|upload| !upload.is_done())
            || self.talk.as_ref().is_some_and(|talk| talk.has_unsent())
            || self.stream.as_ref().is_some_and(Stream::holds_unsent)
    }

    /// Body bytes of the answer that is on it, or bytes of the message that came back.
    pub(crate) fn body_len(&self) -> u64 {
        self.talk
            .as_ref()
            .filter(|talk| talk.is_open())
            .map_or(self.reader.body_len(), |talk| talk.answer_len())
    }

    /// Goes on connecting after the socket has become ready.
    pub(crate) fn establish(&mut self) -> Result<Establishing, String> {
        let stream = self
            .stream
            .as_mut()
            .expect("a connection that is being made has a socket");
        let progress = stream.establish().map_err(|error| error.to_string())?;
        if progress == Establishing::Done {
            self.phase = Phase::Idle;
        }
        Ok(progress)
    }

    /// Writes a request; what the socket does not take is kept for later.
    pub(crate) fn send(&mut self, mix: &Mix, ticket: Ticket, bytes: &[u8]) -> Outcome {
        let kind = &mix.kinds()[ticket.kind];
        self.phase = Phase::Busy;
        self.ticket = Some(ticket);
        self.progress = Progress::default();
        self.upload = kind.upload();
        self.talk = mix.talk(ticket.kind, ticket.n).map(Box::new);
        match &self.talk {
            None => self.reader.begin(&kind.method),
            Some(_) => self.reader.begin_switching(),
        }
        self.hearing.begin(mix.look(ticket.kind, ticket.n), &kind.expect);
        let stream = self
            .stream
            .as_mut()
            .expect("a connection that takes requests has a socket");
        match stream.write(bytes) {
            Ok(written) => {
                self.unsent.extend_from_slice(&bytes[written..]);
                if self.upload.is_some() {
                    self.send_rest();
                }
                Outcome::Pending
            }
            Err(error) if is_not_ready(&error) => {
                self.unsent.extend_from_slice(bytes);
                Outcome::Pending
            }
            // Nothing went out, so that nothing was served.
            Err(error) => match ticket.attempt {
                Attempt::First if self.answers > 0 => Outcome::Unserved,
                _ => lost(format!("while sending: {error}")),
            },
        }
    }

    /// Writes on after the socket has become ready.
    pub(crate) fn send_rest(&mut self) {
        let Some(stream) = self.stream.as_mut() else {
            return;
        };
        if let Some(talk) = self.talk.as_mut().filter(|talk| talk.is_open()) {
            return talk.send_rest(stream);
        }
        match stream.write(&self.unsent) {
            Ok(written) => drop(self.unsent.drain(..written)),
            Err(error) if is_not_ready(&error) => {}
            // What the server has answered before it stopped listening is still to be read, and counts.
            Err(_) => {
                self.unsent.clear();
                self.upload = None;
            }
        }
        if self.unsent.is_empty() && self.upload.is_some() {
            self.send_stream();
        }
    }

    /// Reads all that has come, with the end of the connection if it is there; `kind` is the kind of the request that is
    /// on it.
    pub(crate) fn receive(&mut self, kind: Option<&Kind>, ending: Ending, desk: &mut Desk) -> Outcome {
        let Desk { buffer, familiar } = desk;
        loop {
            if let (Some(kind), Some(talk)) = (kind, &self.talk)
                && talk.is_open()
            {
                return self.hear(kind);
            }
            let stream = self
                .stream
                .as_mut()
                .expect("a connection that receives has a socket");
            let (length, end) = match stream.read(buffer) {
                Ok(0) => (0, Some(End::Closed)),
                Ok(length) => (length, None),
                Err(error) if is_not_ready(&error) => return Outcome::Pending,
                Err(error) => (0, Some(End::Broken(error))),
            };
            let more = ending == Ending::Yes || stream.may_hold_more(length, buffer.len());
            let outcome = match (kind, end) {
                (None, Some(_)) => Outcome::Ended,
                (None, None) => Outcome::Stray,
                (Some(kind), Some(end)) => self.take_end(kind, end),
                (Some(kind), None) => self.take(kind, &buffer[..length], familiar),
            };
            if outcome != Outcome::Pending || !more {
                return outcome;
            }
        }
    }

    /// Whether the connection may be used again.
    pub(crate) fn keeps_alive(&self) -> bool {
        self.reader.is_done()
            && self.reader.keeps_alive()
            && self.unsent.is_empty()
            && self.upload.is_none_or(|upload| upload.is_done())
    }

    /// Ends an exchange that was answered: the connection is idle again.
    pub(crate) fn release(&mut self, now_ns: u64) {
        self.phase = Phase::Idle;
        self.ticket = None;
        self.upload = None;
        self.talk = None;
        self.answers += 1;
        self.free_since_ns = now_ns;
    }

    /// Looks into the body of an answer that is complete, if it was to be kept.
    pub(crate) fn check_sampled(&self, mix: &Mix) -> Result<(), String> {
        let (Some(ticket), true) = (self.ticket, self.hearing.is_sampled()) else {
            return Ok(());
        };
        let bindings = mix.bindings(ticket.kind, ticket.n);
        self.hearing
            .check_body(&mix.kinds()[ticket.kind].expect, &bindings)
    }

    fn take(&mut self, kind: &Kind, bytes: &[u8], familiar: &mut [Familiar]) -> Outcome {
        let place = self.ticket.expect("an answer is to a request").kind;
        let key = self.talk.as_ref().map(|talk| talk.key());
        let mut listener = self.hearing.listen(&kind.expect, key, &mut familiar[place]);
        match self.reader.read(bytes, &mut listener) {
            Err(malformed) => protocol(&malformed),
            Ok(_) if !self.reader.is_done() => self.judge_stream(),
            Ok(taken) if self.talk.is_some() && self.reader.has_switched() => {
                self.open_talk(kind, &bytes[taken..])
            }
            Ok(taken) if taken < bytes.len() => protocol(&Malformed::Surplus(bytes.len() - taken)),
            Ok(_) => self.judge(kind),
        }
    }

    fn take_end(&mut self, kind: &Kind, end: End) -> Outcome {
        let began = self.reader.has_begun();
        if !began && self.was_closed_while_idle(kind) {
            return Outcome::Unserved;
        }
        match (self.reader.end(), end) {
            (Ok(()), End::Closed) => self.judge(kind),
            (Ok(()), End::Broken(error)) => lost(format!("the connection broke within the body: {error}")),
            (Err(malformed), _) if !matches!(malformed, Malformed::Truncated(_)) => protocol(&malformed),
            (Err(malformed), End::Closed) => lost(format!("{malformed}: the server closed it")),
            (Err(malformed), End::Broken(error)) => broken(&error, format!("{malformed}: {error}")),
        }
    }

    /// The race of a kept connection: the server closes it as idle in the instant in which a request goes out (RFC 9112
    /// §9.3.1). Only after so long an idle time, no server resets busy connections that way unnoticed.
    fn was_closed_while_idle(&self, kind: &Kind) -> bool {
        const IDLE_NS: u64 = 500_000_000;
        let Some(Ticket {
            sent_ns: Some(sent),
            attempt: Attempt::First,
            ..
        }) = self.ticket
        else {
            return false;
        };
        self.answers > 0 && kind.is_idempotent() && sent.saturating_sub(self.free_since_ns) >= IDLE_NS
    }

    fn judge(&mut self, kind: &Kind) -> Outcome {
        let failed = |kind, reason| Outcome::Failed {
            kind,
            reason,
            answered: Answered::Yes,
        };
        if let Some((failure, reason)) = self.hearing.take_wrong() {
            return failed(failure, reason);
        }
        match check_length(&kind.expect, self.body_len()) {
            Err(reason) => failed(FailureKind::Check, reason),
            Ok(()) => Outcome::Correct,
        }
    }
}
