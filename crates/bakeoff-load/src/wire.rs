//! HTTP/1.1 on the wire: responses read from pieces of any size, with a limit on everything (RFC 9112), and the bytes
//! of single requests and of WebSocket handshakes.
//!
//! No sockets here, and no opinion on content: `check` compares responses with what is expected. The reader
//! is public so that the fuzzer and the tests reach it.

pub(crate) mod chunks;
pub(crate) mod handshake;
pub(crate) mod head;
pub(crate) mod head_cache;
pub(crate) mod malformed;
pub(crate) mod reader;
pub(crate) mod request;

pub use head::Head;
pub use head_cache::{CachedHead, ResponseHeadCache};
pub use malformed::Malformed;
pub use reader::{ResponseHandler, ResponseReader};
