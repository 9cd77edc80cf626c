//! The ways in which bytes are not an HTTP/1.1 answer.

use thiserror::Error;

/// Why what came is not an answer that HTTP/1.1 allows, or is over a limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The head does not parse.
    #[error("the head is no HTTP/1.1: {0}")]
    Head(String),
    /// The head does not end.
    #[error("the head is longer than {0} bytes")]
    HeadTooLong(usize),
    /// Too many headers.
    #[error("more than {0} headers")]
    TooManyHeaders(usize),
    /// `Content-Length` is not a number.
    #[error("`content-length` is no number: `{0}`")]
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
    /// The chunks do not follow the form.
    #[error("bad chunk: {0}")]
    Chunk(&'static str),
    /// The body is over the limit.
    #[error("the body is longer than {0} bytes")]
    BodyTooLong(u64),
    /// Interim answers without end.
    #[error("more than {0} interim answers")]
    TooManyInterim(u32),
    /// `101 Switching Protocols` that nobody asked for.
    #[error("status 101 without a request to switch protocols")]
    Switching,
    /// The connection ended within the answer.
    #[error("the connection ended {0}")]
    Truncated(String),
    /// More bytes than the answer has.
    #[error("{0} bytes or more came after the end of the answer")]
    Surplus(usize),
}
