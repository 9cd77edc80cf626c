//! A performer of steps without a machine: what a step leaves depends on a seed and the step alone, so that the same
//! step leaves the same evidence in every run.

use super::step;
use crate::evidence::{
    Advice, ContenderRecord, Environment, Fault, Gate, GateOutcome, GateResult, Host, LoadSummary, Next,
    Owner, Run, Stage, Status, Trial,
};
use crate::plan::{Plan, Probes};
use crate::schedule::{ScheduledTrial, Step};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// How often what happens in a simulated run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Luck {
    pub(super) seed: u64,
    /// Share of trials that the machine or the lab disturbs.
    pub(super) disturbed: f64,
    /// Share of trials that fail through the contender's own fault.
    pub(super) failed: f64,
    /// Share of advice that stops the run or leaves probes out.
    pub(super) bored: f64,
    /// Ratio of measured to expected probe times.
    pub(super) slowness: f64,
    /// Relative spread of the trials' lengths.
    pub(super) spread: f64,
}

/// A run while it is simulated.
pub(super) struct Simulation {
    pub(super) run: Run,
    luck: Luck,
}

/// A run of which nothing has run.
pub(super) fn empty_run(contenders: usize, budget_s: f64, all_blocks: bool, seed: u64) -> Run {
    let names: Vec<String> = (0..contenders).map(|n| format!("c{n}")).collect();
    let plan = Plan::new(names.clone(), budget_s, seed, vec![0.2, 0.5, 2.1, 1.1, 1.7, 2.9]);
    let plan = if all_blocks { plan.with_blocks(6) } else { plan };
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
        trials: Vec::new(),
        advice: Vec::new(),
    }
}

fn record(name: &str) -> ContenderRecord {
    ContenderRecord {
        name: name.to_owned(),
        title: String::new(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        versions: BTreeMap::new(),
        status: Status::Ready,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        no_evidence: BTreeMap::new(),
    }
}

impl Simulation {
    pub(super) fn new(run: Run, luck: Luck) -> Simulation {
        Simulation { run, luck }
    }

    /// Performs a step; whether the run goes on.
    pub(super) fn perform(&mut self, step: &Step) -> bool {
        match step {
            Step::Trial(scheduled) => {
                let trial = self.trial(scheduled);
                self.run.trials.push(trial);
            }
            Step::Repeat(scheduled) => {
                let trial = self.trial(scheduled);
                let replaced = self.run.trials.pop().unwrap();
                assert_eq!((replaced.block, &replaced.entrant), (trial.block, &trial.entrant));
                self.run.trials.push(trial);
            }
            Step::Advise => {
                let advice = self.advice();
                self.run.advice.push(advice);
            }
            Step::Stop(_) => return false,
        }
        true
    }

    /// Performs steps until the run stops.
    pub(super) fn finish(&mut self) {
        // No run of these tests is longer; without a bound a mistake in the schedule would never end.
        for _ in 0..100_000 {
            let next = step(&self.run);
            if !self.perform(&next) {
                return;
            }
        }
        panic!("the run never stops");
    }

    /// Performs steps until the trials of that many blocks have run.
    pub(super) fn run_blocks(&mut self, blocks: usize) {
        loop {
            let next = step(&self.run);
            if matches!(next, Step::Advise) && self.run.advice.len() + 1 == blocks {
                return;
            }
            assert!(self.perform(&next), "{next:?}");
        }
    }

    /// Adds trials that the lab spoilt.
    pub(super) fn fail_lab(&mut self, trials: usize) {
        for _ in 0..trials {
            let (Step::Trial(scheduled) | Step::Repeat(scheduled)) = step(&self.run) else {
                panic!("{:?}", step(&self.run));
            };
            let mut trial = self.trial(&scheduled);
            trial.load = None;
            trial.faults = vec![fault(Owner::Lab, "the database ended")];
            // As if it ran a second time, so that each is the last attempt.
            trial.first_attempt = Some(crate::evidence::DisturbedAttempt {
                at_s: trial.at_s,
                seconds: 0.0,
                reason: String::new(),
            });
            self.run.trials.push(trial);
        }
    }

    /// An advice after the blocks so far.
    pub(super) fn advice(&self) -> Advice {
        let after_blocks = self.run.trials.chunk_by(|a, b| a.block == b.block).count() as u32;
        let mut random = self.random(u64::from(after_blocks), 1_000);
        let (stops, leaves_out) = (
            random.random_bool(self.luck.bored / 3.0),
            random.random_bool(self.luck.bored),
        );
        Advice {
            after_blocks,
            next: if stops { Next::Stop } else { Next::GoOn },
            probes: if leaves_out { Probes::LeftOut } else { Probes::Due },
            reason: format!("after {after_blocks}"),
            expected_loss: 0.0,
            blocks: 0,
            seconds: 0.0,
            value: 0.0,
            price: 0.0,
        }
    }

    fn random(&self, a: u64, b: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(
            self.luck.seed ^ a.wrapping_mul(0x9E37_79B9) ^ b.wrapping_mul(0xC2B2_AE3D_27D4),
        )
    }

    fn trial(&self, scheduled: &ScheduledTrial) -> Trial {
        let (planned, budget) = (&scheduled.planned, &scheduled.budget);
        let attempt = u64::from(scheduled.first_attempt.is_some());
        let mut random = self.random(
            u64::from(planned.block),
            u64::from(planned.position) * 2 + attempt,
        );
        let spread = 1.0 + self.luck.spread * random.random_range(-1.0..=1.0);
        let contract_s = if planned.block == 0 && !planned.entrant.is_twin() {
            1.3
        } else {
            0.0
        };
        let probes_s = budget.slots.seconds(&self.run.plan.probe_costs_s) * self.luck.slowness * spread;
        let failed = random.random_bool(self.luck.failed);
        let gap_s = random.random_range(0.0..0.01);
        let ends = self.run.trials.iter().map(|trial| trial.at_s + trial.seconds);
        let mut trial = Trial {
            position: planned.position,
            at_s: ends.fold(0.0, f64::max) + gap_s,
            seconds: budget.load_s() * spread + contract_s + probes_s,
            load: Some(LoadSummary::default()),
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
}

/// In one of the three ways in which a trial is disturbed.
fn disturb(trial: &mut Trial, random: &mut ChaCha8Rng) {
    let quiet = |outcome| GateResult {
        gate: Gate::Quiet,
        outcome,
        measured: "40 % stolen".to_owned(),
        limit: String::new(),
    };
    match random.random_range(0..3) {
        0 => trial.gates.push(quiet(GateOutcome::Failed)),
        1 => {
            trial.gates.push(quiet(GateOutcome::Weak));
            trial.environment = Environment {
                stalled_share: Some(0.02),
                ..Environment::default()
            };
        }
        _ => {
            trial.load = None;
            trial.faults.push(fault(Owner::Lab, "the database ended"));
        }
    }
}

fn fault(owner: Owner, message: &str) -> Fault {
    Fault::new(owner, Stage::Start, message)
}
