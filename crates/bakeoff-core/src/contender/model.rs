//! How a contender runs several things at once, as data.

use serde::{Deserialize, Serialize};

/// How a contender runs several things at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// `event-loop`, `threads` or `processes`.
    pub concurrency: Concurrency,
    /// `sync` or `async`.
    pub style: Style,
}

/// What waits while a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concurrency {
    /// Nothing: one thread serves all.
    EventLoop,
    /// A thread of a pool.
    Threads,
    /// A process.
    Processes,
}

/// How its handlers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A call returns when the work is done.
    Sync,
    /// A call returns a promise.
    Async,
}
