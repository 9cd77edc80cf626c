//! Drives: an HTTP/1.1 load generator with an open loop, honest latencies and checked answers. It knows addresses,
//! requests and schedules, and nothing of who is compared with whom.

mod check;
mod compose;
mod dice;
mod draw;
mod error;
mod expect;
mod failure;
pub mod histogram;
mod idle;
mod json;
mod limits;
mod once;
mod plan;
mod report;
mod request;
mod target;
mod template;
pub mod wire;

pub use check::check_answer;
pub use compose::bindings;
pub use error::LoadError;
pub use expect::{BodyRule, Expect};
pub use failure::{Failure, FailureKind};
pub use hdrhistogram::Histogram;
pub use idle::IdleConnections;
pub use once::{Answer, send_once};
pub use plan::{Arrivals, Plan, Spacing, Stage};
pub use report::{LabelReport, LoadReport, Saturation, Second, Tick};
pub use request::{RequestSpec, Variable};
pub use target::{Target, Tls, Trust};
pub use template::render;

use std::sync::atomic::AtomicBool;

/// Drives the mix at the target as planned, and reports what came back.
pub fn run(
    target: &Target,
    mix: &[RequestSpec],
    plan: &Plan,
    watch: &mut dyn FnMut(&Tick),
    stop: &AtomicBool,
) -> Result<LoadReport, LoadError> {
    let _ = (target, mix, plan, watch, stop);
    Err(LoadError::EmptyMix)
}
