//! How long a body is and whether the connection lives on: RFC 9112 §6.3 and §9.3, read from a parsed head.

use crate::wire::chunks::Chunks;
use crate::wire::head::Head;
use crate::wire::malformed::Malformed;

/// The longest body that is read, bytes.
pub(super) const MAX_BODY: u64 = 4 * 1024 * 1024 * 1024;

/// What follows the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// No body, whatever the headers say.
    Nothing,
    /// So many bytes.
    Length(u64),
    /// Chunks.
    Chunked,
    /// Everything until the connection ends.
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

/// The framing of the answer to a request, and whether the connection may be used again after it.
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

/// Whether the request was a `HEAD`, whose answer has headers of a body and no body.
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
        if value == b"keep-alive" {
            self.keep_alive = true;
            return;
        }
        for option in value.split(|&b| b == b',').map(<[u8]>::trim_ascii) {
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// A list of equal lengths counts as one (RFC 9110 §8.6).
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

/// Digits and nothing else; a sign or a space makes a length that two readers understand differently.
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
