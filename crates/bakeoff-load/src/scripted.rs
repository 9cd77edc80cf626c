//! A server with planted behaviour: it delays, stalls, resets, drips and lies exactly as its script says, so that
//! what a load reports can be compared with what is known. For tests and for `bakeoff selftest`; it is not a fast
//! server, and it knows nothing of loads.

mod reaction;
mod received;
mod room;
mod server;

pub use reaction::{Reaction, Step};
pub use received::ReceivedRequest;
pub use server::ScriptedServer;
