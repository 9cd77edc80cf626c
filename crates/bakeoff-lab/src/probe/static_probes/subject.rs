//! The input of a static probe, and the form of its observations. It reads nothing.

use crate::browser::BrowserOutcome;
use crate::change::ChangeOutcome;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use std::path::Path;

/// The input of a static probe.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// The contender's manifest.
    pub contender: &'s Contender,
    /// The folder with its source and its lock file.
    pub source_dir: &'s Path,
    /// The folder in which it was installed; may be the same.
    pub prepared_dir: &'s Path,
    /// The brief.
    pub brief: &'s Brief,
    /// What is known of its changes, or why not all are known.
    pub changes: &'s Result<Vec<ChangeOutcome>, String>,
    /// What is known of its validation in a browser, or why nothing is.
    pub browser: &'s Result<BrowserOutcome, String>,
}

/// A counted or looked-up value, with a note for the reader.
pub(super) fn counted(metric: &str, value: f64, note: impl Into<String>) -> Observation {
    Observation {
        note: Some(note.into()),
        ..Observation::new(metric, value)
    }
}
