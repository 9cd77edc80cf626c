//! How a worker makes its connections, and closes them. These are methods of [`Worker`]; its loop is in `worker.rs`.

use super::Worker;
use crate::engine::connection::ConnectionPhase;
use crate::engine::in_flight::InFlight;
use crate::engine::outcome::ResponseComplete;
use crate::error::LoadError;
use crate::failure::{FailureCause, FailureKind};
use crate::net::stream::ConnectProgress;
use crate::net::tls_problem::cause_of;

/// Whether a closed connection rests before it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backoff {
    None,
    Short,
}

impl Worker<'_> {
    /// Makes all connections before the load starts, a few at a time: more could overflow the server's listen queue.
    pub(super) fn open_connections(&mut self) -> Result<(), LoadError> {
        const AT_ONCE: usize = 64;
        let mut begun = 0;
        let mut making = 0;
        let deadline = self.clock.now_ns() + self.job.timeout_ns;
        while begun < self.connections.len() || making > 0 {
            while begun < self.connections.len() && making < AT_ONCE {
                making += usize::from(self.begin_connecting(begun, 0) == ConnectionPhase::Connecting);
                begun += 1;
            }
            let now = self.clock.now_ns();
            // A server that accepts no more must not keep the load from starting: requests that need the missing
            // connections report it.
            if now >= deadline {
                break;
            }
            if making > 0 {
                self.poller.wait(now, deadline)?;
            }
            while let Some(ready) = self.poller.next() {
                let was_making = self.connections[ready.index].phase == ConnectionPhase::Connecting;
                self.move_on(ready);
                making -= usize::from(
                    was_making && self.connections[ready.index].phase != ConnectionPhase::Connecting,
                );
            }
        }
        Ok(())
    }

    /// Makes a connection for a request that is due; the request goes out when the connection is made, and its
    /// latencies include that, as they do for users.
    pub(super) fn send_on_new_connection(&mut self, index: usize, in_flight: InFlight, now_ns: u64) {
        self.recorder.record.reconnects += 1;
        self.connections[index].in_flight = Some(in_flight);
        self.begin_connecting(index, now_ns);
    }

    /// Starts to connect; returns the phase in which that leaves the connection.
    pub(super) fn begin_connecting(&mut self, index: usize, now_ns: u64) -> ConnectionPhase {
        let connection = &mut self.connections[index];
        let begun = connection
            .connect(self.job.dialer)
            .and_then(|()| self.poller.add(index, connection.stream()));
        match begun {
            Ok(()) => self.go_on_connecting(index, now_ns),
            Err(error) => self.connecting_failed(index, cause_of(&error, FailureKind::Connect), now_ns),
        }
    }

    pub(super) fn go_on_connecting(&mut self, index: usize, now_ns: u64) -> ConnectionPhase {
        let connection = &mut self.connections[index];
        match connection.establish() {
            Ok(ConnectProgress::WaitsFor(readiness)) => {
                self.poller.watch_for(index, connection.stream(), readiness);
                ConnectionPhase::Connecting
            }
            Ok(ConnectProgress::Established) => {
                self.poller.watch_for_bytes(index, connection.stream());
                match connection.in_flight {
                    Some(in_flight) => self.send(index, in_flight, now_ns),
                    None => self.pool.put_idle(index),
                }
                self.connections[index].phase
            }
            Err(cause) => self.connecting_failed(index, cause, now_ns),
        }
    }

    fn connecting_failed(&mut self, index: usize, cause: FailureCause, now_ns: u64) -> ConnectionPhase {
        if let Some(in_flight) = self.connections[index].in_flight {
            let (kind, reason) = cause;
            let reason = format!("{}: {reason}", self.job.dialer.address());
            self.recorder
                .failed(&in_flight, now_ns, kind, reason, ResponseComplete::No);
            self.open -= 1;
        }
        self.close(index, now_ns, Backoff::Short);
        ConnectionPhase::Closed
    }

    pub(super) fn close(&mut self, index: usize, now_ns: u64, backoff: Backoff) {
        /// Without a pause, a closed loop would storm a server that refuses connections.
        const BACKOFF_NS: u64 = 20_000_000;
        let connection = &mut self.connections[index];
        connection.close();
        connection.in_flight = None;
        connection.free_since_ns = now_ns;
        let until = if backoff == Backoff::Short && !self.pacer.is_open() {
            now_ns + BACKOFF_NS
        } else {
            0
        };
        self.pool.put_closed(index, until);
    }
}
