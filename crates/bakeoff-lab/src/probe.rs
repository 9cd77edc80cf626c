//! Probes: they turn a running contender, or its folder, into observations of metrics. `running` has the probes that
//! need a running server, `static_probes` those that read or count once, and `kit` what running probes share. Probes do
//! not judge: one without evidence returns the reason.

pub(crate) mod due;
pub(crate) mod kit;
pub(crate) mod running;
mod running_probe;
pub(crate) mod static_probes;

pub use running::{ConformanceKind, RUNNING_PROBES, conformance_kinds};
pub use running_probe::{Needs, RunningProbe};
pub use static_probes::code::asked_for;
pub use static_probes::language_reach::reach as targets_of;
pub use static_probes::lock::versions as locked_versions;
pub use static_probes::needs::{known as known_needs, must as needs_of_brief};
pub use static_probes::subject::Subject;
pub use static_probes::{STATIC_PROBES, StaticProbe};

use crate::cores;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::{Server, Setup};
use crate::workspace::Workspace;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use bakeoff_core::plan::TrialBudget;
use bakeoff_core::scenario::Scenario;
use kit::{Context, NoEvidence};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The cost of a probe of a running contender, for the plan.
#[derive(Debug, Clone, Copy)]
pub struct ProbeCost {
    /// The metrics that it observes.
    pub metrics: &'static [&'static str],
    /// The time that it takes on average, in seconds, as measured over the field.
    pub typical_s: f64,
    /// Whether it ends the launch's server, and runs when the launch is retired.
    pub ends_server: bool,
    /// The probe.
    probe: &'static RunningProbe,
}

impl ProbeCost {
    /// Whether it can observe that contender, which serves all that it requests.
    #[must_use]
    pub fn is_asked_of(&self, contender: &Contender, scenarios: &BTreeMap<String, Scenario>) -> bool {
        let processors = cores::available().len();
        self.probe.obstacle(processors, contender, scenarios).is_none()
    }
}

/// The cost of every probe that this machine can run, in the order of their slots.
#[must_use]
pub fn costs() -> Vec<ProbeCost> {
    let cost = |probe: &'static RunningProbe| ProbeCost {
        metrics: probe.metrics,
        typical_s: probe.typical_s,
        ends_server: probe.needs.ends_server(),
        probe,
    };
    running::for_machine(cores::available().len()).map(cost).collect()
}

/// Runs one probe outside of any trial, on a server that is started for it.
pub(crate) fn run_alone(
    lab: &Lab<'_>,
    prepared: &Prepared,
    name: &str,
    shape: &TrialBudget,
    seed: u64,
) -> Result<Vec<Observation>, String> {
    let probe = RUNNING_PROBES
        .iter()
        .find(|probe| probe.name == name)
        .ok_or_else(|| format!("no probe `{name}`"))?;
    if let Some(obstacle) = probe.obstacle(lab.cores.all().len(), &prepared.contender, lab.config.scenarios) {
        return Err(obstacle.to_string());
    }
    let workspace = Workspace::open(lab, &prepared.contender).map_err(|error| error.to_string())?;
    let setup = Setup::of_the_brief(lab);
    let started = Server::start(lab, prepared, &Arc::new(workspace), &setup);
    let server = started.map_err(|fault| fault.message)?;
    let context = Context::new(lab, prepared, &server, shape, seed);
    (probe.observe)(&context).map_err(NoEvidence::into_reason)
}
