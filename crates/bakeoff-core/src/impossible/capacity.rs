//! The laws about capacity, the throughput of a closed loop: nothing serves more than it, and it is the server's. Each
//! law is in a file of its own below; they share the metrics that rest on it.

mod generator;
mod goodput;
mod rate;
mod service;

use super::law::Judged;

pub(super) use generator::GeneratorNotTheLimit;
pub(super) use goodput::Goodput;
pub(super) use rate::RateWithinCapacity;
pub(super) use service::{DatabaseNotTheLimit, UpstreamNotTheLimit};

/// The metrics whose probes drive the server to its limit, or compare with it.
const fn rests_on_capacity() -> Judged {
    Judged::These {
        metrics: &[
            "rate_rps_slo",
            "overload_goodput",
            "recovery_s",
            "usl_contention",
            "usl_coherency",
            "usl_peak",
        ],
    }
}
