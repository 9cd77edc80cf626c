//! The end of a launch whose round is over: the probes that end a server, of a crash and of a graceful stop, and the
//! stop. A launch that has ended by itself has neither.

use super::resident::{Awake, Resident};
use crate::event::{Event, Phase};
use crate::lab::Lab;
use crate::probe::due::{due, run_all};
use crate::probe::kit::Context;
use crate::workspace::reassign_faults_if_a_service_ended;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Fault, LaunchEnd, Observation};
use bakeoff_core::schedule::ScheduledRetirement;
use std::sync::Arc;

/// Ends a launch; `at_s` is the start of that, in seconds since measuring began.
pub(super) fn run(
    lab: &Lab<'_>,
    mut resident: Resident<'_>,
    scheduled: &ScheduledRetirement,
    at_s: f64,
) -> LaunchEnd {
    if let Some(end) = resident.end(lab, at_s) {
        return end;
    }
    let mut awake = resident.wake();
    let workspace = Arc::clone(awake.server().workspace());
    let probed = lab.on_generator_cores(workspace.network(), || {
        awake.check_after_rest()?;
        Ok(run_probes(lab, &awake, scheduled))
    });
    let mut end = LaunchEnd::new(EndReason::Retired, at_s);
    match probed {
        Ok((observations, faults)) => (end.observations, end.faults) = (observations, faults),
        // What the rest did to it has been noted; anything else is the lab's.
        Err(fault) => match resident.noted_end(at_s) {
            Some(noted) => return noted,
            None => end.faults.push(fault),
        },
    }
    let services = workspace.services(lab);
    reassign_faults_if_a_service_ended(services, &mut end.faults, "while the launch was retired");
    tell(lab, resident.entrant(), Phase::Stop);
    end.faults.extend(resident.stop().err());
    end
}

/// What the probes of the end observed, and what went wrong in them.
fn run_probes(
    lab: &Lab<'_>,
    awake: &Awake<'_, '_>,
    scheduled: &ScheduledRetirement,
) -> (Vec<Observation>, Vec<Fault>) {
    let prepared = awake.prepared();
    let processors = lab.cores.all().len();
    let probes = due(
        scheduled.slots,
        processors,
        &prepared.contender,
        lab.config.scenarios,
        true,
    );
    let context = Context::new(lab, prepared, awake.server(), &scheduled.budget, scheduled.seed);
    run_all(&probes, &context, |probe| {
        tell(lab, awake.entrant(), Phase::Probe(probe.phase));
    })
}

fn tell(lab: &Lab<'_>, entrant: &Entrant, phase: Phase) {
    lab.config.events.event(Event::TrialPhase {
        entrant: entrant.clone(),
        phase,
    });
}
