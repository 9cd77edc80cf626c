//! What goes wrong in a simulated run, and how often.

use crate::evidence::{Environment, Fault, Gate, GateOutcome, GateResult, Owner, Stage, Trial};
use crate::plan::ProbeSlots;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How often what happens in a simulated run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Luck {
    pub(super) seed: u64,
    /// Share of trials that the machine or the lab disturbs, and of launches that the lab spoils.
    pub(super) disturbed: f64,
    /// Share of launches and trials that fail through the contender's own fault, and of trials after which another
    /// server has died at rest.
    pub(super) failed: f64,
    /// Share of advice that stops the run, leaves probes out or drops a contender.
    pub(super) bored: f64,
    /// Ratio of measured to expected times of launches and probes.
    pub(super) slowness: f64,
    /// Relative spread of the steps' lengths.
    pub(super) spread: f64,
}

impl Luck {
    /// Nothing goes wrong, and all takes what the plan expects.
    pub(super) const CALM: Luck = Luck {
        seed: 1,
        disturbed: 0.0,
        failed: 0.0,
        bored: 0.0,
        slowness: 1.0,
        spread: 0.0,
    };
}

/// In one of the three ways in which a trial is disturbed.
pub(super) fn disturb(trial: &mut Trial, random: &mut ChaCha8Rng) {
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
            trial.slots = ProbeSlots::NONE;
            trial.probes_s = 0.0;
            trial.faults.push(fault(Owner::Lab, "the database ended"));
        }
    }
}

pub(super) fn fault(owner: Owner, message: &str) -> Fault {
    Fault::new(owner, Stage::Start, message)
}
