//! The record of one thread: counts, histograms, failures and the current interval. Writing does not allocate; the
//! records are merged when the threads have ended. Rates and judgements are made in [`crate::engine::summary`].

use crate::engine::in_flight::InFlight;
use crate::engine::interval::{Interval, Window};
use crate::engine::occupancy::Occupancy;
use crate::engine::outcome::ResponseComplete;
use crate::engine::trend::Trend;
use crate::failure::FailureKind;
use crate::histogram::{LEAST_US, empty, merge, micros};
use crate::net::clock::ThreadTime;
use crate::plan::Keep;
use crate::report::RequestRecord;
use hdrhistogram::Histogram;
use std::collections::BTreeMap;

/// The record of one thread, or of several merged.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) by_kind: Vec<KindRecord>,
    pub(crate) failed: Histogram<u64>,
    pub(crate) lag: Histogram<u64>,
    pub(crate) failures: BTreeMap<(FailureKind, usize), Tally>,
    /// Each measured request, if the plan keeps them.
    pub(crate) requests: Vec<RequestRecord>,
    pub(crate) sent: u64,
    pub(crate) completed: u64,
    /// Measured requests that ended before the measured time did, but for those that timed out.
    pub(crate) ended_in_time: u64,
    /// Requests that were sent and timed out.
    pub(crate) hung: u64,
    /// Requests that were not sent by the deadline.
    pub(crate) shed: u64,
    /// How the response time changed with the time; nothing of a closed loop.
    pub(crate) trend: Trend,
    pub(crate) body_bytes: u64,
    pub(crate) reconnects: u64,
    pub(crate) unsolicited: u64,
    /// Measured requests that were open or waiting when the load was stopped.
    pub(crate) dropped: u64,
    /// The measured requests in flight, counted beside the histograms.
    pub(crate) occupancy: Occupancy,
    pub(crate) own: ThreadTime,
    /// When the last measured request ended.
    pub(crate) last_ns: u64,
    /// When the load was stopped, if it was.
    pub(crate) stopped_ns: Option<u64>,
    /// When the first request beyond the count would have been due, if a count ended the load.
    pub(crate) count_end_ns: Option<u64>,
}

/// The record of one kind of request.
#[derive(Debug, Clone)]
pub(crate) struct KindRecord {
    pub(crate) planned: u64,
    /// Right responses of another status than the one whose body is checked.
    pub(crate) other_status: u64,
    pub(crate) response: Histogram<u64>,
    pub(crate) service: Histogram<u64>,
}

/// How often a kind of failure occurred, and its first occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) example: String,
    pub(crate) first_ns: u64,
}

impl Record {
    pub(crate) fn new(kinds: usize) -> Self {
        let kind = KindRecord {
            planned: 0,
            other_status: 0,
            response: empty(),
            service: empty(),
        };
        Self {
            by_kind: vec![kind; kinds],
            failed: empty(),
            lag: empty(),
            failures: BTreeMap::new(),
            requests: Vec::new(),
            sent: 0,
            completed: 0,
            ended_in_time: 0,
            hung: 0,
            shed: 0,
            trend: Trend::default(),
            body_bytes: 0,
            reconnects: 0,
            unsolicited: 0,
            dropped: 0,
            occupancy: Occupancy::default(),
            own: ThreadTime::default(),
            last_ns: 0,
            stopped_ns: None,
            count_end_ns: None,
        }
    }

    /// Adds another thread's record.
    pub(crate) fn add(&mut self, other: Self) {
        for (mine, its) in self.by_kind.iter_mut().zip(&other.by_kind) {
            mine.planned += its.planned;
            mine.other_status += its.other_status;
            merge(&mut mine.response, &its.response);
            merge(&mut mine.service, &its.service);
        }
        merge(&mut self.failed, &other.failed);
        merge(&mut self.lag, &other.lag);
        for (key, tally) in other.failures {
            match self.failures.get_mut(&key) {
                Some(mine) => mine.add(tally),
                None => drop(self.failures.insert(key, tally)),
            }
        }
        self.requests.extend(other.requests);
        self.sent += other.sent;
        self.completed += other.completed;
        self.ended_in_time += other.ended_in_time;
        self.hung += other.hung;
        self.shed += other.shed;
        self.trend.add(&other.trend);
        self.body_bytes += other.body_bytes;
        self.reconnects += other.reconnects;
        self.unsolicited += other.unsolicited;
        self.dropped += other.dropped;
        self.occupancy.add(other.occupancy);
        self.own.cpu += other.own.cpu;
        self.own.wait += other.own.wait;
        self.last_ns = self.last_ns.max(other.last_ns);
        self.stopped_ns = self.stopped_ns.or(other.stopped_ns);
        // The first request beyond the count is one of the threads' next ones.
        self.count_end_ns = match (self.count_end_ns, other.count_end_ns) {
            (Some(mine), Some(its)) => Some(mine.min(its)),
            (mine, its) => mine.or(its),
        };
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        if other.first_ns < self.first_ns {
            (self.example, self.first_ns) = (other.example, other.first_ns);
        }
    }
}

/// Records what happens on one thread.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) window: Window,
    pub(crate) record: Record,
    keep: Keep,
    interval: Interval,
    /// By kind, the responses whose two latencies are equal, as all are in a closed loop: recorded once, and merged
    /// into both histograms at the end, because recording is one of the dearer steps of a request.
    equal: Vec<Histogram<u64>>,
    /// The requests that were sent within the microsecond: most are, and a count is cheaper than a histogram.
    at_once: u64,
    own_at_begin: Option<ThreadTime>,
    own_at_end: Option<ThreadTime>,
    /// Whether the trend is noted: in a closed loop the requests wait for the responses.
    is_open_loop: bool,
}

impl Recorder {
    pub(crate) fn new(window: Window, kinds: usize, keep: Keep, is_open_loop: bool) -> Self {
        Self {
            window,
            record: Record::new(kinds),
            keep,
            interval: Interval::new(window.interval_at(0)),
            equal: vec![empty(); kinds],
            at_once: 0,
            own_at_begin: None,
            own_at_end: None,
            is_open_loop,
        }
    }

    /// A request that is due at `intended_ns` is taken up at `now_ns`.
    pub(crate) fn due(&mut self, intended_ns: u64, now_ns: u64) {
        if self.window.measures(intended_ns) {
            self.record.occupancy.enter(intended_ns, now_ns);
        }
    }

    /// A request was given to a connection, `lag_ns` later than it could have been.
    pub(crate) fn sent(&mut self, intended_ns: u64, lag_ns: u64) {
        self.interval.sent += 1;
        if self.window.measures(intended_ns) {
            match micros(lag_ns) {
                LEAST_US => self.at_once += 1,
                late => self.record.lag.saturating_record(late),
            }
        }
    }

    /// A request got a right response, whose last byte came at `now_ns`; `other_status`: not the one whose body is
    /// checked.
    pub(crate) fn correct(&mut self, in_flight: &InFlight, now_ns: u64, body: u64, other_status: bool) {
        let response = in_flight.response_us(now_ns);
        self.interval.correct += 1;
        let measures = self.window.measures(in_flight.intended_ns);
        if measures || self.interval.index < 0 {
            self.interval.response.saturating_record(response);
        }
        if measures {
            self.record.by_kind[in_flight.kind].other_status += u64::from(other_status);
            let service = in_flight.service_us(now_ns);
            if service == response {
                self.equal[in_flight.kind].saturating_record(response);
            } else {
                let kind = &mut self.record.by_kind[in_flight.kind];
                kind.response.saturating_record(response);
                kind.service.saturating_record(service);
            }
            self.record.body_bytes += body;
            self.keep(in_flight, now_ns, None);
            self.ended(in_flight, now_ns, ResponseComplete::Yes);
        }
    }

    /// A request failed at `now_ns`.
    pub(crate) fn failed(
        &mut self,
        in_flight: &InFlight,
        now_ns: u64,
        kind: FailureKind,
        reason: String,
        complete: ResponseComplete,
    ) {
        self.interval.failed += 1;
        if !self.window.measures(in_flight.intended_ns) {
            return;
        }
        self.record
            .failed
            .saturating_record(in_flight.response_us(now_ns));
        match self.record.failures.get_mut(&(kind, in_flight.kind)) {
            Some(tally) => tally.count += 1,
            None => {
                let tally = Tally {
                    count: 1,
                    example: reason,
                    first_ns: now_ns,
                };
                self.record.failures.insert((kind, in_flight.kind), tally);
            }
        }
        self.keep(in_flight, now_ns, Some(kind));
        self.ended(in_flight, now_ns, complete);
        match (kind, in_flight.sent_ns) {
            (FailureKind::Timeout, Some(_)) => self.record.hung += 1,
            (FailureKind::Timeout, None) => {}
            _ if complete == ResponseComplete::No => self.ended_in_time(now_ns),
            _ => {}
        }
    }

    /// A request could not be sent by its deadline, which was at `now_ns` at the latest.
    pub(crate) fn shed(&mut self, in_flight: &InFlight, now_ns: u64) {
        self.interval.shed += 1;
        if self.window.measures(in_flight.intended_ns) {
            self.record.shed += 1;
            self.keep(in_flight, now_ns, Some(FailureKind::Timeout));
            self.ended(in_flight, now_ns, ResponseComplete::No);
        }
    }

    fn keep(&mut self, in_flight: &InFlight, now_ns: u64, failed: Option<FailureKind>) {
        if self.keep == Keep::Each {
            let since_begin_s = |ns: u64| (ns as f64 - self.window.begin_ns as f64) / 1e9;
            self.record.requests.push(RequestRecord {
                due_s: since_begin_s(in_flight.intended_ns),
                at_s: since_begin_s(now_ns),
                failed,
            });
        }
    }

    fn ended(&mut self, in_flight: &InFlight, now_ns: u64, complete: ResponseComplete) {
        self.record.occupancy.leave(now_ns);
        self.record.by_kind[in_flight.kind].planned += 1;
        self.record.sent += u64::from(in_flight.sent_ns.is_some());
        if complete == ResponseComplete::Yes {
            self.record.completed += 1;
            self.ended_in_time(now_ns);
            if self.is_open_loop {
                let since_begin_s = |ns: u64| (ns - self.window.begin_ns) as f64 / 1e9;
                let response_s = now_ns.saturating_sub(in_flight.intended_ns) as f64 / 1e9;
                self.record
                    .trend
                    .note(since_begin_s(in_flight.intended_ns), response_s);
            }
        }
        self.record.last_ns = self.record.last_ns.max(now_ns);
    }

    fn ended_in_time(&mut self, now_ns: u64) {
        self.record.ended_in_time += u64::from(now_ns < self.window.end_ns);
    }

    /// When the current interval ends.
    fn interval_ends_ns(&self) -> u64 {
        self.window.interval_end(self.interval.index)
    }

    /// Passes on the intervals that have ended by `now_ns`, and reads the thread's own times where the measured time
    /// begins and ends.
    pub(crate) fn roll_over(&mut self, now_ns: u64, mut hand_over: impl FnMut(Interval)) {
        if self.own_at_begin.is_none() && now_ns >= self.window.begin_ns {
            self.own_at_begin = Some(ThreadTime::of_this_thread());
        }
        if self.own_at_end.is_none() && now_ns >= self.window.end_ns {
            self.own_at_end = Some(ThreadTime::of_this_thread());
        }
        while now_ns >= self.interval_ends_ns() {
            let next = Interval::new(self.interval.index + 1);
            hand_over(std::mem::replace(&mut self.interval, next));
        }
    }

    /// A count ends the load: the first request beyond it would be due at `end_ns`.
    pub(crate) fn count_ends_at(&mut self, end_ns: u64) {
        self.window.end_ns = self.window.end_ns.min(end_ns);
        self.record.count_end_ns = Some(end_ns);
    }

    /// The load is stopped at `now_ns`: that is where the measured time ends.
    pub(crate) fn stop_at(&mut self, now_ns: u64) {
        self.record.stopped_ns = Some(now_ns);
        self.record.occupancy.pass(now_ns);
    }

    /// Ends the record and passes on the last interval.
    pub(crate) fn finish(mut self, now_ns: u64, mut hand_over: impl FnMut(Interval)) -> Record {
        self.roll_over(now_ns, &mut hand_over);
        hand_over(self.interval);
        for (kind, equal) in self.record.by_kind.iter_mut().zip(&self.equal) {
            merge(&mut kind.response, equal);
            merge(&mut kind.service, equal);
        }
        self.record.lag.saturating_record_n(LEAST_US, self.at_once);
        if let Some(begin) = self.own_at_begin {
            self.record.own = self
                .own_at_end
                .unwrap_or_else(ThreadTime::of_this_thread)
                .since(begin);
        }
        self.record
    }
}
