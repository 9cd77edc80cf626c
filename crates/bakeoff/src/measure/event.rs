//! What the driver emits beside the lab's events, on the same stream. Without words for a reader: the screen makes
//! its own.

use bakeoff_core::evidence::Run;
use bakeoff_core::schedule::Step;
use bakeoff_lab::EventSink;

/// Something that happened between steps, each with the run as it is stored then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum DriverEvent<'e> {
    /// The measuring begins or goes on.
    MeasuringStarted {
        /// The run, with what an earlier session stored.
        run: &'e Run,
    },
    /// A step begins.
    StepBegins {
        /// The step.
        step: &'e Step,
        /// The run so far.
        run: &'e Run,
        /// The measuring time that is left, with this step, in seconds.
        left_s: f64,
    },
    /// A launch is stored. Only now may it be shown, so that a kill loses nothing that was shown.
    LaunchStored {
        /// The run.
        run: &'e Run,
        /// The launch's id.
        id: u32,
    },
    /// The last trial is stored. Only now may it be shown as ended.
    TrialStored {
        /// The run; the trial is its last one.
        run: &'e Run,
    },
    /// The end of a launch is stored.
    LaunchEnded {
        /// The run.
        run: &'e Run,
        /// The launch's id.
        id: u32,
    },
}

/// A consumer of all events of a run.
pub(crate) trait RunWatch: EventSink {
    /// Something happened between steps.
    fn driver_event(&self, event: DriverEvent<'_>);
}
