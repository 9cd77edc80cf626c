//! Measures: prepares, starts, watches and stops contenders and their services, holds them to the contract, and turns
//! trials into evidence. The only crate that starts processes. It does not judge, store or print: it returns evidence,
//! and emits [`Event`]s.

pub mod contract;
mod cores;
mod error;
mod event;
mod fault;
mod host;
mod isolation;
mod lab;
mod language;
mod limits;
mod perform;
pub mod planted;
pub mod prepare;
pub mod probe;
mod process;
mod procfs;
mod requests;
mod runtime;
mod runtimes;
mod server;
mod service;
mod trial;
mod watchdog;

pub use cores::CoreSplit;
pub use error::LabError;
pub use event::{Event, EventSink, Origin, Phase};
pub use host::{Finding, State, doctor};
pub use isolation::TierChoice;
pub use lab::{Config, Lab};
pub use limits::ResourceLimits;
pub use perform::Checked;
pub use prepare::{ContenderSource, Prepared, SourceFile, prepare};
pub use runtime::Runtime;
pub use runtimes::{Runtimes, Unavailable};
