//! The lab with real processes and a real database: contenders that misbehave, and two real ones for one trial each.
//! One binary, so that it links once. The tests assert shapes and owners, never speed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench;
mod browser;
mod changes;
mod ends;
mod fakes;
mod faults;
mod fleet;
mod isolation;
mod networks;
mod own_tests;
mod platform;
mod prepare;
mod probes;
mod real;
mod services;
mod shipped;
mod warm;
