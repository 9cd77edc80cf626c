//! The measured time, and its intervals of a quarter of a second, from which the live figures and the series by
//! second are made. Merging keeps histograms, so that a percentile of a second is a percentile of its requests and
//! not a mean of means.

use crate::histogram::{empty, merge, to_blob};
use crate::report::{Second, Tick};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;

/// Watches a load while it runs.
pub trait Watcher {
    /// A quarter of a second has ended.
    fn tick(&mut self, tick: &Tick);

    /// A second has ended on all threads; the last one of a load may be a part of one.
    fn second(&mut self, _second: &Second) {}
}

impl<F: FnMut(&Tick)> Watcher for F {
    fn tick(&mut self, tick: &Tick) {
        self(tick);
    }
}

/// The length of an interval.
const INTERVAL_NS: i64 = 250_000_000;
const INTERVALS_PER_SECOND: i64 = 4;

/// The measured time, in nanoseconds since the start of the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// The end of the warm-up.
    pub(crate) begin_ns: u64,
    /// No request is intended from here on.
    pub(crate) end_ns: u64,
}

impl Window {
    /// Whether a request with this intended instant is measured.
    pub(crate) fn measures(&self, intended_ns: u64) -> bool {
        (self.begin_ns..self.end_ns).contains(&intended_ns)
    }

    /// The interval of an instant; negative during warm-up.
    pub(crate) fn interval_at(&self, now_ns: u64) -> i64 {
        (now_ns as i64 - self.begin_ns as i64).div_euclid(INTERVAL_NS)
    }

    /// The end of an interval.
    pub(crate) fn interval_end(&self, index: i64) -> u64 {
        (self.begin_ns as i64 + (index + 1) * INTERVAL_NS).max(0) as u64
    }
}

/// The requests that ended in one interval, on one thread or on several.
#[derive(Debug)]
pub(crate) struct Interval {
    pub(crate) index: i64,
    pub(crate) sent: u64,
    pub(crate) correct: u64,
    pub(crate) failed: u64,
    pub(crate) shed: u64,
    /// Of the measured requests, and during the warm-up of those of the warm-up: the intervals of the measured time add
    /// up to it.
    pub(crate) response: Histogram<u64>,
}

impl Interval {
    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.correct += other.correct;
        self.failed += other.failed;
        self.shed += other.shed;
        merge(&mut self.response, &other.response);
    }

    fn quantile(&self, quantile: f64) -> u64 {
        if self.response.is_empty() {
            0
        } else {
            self.response.value_at_quantile(quantile)
        }
    }
}

/// A report of one thread on its progress.
#[derive(Debug)]
pub(crate) enum ThreadUpdate {
    /// One of its intervals has ended.
    Interval { thread: usize, interval: Box<Interval> },
    /// It has ended.
    Done { thread: usize },
}

/// Merges the intervals of all threads, in order.
#[derive(Debug)]
pub(crate) struct Series {
    /// By thread, the first interval that it has not yet passed on.
    reached: Vec<i64>,
    waiting: BTreeMap<i64, Interval>,
    current: Option<(i64, Interval)>,
    seconds: Vec<Second>,
    correct_total: u64,
    failed_total: u64,
}

impl Series {
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            reached: vec![i64::MIN; threads],
            waiting: BTreeMap::new(),
            current: None,
            seconds: Vec::new(),
            correct_total: 0,
            failed_total: 0,
        }
    }

    /// Takes a thread's update, and passes every interval and every second that is now complete on all threads to
    /// `watcher`.
    pub(crate) fn take(&mut self, update: ThreadUpdate, watcher: &mut dyn Watcher) {
        match update {
            ThreadUpdate::Done { thread } => self.reached[thread] = i64::MAX,
            ThreadUpdate::Interval { thread, interval } => {
                self.reached[thread] = interval.index + 1;
                let merged = self
                    .waiting
                    .entry(interval.index)
                    .or_insert_with(|| Interval::new(interval.index));
                merged.add(&interval);
            }
        }
        // An interval is complete when every thread has passed it: the slowest thread decides.
        let complete = self.reached.iter().copied().min().unwrap_or(i64::MAX);
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() < complete) {
            let interval = entry.remove();
            watcher.tick(&self.tick(&interval));
            self.append(interval, watcher);
        }
    }

    /// The whole series, once all threads are done.
    pub(crate) fn finish(mut self, watcher: &mut dyn Watcher) -> Vec<Second> {
        self.close_second(watcher);
        self.seconds
    }

    fn tick(&mut self, interval: &Interval) -> Tick {
        self.correct_total += interval.correct;
        self.failed_total += interval.failed;
        let per_second = INTERVALS_PER_SECOND as f64;
        Tick {
            at_s: (interval.index + 1) as f64 / per_second,
            sent_rps: interval.sent as f64 * per_second,
            correct_rps: interval.correct as f64 * per_second,
            failed: interval.failed,
            failed_total: self.failed_total,
            correct_total: self.correct_total,
            p50_us: interval.quantile(0.5),
            p99_us: interval.quantile(0.99),
        }
    }

    fn append(&mut self, interval: Interval, watcher: &mut dyn Watcher) {
        let second = interval.index.div_euclid(INTERVALS_PER_SECOND);
        match &mut self.current {
            Some((current, sum)) if *current == second => sum.add(&interval),
            _ => {
                self.close_second(watcher);
                self.current = Some((second, interval));
            }
        }
    }

    fn close_second(&mut self, watcher: &mut dyn Watcher) {
        let Some((second, sum)) = self.current.take() else {
            return;
        };
        let second = Second {
            second,
            sent: sum.sent,
            correct: sum.correct,
            failed: sum.failed,
            shed: sum.shed,
            p50_us: sum.quantile(0.5),
            p99_us: sum.quantile(0.99),
            response_blob: to_blob(&sum.response),
        };
        watcher.second(&second);
        self.seconds.push(second);
    }
}

impl Interval {
    /// An empty interval.
    pub(crate) fn new(index: i64) -> Self {
        Self {
            index,
            sent: 0,
            correct: 0,
            failed: 0,
            shed: 0,
            response: empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interval, Series, ThreadUpdate, Window};

    #[test]
    fn intervals_count_from_the_measured_time() {
        let window = Window {
            begin_ns: 600_000_000,
            end_ns: 2_000_000_000,
        };
        for (now, interval) in [
            (0, -3),
            (99_999_999, -3),
            (100_000_000, -2),
            (599_999_999, -1),
            (600_000_000, 0),
        ] {
            assert_eq!(window.interval_at(now), interval, "{now}");
        }
        assert_eq!(window.interval_end(-3), 100_000_000);
        assert_eq!(window.interval_end(0), 850_000_000);
        assert!(
            !window.measures(599_999_999) && window.measures(600_000_000) && !window.measures(2_000_000_000)
        );
    }

    #[test]
    fn a_second_is_complete_when_all_threads_have_passed_it() {
        let mut series = Series::new(2);
        let (mut ticks, interval) = (Vec::new(), |thread, index, latency| {
            let mut interval = Box::new(Interval {
                sent: 1,
                correct: 1,
                ..Interval::new(index)
            });
            interval.response.saturating_record(latency);
            ThreadUpdate::Interval { thread, interval }
        });
        let mut watcher = |tick: &crate::Tick| ticks.push(tick.at_s);
        for update in [
            interval(0, -1, 100),
            interval(0, 0, 100),
            interval(1, -1, 300),
            interval(0, 1, 100),
            ThreadUpdate::Done { thread: 0 },
            interval(1, 0, 900),
            ThreadUpdate::Done { thread: 1 },
        ] {
            series.take(update, &mut watcher);
        }
        let seconds: Vec<_> = series
            .finish(&mut |_: &crate::Tick| {})
            .iter()
            .map(|s| (s.second, s.correct, s.p99_us / 10))
            .collect();
        assert_eq!(ticks, [0.0, 0.25, 0.5]);
        assert_eq!(seconds, [(-1, 2, 30), (0, 3, 90)]);
    }
}
