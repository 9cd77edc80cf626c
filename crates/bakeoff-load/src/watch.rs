//! Sleeping until a socket is ready or an instant has come: epoll with timeouts in nanoseconds, because a generator that
//! sleeps by the millisecond is late by the millisecond.

use crate::connection::Connection;
use crate::error::LoadError;
use crate::ticker::{TICK_NS, Ticker};
use crate::worker::Writable;
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
    ticker: Ticker,
    ready: Vec<Ready>,
    next: usize,
}

/// A socket that is ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub(crate) index: usize,
    pub(crate) writable: Writable,
}

/// What an event of the ticker carries instead of a connection.
const TICKER: u64 = u64::MAX;

const ANSWERS: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);

impl Watch {
    pub(crate) fn new() -> Result<Self, LoadError> {
        let failed = |error: Errno| LoadError::system("making an epoll")(error);
        let epoll = epoll::create(CreateFlags::CLOEXEC).map_err(failed)?;
        let ticker = Ticker::start()?;
        epoll::add(&epoll, &ticker, EventData::new_u64(TICKER), EventFlags::IN).map_err(failed)?;
        Ok(Self {
            epoll,
            ticker,
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
            EventFlags::OUT,
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

    pub(crate) fn expect(&self, index: usize, connection: &Connection, readiness: EventFlags) {
        let Some(stream) = connection.stream() else { return };
        epoll::modify(&self.epoll, stream, EventData::new_u64(index as u64), readiness)
            .expect("an open socket that was added can be modified");
    }

    /// Sleeps until a socket is ready, for at most `longest_ns`; less than a tick is kept exactly, and after a tick it wakes
    /// anyway.
    pub(crate) fn wait(&mut self, longest_ns: u64) -> Result<(), LoadError> {
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: longest_ns.min(TICK_NS) as _,
        };
        let timeout = (longest_ns < TICK_NS).then_some(&timeout);
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
        if carried == TICKER {
            return self.ticker.acknowledge();
        }
        let writable = if flags.contains(EventFlags::OUT) {
            Writable::Yes
        } else {
            Writable::No
        };
        self.ready.push(Ready {
            index: carried as usize,
            writable,
        });
    }

    /// The next socket that the last wait found ready.
    pub(crate) fn next(&mut self) -> Option<Ready> {
        let ready = self.ready.get(self.next).copied();
        self.next += 1;
        ready
    }
}
