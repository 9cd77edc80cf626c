//! Why a lab cannot go on. Failures of one contender are not errors of the lab: they are faults of its trial.

use std::fmt::Display;

/// Why a lab cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// The database failed, with the reason.
    #[error("the database: {0}")]
    Database(String),
    /// The upstream service failed, with the reason.
    #[error("the upstream: {0}")]
    Upstream(String),
    /// The requested isolation tier is not available, with the reason.
    #[error("the isolation: {0}")]
    Isolation(String),
    /// The run's temporary folder cannot be created, with the reason.
    #[error("the temporary folder: {0}")]
    Folder(String),
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
