//! One kind of request of a mix, as data: a template with variables that are drawn anew for each request. Drawing and
//! rendering are in `variables` and `compiled`; nothing is sent here.

use crate::request::expect::Expect;

/// One kind of request, its share of the mix, and what its responses must be.
///
/// In `path`, header values and texts of `body`, a text in braces such as `{id}` is replaced when `id` is one of
/// `variables`, and left alone otherwise, so that JSON needs no escapes.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestSpec {
    /// Its name in reports.
    pub label: String,
    /// Its share of the mix, relative to the other weights.
    pub weight: f64,
    /// The method, in capitals.
    pub method: String,
    /// The request target, a template that starts with `/`.
    pub path: String,
    /// Header names, sent as they are written, and their values, which are templates. `Host` and `Content-Length` are
    /// added.
    pub headers: Vec<(String, String)>,
    /// Its body, if it has one.
    pub body: Option<Body>,
    /// The variables of the templates, in any order: a derived one may precede its source.
    pub variables: Vec<(String, Variable)>,
    /// What every response must be, and a sampled one besides.
    pub expect: Expect,
}

/// The rule by which a variable gets its value for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A whole number from `low` to `high`, both included, uniformly.
    Int {
        /// The smallest value.
        low: i64,
        /// The largest value.
        high: i64,
    },
    /// One of the texts, uniformly.
    Choice(Vec<String>),
    /// `of × times % modulo + plus`, with the remainder never negative.
    Linear {
        /// The source variable, a number.
        of: String,
        /// The factor.
        times: i64,
        /// The modulus, above 0.
        modulo: i64,
        /// The summand.
        plus: i64,
    },
    /// The sum of other variables, all numbers.
    Sum(Vec<String>),
    /// The entry of `from` at the index `of % length`.
    Pick {
        /// The source variable, a number.
        of: String,
        /// The texts to pick from.
        from: Vec<String>,
    },
}

impl RequestSpec {
    /// A `GET` of `path` with weight 1 that any response of the 200s satisfies.
    pub fn get(path: &str) -> Self {
        Self {
            label: path.to_owned(),
            weight: 1.0,
            method: "GET".to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
            variables: Vec::new(),
            expect: Expect::default(),
        }
    }
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text, a template.
    Text(String),
    /// These bytes as they are: no template.
    Bytes(Vec<u8>),
    /// This many bytes of [the pattern](crate::pattern_byte), written piece by piece as the socket takes them.
    Pattern {
        /// The number of bytes.
        bytes: u64,
        /// How the receiver finds the end of the body.
        coding: Coding,
    },
    /// No body, but a text message, a template, that is sent once the server has granted a WebSocket (RFC 6455).
    /// Length and body rules apply to the message that comes back; the status is that of the handshake.
    Message(String),
}

/// How the receiver finds the end of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// By `Content-Length`.
    Length,
    /// By chunks of 64 KiB.
    Chunked,
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
