//! One thread of the generator: sends what is due, moves the connections that are ready, sleeps until the next of either.
//! Open and closed loop, by time and by count, plain and encrypted all go this one way.

mod connecting;
mod ending;

use crate::alarm::TICK_NS;
use crate::clock::Clock;
use crate::compose::Scratch;
use crate::connection::{Answered, Attempt, Connection, Desk, Outcome, Phase, Ticket};
use crate::error::LoadError;
use crate::failure::FailureKind;
use crate::interval::{Interval, Window};
use crate::mix::Mix;
use crate::pacer::{Arrival, Pacer};
use crate::plan::Keep;
use crate::pool::{Free, Pool};
use crate::recorder::{Record, Recorder};
use crate::stream::Dialer;
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
    pub(crate) keep: Keep,
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
    desk: Desk,
}

/// Whether a request can leave.
enum Due {
    Now(Arrival),
    At(u64),
    Never,
}

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
            recorder: Recorder::new(job.window, job.mix.kinds().len(), job.keep),
            next_expiry_ns: u64::MAX,
            scratch: Scratch::default(),
            out: Vec::with_capacity(4096),
            desk: Desk::new(job.mix.kinds().len()),
        };
        worker.open_connections()?;
        Ok(worker)
    }

    /// Puts the start of the load at the beginning of `clock`; the connections were free before it.
    pub(crate) fn start_at(&mut self, clock: Clock) {
        self.clock = clock;
        self.watch.forget_clock();
    }

    /// Drives its share to the end, and hands over each interval as it ends.
    pub(crate) fn drive(mut self, mut hand_over: impl FnMut(Interval)) -> Result<Record, LoadError> {
        self.clock.wait_for_start();
        let mut moved_at = None;
        loop {
            // Where nothing falls due by the clock, the instant at which the last answer was read is near enough.
            let now = moved_at
                .take()
                .filter(|_| !self.pacer.is_open())
                .unwrap_or_else(|| self.clock.now_ns());
            self.recorder.turn(now, &mut hand_over);
            if self.job.stop.load(Ordering::Relaxed) {
                self.drop_open(now);
                break;
            }
            self.give_up_late(now);
            let wake = self.send_due(now);
            if self.open == 0 && wake.is_none() {
                break;
            }
            // The ends of intervals and a stop are noticed by the tick; only what is due needs an instant of its own.
            let wake = wake.unwrap_or(u64::MAX).min(self.next_expiry_ns).max(now);
            let now = if wake - now < TICK_NS {
                self.clock.now_ns()
            } else {
                now
            };
            self.watch.wait(now, wake)?;
            while let Some(ready) = self.watch.next() {
                let now = self.move_on(ready);
                moved_at = Some(now);
                // A long batch of answers must not make what falls due meanwhile late.
                if self.pool.may_be_free() && matches!(self.due(now), Due::Now(_)) {
                    self.send_due(now);
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

    /// Sends all that is due and finds a connection, as of `now_ns`; returns when to look again, `None` after the last
    /// request.
    fn send_due(&mut self, mut now_ns: u64) -> Option<u64> {
        let mut begun = false;
        loop {
            let arrival = match self.due(now_ns) {
                Due::Now(arrival) => arrival,
                Due::At(at) => return Some(self.pacer.wake_ns(at)),
                Due::Never => return None,
            };
            let wake_ns = self.pacer.wake_ns(arrival.at_ns);
            if wake_ns > now_ns && !begun {
                return Some(wake_ns);
            }
            begun = true;
            if arrival.at_ns + self.job.timeout_ns <= now_ns {
                self.take(&arrival);
                self.fail_unsent(arrival, now_ns);
                continue;
            }
            match self.pool.free(&self.connections, now_ns) {
                Free::Now(index) => {
                    self.take(&arrival);
                    self.pool.take(index);
                    self.dispatch(index, arrival, now_ns);
                }
                Free::At(at) => return Some(at),
                Free::Later => return Some(arrival.at_ns + self.job.timeout_ns),
            }
            // Sending took time; the clock is asked only if another connection can use it.
            if self.pool.may_be_free() {
                now_ns = self.clock.now_ns();
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
}
