//! The machine's disturbances during a trial, as the kernel and the lab's own clocks report them. Has no threshold: a
//! gate decides whether a disturbance spoils a trial.

use super::tier::Tier;
use serde::{Deserialize, Serialize};

/// What else the machine did during a trial, and what it did to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Share of the time that the hypervisor took away, 0 to 1; none where the kernel does not report it.
    pub steal_share: Option<f64>,
    /// Share of the window in which the server was runnable and waited for a processor, 0 to 1.
    pub server_run_delay_share: Option<f64>,
    /// The same of the generator.
    pub generator_run_delay_share: Option<f64>,
    /// Pressure stall information of the processors: `some`, average of 10 s, in percent.
    pub cpu_pressure_percent: Option<f64>,
    /// Load average of one minute at the end.
    pub load_1m: Option<f64>,
    /// What kept the server apart; none in evidence from before it was recorded.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Share of the time in which a CPU limit above the lab's own processes held them back, 0 to 1; none where no
    /// cgroup reports it.
    #[serde(default)]
    pub throttled_share: Option<f64>,
    /// Share of the time in which at least one task of the server waited for a processor, 0 to 1, by its cgroup; none
    /// without one.
    #[serde(default)]
    pub server_pressure_share: Option<f64>,
    /// CPU time of the server, in seconds, by the clocks of its processes.
    #[serde(default)]
    pub server_cpu_processes_s: Option<f64>,
    /// The same by its cgroup, which also counts workers that ended between two looks; none without one. The larger
    /// counts.
    #[serde(default)]
    pub server_cpu_cgroup_s: Option<f64>,
    /// How long a fixed piece of work took on the server's processors, mean of before and after the load, in ms; none
    /// in older evidence. It measures the machine, and only the same build of bakeoff runs the same work.
    #[serde(default)]
    pub yardstick_ms: Option<f64>,
    /// That time as a multiple of the median of the run's earlier trials; none while there are few.
    #[serde(default, alias = "times_as_long")]
    pub slowdown_ratio: Option<f64>,
    /// Share of the load's time in which a processor of the lab stood still, 0 to 1; none where it cannot be measured,
    /// and in older evidence.
    #[serde(default)]
    pub stalled_share: Option<f64>,
    /// The longest such stall, in ms.
    #[serde(default)]
    pub longest_stall_ms: Option<f64>,
    /// CPU time a second that the launches at rest used meanwhile, all together, in processors; none where no other
    /// launch lived, and in older evidence.
    #[serde(default)]
    pub resting_cores: Option<f64>,
}

impl Environment {
    /// Whether the machine stood still for a larger share of the time than lies beyond the quantile `q`. Requests wait
    /// while it does, so all responses beyond that quantile may be the machine's and not the contender's.
    #[must_use]
    pub fn quantile_is_unreliable(&self, q: f64) -> bool {
        self.stalled_share.is_some_and(|share| share > 1.0 - q)
    }
}
