//! The head of a response, as parsed: borrowed from the bytes that came, and gone when they are.

use httparse::Header;

/// The head of an answer.
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
