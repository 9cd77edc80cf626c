//! Why a lab cannot go on. Failures of one contender are not errors of the lab: they are faults of its launch or trial.

use std::fmt::Display;

/// Why a lab cannot go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LabError {
    /// The database failed, with the reason.
    #[error("the database: {0}")]
    Database(String),
    /// The upstream service failed, with the reason.
    #[error("the upstream: {0}")]
    Upstream(String),
    /// A further service of the brief failed: its name, with the reason.
    #[error("the service `{0}`: {1}")]
    Service(String, String),
    /// The requested isolation tier is not available, with the reason.
    #[error("the isolation: {0}")]
    Isolation(String),
    /// The run's temporary folder cannot be created, with the reason.
    #[error("the temporary folder: {0}")]
    Folder(String),
    /// The machine has too little memory for the launches that live at the same time.
    #[error(
        "{launches} launches at the same time need {needed_mb:.0} MB of memory, and this machine has {machine_mb:.0}: \
         measure at most {fitting} at once (`--only`)"
    )]
    Memory {
        /// The launches.
        launches: usize,
        /// The memory that they need at least, in MB.
        needed_mb: f64,
        /// The memory of the machine, in MB.
        machine_mb: f64,
        /// The most launches that it has the memory for.
        fitting: usize,
    },
    /// Statements cannot be counted, with the reason.
    #[error("counting statements: {0}")]
    Statements(String),
    /// The cache cannot be written, with the reason.
    #[error("the cache: {0}")]
    Cache(String),
    /// The contender is not installed.
    #[error("`{0}` is not installed")]
    NotInstalled(String),
    /// The launch with this id does not live.
    #[error("launch {0} does not live")]
    NoLaunch(u32),
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
}

impl LabError {
    pub(crate) fn database(reason: &dyn Display) -> LabError {
        LabError::Database(reason.to_string())
    }

    pub(crate) fn upstream(reason: &dyn Display) -> LabError {
        LabError::Upstream(reason.to_string())
    }
}
