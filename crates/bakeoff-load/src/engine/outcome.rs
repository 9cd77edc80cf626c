//! The outcomes of moving a connection on, and the kind of failure for each way in which it can break.

use crate::failure::{FailureCause, FailureKind};
use crate::net::tls_problem::cause_of;
use crate::wire::malformed::Malformed;
use std::io;

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
    let (kind, reason) = malformed.cause();
    Outcome::Failed {
        kind,
        reason,
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

/// The end of a connection by an error: of TLS, or a lost connection, of which `place` says where.
pub(crate) fn broken(error: &io::Error, place: &str) -> Outcome {
    match cause_of(error, FailureKind::Reset) {
        (FailureKind::Tls, reason) => Outcome::Failed {
            kind: FailureKind::Tls,
            reason,
            complete: ResponseComplete::No,
        },
        (_, reason) => lost(format!("{place}: {reason}")),
    }
}
