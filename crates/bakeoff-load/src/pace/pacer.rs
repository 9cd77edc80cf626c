//! When each request is meant to leave: request `n` of a seed has one intended instant, which depends on no response,
//! no thread count and no lateness. No clock here.

use crate::error::LoadError;
use crate::pace::schedule::Schedule;
use crate::plan::{Arrivals, Departures, Spacing};
use crate::seeded_rng::{Purpose, SeededRng};
use std::sync::Arc;

/// About this many requests leave together where arrivals are dense.
const BATCH: f64 = 6.0;

/// The longest that a request waits for others to leave with it. The wait counts as lag and in the response time,
/// like any other lateness.
const MAX_BATCH_DELAY_NS: f64 = 300_000.0;

/// How long a request of a thread with this rate waits for others to leave with it. Where arrivals are dense, about
/// [`BATCH`] of them leave together: a wake-up for each would cost more than twice as much as the request itself, here
/// and on the server. Where a batch would take longer than [`MAX_BATCH_DELAY_NS`], each arrival has its own wake-up.
pub(crate) fn batch_ns(rate_rps: f64) -> u64 {
    let batch_ns = BATCH * 1e9 / rate_rps;
    if batch_ns <= MAX_BATCH_DELAY_NS {
        batch_ns as u64
    } else {
        0
    }
}

/// A request that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Its number, from 0, over all threads.
    pub(crate) n: u64,
    /// Its intended instant since the start of the load; of a closed loop, always in the past.
    pub(crate) at_ns: u64,
}

/// The arrivals of one thread, in order: all those with `n % threads == thread`.
///
/// Requests that are due and wait for a connection need no queue: they are the part of this sequence that lies in the
/// past. So a queue of any length costs no memory, and no request is forgotten.
#[derive(Debug, Clone)]
pub(crate) struct Pacer {
    process: ArrivalProcess,
    departures: Departures,
    threads: u64,
    next: Option<Arrival>,
}

#[derive(Debug, Clone)]
enum ArrivalProcess {
    Open {
        schedule: Arc<Schedule>,
        spacing: Spacing,
        seed: u64,
        position: Position,
    },
    Closed,
}

/// The n-th point of the unit-rate process, in fixed point with 32 binary digits. Sums of fixed-point numbers are
/// exact: in floating point, each further gap would be rounded more coarsely as the sum grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Position(u128);

impl Position {
    const ONE: f64 = 4_294_967_296.0;

    fn forward(&mut self, units: f64) {
        self.0 += (units * Self::ONE).round() as u128;
    }

    fn units(self) -> f64 {
        self.0 as f64 / Self::ONE
    }
}

impl Pacer {
    /// The arrivals of thread `thread` of `threads`.
    pub(crate) fn new(
        arrivals: &Arrivals,
        departures: Departures,
        seed: u64,
        thread: usize,
        threads: usize,
    ) -> Result<Self, LoadError> {
        let open = |schedule, spacing| ArrivalProcess::Open {
            schedule: Arc::new(schedule),
            spacing,
            seed,
            position: Position::default(),
        };
        let process = match arrivals {
            Arrivals::Poisson { rate_rps } => open(Schedule::steady(*rate_rps)?, Spacing::Poisson),
            Arrivals::Constant { rate_rps } => open(Schedule::steady(*rate_rps)?, Spacing::Even),
            Arrivals::Stages { spacing, stages } => open(Schedule::staged(stages)?, *spacing),
            Arrivals::Closed => ArrivalProcess::Closed,
        };
        let mut pacer = Self {
            process,
            departures,
            threads: threads as u64,
            next: None,
        };
        pacer.next = pacer.process.advance(0..=thread as u64);
        Ok(pacer)
    }

    /// The next arrival; `None` after the last.
    pub(crate) fn peek(&self) -> Option<Arrival> {
        self.next
    }

    /// Takes the next arrival.
    pub(crate) fn take(&mut self) -> Option<Arrival> {
        let taken = self.next?;
        self.next = self.process.advance(taken.n + 1..=taken.n + self.threads);
        Some(taken)
    }

    /// Until when to sleep for an arrival: until its instant, or with [`Departures::Batched`] until
    /// [`batch_ns`] later.
    pub(crate) fn wake_ns(&self, at_ns: u64) -> u64 {
        match (&self.process, self.departures) {
            (ArrivalProcess::Open { schedule, .. }, Departures::Batched) => {
                at_ns + batch_ns(schedule.rate_rps(at_ns) / self.threads as f64)
            }
            _ => at_ns,
        }
    }

    /// Whether the instants of the requests are fixed in advance.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.process, ArrivalProcess::Open { .. })
    }
}

impl ArrivalProcess {
    /// Advances over the requests of a range and returns the last one's arrival. The gaps of other threads' requests
    /// are drawn too: that is what makes all threads agree on the instants.
    fn advance(&mut self, range: std::ops::RangeInclusive<u64>) -> Option<Arrival> {
        let n = *range.end();
        let Self::Open {
            schedule,
            spacing,
            seed,
            position,
        } = self
        else {
            return Some(Arrival { n, at_ns: 0 });
        };
        let due = match spacing {
            Spacing::Even => n as f64,
            Spacing::Poisson => {
                for n in range {
                    position.forward(exponential(*seed, n));
                }
                position.units()
            }
        };
        schedule.instant_ns(due).map(|at_ns| Arrival { n, at_ns })
    }
}

/// The gap before request `n`, exponential with mean 1, by inversion.
fn exponential(seed: u64, n: u64) -> f64 {
    -SeededRng::new(seed, Purpose::Gap, n).unit().ln()
}

#[cfg(test)]
mod tests {
    use super::{Arrival, Pacer};
    use crate::plan::{Arrivals, Departures};

    fn all(arrivals: &Arrivals, seed: u64, thread: usize, threads: usize, count: usize) -> Vec<Arrival> {
        let mut pacer = Pacer::new(arrivals, Departures::Batched, seed, thread, threads).unwrap();
        std::iter::from_fn(|| pacer.take()).take(count).collect()
    }

    #[test]
    fn constant_arrivals_are_evenly_spaced() {
        let at: Vec<_> = all(&Arrivals::Constant { rate_rps: 8.0 }, 1, 0, 1, 4)
            .iter()
            .map(|a| (a.n, a.at_ns))
            .collect();
        assert_eq!(at, [(0, 0), (1, 125_000_000), (2, 250_000_000), (3, 375_000_000)]);
    }

    #[test]
    fn the_threads_share_one_sequence() {
        for arrivals in [
            Arrivals::Poisson { rate_rps: 1000.0 },
            Arrivals::Constant { rate_rps: 1000.0 },
        ] {
            let alone = all(&arrivals, 42, 0, 1, 3_000);
            let mut shared: Vec<_> = (0..3)
                .flat_map(|thread| all(&arrivals, 42, thread, 3, 1_000))
                .collect();
            shared.sort_by_key(|arrival| arrival.n);
            assert_eq!(shared, alone);
        }
    }

    #[test]
    fn only_dense_arrivals_wait_for_each_other() {
        for (rate_rps, threads, batch_ns) in [
            (400.0, 1, 0),
            (16_000.0, 1, 0),
            (20_000.0, 1, 300_000),
            (20_000.0, 2, 0),
            (100_000.0, 1, 60_000),
        ] {
            let wait_ns = |departures| {
                let pacer = Pacer::new(&Arrivals::Poisson { rate_rps }, departures, 1, 0, threads).unwrap();
                pacer.wake_ns(7) - 7
            };
            assert_eq!(
                wait_ns(Departures::Batched),
                batch_ns,
                "{rate_rps}/s over {threads}"
            );
            assert_eq!(wait_ns(Departures::Punctual), 0, "{rate_rps}/s over {threads}");
        }
    }

    #[test]
    fn a_doubled_rate_halves_every_instant() {
        let slow = all(&Arrivals::Poisson { rate_rps: 500.0 }, 9, 0, 1, 1_000);
        let fast = all(&Arrivals::Poisson { rate_rps: 1000.0 }, 9, 0, 1, 1_000);
        assert!(
            slow.iter()
                .zip(&fast)
                .all(|(s, f)| s.at_ns.abs_diff(2 * f.at_ns) <= 1)
        );
    }

    #[test]
    fn poisson_gaps_are_exponential() {
        let at = all(&Arrivals::Poisson { rate_rps: 1000.0 }, 4, 0, 1, 100_001);
        let gaps: Vec<f64> = at
            .windows(2)
            .map(|w| (w[1].at_ns - w[0].at_ns) as f64 / 1e6)
            .collect();
        let share = |limit: f64| gaps.iter().filter(|&&gap| gap > limit).count() as f64 / gaps.len() as f64;
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        assert!(
            (mean - 1.0).abs() < 0.016,
            "mean gap {mean} ms, five standard errors are 0.016"
        );
        for limit in [0.1_f64, 0.5, 1.0, 2.0, 4.0] {
            let expected = (-limit).exp();
            let error = 5.0 * (expected * (1.0 - expected) / 1e5).sqrt();
            assert!(
                (share(limit) - expected).abs() < error,
                "share of gaps above {limit} ms: {}",
                share(limit)
            );
        }
    }

    #[test]
    fn another_seed_is_another_sequence() {
        let poisson = Arrivals::Poisson { rate_rps: 1000.0 };
        assert_ne!(all(&poisson, 1, 0, 1, 10), all(&poisson, 2, 0, 1, 10));
        assert_eq!(all(&poisson, 1, 0, 1, 10), all(&poisson, 1, 0, 1, 10));
    }

    #[test]
    fn a_closed_loop_is_always_due() {
        assert!(
            all(&Arrivals::Closed, 1, 1, 2, 3)
                .iter()
                .map(|a| (a.n, a.at_ns))
                .eq([(1, 0), (3, 0), (5, 0)])
        );
    }
}
