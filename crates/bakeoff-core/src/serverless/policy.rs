//! The knobs of an autoscaler, the same for both platforms in words of their own. What it decides from them is
//! `scaler`'s.

use serde::{Deserialize, Serialize};

/// The knobs of a simulated autoscaler. Times in s.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Share of the processors that it aims at, above 0 and at most 1.
    pub cpu_target: f64,
    /// Share of the places for requests that it aims at, above 0 and at most 1.
    pub concurrency_target: f64,
    /// The time over which it averages both.
    pub window_s: u32,
    /// How often it looks.
    pub period_s: u32,
    /// How long a request waits before it starts an instance; 0: at once.
    pub min_pending_s: f64,
    /// How long a request waits for an instance before it is refused.
    pub wait_most_s: f64,
    /// How long an instance that is not needed stays.
    pub idle_s: u32,
    /// The fewest instances.
    pub min_instances: u32,
    /// The most instances.
    pub max_instances: u32,
}

impl Policy {
    /// A fixed number of instances, and requests that wait as long as they must: a waiting line of theory.
    #[must_use]
    pub const fn fixed(instances: u32) -> Policy {
        Policy {
            cpu_target: 1.0,
            concurrency_target: 1.0,
            window_s: 60,
            period_s: 60,
            min_pending_s: 0.0,
            wait_most_s: f64::INFINITY,
            idle_s: 60,
            min_instances: instances,
            max_instances: instances,
        }
    }
}
