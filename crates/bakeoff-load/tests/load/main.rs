//! The load generator against servers whose behaviour is known.

mod accounting;
mod hostile;
mod latency;
mod setting;
mod single;
