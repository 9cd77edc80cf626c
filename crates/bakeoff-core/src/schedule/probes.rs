//! Which places of the probe table a contender has passed, and which of them are due when its launch is retired. Each
//! contender goes through the table by itself, so one that lost a trial catches up. Does not know what probes cost.

use super::history::History;
use crate::entrant::Entrant;
use crate::evidence::{EndReason, Launch, Trial};
use crate::plan::{Plan, ProbeSlots};

/// The number of slots that a contender has passed in its trials; after the last place comes the first.
pub(super) fn passed(history: &History<'_>, entrant: &Entrant) -> u32 {
    let own = history.trials().iter().filter(|trial| trial.entrant == *entrant);
    own.map(slots_that_ran).sum()
}

/// The slots of a contender that have not run once.
pub(super) fn never_ran(history: &History<'_>, entrant: &Entrant) -> ProbeSlots {
    let probes = history.plan().probe_costs_s.len() as u32;
    let first = passed(history, entrant).min(probes);
    ProbeSlots {
        first,
        count: probes - first,
    }
}

/// The slots of a launch's retirement: those that the contender has passed since one of its launches was retired last.
/// The probes among them that end a server are due; none for the twin.
pub(super) fn due_at_retirement(history: &History<'_>, launch: &Launch) -> ProbeSlots {
    let probes = history.plan().probe_costs_s.len() as u32;
    if launch.entrant.is_twin() || probes == 0 {
        return ProbeSlots::NONE;
    }
    let was_retired = |other: &&Launch| {
        let end = history.end(other);
        end.is_some_and(|end| end.reason == EndReason::Retired)
    };
    let last_retired = history.launches_of(&launch.entrant).rfind(was_retired);
    let is_since = |trial: &&Trial| last_retired.is_none_or(|retired| trial.launch > Some(retired.id));
    let own = history
        .trials()
        .iter()
        .filter(|trial| trial.entrant == launch.entrant);
    let since: u32 = own.filter(is_since).map(slots_that_ran).sum();
    let count = since.min(probes);
    if count == 0 {
        return ProbeSlots::NONE;
    }
    ProbeSlots {
        first: (passed(history, &launch.entrant) - count) % probes,
        count,
    }
}

/// Whether a probe in these slots ends a server.
pub(super) fn end_a_server(slots: ProbeSlots, plan: &Plan) -> bool {
    let mut places = slots.places(plan.probe_costs_s.len());
    places.any(|place| plan.end_probes.contains(&(place as u32)))
}

/// The slots of a trial, if it came as far as its probes.
fn slots_that_ran(trial: &Trial) -> u32 {
    if trial.load.is_some() {
        trial.slots.count
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{due_at_retirement, end_a_server, never_ran, passed};
    use crate::entrant::Entrant;
    use crate::evidence::{EndReason, Launch, LaunchEnd, LoadSummary, Trial};
    use crate::plan::{Plan, ProbeCosts, ProbeSlots};
    use crate::schedule::history::History;

    fn launch(id: u32, reason: Option<EndReason>) -> Launch {
        Launch {
            end: reason.map(|reason| LaunchEnd::new(reason, 1.0)),
            ..Launch::new(id, id, Entrant::contender("a"))
        }
    }

    fn trial(block: u32, launch: u32, slots: ProbeSlots, has_load: bool) -> Trial {
        Trial {
            launch: Some(launch),
            slots,
            load: has_load.then(LoadSummary::default),
            ..Trial::new(block, Entrant::contender("a"))
        }
    }

    #[test]
    fn what_a_lost_trial_or_launch_did_not_run_is_due_later() {
        let probes: ProbeCosts = [(1.0, false), (1.0, true), (1.0, false), (1.0, false)]
            .into_iter()
            .collect();
        let plan = Plan::full(vec!["a".to_owned()], 1, probes);
        let slots = |first, count| ProbeSlots { first, count };
        let a = Entrant::contender("a");
        // The first launch passed the place of the probe that ends a server, and died before its retirement.
        let launches = [
            launch(0, Some(EndReason::Died)),
            launch(1, Some(EndReason::Retired)),
            launch(2, None),
        ];
        let trials = [
            trial(0, 0, slots(0, 2), true),
            trial(1, 0, slots(2, 1), false),
            trial(2, 1, slots(2, 1), true),
            trial(3, 2, slots(3, 1), true),
            trial(4, 2, slots(0, 1), true),
        ];
        let history = History::of(&plan, &[], &launches[..2], &trials[..3], &[]);
        assert_eq!(passed(&history, &a), 3);
        assert_eq!(never_ran(&history, &a), slots(3, 1));
        let alive = [launches[0].clone(), launch(1, None)];
        let before_retirement = History::of(&plan, &[], &alive, &trials[..3], &[]);
        let due = due_at_retirement(&before_retirement, &alive[1]);
        assert_eq!(due, slots(0, 3));
        assert!(end_a_server(due, &plan));
        let all = History::of(&plan, &[], &launches, &trials, &[]);
        let due = due_at_retirement(&all, &launches[2]);
        assert_eq!(due, slots(3, 2));
        assert!(!end_a_server(due, &plan), "its last launch ran it");
        assert_eq!(never_ran(&all, &a), slots(4, 0));
        let twin = Launch::new(3, 0, Entrant::twin_of("a"));
        assert_eq!(due_at_retirement(&all, &twin), ProbeSlots::NONE);
    }
}
