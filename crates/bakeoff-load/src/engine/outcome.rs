//! The outcomes of moving a connection on, and the kind of failure for each way in which it can break.

use crate::failure::{FailureCause, FailureKind};
use crate::wire::malformed::Malformed;
use std::io::{self, ErrorKind};

/// The outcome of moving a connection on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It waits for the socket.
    Pending,
    /// The socket of a connection that is being made is ready.
    Connectable,
    /// The response is complete and, as far as it has been checked, right.
    Correct,
    /// The request failed.
    Failed {
        kind: FailureKind,
        reason: String,
        complete: ResponseComplete,
    },
    /// A kept connection ended as the request went out, so that the server never served it: it is sent again.
    Unserved,
    /// The server closed the idle connection.
    ClosedWhileIdle,
    /// Bytes came on the idle connection.
    Unsolicited,
}

/// Whether a complete response came, right or wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseComplete {
    No,
    Yes,
}

/// How a connection ended.
pub(crate) enum ConnectionEnd {
    Closed,
    Broken(io::Error),
}

pub(crate) fn protocol(malformed: &Malformed) -> Outcome {
    Outcome::Failed {
        kind: FailureKind::Protocol,
        reason: malformed.to_string(),
        complete: ResponseComplete::No,
    }
}

pub(crate) fn lost(reason: String) -> Outcome {
    Outcome::Failed {
        kind: FailureKind::Reset,
        reason,
        complete: ResponseComplete::No,
    }
}

/// A WebSocket on which no reply came.
pub(crate) fn websocket_failed((kind, reason): FailureCause) -> Outcome {
    Outcome::Failed {
        kind,
        reason,
        complete: ResponseComplete::No,
    }
}

/// Bytes that TLS rejects are a breach of the protocol by the server; any other error is a lost connection.
pub(crate) fn broken(error: &io::Error, reason: String) -> Outcome {
    let kind = match error.kind() {
        ErrorKind::InvalidData => FailureKind::Protocol,
        _ => FailureKind::Reset,
    };
    Outcome::Failed {
        kind,
        reason,
        complete: ResponseComplete::No,
    }
}
