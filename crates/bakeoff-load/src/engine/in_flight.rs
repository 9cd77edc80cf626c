//! A request on its way: which one it is, and the instants from which its latencies count.

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

/// Whether a request is sent for the first time, or again because the kept connection had just been closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    First,
    Second,
}
