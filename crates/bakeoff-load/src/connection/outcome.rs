//! What comes of moving a connection, and what the ways in which it breaks mean.

use crate::failure::FailureKind;
use crate::socket::Broken;
use crate::wire::Malformed;
use std::io::{self, ErrorKind};

/// What came of moving a connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It waits for the socket.
    Pending,
    /// It has been made.
    Ready,
    /// The request's answer is complete and right.
    Correct,
    /// The request failed; `answered` when a whole answer came.
    Failed {
        kind: FailureKind,
        reason: String,
        answered: Answered,
    },
    /// A kept connection ended as the request went out, which therefore was never served: it goes again.
    Unserved,
    /// The idle connection ended.
    Ended,
    /// Bytes came on the idle connection.
    Stray,
}

/// Whether a whole answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    No,
    Yes,
}

/// How a connection ended.
pub(super) enum End {
    Closed,
    Broken(io::Error),
}

pub(super) fn is_not_ready(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

pub(super) fn protocol(malformed: &Malformed) -> Outcome {
    Outcome::Failed {
        kind: FailureKind::Protocol,
        reason: malformed.to_string(),
        answered: Answered::No,
    }
}

pub(super) fn lost(reason: String) -> Outcome {
    Outcome::Failed {
        kind: FailureKind::Reset,
        reason,
        answered: Answered::No,
    }
}

/// A WebSocket on which no answer came.
pub(super) fn unheard((kind, reason): Broken) -> Outcome {
    Outcome::Failed {
        kind,
        reason,
        answered: Answered::No,
    }
}

/// Bytes that TLS cannot make sense of are the server's breach of a protocol, everything else a loss.
pub(super) fn broken(error: &io::Error, reason: String) -> Outcome {
    let kind = match error.kind() {
        ErrorKind::InvalidData => FailureKind::Protocol,
        _ => FailureKind::Reset,
    };
    Outcome::Failed {
        kind,
        reason,
        answered: Answered::No,
    }
}
