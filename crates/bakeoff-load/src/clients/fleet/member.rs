//! One WebSocket of a fleet: connecting, upgrading, open, or gone.
//!
//! It is watched level-triggered, unlike the connections of a load: a member stops reading after some messages, and a
//! level wakes it again for the rest.

use crate::failure::{FailureCause, FailureKind};
use crate::net::stream::{ConnectProgress, Dialer, Flushed, NonblockingStream};
use crate::net::target::Target;
use crate::net::tls_problem::cause_of;
use crate::websocket::opening::OpeningHandshake;
use crate::websocket::socket::WebSocket;
use crate::wire::handshake::key;
use rustix::event::epoll::{self, EventData, EventFlags};
use std::os::fd::OwnedFd;
use tungstenite::Message;

/// A member of a fleet.
#[derive(Debug)]
pub(super) struct FleetMember {
    state: State,
    unsent: Unsent,
}

/// Whether part of a message waits for room in the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unsent {
    Nothing,
    Some,
}

#[derive(Debug)]
enum State {
    Connecting(NonblockingStream, OpeningHandshake),
    Upgrading(NonblockingStream, OpeningHandshake),
    Open(NonblockingStream, WebSocket),
    Gone,
}

/// What happened to a member when it was moved on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MemberEvent {
    /// Nothing of note.
    Pending,
    /// It has been opened.
    Opened,
    /// It has been lost, with the reason.
    Lost(String),
}

/// The most messages that one call reads, so that a server that never pauses does not starve the other members.
const MOST_AT_ONCE: usize = 256;
const INCOMING: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);

impl FleetMember {
    /// Starts to connect.
    pub(super) fn dial(dialer: &Dialer, target: &Target, path: &str, n: u64) -> Result<Self, String> {
        let stream = dialer
            .dial()
            .map_err(|error| format!("{}: {error}", dialer.address()))?;
        let opening = OpeningHandshake::new(target, path, &[], key(u64::from(std::process::id()), n));
        Ok(Self {
            state: State::Connecting(stream, opening),
            unsent: Unsent::Nothing,
        })
    }

    /// Watches its socket, which must not be watched yet.
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

    /// Sends a text message. A failure is ignored here: the next read finds the connection lost, with the better
    /// reason.
    pub(super) fn send(&mut self, epoll: &OwnedFd, index: usize, text: &str) {
        if let State::Open(stream, socket) = &mut self.state {
            drop(socket.send(stream, Message::text(text)));
            self.unsent = Unsent::Some;
            watch_for(epoll, stream, index, INCOMING.union(EventFlags::OUT));
        }
    }

    /// Goes on as far as its socket allows, and passes each text message to `receive`.
    pub(super) fn advance(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        receive: impl FnMut(&str),
    ) -> MemberEvent {
        let moved = match std::mem::replace(&mut self.state, State::Gone) {
            State::Connecting(stream, opening) => self.connect(epoll, index, buffer, stream, opening),
            State::Upgrading(stream, opening) => self.upgrade(epoll, index, buffer, stream, opening),
            State::Open(stream, socket) => self.read(epoll, index, stream, socket, receive),
            State::Gone => Ok(MemberEvent::Pending),
        };
        moved.unwrap_or_else(|(kind, reason)| MemberEvent::Lost(format!("{kind}: {reason}")))
    }

    fn connect(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        mut stream: NonblockingStream,
        opening: OpeningHandshake,
    ) -> Result<MemberEvent, FailureCause> {
        let progress = stream.establish();
        match progress.map_err(|error| cause_of(&error, FailureKind::Connect))? {
            ConnectProgress::Established => self.upgrade(epoll, index, buffer, stream, opening),
            ConnectProgress::WaitsFor(readiness) => {
                watch_for(epoll, &stream, index, readiness);
                self.state = State::Connecting(stream, opening);
                Ok(MemberEvent::Pending)
            }
        }
    }

    fn upgrade(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        buffer: &mut [u8],
        mut stream: NonblockingStream,
        mut opening: OpeningHandshake,
    ) -> Result<MemberEvent, FailureCause> {
        let opened = opening.advance(&mut stream, buffer)?;
        let readiness = match opening.has_unsent() {
            true => INCOMING.union(EventFlags::OUT),
            false => INCOMING,
        };
        watch_for(epoll, &stream, index, readiness);
        match opened {
            Some(socket) => {
                self.state = State::Open(stream, socket);
                Ok(MemberEvent::Opened)
            }
            None => {
                self.state = State::Upgrading(stream, opening);
                Ok(MemberEvent::Pending)
            }
        }
    }

    fn read(
        &mut self,
        epoll: &OwnedFd,
        index: usize,
        mut stream: NonblockingStream,
        mut socket: WebSocket,
        mut receive: impl FnMut(&str),
    ) -> Result<MemberEvent, FailureCause> {
        for _ in 0..MOST_AT_ONCE {
            let Some(message) = socket.next(&mut stream)? else {
                break;
            };
            match message {
                Message::Text(text) => receive(text.as_str()),
                Message::Close(frame) => {
                    socket.close(&mut stream);
                    let why =
                        frame.map_or_else(String::new, |frame| format!(" with {}", u16::from(frame.code)));
                    return Err((
                        FailureKind::Reset,
                        format!("the server closed the WebSocket{why}"),
                    ));
                }
                _ => {}
            }
        }
        if self.unsent == Unsent::Some && socket.flush(&mut stream)? == Flushed::Wholly {
            self.unsent = Unsent::Nothing;
            watch_for(epoll, &stream, index, INCOMING);
        }
        self.state = State::Open(stream, socket);
        Ok(MemberEvent::Pending)
    }

    fn stream(&self) -> Option<&NonblockingStream> {
        match &self.state {
            State::Connecting(stream, _) | State::Upgrading(stream, _) | State::Open(stream, _) => {
                Some(stream)
            }
            State::Gone => None,
        }
    }
}

fn watch_for(epoll: &OwnedFd, stream: &NonblockingStream, index: usize, readiness: EventFlags) {
    epoll::modify(epoll, stream, EventData::new_u64(index as u64), readiness)
        .expect("an open socket that was added can be modified");
}
