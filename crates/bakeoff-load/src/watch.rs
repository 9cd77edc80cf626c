//! Sleeping until a socket is ready or an instant has come: epoll and a timer in nanoseconds, because a generator that sleeps
//! by the millisecond is late by the millisecond. Sockets are watched by edges: each is told once for what has come, and
//! whoever is told reads all of it.

use crate::alarm::Alarm;
use crate::connection::Connection;
use crate::error::LoadError;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::fs::Timespec;
use rustix::io::Errno;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

/// The most sockets that one wait finds ready; the others are found by the next.
const AT_ONCE: usize = 256;

/// The sockets of one thread.
#[derive(Debug)]
pub(crate) struct Watch {
    epoll: OwnedFd,
    alarm: Alarm,
    ready: Vec<Ready>,
    next: usize,
}

/// A socket that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ready {
    pub(crate) index: usize,
    pub(crate) writable: Writable,
    pub(crate) ending: Ending,
}

/// Whether a socket takes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writable {
    No,
    Yes,
}

/// Whether the other side has ended the connection, behind whatever bytes are still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    No,
    Yes,
}

/// What an event of the alarm carries instead of a connection.
const ALARM: u64 = u64::MAX;

const ANSWERS: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);
const ENDS: EventFlags = EventFlags::RDHUP.union(EventFlags::HUP).union(EventFlags::ERR);

impl Watch {
    pub(crate) fn new() -> Result<Self, LoadError> {
        let failed = |error: Errno| LoadError::system("making an epoll")(error);
        let epoll = epoll::create(CreateFlags::CLOEXEC).map_err(failed)?;
        let alarm = Alarm::new()?;
        let by_edges = EventFlags::IN | EventFlags::ET;
        epoll::add(&epoll, &alarm, EventData::new_u64(ALARM), by_edges).map_err(failed)?;
        Ok(Self {
            epoll,
            alarm,
            ready: Vec::with_capacity(AT_ONCE),
            next: 0,
        })
    }

    /// Begins to watch the socket of a connection that is being made. Closing the socket ends it.
    pub(crate) fn add(&self, index: usize, connection: &Connection) -> io::Result<()> {
        let stream = connection.stream().ok_or(io::ErrorKind::NotConnected)?;
        Ok(epoll::add(
            &self.epoll,
            stream,
            EventData::new_u64(index as u64),
            EventFlags::OUT | EventFlags::ET,
        )?)
    }

    /// Wakes for answers.
    pub(crate) fn expect_answers(&self, index: usize, connection: &Connection) {
        self.expect(index, connection, ANSWERS);
    }

    /// Wakes for answers, and when there is room for more bytes.
    pub(crate) fn expect_room(&self, index: usize, connection: &Connection) {
        self.expect(index, connection, ANSWERS.union(EventFlags::OUT));
    }

    /// Wakes for this readiness, at once if the socket has it already.
    pub(crate) fn expect(&self, index: usize, connection: &Connection, readiness: EventFlags) {
        let Some(stream) = connection.stream() else { return };
        let by_edges = readiness | EventFlags::ET;
        epoll::modify(&self.epoll, stream, EventData::new_u64(index as u64), by_edges)
            .expect("an open socket that was added can be modified");
    }

    /// Another clock counts from now on.
    pub(crate) fn forget_clock(&mut self) {
        self.alarm.forget_clock();
    }

    /// Sleeps until a socket is ready or `until_ns` has come, and at most for about a tick.
    pub(crate) fn wait(&mut self, now_ns: u64, until_ns: u64) -> Result<(), LoadError> {
        const NOT_AT_ALL: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let timeout = if until_ns <= now_ns {
            Some(&NOT_AT_ALL)
        } else {
            self.alarm.ring_by(now_ns, until_ns)?;
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

    fn note(&mut self, flags: EventFlags, carried: u64) {
        if carried == ALARM {
            return;
        }
        self.ready.push(Ready {
            index: carried as usize,
            writable: match flags.contains(EventFlags::OUT) {
                true => Writable::Yes,
                false => Writable::No,
            },
            ending: match flags.intersects(ENDS) {
                true => Ending::Yes,
                false => Ending::No,
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
