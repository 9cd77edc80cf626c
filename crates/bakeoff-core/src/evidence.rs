//! Evidence: what a run leaves, raw and append-only. Holds no judgement: no averages, no scores, no ranks.

mod advice;
mod capacity;
mod caution;
mod contender;
mod curve;
mod database;
mod environment;
mod extent;
mod fault;
mod gate;
mod host;
mod launch;
mod load;
mod need;
mod observation;
mod obstacle;
mod platform;
mod reach;
mod running;
mod support;
mod tier;
mod trial;
mod wake_up;
mod warm_up;
mod yardstick;

pub use advice::{Advice, Next, Why};
pub use capacity::{Capacity, Service};
pub use caution::Caution;
pub use contender::{ContenderRecord, Part, Status};
pub use curve::{Curve, CurveKind, Label};
pub use database::{DatabaseCount, Precision, Statements};
pub use environment::Environment;
pub use extent::Extent;
pub use fault::{Fault, FaultAt, Owner, Stage};
pub use gate::{Gate, GateOutcome, GateResult};
pub use host::Host;
pub use launch::{EndReason, Launch, LaunchEnd};
pub use load::{FailureKind, FailureSummary, LoadSummary, RequestCount};
pub use need::NeedCover;
pub use observation::{Detail, Observation, Point};
pub use obstacle::Obstacle;
pub use platform::{PlatformCheck, Unfit};
pub use reach::{Reach, Runs};
pub use running::{Running, Watched};
pub use support::{Support, SupportedPart};
pub use tier::Tier;
pub use trial::{DisturbedAttempt, Trial};
pub use wake_up::WakeUp;
pub use warm_up::{SettledLevel, WarmClass, WarmPhase, WarmUp, WarmWindow};
pub use yardstick::slower_than_best;

use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// A run: one brief, one plan, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// `2026-11-24T090102Z-order-api`, unique in a store.
    pub id: String,
    /// The version of bakeoff that measured.
    pub version: String,
    /// The brief's path as the user gave it.
    pub brief_path: String,
    /// The brief's text.
    pub brief_text: String,
    /// SHA-256 of the text, hexadecimal.
    pub brief_sha256: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; none while the run goes on or when it was interrupted.
    pub finished: Option<String>,
    /// Why the measuring stopped, once it has.
    pub stop: Option<StopReason>,
    /// The machine.
    pub host: Host,
    /// What was to happen.
    pub plan: Plan,
    /// Every contender of the field, also those that could not run.
    pub contenders: Vec<ContenderRecord>,
    /// The launches in the order in which they began; empty in runs of earlier versions, where each trial was a launch
    /// of its own.
    #[serde(default)]
    pub launches: Vec<Launch>,
    /// The trials in the order in which they ended.
    pub trials: Vec<Trial>,
    /// What was advised after each round, in order: why it went on, whom it left out, and why it stopped. In runs of
    /// earlier versions after each block.
    #[serde(default)]
    pub advice: Vec<Advice>,
    /// The user's own claims as they stood beside the brief: the ledger that ships with the program is not repeated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<OwnClaim>,
}

impl Run {
    /// The day on which it began, `YYYY-MM-DD`, UTC.
    #[must_use]
    pub fn day(&self) -> &str {
        self.started.get(..10).unwrap_or_default()
    }

    /// How much of a contender was measured.
    #[must_use]
    pub fn extent(&self, contender: &str) -> Extent {
        let own = |trial: &&Trial| trial.entrant.is_contender(contender);
        Extent::of(self.trials.iter().filter(own))
    }

    /// What a contender's runtime printed of itself in its launches, each once.
    #[must_use]
    pub fn runtime_facts(&self, contender: &str) -> Vec<&str> {
        let launches = self.launches.iter();
        let its = launches.filter(|launch| launch.entrant.is_contender(contender));
        let mut facts: Vec<&str> = Vec::new();
        for fact in its.flat_map(|launch| &launch.runtime_facts) {
            if !facts.contains(&fact.as_str()) {
                facts.push(fact);
            }
        }
        facts
    }
}

/// A claim file of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnClaim {
    /// Its path as the user sees it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Why the measuring stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopReason {
    /// All planned rounds ran, or all of a full answer, with the further ones for which its time sufficed.
    PlanDone,
    /// More rounds would not have changed the verdict by more than they cost, with the reason.
    Settled(String),
    /// The next round would not have fitted into the budget.
    BudgetSpent,
    /// The user interrupted.
    Interrupted,
    /// The lab failed, with the reason.
    LabFailed(String),
}
