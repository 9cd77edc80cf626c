//! What steps take: as the plan expects, and as the evidence so far shows for each entrant. Does not decide what may
//! run.

use super::history::History;
use crate::entrant::Entrant;
use crate::evidence::{EndReason, Launch, LaunchEnd, Trial};
use crate::plan::{LaunchBudget, Plan, ProbeSlots};
use std::collections::BTreeMap;

/// The range of the ratio of measured to expected probe times that is believed.
const SLOWNESS: (f64, f64) = (0.5, 5.0);

/// The expected times of the steps to come, learned from those that have run.
#[derive(Debug)]
pub(super) struct Costs<'r> {
    plan: &'r Plan,
    by_entrant: BTreeMap<Entrant, Seen>,
    whole_field: Seen,
}

/// What the steps of one entrant, or of all, have taken.
#[derive(Debug, Default)]
struct Seen {
    first_launches: Mean,
    later_launches: Mean,
    /// The first trial of each round, before which the server rests for the observation of its first second, without
    /// its probes.
    first_trials: Mean,
    /// The other trials, without their probes.
    later_trials: Mean,
    /// Ends without probes.
    ends: Mean,
    /// The time of all probes, in seconds.
    probes_s: f64,
    /// Their expected time, in seconds.
    expected_probes_s: f64,
}

/// A mean that grows.
#[derive(Debug, Default, Clone, Copy)]
struct Mean {
    total_s: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, seconds: f64) {
        self.total_s += seconds;
        self.count += 1;
    }

    fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.total_s / f64::from(self.count))
    }
}

impl<'r> Costs<'r> {
    /// The costs as a history shows them. What the lab did to a launch or a trial teaches nothing, and neither do
    /// launches that were made again.
    pub(super) fn learned(history: &History<'r>) -> Costs<'r> {
        let plan = history.plan();
        let mut costs = Costs {
            plan,
            by_entrant: BTreeMap::new(),
            whole_field: Seen::default(),
        };
        for launch in history
            .launches()
            .iter()
            .filter(|launch| !history.is_remade(launch))
        {
            let is_first = history.is_first_launch(&launch.entrant, launch.id);
            // Which ends had probes is not stored; those of the twin never have.
            let is_bare = launch.entrant.is_twin() || plan.end_probes.is_empty();
            let end = history.end(launch).filter(|_| is_bare);
            costs.learn(&launch.entrant, |seen| seen.launch(launch, end, is_first));
        }
        for trial in history.trials() {
            let is_first = history.is_first_of_round(trial);
            let expected_s = awake_probes_s(plan, trial.slots);
            costs.learn(&trial.entrant, |seen| seen.trial(trial, is_first, expected_s));
        }
        costs
    }

    fn learn(&mut self, entrant: &Entrant, lesson: impl Fn(&mut Seen)) {
        lesson(self.by_entrant.entry(entrant.clone()).or_default());
        lesson(&mut self.whole_field);
    }

    /// The time of a launch, in seconds.
    pub(super) fn launch_s(&self, entrant: &Entrant, is_first: bool) -> f64 {
        let known = |seen: &Seen| seen.launch_s(self.plan, is_first);
        self.of(entrant, known)
            .unwrap_or_else(|| self.plan.launch.expected_s(is_first))
    }

    /// The time of a launch's first trial without its probes, in seconds, in a round of that many entrants. Where they
    /// are few, it waits until its server has rested for long enough.
    pub(super) fn first_trial_s(&self, entrant: &Entrant, entrants: u32) -> f64 {
        let (usual_wait_s, wait_s) = (
            self.wait_s(self.plan.entrants().len() as u32),
            self.wait_s(entrants),
        );
        let known = |seen: &Seen| {
            seen.first_trial_s(self.plan, usual_wait_s)
                .or(seen.later_trials.value())
        };
        let without_wait_s = self
            .of(entrant, known)
            .unwrap_or_else(|| self.plan.trial.load_s());
        without_wait_s + wait_s
    }

    /// The time of another trial without its probes, in seconds.
    pub(super) fn later_trial_s(&self, entrant: &Entrant) -> f64 {
        let usual_wait_s = self.wait_s(self.plan.entrants().len() as u32);
        let known = |seen: &Seen| {
            seen.later_trials
                .value()
                .or(seen.first_trial_s(self.plan, usual_wait_s))
        };
        self.of(entrant, known)
            .unwrap_or_else(|| self.plan.trial.load_s())
    }

    /// The time of stopping a server without any probe, in seconds.
    pub(super) fn end_s(&self) -> f64 {
        self.whole_field.ends.value().unwrap_or(LaunchBudget::RETIRE_S)
    }

    /// The time of these probes for a contender, those that end a server included, in seconds.
    pub(super) fn probes_s(&self, entrant: &Entrant, slots: ProbeSlots) -> f64 {
        slots.seconds(&self.plan.probe_costs_s) * self.slowness(entrant)
    }

    /// The time of those of these probes that leave the server running, in seconds.
    pub(super) fn awake_probes_s(&self, entrant: &Entrant, slots: ProbeSlots) -> f64 {
        awake_probes_s(self.plan, slots) * self.slowness(entrant)
    }

    /// The ratio of measured to expected probe times of a contender on this machine.
    pub(super) fn slowness(&self, entrant: &Entrant) -> f64 {
        self.of(entrant, Seen::slowness).unwrap_or(1.0)
    }

    /// The same over all contenders.
    pub(super) fn slowness_of_field(&self) -> f64 {
        self.whole_field.slowness().unwrap_or(1.0)
    }

    /// What is known of an entrant, or else of the whole field.
    fn of(&self, entrant: &Entrant, known: impl Fn(&Seen) -> Option<f64>) -> Option<f64> {
        let own = self.by_entrant.get(entrant).and_then(&known);
        own.or_else(|| known(&self.whole_field))
    }

    /// The time that a launch's first trial waits on average until its server has rested, in a round of that many
    /// entrants, in seconds.
    fn wait_s(&self, entrants: u32) -> f64 {
        let launch_s = self.whole_field.launch_s(self.plan, false);
        let launch_s = launch_s.unwrap_or_else(|| self.plan.launch.expected_s(false));
        self.plan.wait_for_rest_s(entrants, launch_s)
    }
}

impl Seen {
    /// `bare_end` is its end, if that had no probes.
    fn launch(&mut self, launch: &Launch, bare_end: Option<&LaunchEnd>, is_first: bool) {
        if launch.was_ready() {
            let kind = if is_first {
                &mut self.first_launches
            } else {
                &mut self.later_launches
            };
            kind.add(launch.seconds);
        }
        let was_retired = |end: &&LaunchEnd| end.reason == EndReason::Retired;
        if let Some(end) = bare_end.filter(was_retired) {
            self.ends.add(end.seconds);
        }
    }

    fn trial(&mut self, trial: &Trial, is_first: bool, expected_probes_s: f64) {
        if trial.load.is_none() {
            return;
        }
        let kind = if is_first {
            &mut self.first_trials
        } else {
            &mut self.later_trials
        };
        kind.add((trial.seconds - trial.probes_s).max(0.0));
        if trial.probes_s > 0.0 {
            self.probes_s += trial.probes_s;
            self.expected_probes_s += expected_probes_s;
        }
    }

    fn launch_s(&self, plan: &Plan, is_first: bool) -> Option<f64> {
        let more_s = plan.launch.expected_s(true) - plan.launch.expected_s(false);
        let (first_s, later_s) = (self.first_launches.value(), self.later_launches.value());
        if is_first {
            first_s.or_else(|| later_s.map(|later_s| later_s + more_s))
        } else {
            // Half remains where the contract and the processors made little of the difference.
            later_s.or_else(|| first_s.map(|first_s| (first_s - more_s).max(first_s / 2.0)))
        }
    }

    /// The mean of the first trials without the time for which they waited.
    fn first_trial_s(&self, plan: &Plan, wait_s: f64) -> Option<f64> {
        let first_s = self.first_trials.value()?;
        // Where servers waited for less than expected, the load is what is left.
        Some((first_s - wait_s).max(plan.trial.measure_s))
    }

    fn slowness(&self) -> Option<f64> {
        let known = self.expected_probes_s > 0.0;
        known.then(|| (self.probes_s / self.expected_probes_s).clamp(SLOWNESS.0, SLOWNESS.1))
    }
}

/// The expected time of those probes in these slots that leave the server running, in seconds.
fn awake_probes_s(plan: &Plan, slots: ProbeSlots) -> f64 {
    let costs_s = &plan.probe_costs_s;
    let places = slots.places(costs_s.len());
    let awake = places.filter(|place| !plan.end_probes.contains(&(*place as u32)));
    awake.filter_map(|place| costs_s.get(place)).sum()
}

#[cfg(test)]
mod tests {
    use super::Costs;
    use crate::entrant::Entrant;
    use crate::evidence::{EndReason, Launch, LaunchEnd, LoadSummary, Trial};
    use crate::plan::{Plan, ProbeSlots};
    use crate::schedule::history::History;

    fn launch(id: u32, name: &str, seconds: f64, reason: Option<EndReason>) -> Launch {
        Launch {
            at_s: f64::from(id) * 20.0,
            seconds,
            end: reason.map(|reason| LaunchEnd::new(reason, f64::from(id) * 20.0 + 15.0)),
            ..Launch::new(id, 0, Entrant::contender(name))
        }
    }

    #[test]
    fn each_entrant_has_its_own_costs_and_the_field_stands_in_for_those_that_are_not_known() {
        let names = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let plan = Plan::full(names, 1, vec![1.0, 3.0]);
        let launches = [
            launch(0, "a", 8.0, None),
            launch(1, "b", 0.5, Some(EndReason::NeverReady)),
            launch(2, "b", 16.0, Some(EndReason::SessionEnded)),
            launch(3, "b", 99.0, None),
        ];
        let trial = Trial {
            seconds: 10.0,
            probes_s: 6.0,
            slots: ProbeSlots { first: 0, count: 2 },
            load: Some(LoadSummary::default()),
            ..Trial::new(1, Entrant::contender("a"))
        };
        let trials = [trial];
        let history = History::of(&plan, &[], &launches, &trials, &[]);
        let costs = Costs::learned(&history);
        let entrant = Entrant::contender;
        assert_eq!(costs.launch_s(&entrant("a"), true), 8.0);
        assert_eq!(
            costs.launch_s(&entrant("b"), true),
            16.0,
            "neither the failure nor the launch that was made again"
        );
        assert_eq!(costs.launch_s(&entrant("c"), true), 12.0);
        assert!(costs.launch_s(&entrant("c"), false) < 12.0);
        assert_eq!(
            costs.later_trial_s(&entrant("c")),
            costs.later_trial_s(&entrant("a"))
        );
        assert_eq!(costs.slowness(&entrant("c")), 1.5);
        assert_eq!(
            costs.probes_s(&entrant("a"), ProbeSlots { first: 1, count: 1 }),
            4.5
        );
    }

    #[test]
    fn without_evidence_the_plan_says_what_steps_take() {
        let plan = Plan::full(vec!["a".to_owned(), "b".to_owned()], 1, vec![1.0]);
        let costs = Costs::learned(&History::of(&plan, &[], &[], &[], &[]));
        let a = Entrant::contender("a");
        assert_eq!(costs.launch_s(&a, false), plan.launch.expected_s(false));
        assert_eq!(costs.later_trial_s(&a), plan.trial.load_s());
        assert!(costs.first_trial_s(&a, 3) > costs.first_trial_s(&a, 9));
    }
}
