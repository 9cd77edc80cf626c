//! How requests end: moves a ready connection on, settles its outcome, and gives up what is late. Each request ends in
//! exactly one way. These are methods of [`Worker`]; its loop is in `worker.rs`.

use super::connecting::Backoff;
use super::{Due, Worker};
use crate::engine::connection::ConnectionPhase;
use crate::engine::in_flight::{Attempt, InFlight};
use crate::engine::outcome::{Outcome, ResponseComplete};
use crate::failure::FailureKind;
use crate::net::poller::{PeerClosed, Ready, Writable};

impl Worker<'_> {
    /// Moves a ready connection on; returns the instant at which it was read.
    pub(super) fn move_on(&mut self, ready: Ready) -> u64 {
        let now = self.move_once(ready);
        // The edge-triggered poller reports the close behind a complete response only this once; without a second
        // read the next request would be sent into the closed connection.
        if ready.peer_closed == PeerClosed::Yes
            && self.connections[ready.index].phase == ConnectionPhase::Idle
        {
            return self.move_once(ready);
        }
        now
    }

    fn move_once(&mut self, ready: Ready) -> u64 {
        let mix = self.job.mix;
        let Ready {
            index, peer_closed, ..
        } = ready;
        let connection = &mut self.connections[index];
        let outcome = match connection.phase {
            ConnectionPhase::Closed => Outcome::Pending,
            ConnectionPhase::Connecting => Outcome::Connectable,
            ConnectionPhase::Idle => connection.receive(None, peer_closed, &mut self.read_state),
            ConnectionPhase::Busy => {
                if ready.writable == Writable::Yes && connection.has_unsent() {
                    connection.send_rest();
                    match connection.has_unsent() {
                        true => self.poller.watch_for_bytes_and_room(index, connection.stream()),
                        false => self.poller.watch_for_bytes(index, connection.stream()),
                    }
                }
                let kind = connection.in_flight.map(|in_flight| &mix.kinds()[in_flight.kind]);
                connection.receive(kind, peer_closed, &mut self.read_state)
            }
        };
        let now = self.clock.now_ns();
        if outcome == Outcome::Pending {
            self.note_progress(index, now);
        }
        self.settle(index, outcome, now);
        now
    }

    /// A stream that moves does not time out, and a WebSocket has its message to write once it has been granted.
    fn note_progress(&mut self, index: usize, now_ns: u64) {
        let connection = &mut self.connections[index];
        let kind = connection
            .in_flight
            .map(|in_flight| &self.job.mix.kinds()[in_flight.kind]);
        connection.note_progress(kind, now_ns);
        if connection.websocket_has_unsent() {
            self.poller.watch_for_bytes_and_room(index, connection.stream());
        }
    }

    pub(super) fn settle(&mut self, index: usize, outcome: Outcome, now_ns: u64) {
        match outcome {
            Outcome::Pending => {}
            Outcome::Connectable => drop(self.go_on_connecting(index, now_ns)),
            Outcome::Correct => self.settle_correct(index, now_ns),
            Outcome::Failed {
                kind,
                reason,
                complete,
            } => {
                self.end_failed(index, now_ns, kind, reason, complete);
            }
            Outcome::Unserved => {
                let in_flight = self.connections[index]
                    .in_flight
                    .expect("only a request can be unserved");
                self.connections[index].close();
                let again = InFlight {
                    sent_ns: None,
                    attempt: Attempt::Second,
                    ..in_flight
                };
                self.send_on_new_connection(index, again, now_ns);
            }
            Outcome::ClosedWhileIdle => self.close(index, now_ns, Backoff::None),
            Outcome::Unsolicited => {
                self.recorder.record.unsolicited += 1;
                self.close(index, now_ns, Backoff::None);
            }
        }
    }

    pub(super) fn settle_correct(&mut self, index: usize, now_ns: u64) {
        let connection = &self.connections[index];
        match connection.check_sampled(self.job.mix) {
            Err(reason) => self.end_failed(index, now_ns, FailureKind::Check, reason, ResponseComplete::Yes),
            Ok(()) => {
                let in_flight = connection.in_flight.expect("a response is to a request");
                let (body, other_status) = (connection.body_len(), connection.has_other_status());
                self.recorder.correct(&in_flight, now_ns, body, other_status);
                self.finish_request(index, now_ns);
            }
        }
    }

    pub(super) fn end_failed(
        &mut self,
        index: usize,
        now_ns: u64,
        kind: FailureKind,
        reason: String,
        complete: ResponseComplete,
    ) {
        let in_flight = self.connections[index]
            .in_flight
            .expect("only a request can fail");
        self.recorder.failed(&in_flight, now_ns, kind, reason, complete);
        self.finish_request(index, now_ns);
    }

    /// Frees the connection of a request that has ended; it is kept if the response was complete and allows it.
    pub(super) fn finish_request(&mut self, index: usize, now_ns: u64) {
        self.open -= 1;
        let connection = &mut self.connections[index];
        if connection.keeps_alive() {
            connection.release(now_ns);
            self.pool.put_idle(index);
        } else {
            self.close(index, now_ns, Backoff::None);
        }
    }

    /// Gives up the open requests that have timed out. Runs only when the earliest of them is due, since it looks at
    /// every connection.
    pub(super) fn give_up_late(&mut self, now_ns: u64) {
        if now_ns < self.next_expiry_ns {
            return;
        }
        let timeout = self.job.timeout_ns;
        let mut earliest = u64::MAX;
        for index in 0..self.connections.len() {
            let connection = &self.connections[index];
            let (Some(in_flight), Some(expires_ns)) = (connection.in_flight, connection.expires_ns(timeout))
            else {
                continue;
            };
            if expires_ns > now_ns {
                earliest = earliest.min(expires_ns);
                continue;
            }
            let (kind, what) = match connection.phase {
                ConnectionPhase::Connecting => (FailureKind::Connect, "no connection"),
                _ if connection.has_progressed() => (FailureKind::Timeout, "no progress of the stream"),
                _ => (FailureKind::Timeout, "no complete response"),
            };
            let reason = format!("{what} within {} ms", timeout / 1_000_000);
            self.recorder
                .failed(&in_flight, now_ns, kind, reason, ResponseComplete::No);
            self.open -= 1;
            self.close(index, now_ns, Backoff::None);
        }
        self.next_expiry_ns = earliest;
    }

    /// The load was stopped: requests that are open or waiting count neither as correct nor as failed.
    pub(super) fn drop_open(&mut self, now_ns: u64) {
        self.recorder.stop_at(now_ns);
        let window = self.recorder.window;
        let open = self
            .connections
            .iter()
            .filter_map(|c| c.in_flight)
            .filter(|t| window.measures(t.intended_ns));
        let mut dropped = open.count() as u64;
        if self.pacer.is_open() {
            while let Due::Now(arrival) = self.due(now_ns) {
                self.take(&arrival, now_ns);
                dropped += u64::from(window.measures(arrival.at_ns));
            }
        }
        self.recorder.record.dropped = dropped;
    }
}
