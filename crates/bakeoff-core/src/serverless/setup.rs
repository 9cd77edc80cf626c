//! What a simulation needs besides a seed: an instance, a policy, a load, a time.

use super::day::{DAY_S, Day};
use super::instance::Instance;
use super::policy::Policy;

/// The time before anything counts, in s: longer than an instance is kept, so that the day begins as days do.
const WARM_UP_S: u32 = 1_800;

/// The setup of a simulation.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What serves.
    pub instance: Instance,
    /// What starts and stops instances.
    pub policy: Policy,
    /// The curve of the day.
    pub day: Day,
    /// Requests a second in the highest hour.
    pub peak_rps: f64,
    /// How long it counts, in s.
    pub seconds: u32,
    /// How long it runs before, in s.
    pub warm_up_s: u32,
    /// Time with a request is paid in steps of this, in s.
    pub step_s: f64,
}

impl Setup {
    /// A whole day.
    #[must_use]
    pub fn day(instance: Instance, policy: Policy, day: Day, peak_rps: f64, step_s: f64) -> Setup {
        Setup {
            instance,
            policy,
            day,
            peak_rps,
            seconds: DAY_S,
            warm_up_s: WARM_UP_S,
            step_s,
        }
    }

    /// Requests a second in a second from the start on; the day itself begins after the time that does not count.
    pub(super) fn rate_at(&self, second: u32) -> f64 {
        let before_midnight = DAY_S - self.warm_up_s % DAY_S;
        self.peak_rps * self.day.share_at((second % DAY_S) + before_midnight)
    }

    /// Requests of a day.
    #[must_use]
    pub fn requests_a_day(&self) -> f64 {
        self.peak_rps * self.day.mean_of_peak() * f64::from(DAY_S)
    }
}
