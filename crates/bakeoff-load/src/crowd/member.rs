//! One WebSocket of a crowd: on its way to being open, open, or gone.

use crate::failure::FailureKind;
use crate::socket::{Flushed, Opening, Socket, key};
use crate::stream::{Dialer, Establishing, Stream};
use crate::target::Target;
use rustix::event::epoll::{self, EventData, EventFlags};
use std::os::fd::OwnedFd;
use tungstenite::Message;

/// A member of a crowd.
#[derive(Debug)]
pub(super) struct Member {
    state: State,
    unsent: Unsent,
}

/// Whether some of a message waits for room in the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unsent {
    Nothing,
    Some,
}

#[derive(Debug)]
enum State {
    Connecting(Stream, Opening),
    Asking(Stream, Opening),
    Open(Stream, Socket),
    Gone,
}

/// What came of moving a member.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// Nothing that counts.
    Pending,
    /// It is open now.
    Opened,
    /// It has been lost, and why.
    Lost(String),
}

/// A server that never pauses does not keep the other members waiting.
const MOST_AT_ONCE: usize = 256;
const INCOMING: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);

impl Member {
    /// Begins to connect.
    pub(super) fn dial(dialer: &Dialer, target: &Target, path: &str, n: u64) -> Result<Self, String> {
        let stream = dialer
            .dial()
            .map_err(|error| format!("{}: {error}", dialer.address()))?;
        let opening = Opening::new(target, path, &[], key(u64::from(std::process::id()), n));
        Ok(Self {
            state: State::Connecting(stream, opening),
            unsent: Unsent::Nothing,
        })
    }

    /// Begins to watch its socket, which must not have been watched before.
    pub(super) fn watch(&self, epoll: &OwnedFd, index: usize) -> Result<(), String> {
        let Some(stream) = self.stream() else {
            return Ok(());
        };
        let added = epoll::add(epoll, stream, EventData::new_u64(index as u64), EventFlags::OUT);
        added.map_err(|error| error.to_string())
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(..))
    }

    /// Sends a text message; one that the connection does not take is seen as lost when it is next moved.
    pub(super) fn send(&mut self, epoll: &OwnedFd, index: usize, text: &str) {
        if let State::Open(stream, socket) = &mut self.state {
            drop(socket.send(stream, Message::text(text)));
            self.unsent = Unsent::Some;
            expect(epoll, stream, index, INCOMING.union(EventFlags::OUT));
        }
    }

    /// Goes on as far as its socket lets it; `heard` is given each text message.
    pub(super) fn advance(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        heard: impl FnMut(&str),
    ) -> Moved {
        let moved = match std::mem::replace(&mut self.state, State::Gone) {
            State::Connecting(stream, opening) => self.connect(epoll, index, buffer, stream, opening),
            State::Asking(stream, opening) => self.ask(epoll, index, buffer, stream, opening),
            State::Open(stream, socket) => self.listen(epoll, index, stream, socket, heard),
            State::Gone => Ok(Moved::Pending),
        };
        moved.unwrap_or_else(|(kind, reason)| Moved::Lost(format!("{kind}: {reason}")))
    }

    fn connect(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        mut stream: Stream,
        opening: Opening,
    ) -> Result<Moved, (FailureKind, String)> {
        let progress = stream.establish();
        match progress.map_err(|error| (FailureKind::Connect, error.to_string()))? {
            Establishing::Done => self.ask(epoll, index, buffer, stream, opening),
            Establishing::Waits(readiness) => {
                expect(epoll, &stream, index, readiness);
                self.state = State::Connecting(stream, opening);
                Ok(Moved::Pending)
            }
        }
    }

    fn ask(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        mut stream: Stream,
        mut opening: Opening,
    ) -> Result<Moved, (FailureKind, String)> {
        let opened = opening.advance(&mut stream, buffer)?;
        let readiness = match opening.has_unsent() {
            true => INCOMING.union(EventFlags::OUT),
            false => INCOMING,
        };
        expect(epoll, &stream, index, readiness);
        match opened {
            Some(socket) => {
                self.state = State::Open(stream, socket);
                Ok(Moved::Opened)
            }
            None => {
                self.state = State::Asking(stream, opening);
                Ok(Moved::Pending)
            }
        }
    }

    fn listen(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        mut stream: Stream,
        mut socket: Socket,
        mut heard: impl FnMut(&str),
    ) -> Result<Moved, (FailureKind, String)> {
        for _ in 0..MOST_AT_ONCE {
            let Some(message) = socket.next(&mut stream)? else {
                break;
            };
            match message {
                Message::Text(text) => heard(text.as_str()),
                Message::Close(frame) => {
                    socket.close(&mut stream);
                    let why =
                        frame.map_or_else(String::new, |frame| format!(" with {}", u16::from(frame.code)));
                    return Err((FailureKind::Reset, format!("the server closed the socket{why}")));
                }
                _ => {}
            }
        }
        if self.unsent == Unsent::Some && socket.flush(&mut stream)? == Flushed::Wholly {
            self.unsent = Unsent::Nothing;
            expect(epoll, &stream, index, INCOMING);
        }
        self.state = State::Open(stream, socket);
        Ok(Moved::Pending)
    }

    fn stream(&self) -> Option<&Stream> {
        match &self.state {
            State::Connecting(stream, _) | State::Asking(stream, _) | State::Open(stream, _) => Some(stream),
            State::Gone => None,
        }
    }
}

fn expect(epoll: &OwnedFd, stream: &Stream, index: usize, readiness: EventFlags) {
    epoll::modify(epoll, stream, EventData::new_u64(index as u64), readiness)
        .expect("an open socket that was added can be modified");
}
