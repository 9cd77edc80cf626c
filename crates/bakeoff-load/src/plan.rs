//! How hard, how long and with what: the plan of one load. When each request leaves is [`crate::pacer`].

use std::time::Duration;

/// When requests leave.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Open loop: independent arrivals, as many users make them; gaps are exponential.
    Poisson {
        /// Requests a second.
        rate_rps: f64,
    },
    /// Open loop: evenly spaced.
    Constant {
        /// Requests a second.
        rate_rps: f64,
    },
    /// Open loop with a rate that changes: the stages one after the other, the last one's end rate held thereafter.
    Stages {
        /// Even or exponential gaps.
        spacing: Spacing,
        /// The stages, at least one.
        stages: Vec<Stage>,
    },
    /// Closed loop: every connection asks again as soon as it is answered. For capacity only: a slow server
    /// is asked less, so its latency looks better than a user would find it.
    Closed,
}

/// The gaps between the arrivals of an open loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// All alike.
    Even,
    /// Exponential.
    Poisson,
}

/// A stretch of time in which the rate goes evenly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// The rate at its beginning, requests a second.
    pub from_rps: f64,
    /// The rate at its end, requests a second.
    pub to_rps: f64,
    /// Its length in seconds.
    pub seconds: f64,
}

/// What a report keeps of the single requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// Histograms and counts only.
    #[default]
    Totals,
    /// How and when each measured request ended besides, for what happens within a second: some 32 bytes a request.
    Each,
}

/// A load to be driven.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// When requests leave.
    pub arrivals: Arrivals,
    /// Connections, all opened before the first request and used in turn, at least one a thread.
    pub connections: usize,
    /// The measured time.
    pub duration: Duration,
    /// Load of the same kind before the measured time; it counts only in the series, as negative seconds.
    pub warm: Duration,
    /// A request that is not answered this long after its intended instant is given up, whether it was sent or
    /// still waited for a connection.
    pub timeout: Duration,
    /// Threads of the generator, each with its own event loop.
    pub threads: usize,
    /// What every draw derives from: instants, mix, variables, samples.
    pub seed: u64,
    /// Cores for the threads, one each, in turn, and for the calling thread while it merges what they record; empty leaves
    /// all where the process may run.
    pub cores: Vec<usize>,
    /// Ends the load after so many measured requests, if the time has not ended it before.
    pub max_requests: Option<u64>,
    /// What the report keeps of the single requests.
    pub keep: Keep,
}

impl Default for Plan {
    /// 100 requests a second for ten seconds over 32 connections from one thread, given up after five seconds.
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_rps: 100.0 },
            connections: 32,
            duration: Duration::from_secs(10),
            warm: Duration::ZERO,
            timeout: Duration::from_secs(5),
            threads: 1,
            seed: 1,
            cores: Vec::new(),
            max_requests: None,
            keep: Keep::Totals,
        }
    }
}
