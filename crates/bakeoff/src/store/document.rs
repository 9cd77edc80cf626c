//! The documents of the store: a run's header, a whole run, a line of the list of runs. Speaks no SQL.

use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Host, OwnClaim, Run};
use bakeoff_core::plan::Plan;
use serde::{Deserialize, Serialize};

/// A run without its contenders, launches and trials, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) version: String,
    pub(super) brief_path: String,
    pub(super) brief_text: String,
    pub(super) brief_sha256: String,
    pub(super) brief: Brief,
    pub(super) host: Host,
    pub(super) plan: Plan,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) claims: Vec<OwnClaim>,
}

/// A run and the brief that it was measured for.
#[derive(Debug)]
pub(crate) struct Stored {
    /// The evidence.
    pub(crate) run: Run,
    /// The brief, as it was understood then.
    pub(crate) brief: Brief,
}

impl Header {
    pub(super) fn of(run: &Run, brief: &Brief) -> Header {
        Header {
            version: run.version.clone(),
            brief_path: run.brief_path.clone(),
            brief_text: run.brief_text.clone(),
            brief_sha256: run.brief_sha256.clone(),
            brief: brief.clone(),
            host: run.host.clone(),
            plan: run.plan.clone(),
            claims: run.claims.clone(),
        }
    }
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RunLine {
    /// The run's id.
    pub(crate) id: String,
    /// The brief's name.
    pub(crate) brief: String,
    /// RFC 3339, UTC.
    pub(crate) started: String,
    /// RFC 3339, UTC; none when it was interrupted.
    pub(crate) finished: Option<String>,
    /// Trials that are stored.
    pub(crate) trials: u32,
    /// Launches that are stored; 0 in runs of earlier versions, where each trial was a launch of its own.
    pub(crate) launches: u32,
}
