//! What comes of requests: a connection that is ready is moved, and each request ends in exactly one way.

use super::connecting::Rest;
use super::{Due, Worker};
use crate::connection::{Answered, Attempt, Outcome, Phase, Ticket};
use crate::failure::FailureKind;
use crate::watch::{Ending, Ready, Writable};

impl Worker<'_> {
    /// Moves a connection that is ready; returns the instant at which it was read.
    pub(super) fn move_on(&mut self, ready: Ready) -> u64 {
        let now = self.move_once(ready);
        // The end behind a whole answer is not told again, and the next request must not go into it.
        if ready.ending == Ending::Yes && self.connections[ready.index].phase == Phase::Idle {
            return self.move_once(ready);
        }
        now
    }

    fn move_once(&mut self, ready: Ready) -> u64 {
        let mix = self.job.mix;
        let Ready { index, ending, .. } = ready;
        let connection = &mut self.connections[index];
        let outcome = match connection.phase {
            Phase::Closed => Outcome::Pending,
            Phase::Connecting => Outcome::Ready,
            Phase::Idle => connection.receive(None, ending, &mut self.desk),
            Phase::Busy => {
                if ready.writable == Writable::Yes && connection.has_unsent() {
                    connection.send_rest();
                    match connection.has_unsent() {
                        true => self.watch.expect_room(index, connection),
                        false => self.watch.expect_answers(index, connection),
                    }
                }
                let kind = connection.ticket.map(|ticket| &mix.kinds()[ticket.kind]);
                connection.receive(kind, ending, &mut self.desk)
            }
        };
        let now = self.clock.now_ns();
        if outcome == Outcome::Pending {
            self.note_progress(index, now);
        }
        self.settle(index, outcome, now);
        now
    }

    /// A stream that moves is not given up, and a request may have more to write once its first answer has come.
    fn note_progress(&mut self, index: usize, now_ns: u64) {
        let connection = &mut self.connections[index];
        let kind = connection.ticket.map(|ticket| &self.job.mix.kinds()[ticket.kind]);
        connection.note_progress(kind, now_ns);
        if connection.talk_has_unsent() {
            self.watch.expect_room(index, connection);
        }
    }

    pub(super) fn settle(&mut self, index: usize, outcome: Outcome, now_ns: u64) {
        match outcome {
            Outcome::Pending => {}
            Outcome::Ready => drop(self.go_on_connecting(index, now_ns)),
            Outcome::Correct => self.settle_correct(index, now_ns),
            Outcome::Failed {
                kind,
                reason,
                answered,
            } => {
                self.end_failed(index, now_ns, kind, reason, answered);
            }
            Outcome::Unserved => {
                let ticket = self.connections[index]
                    .ticket
                    .expect("only a request can be unserved");
                self.connections[index].close();
                let again = Ticket {
                    sent_ns: None,
                    attempt: Attempt::Second,
                    ..ticket
                };
                self.send_on_new_connection(index, again, now_ns);
            }
            Outcome::Ended => self.close(index, now_ns, Rest::None),
            Outcome::Stray => {
                self.recorder.record.stray += 1;
                self.close(index, now_ns, Rest::None);
            }
        }
    }

    pub(super) fn settle_correct(&mut self, index: usize, now_ns: u64) {
        let connection = &self.connections[index];
        match connection.check_sampled(self.job.mix) {
            Err(reason) => self.end_failed(index, now_ns, FailureKind::Check, reason, Answered::Yes),
            Ok(()) => {
                let ticket = connection.ticket.expect("an answer is to a request");
                self.recorder.correct(&ticket, now_ns, connection.body_len());
                self.end_exchange(index, now_ns);
            }
        }
    }

    pub(super) fn end_failed(
        &mut self,
        index: usize,
        now_ns: u64,
        kind: FailureKind,
        reason: String,
        answered: Answered,
    ) {
        let ticket = self.connections[index].ticket.expect("only a request can fail");
        self.recorder.failed(&ticket, now_ns, kind, reason, answered);
        self.end_exchange(index, now_ns);
    }

    /// Frees the connection of a request that has ended; it is kept if its answer was whole and allows it.
    pub(super) fn end_exchange(&mut self, index: usize, now_ns: u64) {
        self.open -= 1;
        let connection = &mut self.connections[index];
        if connection.keeps_alive() {
            connection.release(now_ns);
            self.pool.put_idle(index);
        } else {
            self.close(index, now_ns, Rest::None);
        }
    }

    /// Gives up the open requests that are over their time.
    pub(super) fn give_up_late(&mut self, now_ns: u64) {
        if now_ns < self.next_expiry_ns {
            return;
        }
        let timeout = self.job.timeout_ns;
        let mut earliest = u64::MAX;
        for index in 0..self.connections.len() {
            let connection = &self.connections[index];
            let (Some(ticket), Some(expires_ns)) = (connection.ticket, connection.expires_ns(timeout)) else {
                continue;
            };
            if expires_ns > now_ns {
                earliest = earliest.min(expires_ns);
                continue;
            }
            let (kind, what) = match connection.phase {
                Phase::Connecting => (FailureKind::Connect, "no connection"),
                _ if connection.has_flowed() => (FailureKind::Timeout, "no progress of the stream"),
                _ => (FailureKind::Timeout, "no whole answer"),
            };
            let reason = format!("{what} within {} ms", timeout / 1_000_000);
            self.recorder.failed(&ticket, now_ns, kind, reason, Answered::No);
            self.open -= 1;
            self.close(index, now_ns, Rest::None);
        }
        self.next_expiry_ns = earliest;
    }

    /// The load was stopped: what is open or waits is neither answered nor failed.
    pub(super) fn drop_open(&mut self, now_ns: u64) {
        self.recorder.stop_at(now_ns);
        let window = self.recorder.window;
        let open = self
            .connections
            .iter()
            .filter_map(|c| c.ticket)
            .filter(|t| window.measures(t.intended_ns));
        let mut dropped = open.count() as u64;
        if self.pacer.is_open() {
            while let Due::Now(arrival) = self.due(now_ns) {
                self.take(&arrival);
                dropped += u64::from(window.measures(arrival.at_ns));
            }
        }
        self.recorder.record.dropped = dropped;
    }
}
