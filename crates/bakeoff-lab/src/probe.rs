//! Probes: what turns a trial, or a contender's folder, into observations of metrics. One probe is one file
//! below and one row in a table: `trial_table` for what needs a running server, and [`STATIC_PROBES`] for
//! what is read or counted once. Deliberately no judgement: a probe that finds nothing says so.

// What needs a running server.
mod blocking;
mod collatz;
mod compute;
mod connections;
mod multicore;
pub(crate) mod trial_table;
mod waiting;

// What is read or counted once.
mod code;
mod install;
pub mod lock;
pub mod needs;
mod static_table;
mod targets;
mod team;

pub use static_table::{STATIC_PROBES, StaticProbe, Subject};

pub(crate) use trial_table::{Context, TRIAL_PROBES, TrialProbe};

use bakeoff_core::evidence::Observation;
use bakeoff_load::{LoadReport, Plan, RequestSpec};

/// One value of a metric.
fn observation(metric: &str, value: f64) -> Observation {
    Observation {
        metric: metric.to_owned(),
        value,
        note: None,
        cautions: Vec::new(),
    }
}

/// Drives a load at the contender under test; the user's interrupt ends it.
fn drive(context: &Context<'_>, mix: &[RequestSpec], plan: &Plan) -> Result<LoadReport, String> {
    bakeoff_load::run(
        context.server.target(),
        mix,
        plan,
        &mut |_| {},
        context.lab.config.stop,
    )
    .map_err(|error| error.to_string())
}

/// Why nothing was answered right, in words.
fn first_failure(report: &LoadReport) -> String {
    report.failures.first().map_or_else(
        || "no request was answered in the time".to_owned(),
        |failure| format!("{}: {}", failure.kind, failure.example),
    )
}
