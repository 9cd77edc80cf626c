//! How a request can fail, and the tally of those that did. Whose fault it is, is not decided here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What went wrong with a request; exactly one kind holds for each that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// No connection could be made, or the certificate was refused.
    Connect,
    /// No whole answer in time.
    Timeout,
    /// The connection ended before the answer did.
    Reset,
    /// What came is neither HTTP/1.1 nor the WebSocket that was asked for, or breaks its own framing, or is over the limits.
    Protocol,
    /// An answer with a status that is not expected.
    Status,
    /// An answer with the right status and a wrong header, length or body.
    Check,
}

impl FailureKind {
    /// All kinds, in the order of a request's life.
    pub const ALL: [Self; 6] = [
        Self::Connect,
        Self::Timeout,
        Self::Reset,
        Self::Protocol,
        Self::Status,
        Self::Check,
    ];
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection",
            Self::Timeout => "no answer in time",
            Self::Reset => "connection lost before the answer was complete",
            Self::Protocol => "not valid HTTP/1.1 or WebSocket",
            Self::Status => "wrong status",
            Self::Check => "wrong answer",
        })
    }
}

/// Requests of one label that failed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// How.
    pub kind: FailureKind,
    /// Which kind of request.
    pub label: String,
    /// How many.
    pub count: u64,
    /// The first of them, in a sentence.
    pub example: String,
}
