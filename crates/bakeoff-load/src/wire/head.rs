//! The head of a response and its meaning for the rest: how long the body is, and whether the connection lives on
//! (RFC 9112 §6.3 and §9.3). Heads are parsed in [`crate::wire::reader`].

use crate::wire::chunks::Chunks;
use crate::wire::malformed::Malformed;
use httparse::Header;

/// The head of a response.
#[derive(Debug, Clone, Copy)]
pub struct Head<'h, 'b> {
    /// The status.
    pub status: u16,
    /// The headers, in their order.
    pub headers: &'h [Header<'b>],
}

impl<'b> Head<'_, 'b> {
    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&'b [u8]> {
        self.headers
            .iter()
            .find(|h| h.name.eq_ignore_ascii_case(name))
            .map(|h| h.value)
    }
}

/// The longest body that is read, bytes.
pub(super) const MAX_BODY: u64 = 4 * 1024 * 1024 * 1024;

/// The form of the body that follows the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// No body, even if the headers declare one.
    Nothing,
    /// This many bytes.
    Length(u64),
    /// Chunks.
    Chunked,
    /// All bytes until the connection ends.
    UntilClose,
}

/// How far a response has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ReadStage {
    #[default]
    Head,
    Length(u64),
    Chunked(Chunks),
    UntilClose,
    Done,
}

/// The framing of a response, and whether the connection may be used again after it.
pub(super) fn framing(
    head: &Head<'_, '_>,
    minor_version: u8,
    to_head_request: ToHeadRequest,
) -> Result<(Framing, bool), Malformed> {
    let fields = Fields::of(head)?;
    let keep_alive = !fields.close && (minor_version == 1 || fields.keep_alive);
    let without_body =
        matches!(to_head_request, ToHeadRequest::Yes) || matches!(head.status, 100..=199 | 204 | 304);
    Ok(match (fields.chunked, fields.length) {
        (true, Some(_)) => return Err(Malformed::LengthAndEncoding),
        (_, Some(length)) if length > MAX_BODY && !without_body => {
            return Err(Malformed::BodyTooLong(MAX_BODY));
        }
        _ if without_body => (Framing::Nothing, keep_alive),
        (true, None) => (Framing::Chunked, keep_alive),
        (false, Some(length)) => (Framing::Length(length), keep_alive),
        (false, None) => (Framing::UntilClose, false),
    })
}

/// Whether the request was a `HEAD`, whose response has the headers of a body and no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum ToHeadRequest {
    #[default]
    No,
    Yes,
}

#[derive(Default)]
struct Fields {
    length: Option<u64>,
    chunked: bool,
    close: bool,
    keep_alive: bool,
}

impl Fields {
    fn of(head: &Head<'_, '_>) -> Result<Self, Malformed> {
        let mut fields = Self::default();
        for header in head.headers {
            // The length is compared first: it rules out nearly all headers without looking at their letters.
            match header.name.len() {
                10 if header.name.eq_ignore_ascii_case("connection") => fields.connection(header.value),
                14 if header.name.eq_ignore_ascii_case("content-length") => fields.length(header.value)?,
                17 if header.name.eq_ignore_ascii_case("transfer-encoding") => {
                    fields.encoding(header.value)?
                }
                _ => {}
            }
        }
        Ok(fields)
    }

    fn connection(&mut self, value: &[u8]) {
        // By far the most common value, taken without splitting.
        if value == b"keep-alive" {
            self.keep_alive = true;
            return;
        }
        for option in value.split(|&b| b == b',').map(<[u8]>::trim_ascii) {
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// A list of equal lengths counts as one length (RFC 9110 §8.6).
    fn length(&mut self, value: &[u8]) -> Result<(), Malformed> {
        for part in value.split(|&b| b == b',').map(<[u8]>::trim_ascii) {
            let length = digits(part).ok_or_else(|| Malformed::Length(lossy(value)))?;
            match self.length {
                Some(before) if before != length => return Err(Malformed::TwoLengths(before, length)),
                _ => self.length = Some(length),
            }
        }
        Ok(())
    }

    fn encoding(&mut self, value: &[u8]) -> Result<(), Malformed> {
        if self.chunked || !value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
            return Err(Malformed::Encoding(lossy(value)));
        }
        self.chunked = true;
        Ok(())
    }
}

/// Parses digits and nothing else: with a sign or a space, two readers could understand a length differently, which
/// is how requests are smuggled.
fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text.iter().try_fold(0_u64, |n, digit| {
        n.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    })
}

fn lossy(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(80)]).into_owned()
}
