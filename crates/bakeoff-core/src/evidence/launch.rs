//! A launch: one start of an entrant, which lives through the blocks of a round. Holds what is measured once a launch;
//! what is measured while it is awake is in its trials.

use super::caution::Caution;
use super::fault::Fault;
use super::gate::GateResult;
use super::observation::Observation;
use super::warm_up::WarmUp;
use crate::entrant::Entrant;
use serde::{Deserialize, Serialize};

/// One start of an entrant and what it left: the "execution" of Kalibera & Jones (ISMM 2013), the "fork" of JMH.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Launch {
    /// Counted from 0 in the order in which the launches of the run began.
    pub id: u32,
    /// The round, counted from 0.
    pub round: u32,
    /// Who was started.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// Seconds from the start of the measuring to the start of the launch.
    pub at_s: f64,
    /// From its start until it was warm and at rest, in seconds.
    pub seconds: f64,
    /// What its runtime printed of itself at the start, as `Serial collector`; empty where it prints nothing, and in
    /// runs of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runtime_facts: Vec<String>,
    /// What is observed once a launch before its first trial: `startup_ms`, `memory_mb_idle`, `warmup_s` and others.
    pub observations: Vec<Observation>,
    /// The way to the steady state; none when it ended before.
    pub warm_up: Option<WarmUp>,
    /// The gates that a launch passes before its first trial: contract and steady state.
    pub gates: Vec<GateResult>,
    /// What weakens all of its trials.
    pub cautions: Vec<Caution>,
    /// What went wrong before its first trial.
    pub faults: Vec<Fault>,
    /// How it ended; none while it lives.
    #[serde(default)]
    pub end: Option<LaunchEnd>,
}

/// The end of a launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchEnd {
    /// Why it ended.
    pub reason: EndReason,
    /// Seconds from the start of the measuring to the start of its retirement.
    pub at_s: f64,
    /// How long the retirement took, in seconds.
    pub seconds: f64,
    /// What the probes of its end observed: of a graceful stop, a crash, a restart.
    pub observations: Vec<Observation>,
    /// What went wrong in them.
    pub faults: Vec<Fault>,
}

/// Why a launch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// Its round was over.
    Retired,
    /// It did not come as far as its first trial: it did not start, broke the contract, or exceeded a limit.
    NeverReady,
    /// It ended by itself or was stopped for a limit, at rest or in a trial.
    Died,
    /// It uses the processor while it should rest, and cannot be paused.
    DoesNotRest,
    /// The session that started it ended: an interrupt or a kill.
    SessionEnded,
}

impl Launch {
    /// A launch in which nothing has happened yet.
    #[must_use]
    pub fn new(id: u32, round: u32, entrant: Entrant) -> Launch {
        Launch {
            id,
            round,
            entrant,
            at_s: 0.0,
            seconds: 0.0,
            runtime_facts: Vec::new(),
            observations: Vec::new(),
            warm_up: None,
            gates: Vec::new(),
            cautions: Vec::new(),
            faults: Vec::new(),
            end: None,
        }
    }

    /// Whether it came as far as its first trial.
    #[must_use]
    pub fn was_ready(&self) -> bool {
        let never = |end: &LaunchEnd| end.reason == EndReason::NeverReady;
        !self.end.as_ref().is_some_and(never)
    }

    /// Whether its server still runs, as far as the evidence shows.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        self.end.is_none()
    }
}

impl LaunchEnd {
    /// An end without observations or faults.
    #[must_use]
    pub const fn new(reason: EndReason, at_s: f64) -> LaunchEnd {
        LaunchEnd {
            reason,
            at_s,
            seconds: 0.0,
            observations: Vec::new(),
            faults: Vec::new(),
        }
    }
}
