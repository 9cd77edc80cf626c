//! HTTP/1.1 answers as they come off the wire, in pieces of any size and with limits on everything: RFC 9112. No
//! sockets here and no judgement of content; requests are written by `crate::compose`. Public so that a fuzzer
//! reaches it.

mod chunks;
mod familiar;
mod framing;
mod malformed;
mod reader;

pub(crate) use chunks::Chunks;
pub use familiar::{Familiar, Known};
pub use malformed::Malformed;
pub use reader::{AnswerReader, Head, Listener};

/// The longest head of an answer that is read, bytes.
pub const MAX_HEAD: usize = 64 * 1024;
/// The most headers that an answer may have.
pub const MAX_HEADERS: usize = 100;
/// The longest body that is read, bytes.
pub const MAX_BODY: u64 = 4 * 1024 * 1024 * 1024;
/// The most interim answers (100 to 199) before the answer itself.
pub const MAX_INTERIM: u32 = 16;
