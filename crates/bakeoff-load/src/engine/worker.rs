//! One thread of the generator: sends what is due, moves ready connections on, and sleeps until the next of either.
//! Open and closed loop, by time and by count, plain and encrypted: all take this one path.
//!
//! [`Worker`] is one type in three files: its loop and the sending here, connecting in `connecting.rs`, and the ends
//! of requests in `ending.rs`.

mod connecting;
mod ending;

use crate::engine::connection::{Connection, ConnectionPhase, ReadState};
use crate::engine::in_flight::{Attempt, InFlight};
use crate::engine::interval::{Interval, Window};
use crate::engine::outcome::{Outcome, ResponseComplete};
use crate::engine::pool::{ConnectionPool, NextFree};
use crate::engine::recorder::{Record, Recorder};
use crate::error::LoadError;
use crate::failure::FailureKind;
use crate::net::clock::Clock;
use crate::net::poller::Poller;
use crate::net::stream::Dialer;
use crate::net::timer::TICK_NS;
use crate::pace::count_end::CountEnd;
use crate::pace::pacer::{Arrival, Pacer};
use crate::plan::{Departures, Keep};
use crate::request::compiled::Scratch;
use crate::request::mix::Mix;
use std::sync::atomic::{AtomicBool, Ordering};

/// The parts of a load that all its threads share.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) dialer: &'a Dialer,
    pub(crate) mix: &'a Mix,
    pub(crate) window: Window,
    pub(crate) timeout_ns: u64,
    /// A request that has not been sent this long after it was due is shed.
    pub(crate) deadline_ns: Option<u64>,
    pub(crate) stop: &'a AtomicBool,
    pub(crate) keep: Keep,
    pub(crate) departures: Departures,
}

/// One thread's share of a load.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    job: &'a Job<'a>,
    poller: Poller,
    clock: Clock,
    pacer: Pacer,
    /// The measured requests that may still be sent.
    quota: u64,
    /// When the last of them falls due, if a count ends the load.
    count_end: Option<CountEnd>,
    connections: Vec<Connection>,
    pool: ConnectionPool,
    /// The requests on connections.
    open: usize,
    recorder: Recorder,
    /// No open request times out before this instant.
    next_expiry_ns: u64,
    scratch: Scratch,
    out: Vec<u8>,
    read_state: ReadState,
}

/// Whether a request can leave.
enum Due {
    Now(Arrival),
    At(u64),
    Never,
}

impl<'a> Worker<'a> {
    /// A thread's share of the load, with its connections made. One that cannot be made is tried again when a request
    /// needs it.
    pub(crate) fn open(
        job: &'a Job<'a>,
        pacer: Pacer,
        quota: u64,
        connections: usize,
        clock: Clock,
    ) -> Result<Self, LoadError> {
        let ends_by_count = quota != u64::MAX;
        let count_end = ends_by_count.then(|| CountEnd::of(&pacer, quota, job.window.begin_ns));
        let recorder = Recorder::new(job.window, job.mix.kinds().len(), job.keep, pacer.is_open());
        let mut worker = Self {
            job,
            poller: Poller::new()?,
            clock,
            pacer,
            quota,
            count_end: count_end.flatten(),
            connections: (0..connections).map(|_| Connection::new()).collect(),
            pool: ConnectionPool::with_capacity(connections),
            open: 0,
            recorder,
            next_expiry_ns: u64::MAX,
            scratch: Scratch::default(),
            out: Vec::with_capacity(4096),
            read_state: ReadState::new(job.mix.kinds().len()),
        };
        worker.open_connections()?;
        Ok(worker)
    }

    /// The load starts with `clock`; the connections were made by another one before.
    pub(crate) fn start_at(&mut self, clock: Clock) {
        self.clock = clock;
        self.poller.forget_clock();
    }

    /// Drives its share to the end, and passes on each interval as it ends.
    pub(crate) fn drive(mut self, mut hand_over: impl FnMut(Interval)) -> Result<Record, LoadError> {
        self.clock.wait_for_start();
        let mut moved_at = None;
        loop {
            // A closed loop has nothing due by the clock, so the instant of the last response is near enough, and saves
            // reading the clock once a response.
            let now = moved_at
                .take()
                .filter(|_| !self.pacer.is_open())
                .unwrap_or_else(|| self.clock.now_ns());
            if let Some(end_ns) = self.count_end.as_mut().and_then(|end| end.by(now)) {
                self.recorder.count_ends_at(end_ns);
                self.count_end = None;
            }
            self.recorder.roll_over(now, &mut hand_over);
            if self.job.stop.load(Ordering::Relaxed) {
                self.drop_open(now);
                break;
            }
            self.give_up_late(now);
            let wake = self.send_due(now);
            if self.open == 0 && wake.is_none() {
                break;
            }
            if let Some(wake) = wake.filter(|&wake| self.is_soon(now, wake)) {
                self.clock.sleep_until(wake);
                self.poller.wait(now, now)?;
                self.move_ready_on();
                continue;
            }
            // Sleeps end after a tick at the latest, which is enough for intervals and a stop. Only a shorter sleep
            // needs the exact instant, and so a new look at the clock.
            let wake = wake.unwrap_or(u64::MAX).min(self.next_expiry_ns).max(now);
            let now = if wake - now < TICK_NS {
                self.clock.now_ns()
            } else {
                now
            };
            self.poller.wait(now, wake)?;
            moved_at = self.move_ready_on();
        }
        let now = self.clock.now_ns();
        Ok(self.recorder.finish(now, hand_over))
    }

    /// Whether the next request is due so soon that responses are read when it leaves: to be woken for each of them too
    /// would cost more than the request itself. Below that time both wake-ups are one anyway.
    fn is_soon(&self, now_ns: u64, wake_ns: u64) -> bool {
        const SOON_NS: std::ops::Range<u64> = 25_000..60_000;
        self.job.departures == Departures::Punctual
            && self.pool.may_be_free()
            && SOON_NS.contains(&wake_ns.saturating_sub(now_ns))
    }

    /// Moves on the connections that the last wait found ready; returns when the last of them was read.
    fn move_ready_on(&mut self) -> Option<u64> {
        let mut moved_at = None;
        while let Some(ready) = self.poller.next() {
            let now = self.move_on(ready);
            moved_at = Some(now);
            // A long batch of responses must not delay requests that fall due meanwhile.
            if self.pool.may_be_free() && matches!(self.due(now), Due::Now(_)) {
                self.send_due(now);
            }
        }
        moved_at
    }

    fn due(&self, now_ns: u64) -> Due {
        let Some(arrival) = self.pacer.peek().filter(|_| self.quota > 0) else {
            return Due::Never;
        };
        let end_ns = self.job.window.end_ns;
        // In a closed loop a request is due as soon as a connection is free, so its intended instant is now.
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

    /// Sends each due request that finds a connection, as of `now_ns`; returns when to look again, `None` after the
    /// last request.
    fn send_due(&mut self, mut now_ns: u64) -> Option<u64> {
        let mut begun = false;
        loop {
            let arrival = match self.due(now_ns) {
                Due::Now(arrival) => arrival,
                Due::At(at) => return Some(self.pacer.wake_ns(at)),
                Due::Never => return None,
            };
            // Only the first request of a batch waits for the others; once the thread is awake, all that is due leaves.
            let wake_ns = self.pacer.wake_ns(arrival.at_ns);
            if wake_ns > now_ns && !begun {
                return Some(wake_ns);
            }
            begun = true;
            // It waited too long for a connection. Sending it now would only add to a queue that is too long.
            let patience_ns = self.job.deadline_ns.unwrap_or(self.job.timeout_ns);
            if arrival.at_ns + patience_ns <= now_ns {
                self.take(&arrival, now_ns);
                self.end_unsent(arrival, now_ns);
                continue;
            }
            match self.pool.free(&self.connections, now_ns) {
                NextFree::Now(index) => {
                    self.take(&arrival, now_ns);
                    self.pool.take(index);
                    self.dispatch(index, arrival, now_ns);
                }
                NextFree::At(at) => return Some(at.min(arrival.at_ns + patience_ns)),
                NextFree::Later => return Some(arrival.at_ns + patience_ns),
            }
            // Sending took time; the clock is read again only if another request could use a connection.
            if self.pool.may_be_free() {
                now_ns = self.clock.now_ns();
            }
        }
    }

    fn take(&mut self, arrival: &Arrival, now_ns: u64) {
        self.pacer.take();
        self.recorder.due(arrival.at_ns, now_ns);
        // The warm-up does not use up the quota, which counts measured requests.
        self.quota -= u64::from(self.job.window.measures(arrival.at_ns));
    }

    fn in_flight(&self, arrival: Arrival) -> InFlight {
        let kind = self.job.mix.kind_of(arrival.n);
        InFlight {
            n: arrival.n,
            kind,
            intended_ns: arrival.at_ns,
            sent_ns: None,
            attempt: Attempt::First,
        }
    }

    /// Sheds a request that could not be sent, or gives it up where there is no deadline.
    fn end_unsent(&mut self, arrival: Arrival, now_ns: u64) {
        let in_flight = self.in_flight(arrival);
        if self.job.deadline_ns.is_some() {
            return self.recorder.shed(&in_flight, now_ns);
        }
        let reason = format!(
            "no connection was free within {} ms",
            self.job.timeout_ns / 1_000_000
        );
        self.recorder.failed(
            &in_flight,
            now_ns,
            FailureKind::Timeout,
            reason,
            ResponseComplete::No,
        );
    }

    /// Gives a request to an idle or closed connection.
    fn dispatch(&mut self, index: usize, arrival: Arrival, now_ns: u64) {
        let in_flight = self.in_flight(arrival);
        let connection = &mut self.connections[index];
        // Until a connection was free, the request waited for the server; only the time after that is our lag.
        let could_leave = arrival.at_ns.max(connection.free_since_ns);
        self.recorder
            .sent(arrival.at_ns, now_ns.saturating_sub(could_leave));
        self.open += 1;
        self.next_expiry_ns = self.next_expiry_ns.min(arrival.at_ns + self.job.timeout_ns);
        match connection.phase {
            ConnectionPhase::Idle => self.send(index, in_flight, now_ns),
            _ => self.send_on_new_connection(index, in_flight, now_ns),
        }
    }

    fn send(&mut self, index: usize, in_flight: InFlight, now_ns: u64) {
        let mix = self.job.mix;
        self.out.clear();
        mix.write(in_flight.kind, in_flight.n, &mut self.scratch, &mut self.out);
        let in_flight = InFlight {
            sent_ns: Some(now_ns),
            ..in_flight
        };
        let connection = &mut self.connections[index];
        let outcome = connection.send(mix, in_flight, &self.out);
        if connection.has_unsent() {
            self.poller.watch_for_bytes_and_room(index, connection.stream());
        }
        if outcome != Outcome::Pending {
            self.settle(index, outcome, now_ns);
        }
    }
}
