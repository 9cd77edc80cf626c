//! What a caller of the reader implements to get the parts of a response as they come.

use crate::wire::head::Head;
use crate::wire::head_cache::ResponseHeadCache;

/// Who hears of an answer's parts as they come.
pub trait ResponseHandler {
    /// The head is complete; once an answer.
    fn head(&mut self, head: &Head<'_, '_>);
    /// The next bytes of the body, decoded.
    fn body(&mut self, bytes: &[u8]);
    /// Where the last head is remembered, for whoever wants to hear of a head only when it differs from that; the head that is
    /// remembered is one that [`ResponseHandler::head`] was called with.
    fn head_cache(&mut self) -> Option<&mut ResponseHeadCache> {
        None
    }
}

/// Hears nothing.
pub(crate) struct NullHandler;

impl ResponseHandler for NullHandler {
    fn head(&mut self, _: &Head<'_, '_>) {}

    fn body(&mut self, _: &[u8]) {}
}
