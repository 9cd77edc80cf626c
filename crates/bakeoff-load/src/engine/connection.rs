//! One connection of the load: its phase, the request on it, and how much of the response has come. It moves on when
//! its socket is ready and returns the outcome; which connection gets the next request is decided in
//! [`crate::engine::pool`] and `worker`.
//!
//! `connection/long.rs` has the methods for streams and WebSockets; here is the path of short requests, which nearly
//! all are, and it allocates nothing.

mod long;

use crate::check::head::check_length;
use crate::engine::in_flight::{Attempt, InFlight};
use crate::engine::outcome::{ConnectionEnd, Outcome, ResponseComplete, broken, lost, protocol};
use crate::engine::response_sink::ResponseSink;
use crate::failure::{FailureCause, FailureKind};
use crate::net::poller::PeerClosed;
use crate::net::stream::{ConnectProgress, Dialer, NonblockingStream, would_block};
use crate::net::tls_problem::cause_of;
use crate::request::mix::{Mix, RequestKind};
use crate::request::upload::Upload;
use crate::websocket::exchange::WebSocketExchange;
use crate::wire::head_cache::ResponseHeadCache;
use crate::wire::malformed::Malformed;
use crate::wire::reader::ResponseReader;
use std::io;

/// What all connections of a thread read responses with: one buffer, because only one connection is read at a time, and
/// the head caches.
#[derive(Debug)]
pub(crate) struct ReadState {
    buffer: Vec<u8>,
    /// By kind of request, the head of its last right response.
    head_caches: Vec<ResponseHeadCache>,
}

impl ReadState {
    pub(crate) fn new(kinds: usize) -> Self {
        Self {
            buffer: vec![0; 64 * 1024],
            head_caches: (0..kinds).map(|_| ResponseHeadCache::default()).collect(),
        }
    }
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionPhase {
    /// There is none.
    Closed,
    /// It is being made.
    Connecting,
    /// It waits for a request.
    Idle,
    /// A request is on it.
    Busy,
}

/// How far the stream on a connection had come, and when.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    steps: u64,
    at_ns: u64,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) phase: ConnectionPhase,
    pub(crate) in_flight: Option<InFlight>,
    /// Since when it could take a request.
    pub(crate) free_since_ns: u64,
    stream: Option<NonblockingStream>,
    reader: ResponseReader,
    unsent: Vec<u8>,
    /// The stream that follows the head of the request.
    upload: Option<Upload>,
    /// The WebSocket that the request opens.
    websocket: Option<Box<WebSocketExchange>>,
    /// Complete responses so far.
    responses: u64,
    sink: ResponseSink,
    progress: Progress,
}

impl Connection {
    pub(crate) fn new() -> Self {
        Self {
            phase: ConnectionPhase::Closed,
            in_flight: None,
            free_since_ns: 0,
            stream: None,
            reader: ResponseReader::default(),
            unsent: Vec::new(),
            upload: None,
            websocket: None,
            responses: 0,
            sink: ResponseSink::default(),
            progress: Progress::default(),
        }
    }

    /// Starts to connect; the caller then watches the socket until it is writable.
    pub(crate) fn connect(&mut self, dialer: &Dialer) -> io::Result<()> {
        self.phase = ConnectionPhase::Connecting;
        self.responses = 0;
        self.stream = Some(dialer.dial()?);
        Ok(())
    }

    /// Drops the socket, which also ends its watching, and the request on it.
    pub(crate) fn close(&mut self) {
        if let (Some(websocket), Some(stream)) = (&mut self.websocket, &mut self.stream) {
            websocket.close(stream);
        }
        self.phase = ConnectionPhase::Closed;
        self.stream = None;
        self.unsent.clear();
        self.upload = None;
        self.websocket = None;
    }

    pub(crate) fn stream(&self) -> Option<&NonblockingStream> {
        self.stream.as_ref()
    }

    /// Whether bytes of the request are still to be written.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
            || self.upload.is_some_and(|upload| !upload.is_done())
            || self
                .websocket
                .as_ref()
                .is_some_and(|websocket| websocket.has_unsent())
            || self.stream.as_ref().is_some_and(NonblockingStream::holds_unsent)
    }

    /// Whether the response has another status than the one whose body is checked.
    pub(crate) fn has_other_status(&self) -> bool {
        self.sink.has_other_status()
    }

    /// The body bytes of the response so far, or the bytes of a WebSocket's reply.
    pub(crate) fn body_len(&self) -> u64 {
        self.websocket
            .as_ref()
            .filter(|websocket| websocket.is_open())
            .map_or(self.reader.body_len(), |websocket| websocket.message_len())
    }

    /// Goes on connecting after the socket has become ready.
    pub(crate) fn establish(&mut self) -> Result<ConnectProgress, FailureCause> {
        let stream = self
            .stream
            .as_mut()
            .expect("a connection that is being made has a socket");
        let progress = stream
            .establish()
            .map_err(|error| cause_of(&error, FailureKind::Connect))?;
        if progress == ConnectProgress::Established {
            self.phase = ConnectionPhase::Idle;
        }
        Ok(progress)
    }

    /// Writes a request; bytes that the socket does not take are kept for later.
    pub(crate) fn send(&mut self, mix: &Mix, in_flight: InFlight, bytes: &[u8]) -> Outcome {
        let kind = &mix.kinds()[in_flight.kind];
        self.phase = ConnectionPhase::Busy;
        self.in_flight = Some(in_flight);
        self.progress = Progress::default();
        self.upload = kind.upload();
        self.websocket = mix
            .message(in_flight.kind, in_flight.n)
            .map(|message| Box::new(WebSocketExchange::new(message.key, message.text)));
        match &self.websocket {
            None => self.reader.begin(&kind.method),
            Some(_) => self.reader.begin_upgrade(),
        }
        self.sink
            .begin(mix.body_check(in_flight.kind, in_flight.n), &kind.expect);
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
            Err(error) if would_block(&error) => {
                self.unsent.extend_from_slice(bytes);
                Outcome::Pending
            }
            // Nothing went out, so the server has served nothing. On a kept connection that is the server's idle
            // timeout and no failure; on a new one it is.
            Err(error) => match in_flight.attempt {
                Attempt::First if self.responses > 0 => Outcome::Unserved,
                _ => broken(&error, "while sending"),
            },
        }
    }

    /// Goes on writing after the socket has become writable.
    pub(crate) fn send_rest(&mut self) {
        let Some(stream) = self.stream.as_mut() else {
            return;
        };
        if let Some(websocket) = self.websocket.as_mut().filter(|websocket| websocket.is_open()) {
            return websocket.send_rest(stream);
        }
        match stream.write(&self.unsent) {
            Ok(written) => drop(self.unsent.drain(..written)),
            Err(error) if would_block(&error) => {}
            // The server may have responded before it stopped reading; that response is still unread, and counts.
            Err(_) => {
                self.unsent.clear();
                self.upload = None;
            }
        }
        if self.unsent.is_empty() && self.upload.is_some() {
            self.send_stream();
        }
    }

    /// Reads all that has come, with the end of the connection if it is there; `kind` is the kind of the request on
    /// it.
    ///
    /// The socket is watched edge-triggered, so it must be read until it is empty. A read that does not fill the
    /// buffer has emptied it: the common case costs one `recv`, not a second one that would block.
    pub(crate) fn receive(
        &mut self,
        kind: Option<&RequestKind>,
        peer_closed: PeerClosed,
        read_state: &mut ReadState,
    ) -> Outcome {
        let ReadState { buffer, head_caches } = read_state;
        loop {
            if let (Some(kind), Some(websocket)) = (kind, &self.websocket)
                && websocket.is_open()
            {
                return self.receive_message(kind);
            }
            let stream = self
                .stream
                .as_mut()
                .expect("a connection that receives has a socket");
            let (length, end) = match stream.read(buffer) {
                Ok(0) => (0, Some(ConnectionEnd::Closed)),
                Ok(length) => (length, None),
                Err(error) if would_block(&error) => return Outcome::Pending,
                Err(error) => (0, Some(ConnectionEnd::Broken(error))),
            };
            let more = peer_closed == PeerClosed::Yes || stream.may_hold_more(length, buffer.len());
            let outcome = match (kind, end) {
                (None, Some(_)) => Outcome::ClosedWhileIdle,
                (None, None) => Outcome::Unsolicited,
                (Some(kind), Some(end)) => self.take_end(kind, end),
                (Some(kind), None) => self.take(kind, &buffer[..length], head_caches),
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

    /// The request has ended with a complete response: the connection is idle again.
    pub(crate) fn release(&mut self, now_ns: u64) {
        self.phase = ConnectionPhase::Idle;
        self.in_flight = None;
        self.upload = None;
        self.websocket = None;
        self.responses += 1;
        self.free_since_ns = now_ns;
    }

    /// Checks the body of a complete response, if it was sampled.
    pub(crate) fn check_sampled(&self, mix: &Mix) -> Result<(), String> {
        let (Some(in_flight), true) = (self.in_flight, self.sink.is_sampled()) else {
            return Ok(());
        };
        let bindings = mix.bindings(in_flight.kind, in_flight.n);
        self.sink
            .check_body(&mix.kinds()[in_flight.kind].expect, &bindings)
    }

    fn take(&mut self, kind: &RequestKind, bytes: &[u8], head_caches: &mut [ResponseHeadCache]) -> Outcome {
        let place = self.in_flight.expect("a response is to a request").kind;
        let key = self.websocket.as_ref().map(|websocket| websocket.key());
        let mut handler = self.sink.checker(&kind.expect, key, &mut head_caches[place]);
        match self.reader.read(bytes, &mut handler) {
            Err(malformed) => protocol(&malformed),
            Ok(_) if !self.reader.is_done() => self.check_stream(),
            Ok(taken) if self.websocket.is_some() && self.reader.has_upgraded() => {
                self.open_websocket(kind, &bytes[taken..])
            }
            Ok(taken) if taken < bytes.len() => protocol(&Malformed::Surplus(bytes.len() - taken)),
            Ok(_) => self.finish_response(kind),
        }
    }

    fn take_end(&mut self, kind: &RequestKind, end: ConnectionEnd) -> Outcome {
        let began = self.reader.has_begun();
        if !began && self.was_closed_while_idle(kind) {
            return Outcome::Unserved;
        }
        match (self.reader.end(), end) {
            (Ok(()), ConnectionEnd::Closed) => self.finish_response(kind),
            (Ok(()), ConnectionEnd::Broken(error)) => broken(&error, "the connection broke within the body"),
            (Err(malformed), _) if !matches!(malformed, Malformed::Truncated(_)) => protocol(&malformed),
            (Err(malformed), ConnectionEnd::Closed) => lost(format!("{malformed}: the server closed it")),
            (Err(malformed), ConnectionEnd::Broken(error)) => broken(&error, &malformed.to_string()),
        }
    }

    /// The race of a kept connection: the server closes it as idle in the instant in which a request goes out (RFC 9112
    /// §9.3.1). The minimum idle time is the guard: a server that drops busy connections cannot hide behind this rule.
    fn was_closed_while_idle(&self, kind: &RequestKind) -> bool {
        const IDLE_NS: u64 = 500_000_000;
        let Some(InFlight {
            sent_ns: Some(sent),
            attempt: Attempt::First,
            ..
        }) = self.in_flight
        else {
            return false;
        };
        self.responses > 0 && kind.is_idempotent() && sent.saturating_sub(self.free_since_ns) >= IDLE_NS
    }

    /// The response is complete: whether its head and its length are right.
    fn finish_response(&mut self, kind: &RequestKind) -> Outcome {
        let failed = |kind, reason| Outcome::Failed {
            kind,
            reason,
            complete: ResponseComplete::Yes,
        };
        if let Some((failure, reason)) = self.sink.take_wrong() {
            return failed(failure, reason);
        }
        match check_length(&kind.expect, self.body_len()) {
            Err(reason) => failed(FailureKind::Check, reason),
            Ok(()) => Outcome::Correct,
        }
    }
}
