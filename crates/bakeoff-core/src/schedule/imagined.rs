//! A run that is imagined to its end: its steps are those of the schedule, and each takes what is expected of it.
//! Nothing fails in it, nobody is dropped, and no advice stops it. Measures nothing.

use super::budget::{BudgetTracker, spent_s};
use super::costs::Costs;
use super::history::History;
use super::probes::never_ran;
use super::rules;
use super::step::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial, Step};
use crate::entrant::Entrant;
use crate::evidence::{
    Advice, ContenderRecord, EndReason, Launch, LaunchEnd, LoadSummary, Next, Run, Trial, Why,
};
use crate::plan::{Plan, ProbeSlots};

/// The most steps that are imagined: without a bound a mistake in the schedule would never end.
const MOST_STEPS: u32 = 100_000;

/// A run, the steps to come included.
pub(super) struct Imagined<'p> {
    plan: &'p Plan,
    records: &'p [ContenderRecord],
    launches: Vec<Launch>,
    trials: Vec<Trial>,
    advice: Vec<Advice>,
    /// The end of the last step, in seconds from the start of the measuring.
    now_s: f64,
}

impl<'p> Imagined<'p> {
    /// A run of which nothing has run, to its end; every contender of the plan can run.
    pub(super) fn from_start(plan: &'p Plan) -> Imagined<'p> {
        let imagined = Imagined {
            plan,
            records: &[],
            launches: Vec::new(),
            trials: Vec::new(),
            advice: Vec::new(),
            now_s: 0.0,
        };
        imagined.ended()
    }

    /// A run that has begun, to its end. `now_s` is when its last step ended.
    pub(super) fn from_here(plan: &'p Plan, run: &'p Run, now_s: f64) -> Imagined<'p> {
        let imagined = Imagined {
            plan,
            records: &run.contenders,
            launches: run.launches.iter().map(outline_of_launch).collect(),
            trials: run.trials.iter().map(outline_of_trial).collect(),
            advice: run.advice.clone(),
            now_s,
        };
        imagined.ended()
    }

    /// The measuring time, in seconds.
    pub(super) fn spent_s(&self) -> f64 {
        spent_s(&self.history(), &self.costs())
    }

    pub(super) fn launches(&self) -> &[Launch] {
        &self.launches
    }

    pub(super) fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// The places of the probe table that at least one contender has not come to, of those who still run at the end.
    pub(super) fn probes_left_out(&self) -> ProbeSlots {
        let history = self.history();
        let contenders = history.active().filter(|entrant| !entrant.is_twin());
        let left_out = contenders.map(|entrant| never_ran(&history, &entrant));
        left_out.max_by_key(|slots| slots.count).unwrap_or_default()
    }

    fn ended(mut self) -> Imagined<'p> {
        for _ in 0..MOST_STEPS {
            let step = rules::next(&BudgetTracker::of(self.history()), None);
            match step {
                Step::Launch(scheduled) => self.launch(&scheduled),
                Step::Trial(scheduled) => self.trial(&scheduled),
                Step::Repeat(scheduled) => {
                    self.trials.pop();
                    self.trial(&scheduled);
                }
                Step::Retire(scheduled) => self.retire(&scheduled),
                Step::Advise => self.advise(),
                Step::Stop(_) => break,
            }
        }
        self
    }

    fn launch(&mut self, scheduled: &ScheduledLaunch) {
        let planned = &scheduled.planned;
        let seconds = self.costs().launch_s(&planned.entrant, scheduled.is_first);
        let launch = Launch {
            at_s: self.now_s,
            seconds,
            ..Launch::new(scheduled.id, planned.round, planned.entrant.clone())
        };
        self.launches.push(launch);
        self.now_s += seconds;
    }

    fn trial(&mut self, scheduled: &ScheduledTrial) {
        let (entrant, slots) = (&scheduled.planned.entrant, scheduled.budget.slots);
        let costs = self.costs();
        let load_s = if scheduled.is_first_of_launch {
            costs.first_trial_s(entrant, self.history().active().count() as u32)
        } else {
            costs.later_trial_s(entrant)
        };
        let probes_s = costs.awake_probes_s(entrant, slots);
        let trial = Trial {
            position: scheduled.planned.position,
            at_s: self.now_s,
            seconds: load_s + probes_s,
            load: Some(LoadSummary::default()),
            launch: Some(scheduled.launch),
            slots,
            probes_s,
            first_attempt: scheduled.first_attempt.clone(),
            ..Trial::new(scheduled.planned.block, entrant.clone())
        };
        self.now_s += trial.seconds;
        self.trials.push(trial);
    }

    fn retire(&mut self, scheduled: &ScheduledRetirement) {
        let costs = self.costs();
        let end_s = costs.end_s();
        let probes_s = |entrant: &Entrant| {
            costs.probes_s(entrant, scheduled.slots) - costs.awake_probes_s(entrant, scheduled.slots)
        };
        let of_launch = |launch: &&Launch| launch.id == scheduled.launch;
        let probes_s = self
            .launches
            .iter()
            .find(of_launch)
            .map_or(0.0, |launch| probes_s(&launch.entrant));
        let seconds = end_s + probes_s;
        let end = LaunchEnd {
            seconds,
            ..LaunchEnd::new(EndReason::Retired, self.now_s)
        };
        self.now_s += seconds;
        let mut launches = self.launches.iter_mut();
        if let Some(launch) = launches.find(|launch| launch.id == scheduled.launch) {
            launch.end = Some(end);
        }
    }

    fn advise(&mut self) {
        let rounds = self.launches.last().map_or(0, |launch| launch.round + 1);
        let blocks = rounds * self.plan.blocks_of_a_launch();
        let why = Why::Unfinished {
            rounds,
            of: self.plan.rounds.len() as u32,
        };
        self.advice
            .push(Advice::unweighed(rounds, blocks, Next::GoOn, why));
    }

    fn history(&self) -> History<'_> {
        History::of(
            self.plan,
            self.records,
            &self.launches,
            &self.trials,
            &self.advice,
        )
    }

    fn costs(&self) -> Costs<'_> {
        Costs::learned(&self.history())
    }
}

/// A launch without what the schedule does not look at.
fn outline_of_launch(launch: &Launch) -> Launch {
    let end = launch.end.as_ref().map(|end| LaunchEnd {
        seconds: end.seconds,
        faults: end.faults.clone(),
        ..LaunchEnd::new(end.reason, end.at_s)
    });
    Launch {
        at_s: launch.at_s,
        seconds: launch.seconds,
        faults: launch.faults.clone(),
        end,
        ..Launch::new(launch.id, launch.round, launch.entrant.clone())
    }
}

/// A trial without what the schedule does not look at.
fn outline_of_trial(trial: &Trial) -> Trial {
    Trial {
        position: trial.position,
        at_s: trial.at_s,
        seconds: trial.seconds,
        load: trial.load.as_ref().map(|_| LoadSummary::default()),
        launch: trial.launch,
        gates: trial.gates.clone(),
        faults: trial.faults.clone(),
        environment: trial.environment,
        slots: trial.slots,
        probes_s: trial.probes_s,
        first_attempt: trial.first_attempt.clone(),
        ..Trial::new(trial.block, trial.entrant.clone())
    }
}
