//! A service that ran already when the run began: nobody of the lab started it, and nobody here can start it again.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a service ran already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its address, as the user named it.
    pub url: String,
    /// Whose CPU time and memory count as its own; none where only requests and responses were seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<Watched>,
}

/// Whose CPU time and memory count as those of a service that ran already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watched {
    /// The process with this id and all that it started.
    Process(u32),
    /// The processes of the container with this id.
    Container(String),
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Watched::Process(pid) => write!(f, "process {pid}"),
            Watched::Container(id) => write!(f, "container {id}"),
        }
    }
}
