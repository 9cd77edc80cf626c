//! The machine of a run. Probes nothing: the lab does.

use super::tier::{self, Tier};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The machine and what it could do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system and kernel.
    pub os: String,
    /// Processor model.
    pub cpu: String,
    /// Processors that the run could use.
    pub cores: u32,
    /// Processors that the servers ran on.
    pub server_cores: Vec<u32>,
    /// Processors that the generator, the database and the upstream ran on.
    pub generator_cores: Vec<u32>,
    /// Memory in MB.
    pub memory_mb: u64,
    /// What keeps servers apart; none where it is not known.
    #[serde(with = "tier::optional")]
    pub isolation: Option<Tier>,
    /// Controller (`cpu`, `cpuset`, `kill`, `memory`, `network`, `pids`) to what does its work here, in words.
    #[serde(default)]
    pub controllers: BTreeMap<String, String>,
    /// The database, as it names itself, and where it came from.
    pub database: String,
    /// Runtime name to version.
    pub runtimes: BTreeMap<String, String>,
}
