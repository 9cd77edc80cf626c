//! What the driver emits beside the lab's events, on the same stream. Without words for a reader: the screen makes
//! its own.

use bakeoff_core::entrant::Entrant;
use bakeoff_core::plan::Plan;
use bakeoff_lab::EventSink;

/// Something that happened between trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum DriverEvent<'e> {
    /// The measuring begins or goes on.
    MeasuringStarted {
        /// What it follows.
        plan: &'e Plan,
        /// The number of trials that are stored already.
        trials: usize,
        /// The measuring time that they took, in seconds.
        spent_s: f64,
    },
    /// The last trial was disturbed and runs again.
    TrialRepeats {
        /// Who ran.
        entrant: &'e Entrant,
        /// What disturbed it.
        reason: &'e str,
    },
    /// The last trial is stored. Only now may it be shown as ended, so that a kill loses nothing that was shown.
    TrialStored,
}

/// A consumer of all events of a run.
pub(crate) trait RunWatch: EventSink {
    /// Something happened between trials.
    fn driver_event(&self, event: DriverEvent<'_>);
}
