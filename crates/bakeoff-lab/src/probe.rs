//! Probes: what turns a trial, or a contender's folder, into observations of metrics. One probe is one file
//! below and one row in a table: `trial_table` for what needs a running server, and [`STATIC_PROBES`] for
//! what is read or counted once. Deliberately no judgement: a probe that finds nothing says so.

// What needs a running server.
mod blocking;
mod capacity;
mod collatz;
mod compute;
mod concurrency;
mod connections;
mod crash;
mod drain;
mod fanout;
mod highest_rate;
mod law;
mod level;
mod light;
mod multicore;
mod overload;
mod pause;
mod processes;
mod routes;
mod slow_clients;
mod streams;
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

pub(crate) use trial_table::{Asks, Context, TRIAL_PROBES, TrialProbe, of_machine, whose_turn};

use crate::cores;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, FaultAt, Observation, Stage};
use bakeoff_core::plan::TrialBudget;
use bakeoff_load::{LoadReport, Plan, RequestSpec};
use std::sync::OnceLock;

/// A probe of a running contender, for who plans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// What it observes.
    pub metrics: &'static [&'static str],
    /// What it takes on average, as far as is known, in seconds.
    pub takes_s: f64,
}

/// The probes of a running contender that this machine can run, in the order in which they take turns.
#[must_use]
pub fn turns() -> Vec<Turn> {
    let turn = |probe: &TrialProbe| Turn {
        metrics: probe.metrics,
        takes_s: probe.takes_s,
    };
    of_machine(cores::available().len()).map(turn).collect()
}

/// One probe of a running contender alone: its server is started, asked and ended.
pub(crate) fn alone(
    lab: &Lab<'_>,
    prepared: &Prepared,
    name: &str,
    shape: &TrialBudget,
    seed: u64,
) -> Result<Vec<Observation>, String> {
    let probe = TRIAL_PROBES
        .iter()
        .find(|probe| probe.name == name)
        .ok_or_else(|| format!("no probe `{name}`"))?;
    if let Some(obstacle) = probe.obstacle(lab, &prepared.contender) {
        return Err(obstacle);
    }
    let workers = lab.config.brief.load.cores;
    let server = Server::start(lab, prepared, workers, &lab.cores.server).map_err(|fault| fault.message)?;
    let context = Context {
        lab,
        prepared,
        server: &server,
        shape,
        seed,
        capacity: OnceLock::new(),
    };
    (probe.observe)(&context).map_err(NoEvidence::into_reason)
}

/// Why a probe saw nothing.
#[derive(Debug)]
pub(crate) enum NoEvidence {
    /// In words; of the trial's server, or of no one.
    Said(String),
    /// Of a server that the probe had started, with what that one printed.
    OfItsOwn(Fault),
}

impl NoEvidence {
    /// Of a server of the probe's own: that it was ended for what it took, or `reason`.
    fn of(server: &Server, reason: &str) -> NoEvidence {
        // A trial names the probe's metrics in place of the stage.
        NoEvidence::OfItsOwn(
            server
                .excess()
                .unwrap_or_else(|| server.fault(Stage::Load, reason)),
        )
    }

    /// The fault for those metrics, in a trial with that server.
    pub(crate) fn fault(self, metrics: &[&str], trials: &Server) -> Fault {
        let at = FaultAt::probe(metrics);
        match self {
            NoEvidence::Said(reason) => trials.fault(at, &reason),
            NoEvidence::OfItsOwn(fault) => Fault { at, ..fault },
        }
    }

    fn into_reason(self) -> String {
        match self {
            NoEvidence::Said(reason) => reason,
            NoEvidence::OfItsOwn(fault) => fault.message,
        }
    }
}

impl From<String> for NoEvidence {
    fn from(reason: String) -> NoEvidence {
        NoEvidence::Said(reason)
    }
}

impl From<&str> for NoEvidence {
    fn from(reason: &str) -> NoEvidence {
        NoEvidence::Said(reason.to_owned())
    }
}

impl From<Fault> for NoEvidence {
    fn from(fault: Fault) -> NoEvidence {
        NoEvidence::OfItsOwn(fault)
    }
}

/// One value of a metric.
fn observation(metric: &str, value: f64) -> Observation {
    Observation::new(metric, value)
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
