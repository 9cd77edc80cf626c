//! The launches of a run that live: at most one is awake, the others rest. A fleet starts, wakes, measures and retires
//! them; it does not choose whose turn it is.

use crate::error::LabError;
use crate::lab::Lab;
use crate::prepare::Prepared;
use bakeoff_core::evidence::{Launch, LaunchEnd, Trial};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial};

/// The launches that live; dropping it ends all of them.
pub struct Fleet<'f> {
    lab: &'f Lab<'f>,
    prepared: &'f [Prepared],
}

impl<'f> Fleet<'f> {
    /// A fleet without launches, for these installed contenders.
    #[must_use]
    pub fn new(lab: &'f Lab<'f>, prepared: &'f [Prepared]) -> Fleet<'f> {
        Fleet { lab, prepared }
    }

    /// Starts a contender, checks the contract, warms it up and lets it come to rest; `at_s` is the start, in seconds
    /// since measuring began. What goes wrong is part of the launch.
    ///
    /// # Errors
    /// The user interrupted, and nothing of the launch counts; or the lab cannot go on.
    pub fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError> {
        let _ = (self.lab, self.prepared, scheduled, at_s);
        Err(LabError::Interrupted)
    }

    /// Wakes a launch, measures a trial, and lets the launch come to rest. What goes wrong is part of the trial; the end
    /// of a launch that did not survive it comes from [`Fleet::ended_at_rest`].
    ///
    /// # Errors
    /// As of [`Fleet::launch`].
    pub fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError> {
        let _ = (scheduled, at_s);
        Err(LabError::Interrupted)
    }

    /// Runs the due probes that end a server, and stops it.
    ///
    /// # Errors
    /// As of [`Fleet::launch`].
    pub fn retire(&mut self, scheduled: &ScheduledRetirement, at_s: f64) -> Result<LaunchEnd, LabError> {
        let _ = (scheduled, at_s);
        Err(LabError::Interrupted)
    }

    /// The launches that have ended since the last call though nobody retired them, each with its end.
    pub fn ended_at_rest(&mut self, at_s: f64) -> Vec<(u32, LaunchEnd)> {
        let _ = at_s;
        Vec::new()
    }
}
