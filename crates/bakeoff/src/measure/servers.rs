//! The servers of a run, as the driver sees them: a fleet that the lab starts, or services that run already.

use bakeoff_core::evidence::{Launch, LaunchEnd, Trial};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial};
use bakeoff_lab::{Fleet, LabError, RunningServices};

/// What performs launches, trials and retirements; `at_s` is the instant, in seconds since measuring began.
pub(super) trait Servers {
    /// Starts one, and makes it warm.
    fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError>;

    /// Runs a trial of one that lives.
    fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError>;

    /// Ends one.
    fn retire(&mut self, scheduled: &ScheduledRetirement, at_s: f64) -> Result<LaunchEnd, LabError>;

    /// The ends of those that nobody ended.
    fn ended_at_rest(&mut self, at_s: f64) -> Vec<(u32, LaunchEnd)>;
}

impl Servers for Fleet<'_> {
    fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError> {
        Fleet::launch(self, scheduled, at_s)
    }

    fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError> {
        Fleet::trial(self, scheduled, at_s)
    }

    fn retire(&mut self, scheduled: &ScheduledRetirement, at_s: f64) -> Result<LaunchEnd, LabError> {
        Fleet::retire(self, scheduled, at_s)
    }

    fn ended_at_rest(&mut self, at_s: f64) -> Vec<(u32, LaunchEnd)> {
        Fleet::ended_at_rest(self, at_s)
    }
}

impl Servers for RunningServices<'_> {
    fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError> {
        RunningServices::launch(self, scheduled, at_s)
    }

    fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError> {
        RunningServices::trial(self, scheduled, at_s)
    }

    fn retire(&mut self, _: &ScheduledRetirement, at_s: f64) -> Result<LaunchEnd, LabError> {
        Ok(RunningServices::retire(self, at_s))
    }

    /// The lab ends none of them, and does not see their end but by the trials that fail.
    fn ended_at_rest(&mut self, _: f64) -> Vec<(u32, LaunchEnd)> {
        Vec::new()
    }
}
