//! Measures: prepares, starts, watches and stops contenders and the services they talk to, holds them to the
//! contract, and turns their trials into evidence. The only room that starts processes. What it deliberately
//! does not do: judge, store or print; what happens is told as [`Event`]s, and what failed as
//! [`Fault`](bakeoff_core::evidence::Fault)s.

pub mod contract;
mod cores;
mod event;
mod fault;
mod guard;
mod host;
mod isolation;
mod lab;
mod mix;
pub mod planted;
pub mod prepare;
pub mod probe;
mod process;
mod runtime;
mod server;
mod service;
mod trial;

pub use cores::CoreSplit;
pub use event::{Event, Origin, Phase, Watch};
pub use guard::Bounds;
pub use host::{Finding, State, doctor};
pub use isolation::TierChoice;
pub use lab::{Checked, Config, Lab, LabError};
pub use prepare::{ContenderSource, Prepared, SourceFile, prepare};
pub use runtime::{Runtime, Runtimes, Unavailable};
