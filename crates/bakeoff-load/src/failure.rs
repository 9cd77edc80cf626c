//! The ways in which a request can fail, and the counts of those that did. Whose fault a failure is, is not decided
//! here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of a failure; each failed request has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// No connection could be made.
    Connect,
    /// TLS failed: this side or the other refused a certificate, or what came is not TLS.
    Tls,
    /// No complete response in time.
    Timeout,
    /// The connection ended before the response was complete.
    Reset,
    /// The bytes that came are neither HTTP/1.1 nor the requested WebSocket, or they break their own framing or a
    /// limit.
    Protocol,
    /// A response with an unexpected status.
    Status,
    /// A response with the right status and a wrong header, length or body.
    Check,
}

impl FailureKind {
    /// All kinds, in the order of a request's life.
    pub const ALL: [Self; 7] = [
        Self::Connect,
        Self::Tls,
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
            Self::Tls => "TLS failed",
            Self::Timeout => "no response in time",
            Self::Reset => "connection lost before the response was complete",
            Self::Protocol => "not valid HTTP/1.1 or WebSocket",
            Self::Status => "wrong status",
            Self::Check => "wrong response",
        })
    }
}

/// How a single request or a WebSocket failed: the kind, and a sentence.
pub type FailureCause = (FailureKind, String);

/// Requests of one label that failed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// The label of the request.
    pub label: String,
    /// The number of them.
    pub count: u64,
    /// The first of them, in a sentence.
    pub example: String,
}
