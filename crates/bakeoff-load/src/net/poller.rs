//! Sleeping until a socket is ready or an instant has come. What is done with a ready socket is the caller's matter.
//!
//! The timer counts nanoseconds, because a generator that sleeps by the millisecond is late by the millisecond. Sockets
//! are watched edge-triggered: the kernel reports each arrival once, so that an open connection costs no system call to
//! re-arm it; in return its owner must read until there is no more.

use crate::error::LoadError;
use crate::net::stream::NonblockingStream;
use crate::net::timer::WakeTimer;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::fs::Timespec;
use rustix::io::Errno;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

/// The most sockets that one wait finds ready; the next wait finds the others.
const AT_ONCE: usize = 256;

/// The sockets of one thread, each known by an index that its owner chose.
#[derive(Debug)]
pub(crate) struct Poller {
    epoll: OwnedFd,
    timer: WakeTimer,
    ready: Vec<Ready>,
    next: usize,
}

/// A socket that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ready {
    pub(crate) index: usize,
    pub(crate) writable: Writable,
    pub(crate) peer_closed: PeerClosed,
}

/// Whether a socket takes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writable {
    No,
    Yes,
}

/// Whether the peer has closed the connection; bytes that it sent before may still be unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeerClosed {
    No,
    Yes,
}

/// The index in events of the timer, which no socket has.
const TIMER: u64 = u64::MAX;

const READABLE: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);
const CLOSED: EventFlags = EventFlags::RDHUP.union(EventFlags::HUP).union(EventFlags::ERR);

impl Poller {
    pub(crate) fn new() -> Result<Self, LoadError> {
        let failed = |error: Errno| LoadError::system("making an epoll")(error);
        let epoll = epoll::create(CreateFlags::CLOEXEC).map_err(failed)?;
        let timer = WakeTimer::new()?;
        let edge_triggered = EventFlags::IN | EventFlags::ET;
        epoll::add(&epoll, &timer, EventData::new_u64(TIMER), edge_triggered).map_err(failed)?;
        Ok(Self {
            epoll,
            timer,
            ready: Vec::with_capacity(AT_ONCE),
            next: 0,
        })
    }

    /// Watches the socket of a connection that is being made. Closing the socket ends the watching.
    pub(crate) fn add(&self, index: usize, stream: Option<&NonblockingStream>) -> io::Result<()> {
        let stream = stream.ok_or(io::ErrorKind::NotConnected)?;
        Ok(epoll::add(
            &self.epoll,
            stream,
            EventData::new_u64(index as u64),
            EventFlags::OUT | EventFlags::ET,
        )?)
    }

    /// Wakes when bytes come.
    pub(crate) fn watch_for_bytes(&self, index: usize, stream: Option<&NonblockingStream>) {
        self.watch_for(index, stream, READABLE);
    }

    /// Wakes when bytes come, and when there is room to write.
    pub(crate) fn watch_for_bytes_and_room(&self, index: usize, stream: Option<&NonblockingStream>) {
        self.watch_for(index, stream, READABLE.union(EventFlags::OUT));
    }

    /// Wakes for this readiness, at once if the socket has it already. A connection that has been closed meanwhile has
    /// no socket, and nothing to wake for.
    pub(crate) fn watch_for(&self, index: usize, stream: Option<&NonblockingStream>, readiness: EventFlags) {
        let Some(stream) = stream else { return };
        let edge_triggered = readiness | EventFlags::ET;
        epoll::modify(
            &self.epoll,
            stream,
            EventData::new_u64(index as u64),
            edge_triggered,
        )
        .expect("an open socket that was added can be modified");
    }

    /// Instants count from another start from now on.
    pub(crate) fn forget_clock(&mut self) {
        self.timer.forget_clock();
    }

    /// Sleeps until a socket is ready or `until_ns` has come, and at most for about a tick.
    pub(crate) fn wait(&mut self, now_ns: u64, until_ns: u64) -> Result<(), LoadError> {
        const NOT_AT_ALL: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // We sleep by the timer and not by epoll's timeout: the timer is often set right already, and then costs
        // nothing.
        let timeout = if until_ns <= now_ns {
            Some(&NOT_AT_ALL)
        } else {
            self.timer.wake_by(now_ns, until_ns)?;
            None
        };
        self.ready.clear();
        self.next = 0;
        let mut events = [const { MaybeUninit::<Event>::uninit() }; AT_ONCE];
        match epoll::wait(&self.epoll, &mut events, timeout) {
            Ok((events, _)) => {
                for event in events.iter() {
                    let (flags, data) = (event.flags, event.data);
                    self.note(flags, data.u64());
                }
                Ok(())
            }
            Err(Errno::INTR) => Ok(()),
            Err(error) => Err(LoadError::system("waiting for sockets")(error)),
        }
    }

    fn note(&mut self, flags: EventFlags, index: u64) {
        if index == TIMER {
            return;
        }
        self.ready.push(Ready {
            index: index as usize,
            writable: match flags.contains(EventFlags::OUT) {
                true => Writable::Yes,
                false => Writable::No,
            },
            peer_closed: match flags.intersects(CLOSED) {
                true => PeerClosed::Yes,
                false => PeerClosed::No,
            },
        });
    }

    /// The next socket that the last wait found ready.
    pub(crate) fn next(&mut self) -> Option<Ready> {
        let ready = self.ready.get(self.next).copied();
        self.next += 1;
        ready
    }
}
