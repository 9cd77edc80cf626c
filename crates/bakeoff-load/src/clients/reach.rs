//! Whether a server can be reached at all: asked before a load, so that nobody waits for a load of failures.

use crate::clients::blocking::{BlockingConnection, OutgoingRequest};
use crate::failure::FailureKind;
use crate::net::target::Target;
use crate::net::tls_problem::{TlsProblem, plain, tls_problem};
use crate::wire::request::request_bytes;
use std::io;
use std::time::Duration;

/// Why a server cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// No connection: the reason.
    Connect(String),
    /// A connection, and no TLS over it: the problem, and a sentence.
    Tls(TlsProblem, String),
    /// The server speaks TLS, and the target does not.
    SpeaksTls,
}

/// Connects to a server, shakes hands if it is to be encrypted, and asks one `OPTIONS *`, because a server that wants a
/// client certificate says so only after the handshake. Any response shows that it can be reached.
///
/// # Errors
/// Why not.
pub fn reach(target: &Target, timeout: Duration) -> Result<(), Unreachable> {
    let connect = |error: &io::Error| Unreachable::Connect(plain(error));
    let mut connection = BlockingConnection::connect(target, timeout).map_err(|error| connect(&error))?;
    if let Some(tls) = &target.tls {
        connection
            .encrypt(tls)
            .map_err(|error| match tls_problem(&error) {
                Some((_, words)) if error.kind() == io::ErrorKind::TimedOut => {
                    Unreachable::Tls(TlsProblem::Silent, words)
                }
                Some((problem, words)) => Unreachable::Tls(problem, words),
                None => connect(&error),
            })?;
    }
    let asked = connection.exchange(OutgoingRequest {
        bytes: &request_bytes(
            target,
            "OPTIONS",
            "*",
            &[("connection".into(), "close".into())],
            None,
        ),
        method: "OPTIONS",
        upload: None,
        verifier: None,
    });
    match (asked, connection.tls_problem()) {
        (Err((FailureKind::Tls, words)), Some(problem)) => Err(Unreachable::Tls(problem, words)),
        (Err((FailureKind::Tls, _)), None) => Err(Unreachable::SpeaksTls),
        _ => Ok(()),
    }
}
