//! The load generator against servers whose behaviour is known.

#![expect(clippy::unwrap_used, reason = "a builder that fails is a test that fails")]

mod accounting;
mod encrypted;
mod fleet;
mod hostile;
mod in_flight;
mod latency;
mod limits;
mod offered;
mod output;
mod sent;
mod setting;
mod single;
mod sockets;
mod streams;
mod wire;
