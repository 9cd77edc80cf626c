//! The names of the checks for impossible values, in the order in which a reader meets them. The test of each is in a
//! file of its own beside this one; the sentences are in `words` and `explain`.

use serde::{Deserialize, Serialize};

/// A law that every true value obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A higher percentile is not below a lower one.
    PercentilesInOrder,
    /// The speed-up is no larger than the number of processors.
    SpeedUp,
    /// The CPU time of all requests is no more than the server's processors have.
    CpuTime,
    /// Mean response time × rate is the mean number of requests in flight [Little, Operations Research 9(3), 1961].
    LittlesLaw,
    /// Correct responses under overload are no more than the closed loop had.
    Goodput,
    /// The highest rate within the service level is no more than the closed loop had.
    RateWithinCapacity,
    /// Memory under load is not below memory without load.
    MemoryUnderLoad,
    /// Each request that was due is correct, failed or open.
    RequestsAccounted,
    /// The generator was not the limit where the server's limit was measured.
    GeneratorNotTheLimit,
    /// The database was not the limit where the server's limit was measured.
    DatabaseNotTheLimit,
    /// The upstream was not the limit where the server's limit was measured.
    UpstreamNotTheLimit,
}

impl Check {
    /// All checks.
    pub const ALL: [Check; 11] = [
        Check::PercentilesInOrder,
        Check::SpeedUp,
        Check::CpuTime,
        Check::LittlesLaw,
        Check::Goodput,
        Check::RateWithinCapacity,
        Check::MemoryUnderLoad,
        Check::RequestsAccounted,
        Check::GeneratorNotTheLimit,
        Check::DatabaseNotTheLimit,
        Check::UpstreamNotTheLimit,
    ];

    /// The word of `bakeoff explain` and `results.json`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Check::PercentilesInOrder => "percentiles-in-order",
            Check::SpeedUp => "speed-up",
            Check::CpuTime => "cpu-time",
            Check::LittlesLaw => "littles-law",
            Check::Goodput => "goodput",
            Check::RateWithinCapacity => "rate-within-capacity",
            Check::MemoryUnderLoad => "memory-under-load",
            Check::RequestsAccounted => "requests-accounted",
            Check::GeneratorNotTheLimit => "generator-not-the-limit",
            Check::DatabaseNotTheLimit => "database-not-the-limit",
            Check::UpstreamNotTheLimit => "upstream-not-the-limit",
        }
    }
}
