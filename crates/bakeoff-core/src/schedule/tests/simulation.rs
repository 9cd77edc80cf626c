//! A performer of steps without a machine: what a step leaves depends on a seed and the step alone, so that the same
//! step leaves the same evidence in every run, also where launches were made again in between.

use super::luck::{Luck, disturb, fault};
use super::step;
use crate::contender::Work;
use crate::entrant::Entrant;
use crate::evidence::{
    Advice, ContenderRecord, DisturbedAttempt, EndReason, Host, Launch, LaunchEnd, LoadSummary, Next, Owner,
    Part, Run, Status, Trial, Why,
};
use crate::plan::{Plan, ProbeCosts, Probes};
use crate::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial, Step, elapsed_s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// How a run is planned.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    FullAnswer,
    Budget(f64),
    AllBlocks(f64),
}

/// A run while it is simulated.
pub(super) struct Simulation {
    pub(super) run: Run,
    luck: Luck,
}

/// A run of which nothing has run.
pub(super) fn empty_run(contenders: usize, wanted: Wanted, seed: u64) -> Run {
    let names: Vec<String> = (0..contenders).map(|n| format!("c{n}")).collect();
    // The last two end a server.
    let costs = [0.2, 0.5, 2.1, 1.1, 1.7, 2.9];
    let probes = || -> ProbeCosts { (0..).zip(costs).map(|(place, s)| (s, place > 3)).collect() };
    let plan = match wanted {
        Wanted::FullAnswer => Plan::full(names.clone(), seed, probes()),
        Wanted::Budget(budget_s) => Plan::new(names.clone(), budget_s, seed, probes()),
        Wanted::AllBlocks(budget_s) => Plan::new(names.clone(), budget_s, seed, probes()).with_blocks(2),
    };
    Run {
        id: String::new(),
        version: String::new(),
        brief_path: String::new(),
        brief_text: String::new(),
        brief_sha256: String::new(),
        started: String::new(),
        finished: None,
        stop: None,
        host: Host::default(),
        plan,
        contenders: names.iter().map(|name| record(name)).collect(),
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: Vec::new(),
    }
}

fn record(name: &str) -> ContenderRecord {
    ContenderRecord {
        name: name.to_owned(),
        variant_of: None,
        part: Part::Candidate,
        title: String::new(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        work: Work::default(),
        versions: BTreeMap::new(),
        support: Vec::new(),
        status: Status::Ready,
        running: None,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: None,
        no_evidence: BTreeMap::new(),
    }
}

/// Ends the launches whose servers live, as the session that resumes a run does first.
pub(super) fn end_the_session(run: &mut Run) {
    let now_s = elapsed_s(run);
    for launch in run.launches.iter_mut().filter(|launch| launch.is_alive()) {
        launch.end = Some(LaunchEnd::new(EndReason::SessionEnded, now_s));
    }
}

impl Simulation {
    pub(super) fn new(run: Run, luck: Luck) -> Simulation {
        Simulation { run, luck }
    }

    /// Performs a step; whether the run goes on.
    pub(super) fn perform(&mut self, step: &Step) -> bool {
        match step {
            Step::Launch(scheduled) => self.launch(scheduled),
            Step::Trial(scheduled) => {
                let trial = self.trial(scheduled);
                self.end_of_a_failure(&trial);
                self.run.trials.push(trial);
                self.death_at_rest(scheduled);
            }
            Step::Repeat(scheduled) => {
                let trial = self.trial(scheduled);
                let replaced = self.run.trials.pop().unwrap();
                assert_eq!((replaced.block, &replaced.entrant), (trial.block, &trial.entrant));
                self.end_of_a_failure(&trial);
                self.run.trials.push(trial);
            }
            Step::Retire(scheduled) => self.retire(scheduled),
            Step::Advise => {
                let advice = self.advice();
                self.run.advice.push(advice);
            }
            Step::Stop(_) => return false,
        }
        true
    }

    /// Performs steps until the run stops; returns the last one.
    pub(super) fn finish(&mut self) -> Step {
        self.finish_with(|_| {})
    }

    /// The same, with this after each step.
    pub(super) fn finish_with(&mut self, mut after_step: impl FnMut(&mut Run)) -> Step {
        // No run of these tests is longer; without a bound a mistake in the schedule would never end.
        for _ in 0..20_000 {
            let next = step(&self.run);
            if !self.perform(&next) {
                return next;
            }
            after_step(&mut self.run);
        }
        panic!("the run never stops");
    }

    /// Performs steps until advice is due after that many rounds.
    pub(super) fn run_rounds(&mut self, rounds: usize) {
        loop {
            let next = step(&self.run);
            if matches!(next, Step::Advise) && self.run.advice.len() + 1 == rounds {
                return;
            }
            assert!(self.perform(&next), "{next:?}");
        }
    }

    /// Performs steps until a step of that kind is due, and returns it.
    pub(super) fn run_until(&mut self, is_it: impl Fn(&Step) -> bool) -> Step {
        loop {
            let next = step(&self.run);
            if is_it(&next) {
                return next;
            }
            assert!(self.perform(&next), "{next:?}");
        }
    }

    /// An advice after the rounds so far.
    pub(super) fn advice(&self) -> Advice {
        let rounds = self.run.launches.last().map_or(0, |launch| launch.round + 1);
        let blocks = self.run.trials.chunk_by(|a, b| a.block == b.block).count() as u32;
        let mut random = self.random(u64::from(rounds), 1_000);
        let stops = random.random_bool(self.luck.bored / 3.0);
        let leaves_out = random.random_bool(self.luck.bored);
        let mut dropped: Vec<String> = self
            .run
            .advice
            .last()
            .map_or_else(Vec::new, |last| last.dropped.clone());
        // The last two contenders are never dropped.
        let candidates = self.run.plan.contenders.iter().skip(2);
        for name in candidates {
            if rounds > 1 && random.random_bool(self.luck.bored) && !dropped.contains(name) {
                dropped.push(name.clone());
            }
        }
        let why = Why::Unfinished { rounds, of: 3 };
        Advice {
            probes: if leaves_out { Probes::LeftOut } else { Probes::Due },
            dropped,
            ..Advice::unweighed(rounds, blocks, if stops { Next::Stop } else { Next::GoOn }, why)
        }
    }

    fn random(&self, a: u64, b: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(
            self.luck.seed ^ a.wrapping_mul(0x9E37_79B9) ^ b.wrapping_mul(0xC2B2_AE3D_27D4),
        )
    }

    /// A number of an entrant that no other has.
    fn place(&self, entrant: &Entrant) -> u64 {
        let entrants = self.run.plan.entrants();
        entrants.iter().position(|other| other == entrant).unwrap() as u64
    }

    fn launch(&mut self, scheduled: &ScheduledLaunch) {
        let planned = &scheduled.planned;
        assert_eq!(scheduled.id as usize, self.run.launches.len());
        let earlier = self.run.launches.iter().filter(|launch| {
            launch.round == planned.round && launch.entrant == planned.entrant && !was_cut_off(launch)
        });
        // What is made again is what it was, and what follows it is what would have followed.
        let attempt = earlier.count() as u64;
        let place = self.place(&planned.entrant);
        let mut random = self.random(u64::from(planned.round) + 5_000, place * 8 + attempt);
        let spread = 1.0 + self.luck.spread * random.random_range(-1.0..=1.0);
        let mut launch = Launch {
            at_s: elapsed_s(&self.run) + 0.001,
            seconds: self.run.plan.launch.expected_s(scheduled.is_first) * self.luck.slowness * spread,
            ..Launch::new(scheduled.id, planned.round, planned.entrant.clone())
        };
        let owner = if random.random_bool(self.luck.failed) {
            Some(Owner::Contender)
        } else if random.random_bool(self.luck.disturbed / 4.0) {
            Some(Owner::Lab)
        } else {
            None
        };
        if let Some(owner) = owner {
            launch.seconds = 0.5;
            launch.faults = vec![fault(owner, "it did not start")];
            launch.end = Some(LaunchEnd::new(EndReason::NeverReady, launch.at_s + 0.5));
        }
        self.run.launches.push(launch);
    }

    fn retire(&mut self, scheduled: &ScheduledRetirement) {
        let at_s = elapsed_s(&self.run) + 0.001;
        let costs_s = &self.run.plan.probe_costs_s;
        let places = scheduled.slots.places(costs_s.len());
        let of_end = places.filter(|place| self.run.plan.end_probes.contains(&(*place as u32)));
        let probes_s: f64 = of_end.map(|place| costs_s[place]).sum();
        let end = LaunchEnd {
            seconds: 0.5 + probes_s * self.luck.slowness,
            ..LaunchEnd::new(EndReason::Retired, at_s)
        };
        let launch = &mut self.run.launches[scheduled.launch as usize];
        assert!(launch.is_alive(), "only living launches are retired");
        launch.end = Some(end);
    }

    fn trial(&self, scheduled: &ScheduledTrial) -> Trial {
        let (planned, budget) = (&scheduled.planned, &scheduled.budget);
        let launch = &self.run.launches[scheduled.launch as usize];
        assert!(
            launch.is_alive() && launch.entrant == planned.entrant,
            "{launch:?}"
        );
        let attempt = u64::from(scheduled.first_attempt.is_some());
        let mut random = self.random(
            u64::from(planned.block),
            u64::from(planned.position) * 2 + attempt,
        );
        let spread = 1.0 + self.luck.spread * random.random_range(-1.0..=1.0);
        let costs_s = &self.run.plan.probe_costs_s;
        let places = budget.slots.places(costs_s.len());
        let awake = places.filter(|place| !self.run.plan.end_probes.contains(&(*place as u32)));
        let probes_s = awake.map(|place| costs_s[place]).sum::<f64>() * self.luck.slowness * spread;
        let wait_s = if scheduled.is_first_of_launch {
            self.wait_s()
        } else {
            0.0
        };
        let failed = random.random_bool(self.luck.failed);
        let mut trial = Trial {
            position: planned.position,
            at_s: elapsed_s(&self.run) + 0.001,
            seconds: budget.load_s() * spread + probes_s + wait_s,
            load: Some(LoadSummary::default()),
            launch: Some(scheduled.launch),
            slots: budget.slots,
            probes_s,
            first_attempt: scheduled.first_attempt.clone(),
            ..Trial::new(planned.block, planned.entrant.clone())
        };
        if failed {
            trial = Trial {
                seconds: 0.5,
                probes_s: 0.0,
                load: None,
                faults: vec![fault(Owner::Contender, "it exited")],
                ..trial
            };
        } else if random.random_bool(self.luck.disturbed) {
            disturb(&mut trial, &mut random);
        }
        trial
    }

    /// The mean wait for the rest of a first trial in the round that has begun; it does not depend on the clock, so
    /// that a resumed run has the same.
    fn wait_s(&self) -> f64 {
        let round = self.run.launches.last().unwrap().round;
        let of_round = self.run.launches.iter().filter(|launch| launch.round == round);
        let mut entrants: Vec<&Entrant> = of_round.map(|launch| &launch.entrant).collect();
        entrants.sort();
        entrants.dedup();
        let launch_s = self.run.plan.launch.expected_s(false) * self.luck.slowness;
        self.run.plan.wait_for_rest_s(entrants.len() as u32, launch_s)
    }

    /// The server of a trial that failed has died.
    fn end_of_a_failure(&mut self, trial: &Trial) {
        if trial.load.is_none() && trial.faults.iter().any(|fault| fault.owner == Owner::Contender) {
            let launch = trial.launch.unwrap() as usize;
            let at_s = trial.at_s + trial.seconds;
            self.run.launches[launch].end = Some(LaunchEnd::new(EndReason::Died, at_s));
        }
    }

    /// After some trials the server of another entrant is found dead.
    fn death_at_rest(&mut self, scheduled: &ScheduledTrial) {
        let planned = &scheduled.planned;
        let mut random = self.random(u64::from(planned.block) + 9_000, u64::from(planned.position));
        if !random.random_bool(self.luck.failed / 2.0) {
            return;
        }
        let entrants = self.run.plan.entrants();
        let victim = &entrants[random.random_range(0..entrants.len())];
        if !self.has_pending(victim) {
            // A resumed run does not make its launch again, so it cannot die there.
            return;
        }
        let at_s = elapsed_s(&self.run);
        let mut launches = self.run.launches.iter_mut();
        if let Some(launch) = launches.find(|launch| launch.entrant == *victim && launch.is_alive()) {
            launch.end = Some(LaunchEnd::new(EndReason::Died, at_s));
        }
    }

    /// Whether a trial of an entrant has not run in the round that has begun.
    fn has_pending(&self, entrant: &Entrant) -> bool {
        let round = self.run.launches.last().unwrap().round as usize;
        let blocks = self.run.plan.rounds[round].blocks.iter();
        let mut missing = blocks.filter(|block| {
            let mut trials = self.run.trials.iter();
            !trials.any(|trial| trial.block == block.index && trial.entrant == *entrant)
        });
        missing.next().is_some()
    }

    /// Adds trials that the lab spoilt.
    pub(super) fn fail_lab(&mut self, trials: usize) {
        for _ in 0..trials {
            let due = self.run_until(|step| matches!(step, Step::Trial(_) | Step::Repeat(_)));
            let (Step::Trial(scheduled) | Step::Repeat(scheduled)) = due else {
                panic!("{due:?}");
            };
            let mut trial = self.trial(&scheduled);
            trial.load = None;
            trial.faults = vec![fault(Owner::Lab, "the database ended")];
            // As if it ran a second time, so that each is the last attempt.
            trial.first_attempt = Some(DisturbedAttempt {
                at_s: trial.at_s,
                seconds: 0.0,
                reason: String::new(),
            });
            self.run.trials.push(trial);
        }
    }
}

fn was_cut_off(launch: &Launch) -> bool {
    launch
        .end
        .as_ref()
        .is_some_and(|end| end.reason == EndReason::SessionEnded)
}
