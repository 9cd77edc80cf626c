//! What a response must be, as data. The comparison is made in `crate::check`.

use crate::request::schema::Schema;

/// The rules for the responses to one kind of request.
///
/// Status, media type, headers, length and framing are checked on every response; `sampled` on a seeded share of them,
/// because checking a body costs the generator time, which would show as the server's.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The accepted statuses; empty means any of the 200s.
    pub status: Vec<u16>,
    /// The media type, parameters ignored.
    pub content_type: Option<String>,
    /// Header names and their exact values.
    pub headers: Vec<(String, String)>,
    /// The length of the body in bytes, where it is fixed.
    pub length: Option<u64>,
    /// Rules for the body of a sampled response; all must hold.
    pub sampled: Vec<BodyRule>,
    /// Of several accepted statuses, the one whose body `sampled` is about; `None`: all of them.
    pub body_of: Option<u16>,
    /// The share of responses whose body is checked, 0 to 1.
    pub sample_share: f64,
}

impl Default for Expect {
    fn default() -> Self {
        Self {
            status: Vec::new(),
            content_type: None,
            headers: Vec::new(),
            length: None,
            sampled: Vec::new(),
            body_of: None,
            sample_share: 1.0,
        }
    }
}

/// One rule for a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyRule {
    /// The whole body, compared as data; a template of a JSON text.
    Json(String),
    /// The whole body, compared as data, but for the values of some fields, which must be there.
    JsonBesides {
        /// A template of a JSON text.
        json: String,
        /// The names of the fields, in objects at any depth.
        fields: Vec<String>,
    },
    /// The value at a JSON pointer, compared as data.
    JsonAt {
        /// The pointer (RFC 6901).
        pointer: String,
        /// A template of a JSON text.
        value: String,
    },
    /// The length of the list at a JSON pointer.
    JsonLen {
        /// The pointer (RFC 6901); empty for the whole body.
        pointer: String,
        /// The number of entries.
        len: usize,
    },
    /// The whole body, held to a JSON Schema; no template.
    Schema(Schema),
    /// A text, a template, that the body contains.
    Contains(String),
    /// A text, a template, that the body does not contain.
    Lacks(String),
    /// A text, a template, that the body contains `times` times, not overlapping.
    Count {
        /// The text.
        text: String,
        /// The number of occurrences.
        times: usize,
    },
    /// The whole body, byte for byte; a template.
    Exact(String),
    /// The whole body, these bytes as they are: no template.
    Bytes(Vec<u8>),
    /// This many bytes of [the pattern](crate::pattern_byte); checked as they come and never collected.
    Pattern {
        /// The number of bytes.
        bytes: u64,
    },
    /// A stream of server-sent events; checked as they come and never collected.
    Events(EventsRule),
    /// A problem document (RFC 9457) of this status: media type, `type`, `title`, `status`, and `errors` on a 422.
    Problem {
        /// The status of the response and in the document.
        status: u16,
    },
    /// The fields that the problem document's `errors` name: these and no others.
    ProblemFields(Vec<String>),
}

/// The events of a stream (HTML standard, 9.2), in their order. Comments and `retry` are allowed between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventsRule {
    /// The number of events.
    pub count: u64,
    /// The `id` of the first; each further one is one more.
    pub from: u64,
    /// The `event` of each.
    pub name: String,
    /// The `data` of each, in which `{id}` is replaced by the event's own.
    pub data: String,
}

impl BodyRule {
    /// Whether the body is checked as it comes and never collected.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self, Self::Pattern { .. } | Self::Events(_))
    }
}
