//! A request on its way: its number, and the instants from which its two latencies count. Recording them is up to
//! [`crate::engine::recorder`].

use crate::histogram::micros;

/// A request on its way, from the moment it is due until it has ended. Small and `Copy`: it is taken along by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InFlight {
    /// Its number, from 0, over all threads. Its bytes follow from it, and are drawn again instead of being kept.
    pub(crate) n: u64,
    /// Its kind, as an index into the mix.
    pub(crate) kind: usize,
    pub(crate) intended_ns: u64,
    /// When its first byte was given to the socket; `None` before.
    pub(crate) sent_ns: Option<u64>,
    pub(crate) attempt: Attempt,
}

impl InFlight {
    /// The response time of a request that ended at `now_ns`, µs: it counts from the intended instant, so that waiting
    /// for a connection is part of it.
    pub(crate) fn response_us(&self, now_ns: u64) -> u64 {
        micros(now_ns.saturating_sub(self.intended_ns))
    }

    /// The service time of a request that ended at `now_ns`, µs: it counts from the actual send.
    pub(crate) fn service_us(&self, now_ns: u64) -> u64 {
        micros(now_ns.saturating_sub(self.sent_ns.unwrap_or(self.intended_ns)))
    }
}

/// Whether a request is sent for the first time, or again because the kept connection had just been closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    First,
    Second,
}
