//! The plan of one load: the rate, the duration, connections and threads. When each request leaves is computed in
//! [`crate::pace`].

use std::time::Duration;

/// When requests leave.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Open loop: independent arrivals, as of many users; gaps are exponential.
    Poisson {
        /// Requests a second.
        rate_rps: f64,
    },
    /// Open loop: evenly spaced.
    Constant {
        /// Requests a second.
        rate_rps: f64,
    },
    /// Open loop with a changing rate: one stage after the other, then the end rate of the last one.
    Stages {
        /// Even or exponential gaps.
        spacing: Spacing,
        /// The stages, at least one.
        stages: Vec<Stage>,
    },
    /// Closed loop: every connection sends its next request as soon as it has a response. For capacity only: a slow
    /// server gets fewer requests, so that its latency looks better than users would find it.
    Closed,
}

impl Arrivals {
    /// Whether the instants of the requests are fixed in advance, independent of the responses.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Closed)
    }
}

/// The gaps between the arrivals of an open loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// All equal.
    Even,
    /// Exponential.
    Poisson,
}

/// A stretch of time in which the rate changes linearly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// The rate at its beginning, requests a second.
    pub from_rps: f64,
    /// The rate at its end, requests a second.
    pub to_rps: f64,
    /// Its length in seconds.
    pub seconds: f64,
}

/// How much a report keeps of each request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// Histograms and counts only.
    #[default]
    Totals,
    /// Also how and when each measured request ended, to see what happens within a second: some 32 bytes a request.
    Each,
}

/// How requests leave where many are due within a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Departures {
    /// Some leave together, a little late: for a thread that shares its core with others, which each wake-up disturbs.
    #[default]
    Batched,
    /// Each at its instant: for threads with cores of their own.
    Punctual,
}

/// A load to be driven.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// When requests leave.
    pub arrivals: Arrivals,
    /// The number of connections, at least one a thread. All are opened before the first request and used in turn.
    pub connections: usize,
    /// The measured time.
    pub duration: Duration,
    /// The same load before the measured time; it counts only in the series, as negative seconds.
    pub warm: Duration,
    /// A request times out this long after its intended instant, whether it was sent or still waits for a connection.
    pub timeout: Duration,
    /// A request that could not be sent by this long after its intended instant is shed: it is never sent, and counted
    /// apart. Users who have gone away do not wait; without it, each request waits for a connection until it times out.
    pub deadline: Option<Duration>,
    /// The number of the generator's threads, each with its own event loop.
    pub threads: usize,
    /// The seed of all random draws: instants, mix, variables, samples.
    pub seed: u64,
    /// The cores for the threads, one each, in turn, and for the calling thread while it merges their records. If
    /// empty, all run on any core that the process may use.
    pub cores: Vec<usize>,
    /// How requests leave where many are due within a moment.
    pub departures: Departures,
    /// Ends the load after this many measured requests, if the time has not ended it before.
    pub max_requests: Option<u64>,
    /// How much the report keeps of each request.
    pub keep: Keep,
}

impl Plan {
    /// The duration of a load that only a count or a stop ends: a year, and also the longest of all.
    pub const WITHOUT_LIMIT: Duration = Duration::from_secs(366 * 24 * 3600);
}

impl Default for Plan {
    /// 100 requests a second for ten seconds over 32 connections from one thread, with a timeout of five seconds.
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_rps: 100.0 },
            connections: 32,
            duration: Duration::from_secs(10),
            warm: Duration::ZERO,
            timeout: Duration::from_secs(5),
            deadline: None,
            threads: 1,
            seed: 1,
            cores: Vec::new(),
            departures: Departures::default(),
            max_requests: None,
            keep: Keep::Totals,
        }
    }
}
