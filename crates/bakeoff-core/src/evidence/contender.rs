//! A contender of the field: what it is, where it stands, and what was read of it outside of trials.

use super::fault::Fault;
use super::need::{self, NeedCover};
use super::observation::Observation;
use super::obstacle::Obstacle;
use super::platform::PlatformCheck;
use super::reach::{self, Reach};
use super::running::Running;
use super::support::Support;
use crate::contender::Work;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A contender of the field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContenderRecord {
    /// Its name, of a variant the whole one.
    pub name: String,
    /// The contender of which it is a variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_of: Option<String>,
    /// Whether it can be chosen; in runs of earlier versions every contender can.
    #[serde(default)]
    pub part: Part,
    /// What a reader calls it.
    pub title: String,
    /// Its family.
    pub family: String,
    /// Its language.
    pub language: String,
    /// Runtime and version, as `node 20.20.2`.
    pub runtime: String,
    /// Framework and version, or empty.
    pub framework: String,
    /// What listens.
    pub server: String,
    /// `event loop, async` and the like.
    pub model: String,
    /// The project's page.
    pub homepage: String,
    /// One sentence that a reader should know.
    pub remarks: String,
    /// The work of its stack, as its manifest declares it; in runs of earlier versions nothing is declared.
    #[serde(default)]
    pub work: Work,
    /// Package to locked version, direct dependencies first.
    pub versions: BTreeMap<String, String>,
    /// How long its runtime and its framework are supported; empty where nothing is known, and in older evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub support: Vec<Support>,
    /// Where it stands.
    pub status: Status,
    /// Where it ran already; none where the lab started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
    /// Scenarios that it does not serve, by its own manifest.
    pub not_served: Vec<String>,
    /// What went wrong outside of trials.
    pub faults: Vec<Fault>,
    /// What was counted or read once.
    pub observations: Vec<Observation>,
    /// Whether it covers the needs that the brief says must be covered; empty where nothing is known of its family.
    #[serde(default)]
    pub needs: Vec<NeedCover>,
    /// What came of it under the contracts of App Engine and Cloud Run, where the brief's target is one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<PlatformCheck>,
    /// Where its language runs, as the maintainers of the targets document it; empty where the table does not know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<Reach>,
    /// Flags of its runtime that its manifest sets; none in runs of earlier versions, which did not record them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<String>>,
    /// Metric to the reason why there is no evidence of it here.
    pub no_evidence: BTreeMap<String, Obstacle>,
}

impl ContenderRecord {
    /// The same in today's form: needs and targets that an older store kept among the observations, or in a note of
    /// one, become evidence of their own.
    #[must_use]
    pub fn upgraded(mut self) -> ContenderRecord {
        self.needs.extend(need::take_out_of(&mut self.observations));
        if self.reach.is_empty() {
            self.reach = reach::in_notes(&self.observations);
        }
        self
    }
}

/// A contender's part in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// It can be chosen.
    #[default]
    Candidate,
    /// It is measured to show what its runtime can do without a framework, and cannot be chosen.
    Reference,
}

/// Where a contender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is going to be measured.
    Ready,
    /// At least one trial ended well.
    Measured,
    /// This machine lacks what it needs.
    Unavailable,
    /// It could not be installed.
    PrepareFailed,
    /// It does not hold the contract.
    ContractFailed,
    /// It ran, and no trial ended well.
    Failed,
}
