//! The form of a row in the table of running probes. The rows are in [`super::running`].

use super::kit::{Context, NoEvidence};
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct RunningProbe {
    /// Its name in findings.
    pub name: &'static str,
    /// The metrics that it observes.
    pub metrics: &'static [&'static str],
    /// What it is about, in a few words, for documents.
    pub title: &'static str,
    /// How it measures, for documents.
    pub method: &'static str,
    /// What its figures are, for documents.
    pub figure: &'static str,
    /// What the progress display shows while it runs, in a word or two.
    pub phase: &'static str,
    /// The scenarios that the contender must serve.
    pub scenarios: &'static [&'static str],
    /// The fewest processors that it needs.
    pub min_cores: usize,
    /// The time that it takes on average, in seconds, as measured over the field.
    pub typical_s: f64,
    /// The server that it uses.
    pub server: ServerUse,
    /// The state of the trial's server afterwards.
    pub after: ServerAfter,
    /// Observes, or returns the reason why there is no evidence.
    pub(crate) observe: fn(&Context<'_>) -> Result<Vec<Observation>, NoEvidence>,
}

/// The server that a probe uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerUse {
    /// The trial's own, warm. The probe is skipped when it has ended.
    TrialServer,
    /// Only servers that it starts itself.
    OwnServer,
}

/// The state of the trial's server after a probe. Probes run in this order, so that each finds a usable server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerAfter {
    /// As before.
    Usable,
    /// Still at work for clients that are gone.
    Busy,
    /// Stopped.
    Stopped,
}

impl RunningProbe {
    /// Why it cannot observe this contender on a machine with this many processors, if it cannot.
    pub(crate) fn obstacle(&self, processors: usize, contender: &Contender) -> Option<String> {
        if processors < self.min_cores {
            return Some(format!(
                "needs {} processors, and this machine has {processors}",
                self.min_cores
            ));
        }
        let missing = self
            .scenarios
            .iter()
            .find(|scenario| contender.source.not_served.iter().any(|not| not == *scenario))?;
        Some(format!("does not serve `{missing}`"))
    }
}
