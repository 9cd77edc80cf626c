//! A trial: everything that one entrant left in one block.

use super::capacity::Capacity;
use super::caution::Caution;
use super::curve::Curve;
use super::environment::Environment;
use super::fault::Fault;
use super::gate::GateResult;
use super::load::LoadSummary;
use super::observation::Observation;
use super::wake_up::WakeUp;
use super::warm_up::WarmUp;
use crate::entrant::Entrant;
use crate::plan::ProbeSlots;
use serde::{Deserialize, Serialize};

/// One entrant once within a block, and what it left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The block, counted from 0.
    pub block: u32,
    /// The place within the block, counted from 0.
    pub position: u32,
    /// Who ran.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// Seconds from the start of the measuring to the start of the trial.
    pub at_s: f64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What was observed.
    pub observations: Vec<Observation>,
    /// Latency histograms.
    pub curves: Vec<Curve>,
    /// What the load was and what came of it; none when the trial ended before.
    pub load: Option<LoadSummary>,
    /// The throughput of a closed loop, where a probe needed it; none in evidence from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// The id of the launch whose server it measured; none in evidence of earlier versions, where each trial was a
    /// launch of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<u32>,
    /// How the launch woke; none in evidence of earlier versions, and where it did not wake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_up: Option<WakeUp>,
    /// The way to the steady state, in evidence of earlier versions; now it stands in the launch.
    pub warm_up: Option<WarmUp>,
    /// The gates in their order.
    pub gates: Vec<GateResult>,
    /// What weakens the whole trial.
    pub cautions: Vec<Caution>,
    /// What went wrong.
    pub faults: Vec<Fault>,
    /// The machine's disturbances during the load.
    pub environment: Environment,
    /// The probes that were due; none where time was short, and for the twin.
    #[serde(default, alias = "turns")]
    pub slots: ProbeSlots,
    /// How long they took, in seconds.
    #[serde(default)]
    pub probes_s: f64,
    /// The disturbed attempt that this trial repeats; none where the first attempt counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_attempt: Option<DisturbedAttempt>,
}

/// The attempt that the machine, the generator or the lab's services disturbed, so that the trial ran a second time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisturbedAttempt {
    /// Its start, in seconds from the start of the measuring.
    pub at_s: f64,
    /// Its length, in seconds.
    pub seconds: f64,
    /// What disturbed it, in words.
    pub reason: String,
}

impl Trial {
    /// A trial in which nothing has happened yet: the first of its block, at the start of the measuring.
    #[must_use]
    pub fn new(block: u32, entrant: Entrant) -> Trial {
        Trial {
            block,
            position: 0,
            entrant,
            at_s: 0.0,
            seconds: 0.0,
            observations: Vec::new(),
            curves: Vec::new(),
            load: None,
            capacity: None,
            launch: None,
            wake_up: None,
            warm_up: None,
            gates: Vec::new(),
            cautions: Vec::new(),
            faults: Vec::new(),
            environment: Environment::default(),
            slots: ProbeSlots::NONE,
            probes_s: 0.0,
            first_attempt: None,
        }
    }
}
