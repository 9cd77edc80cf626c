//! One thread of the generator: sends what is due, moves the connections that are ready, sleeps until the next of either.
//! Open and closed loop, by time and by count, plain and encrypted all go this one way.

use crate::clock::Clock;
use crate::compose::Scratch;
use crate::connection::{Answered, Attempt, Connection, Outcome, Phase, Ticket};
use crate::error::LoadError;
use crate::failure::FailureKind;
use crate::interval::{Interval, Window};
use crate::mix::Mix;
use crate::pacer::{Arrival, Pacer};
use crate::pool::{Free, Pool};
use crate::recorder::{Record, Recorder};
use crate::stream::{Dialer, Establishing};
use crate::watch::Watch;
use std::sync::atomic::{AtomicBool, Ordering};

/// What all threads of a load share.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) dialer: &'a Dialer,
    pub(crate) mix: &'a Mix,
    pub(crate) window: Window,
    pub(crate) timeout_ns: u64,
    pub(crate) stop: &'a AtomicBool,
}

/// One thread's share of a load.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    job: &'a Job<'a>,
    watch: Watch,
    clock: Clock,
    pacer: Pacer,
    /// Measured requests that may still leave.
    quota: u64,
    connections: Vec<Connection>,
    pool: Pool,
    /// Requests on connections.
    open: usize,
    recorder: Recorder,
    /// No open request is given up before this instant.
    next_expiry_ns: u64,
    scratch: Scratch,
    out: Vec<u8>,
    buffer: Vec<u8>,
}

/// Whether a request can leave.
enum Due {
    Now(Arrival),
    At(u64),
    Never,
}

/// How long the loop sleeps at most, so that it notices a stop.
const LONGEST_SLEEP_NS: u64 = 50_000_000;

impl<'a> Worker<'a> {
    /// A thread's share, with its connections made; those that cannot be made are tried again when their turn comes.
    pub(crate) fn open(
        job: &'a Job<'a>,
        pacer: Pacer,
        quota: u64,
        connections: usize,
        clock: Clock,
    ) -> Result<Self, LoadError> {
        let mut worker = Self {
            job,
            watch: Watch::new()?,
            clock,
            pacer,
            quota,
            connections: (0..connections).map(|_| Connection::new()).collect(),
            pool: Pool::with_capacity(connections),
            open: 0,
            recorder: Recorder::new(job.window, job.mix.kinds().len()),
            next_expiry_ns: u64::MAX,
            scratch: Scratch::default(),
            out: Vec::with_capacity(4096),
            buffer: vec![0; 64 * 1024],
        };
        worker.open_connections()?;
        Ok(worker)
    }

    /// Makes the connections, a few at a time so that no listener's queue overflows.
    fn open_connections(&mut self) -> Result<(), LoadError> {
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
                self.watch.wait(deadline - now)?;
            }
            while let Some(ready) = self.watch.next() {
                let was_making = self.connections[ready.index].phase == Phase::Connecting;
                self.move_on(ready.index, ready.writable);
                making -= usize::from(was_making && self.connections[ready.index].phase != Phase::Connecting);
            }
        }
        Ok(())
    }

    /// Puts the start of the load at the beginning of `clock`; the connections were free before it.
    pub(crate) fn start_at(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Drives its share to the end, and hands over each interval as it ends.
    pub(crate) fn drive(mut self, mut hand_over: impl FnMut(Interval)) -> Result<Record, LoadError> {
        self.clock.wait_for_start();
        loop {
            let now = self.clock.now_ns();
            self.recorder.turn(now, &mut hand_over);
            if self.job.stop.load(Ordering::Relaxed) {
                self.drop_open(now);
                break;
            }
            self.give_up_late(now);
            let wake = self.send_due();
            if self.open == 0 && wake.is_none() {
                break;
            }
            let now = self.clock.now_ns();
            let wake = wake
                .unwrap_or(u64::MAX)
                .min(self.next_expiry_ns)
                .min(self.recorder.interval_ends_ns());
            self.watch.wait(wake.saturating_sub(now).min(LONGEST_SLEEP_NS))?;
            while let Some(ready) = self.watch.next() {
                let now = self.move_on(ready.index, ready.writable);
                // A long batch of answers must not make what falls due meanwhile late.
                if matches!(self.due(now), Due::Now(_)) {
                    self.send_due();
                }
            }
        }
        let now = self.clock.now_ns();
        Ok(self.recorder.finish(now, hand_over))
    }

    fn due(&self, now_ns: u64) -> Due {
        let Some(arrival) = self.pacer.peek().filter(|_| self.quota > 0) else {
            return Due::Never;
        };
        let end_ns = self.job.window.end_ns;
        if !self.pacer.is_open() {
            let arrival = Arrival {
                at_ns: now_ns,
                ..arrival
            };
            return if now_ns < end_ns {
                Due::Now(arrival)
            } else {
                Due::Never
            };
        }
        match arrival.at_ns {
            at if at >= end_ns => Due::Never,
            at if at <= now_ns => Due::Now(arrival),
            at => Due::At(at),
        }
    }

    /// Sends all that is due and finds a connection; returns when to look again, `None` after the last request.
    fn send_due(&mut self) -> Option<u64> {
        loop {
            let now = self.clock.now_ns();
            let arrival = match self.due(now) {
                Due::Now(arrival) => arrival,
                Due::At(at) => return Some(at),
                Due::Never => return None,
            };
            if arrival.at_ns + self.job.timeout_ns <= now {
                self.take(&arrival);
                self.fail_unsent(arrival, now);
                continue;
            }
            match self.pool.free(&self.connections, now) {
                Free::Now(index) => {
                    self.take(&arrival);
                    self.pool.take(index);
                    self.dispatch(index, arrival, now);
                }
                Free::At(at) => return Some(at),
                Free::Later => return Some(arrival.at_ns + self.job.timeout_ns),
            }
        }
    }

    fn take(&mut self, arrival: &Arrival) {
        self.pacer.take();
        self.quota -= u64::from(self.job.window.measures(arrival.at_ns));
    }

    fn ticket(&self, arrival: Arrival) -> Ticket {
        let kind = self.job.mix.kind_of(arrival.n);
        Ticket {
            n: arrival.n,
            kind,
            intended_ns: arrival.at_ns,
            sent_ns: None,
            attempt: Attempt::First,
        }
    }

    fn fail_unsent(&mut self, arrival: Arrival, now_ns: u64) {
        let ticket = self.ticket(arrival);
        let reason = format!(
            "no connection was free within {} ms",
            self.job.timeout_ns / 1_000_000
        );
        self.recorder
            .failed(&ticket, now_ns, FailureKind::Timeout, reason, Answered::No);
    }

    /// Gives a request to a connection that is idle or closed.
    fn dispatch(&mut self, index: usize, arrival: Arrival, now_ns: u64) {
        let ticket = self.ticket(arrival);
        let connection = &mut self.connections[index];
        let could_leave = arrival.at_ns.max(connection.free_since_ns);
        self.recorder
            .left(arrival.at_ns, now_ns.saturating_sub(could_leave));
        self.open += 1;
        self.next_expiry_ns = self.next_expiry_ns.min(arrival.at_ns + self.job.timeout_ns);
        match connection.phase {
            Phase::Idle => self.send(index, ticket, now_ns),
            _ => self.send_on_new_connection(index, ticket, now_ns),
        }
    }

    fn send_on_new_connection(&mut self, index: usize, ticket: Ticket, now_ns: u64) {
        self.recorder.record.reconnects += 1;
        self.connections[index].ticket = Some(ticket);
        self.begin_connecting(index, now_ns);
    }

    fn send(&mut self, index: usize, ticket: Ticket, now_ns: u64) {
        let mix = self.job.mix;
        self.out.clear();
        mix.write(ticket.kind, ticket.n, &mut self.scratch, &mut self.out);
        let ticket = Ticket {
            sent_ns: Some(now_ns),
            ..ticket
        };
        let connection = &mut self.connections[index];
        let outcome = connection.send(mix, ticket, &self.out);
        if connection.has_unsent() {
            self.watch.expect_room(index, connection);
        }
        if outcome != Outcome::Pending {
            self.settle(index, outcome, now_ns);
        }
    }

    /// Begins to connect and says what came of it at once.
    fn begin_connecting(&mut self, index: usize, now_ns: u64) -> Phase {
        let connection = &mut self.connections[index];
        let begun = connection
            .connect(self.job.dialer)
            .and_then(|()| self.watch.add(index, connection));
        match begun.map_err(|error| error.to_string()) {
            Ok(()) => self.go_on_connecting(index, now_ns),
            Err(reason) => self.connecting_failed(index, reason, now_ns),
        }
    }

    fn go_on_connecting(&mut self, index: usize, now_ns: u64) -> Phase {
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

    fn connecting_failed(&mut self, index: usize, reason: String, now_ns: u64) -> Phase {
        if let Some(ticket) = self.connections[index].ticket {
            let reason = format!("{}: {reason}", self.job.dialer.address());
            self.recorder
                .failed(&ticket, now_ns, FailureKind::Connect, reason, Answered::No);
            self.open -= 1;
        }
        self.close(index, now_ns, Rest::Short);
        Phase::Closed
    }

    fn close(&mut self, index: usize, now_ns: u64, rest: Rest) {
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

    /// Moves a connection that is ready; returns the instant at which it was read.
    fn move_on(&mut self, index: usize, writable: Writable) -> u64 {
        let mix = self.job.mix;
        let connection = &mut self.connections[index];
        let outcome = match connection.phase {
            Phase::Closed => Outcome::Pending,
            Phase::Connecting => Outcome::Ready,
            Phase::Idle => connection.receive(None, &mut self.buffer),
            Phase::Busy => {
                if writable == Writable::Yes && connection.has_unsent() {
                    connection.send_rest();
                    if !connection.has_unsent() {
                        self.watch.expect_answers(index, connection);
                    }
                }
                let kind = connection.ticket.map(|ticket| &mix.kinds()[ticket.kind]);
                connection.receive(kind, &mut self.buffer)
            }
        };
        let now = self.clock.now_ns();
        self.settle(index, outcome, now);
        now
    }

    fn settle(&mut self, index: usize, outcome: Outcome, now_ns: u64) {
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

    fn settle_correct(&mut self, index: usize, now_ns: u64) {
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

    fn end_failed(
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
    fn end_exchange(&mut self, index: usize, now_ns: u64) {
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
    fn give_up_late(&mut self, now_ns: u64) {
        if now_ns < self.next_expiry_ns {
            return;
        }
        let timeout = self.job.timeout_ns;
        let mut earliest = u64::MAX;
        for index in 0..self.connections.len() {
            let connection = &self.connections[index];
            let Some(ticket) = connection.ticket else { continue };
            if ticket.intended_ns + timeout > now_ns {
                earliest = earliest.min(ticket.intended_ns + timeout);
                continue;
            }
            let (kind, what) = match connection.phase {
                Phase::Connecting => (FailureKind::Connect, "no connection"),
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
    fn drop_open(&mut self, now_ns: u64) {
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

/// Whether a closed connection rests before it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    None,
    Short,
}

/// Whether a socket takes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writable {
    No,
    Yes,
}
