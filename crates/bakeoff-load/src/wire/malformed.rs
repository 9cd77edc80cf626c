//! The ways in which bytes can fail to be an HTTP/1.1 response.

use crate::failure::{FailureCause, FailureKind};
use thiserror::Error;

/// Why the bytes are not a response that HTTP/1.1 allows, or which limit they exceed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The head does not parse.
    #[error("the head is not HTTP/1.1: {0}")]
    Head(String),
    /// The head is a record of TLS.
    #[error("the server speaks TLS, and the request went out without it")]
    Tls,
    /// The head does not end.
    #[error("the head is longer than {0} bytes")]
    HeadTooLong(usize),
    /// Too many headers.
    #[error("more than {0} headers")]
    TooManyHeaders(usize),
    /// `Content-Length` is not a number.
    #[error("`content-length` is not a number: `{0}`")]
    Length(String),
    /// Two lengths that differ.
    #[error("two `content-length` that differ: {0} and {1}")]
    TwoLengths(u64, u64),
    /// Both ways of framing at once, which RFC 9112 §6.2 forbids to senders.
    #[error("both `content-length` and `transfer-encoding`")]
    LengthAndEncoding,
    /// An encoding other than `chunked`.
    #[error("unknown `transfer-encoding`: `{0}`")]
    Encoding(String),
    /// The chunks break the form.
    #[error("bad chunk: {0}")]
    Chunk(&'static str),
    /// The body is over the limit.
    #[error("the body is longer than {0} bytes")]
    BodyTooLong(u64),
    /// Endless interim responses.
    #[error("more than {0} interim responses")]
    TooManyInterim(u32),
    /// `101 Switching Protocols` without a request for it.
    #[error("status 101 without a request to switch protocols")]
    Switching,
    /// The connection ended within the response.
    #[error("the connection ended {0}")]
    Truncated(String),
    /// Bytes after the end of the response.
    #[error("{0} bytes or more came after the end of the response")]
    Surplus(usize),
}

impl Malformed {
    /// The failure of a request whose response is malformed.
    pub(crate) fn cause(&self) -> FailureCause {
        let kind = match self {
            Self::Tls => FailureKind::Tls,
            _ => FailureKind::Protocol,
        };
        (kind, self.to_string())
    }
}
