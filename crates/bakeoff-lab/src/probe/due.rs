//! The probes that are due: which of the table run in a trial and which at the end of a launch, and running them one
//! after the other. The schedule picks their slots.

use super::kit::{Context, NoEvidence};
use super::running::for_machine;
use super::running_probe::{Needs, RunningProbe};
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Fault, FaultAt, Observation};
use bakeoff_core::plan::ProbeSlots;
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;

/// The probes in these slots that can observe this contender here, in the order in which they run: those of the end of
/// a launch, or those of its trials.
pub(crate) fn due(
    slots: ProbeSlots,
    processors: usize,
    contender: &Contender,
    scenarios: &BTreeMap<String, Scenario>,
    at_end: bool,
) -> Vec<&'static RunningProbe> {
    let all: Vec<&RunningProbe> = for_machine(processors).collect();
    let mut probes: Vec<&RunningProbe> = slots
        .places(all.len())
        .filter_map(|place| all.get(place).copied())
        .filter(|probe| {
            probe.needs.ends_server() == at_end && probe.obstacle(processors, contender, scenarios).is_none()
        })
        .collect();
    probes.sort_by_key(|probe| probe.needs.place());
    probes
}

/// The probe at that place, if it runs in trials and can observe this contender here.
pub(crate) fn at(
    place: u32,
    processors: usize,
    contender: &Contender,
    scenarios: &BTreeMap<String, Scenario>,
) -> Option<&'static RunningProbe> {
    let alone = ProbeSlots {
        first: place,
        count: 1,
    };
    due(alone, processors, contender, scenarios, false).pop()
}

/// Runs probes one after the other; `begins` is called before each. A failed probe leaves its reason, and the others go
/// on; where the server of the context has ended, those that need it leave that as theirs.
pub(crate) fn run_all(
    probes: &[&'static RunningProbe],
    context: &Context<'_>,
    mut begins: impl FnMut(&RunningProbe),
) -> (Vec<Observation>, Vec<Fault>) {
    let (mut observations, mut faults) = (Vec::new(), Vec::new());
    let mut skipped: Vec<&str> = Vec::new();
    for probe in probes {
        if context.lab.interrupted() {
            break;
        }
        if probe.needs != Needs::OwnServer && context.server.process().exited().is_some() {
            skipped.extend(probe.metrics);
            continue;
        }
        begins(probe);
        // The probe before may have left it in the network of a server of its own.
        let observed = context.server.workspace().enter().map_err(NoEvidence::from);
        match observed.and_then(|()| (probe.observe)(context)) {
            Ok(observed) => observations.extend(observed),
            Err(why) => faults.push(why.fault(probe.metrics, context.server)),
        }
    }
    if !skipped.is_empty() {
        let at = FaultAt::probe(&skipped);
        faults.push(
            context
                .server
                .fault(at, "the server had exited before this probe"),
        );
    }
    (observations, faults)
}

#[cfg(test)]
mod tests {
    use super::due;
    use crate::probe::running::{RUNNING_PROBES, for_machine};
    use bakeoff_core::contender;
    use bakeoff_core::plan::ProbeSlots;
    use std::collections::BTreeMap;

    /// The names of the probes that are due in these slots, for a contender that serves everything.
    fn names(slots: ProbeSlots, processors: usize, at_end: bool) -> Vec<&'static str> {
        let manifest = r#"
            name = "all"
            title = "All"
            family = "python"
            language = "python"
            server = "none"
            homepage = "https://example.org"
            model = { concurrency = "threads", style = "sync" }
            [runtime]
            name = "python"
            version = ">=3.9"
            [start]
            command = ["{python}", "all.py"]
            [prepare]
            commands = []
            [source]
            files = ["all.py"]
        "#;
        let contender = contender::parse(manifest, "contender.toml").unwrap();
        let probes = due(slots, processors, &contender, &BTreeMap::new(), at_end).into_iter();
        probes.map(|probe| probe.name).collect()
    }

    #[test]
    fn a_probe_that_leaves_the_server_at_work_runs_last_and_one_that_ends_it_runs_at_the_end() {
        for processors in [1, 2, 8] {
            let count = for_machine(processors).count() as u32;
            for first in 0..count {
                let slots = ProbeSlots { first, count };
                let of_a_trial = names(slots, processors, false);
                assert_eq!(of_a_trial.len(), count as usize - 2);
                assert_eq!(of_a_trial.last(), Some(&"waiting"));
                let of_the_end = names(slots, processors, true);
                assert_eq!(of_the_end, ["crash", "drain"]);
            }
        }
        let two = names(ProbeSlots { first: 1, count: 2 }, 8, false);
        assert_eq!(two, [RUNNING_PROBES[1].name, RUNNING_PROBES[2].name]);
    }
}
