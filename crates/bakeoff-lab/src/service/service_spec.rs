//! A further service as the lab gets it: the brief's commands, and where they run. It starts nothing.

use bakeoff_core::brief::Service;
use std::path::PathBuf;

/// A service of a brief, and the folder in which its commands run: that of the brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSpec {
    /// Its commands.
    pub service: Service,
    /// Where they run.
    pub folder: PathBuf,
}
