//! Whether a response is the expected one; if not, an error in one sentence: what was expected, and what came.
//!
//! The load checks every head, every length and a sample of the bodies; the contract checks the whole of each response.
//! Nothing is read from sockets here, and whose fault an error is, is not decided here.

pub(crate) mod body;
pub(crate) mod events;
pub(crate) mod head;
pub(crate) mod json;
pub(crate) mod problem;
pub(crate) mod response;
pub(crate) mod stream;
