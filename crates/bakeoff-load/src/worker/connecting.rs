//! The connections of a worker: how they are made, and where they go when they end.

use super::Worker;
use crate::connection::{Answered, Phase, Ticket};
use crate::error::LoadError;
use crate::failure::FailureKind;
use crate::stream::Establishing;

/// Whether a closed connection rests before it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    None,
    Short,
}

impl Worker<'_> {
    /// Makes the connections, a few at a time so that no listener's queue overflows.
    pub(super) fn open_connections(&mut self) -> Result<(), LoadError> {
        const AT_ONCE: usize = 64;
        let mut begun = 0;
        let mut making = 0;
        let deadline = self.clock.now_ns() + self.job.timeout_ns;
        while begun < self.connections.len() || making > 0 {
            while begun < self.connections.len() && making < AT_ONCE {
                making += usize::from(self.begin_connecting(begun, 0) == Phase::Connecting);
                begun += 1;
            }
            let now = self.clock.now_ns();
            if now >= deadline {
                break;
            }
            if making > 0 {
                self.watch.wait(now, deadline)?;
            }
            while let Some(ready) = self.watch.next() {
                let was_making = self.connections[ready.index].phase == Phase::Connecting;
                self.move_on(ready);
                making -= usize::from(was_making && self.connections[ready.index].phase != Phase::Connecting);
            }
        }
        Ok(())
    }

    pub(super) fn send_on_new_connection(&mut self, index: usize, ticket: Ticket, now_ns: u64) {
        self.recorder.record.reconnects += 1;
        self.connections[index].ticket = Some(ticket);
        self.begin_connecting(index, now_ns);
    }

    /// Begins to connect and says what came of it at once.
    pub(super) fn begin_connecting(&mut self, index: usize, now_ns: u64) -> Phase {
        let connection = &mut self.connections[index];
        let begun = connection
            .connect(self.job.dialer)
            .and_then(|()| self.watch.add(index, connection));
        match begun.map_err(|error| error.to_string()) {
            Ok(()) => self.go_on_connecting(index, now_ns),
            Err(reason) => self.connecting_failed(index, reason, now_ns),
        }
    }

    pub(super) fn go_on_connecting(&mut self, index: usize, now_ns: u64) -> Phase {
        let connection = &mut self.connections[index];
        match connection.establish() {
            Ok(Establishing::Waits(readiness)) => {
                self.watch.expect(index, connection, readiness);
                Phase::Connecting
            }
            Ok(Establishing::Done) => {
                self.watch.expect_answers(index, connection);
                match connection.ticket {
                    Some(ticket) => self.send(index, ticket, now_ns),
                    None => self.pool.put_idle(index),
                }
                self.connections[index].phase
            }
            Err(reason) => self.connecting_failed(index, reason, now_ns),
        }
    }

    pub(super) fn connecting_failed(&mut self, index: usize, reason: String, now_ns: u64) -> Phase {
        if let Some(ticket) = self.connections[index].ticket {
            let reason = format!("{}: {reason}", self.job.dialer.address());
            self.recorder
                .failed(&ticket, now_ns, FailureKind::Connect, reason, Answered::No);
            self.open -= 1;
        }
        self.close(index, now_ns, Rest::Short);
        Phase::Closed
    }

    pub(super) fn close(&mut self, index: usize, now_ns: u64, rest: Rest) {
        /// A closed loop would else ask a server that refuses connections as fast as it can.
        const REST_NS: u64 = 20_000_000;
        let connection = &mut self.connections[index];
        connection.close();
        connection.ticket = None;
        connection.free_since_ns = now_ns;
        let until = if rest == Rest::Short && !self.pacer.is_open() {
            now_ns + REST_NS
        } else {
            0
        };
        self.pool.put_closed(index, until);
    }
}
