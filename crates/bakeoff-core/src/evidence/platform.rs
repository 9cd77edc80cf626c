//! What the lab found when it started a contender as App Engine or Cloud Run would: an emulation on this machine, under
//! the quota of one instance. It holds no cost and no simulation.

use crate::serverless::platform::Platform;
use serde::{Deserialize, Serialize};

/// A contender under the contract of a platform, emulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlatformCheck {
    /// The platform.
    pub platform: Platform,
    /// The size of the instance, as `F1`.
    pub size: String,
    /// Processors of the instance.
    pub vcpu: f64,
    /// Memory of the instance, in MB.
    pub memory_mb: f64,
    /// Times from its start to its first right answer, under the quota, in ms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start_ms: Vec<f64>,
    /// From SIGTERM to its end with requests in flight, in ms; none where it was not seen to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_ms: Option<f64>,
    /// The most memory that it used, in MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_mb: Option<f64>,
    /// Why it cannot run there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit: Vec<Unfit>,
    /// What this machine could not emulate, each in words with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_emulated: Vec<String>,
}

/// Why a contender cannot run on a platform. The sentence is [`crate::words::platform::unfit`]'s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Unfit {
    /// It does not listen on the port of the environment variable `PORT`.
    IgnoresPort {
        /// The port.
        port: u16,
    },
    /// It needs to write outside of its temporary folder.
    WritesOutside {
        /// What it wrote, or what it said when it could not.
        seen: String,
    },
    /// It needs more memory than an instance has.
    MemoryOverClass {
        /// What it needs at least, in MB; none where the kernel ended it at the limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needs_mb: Option<f64>,
        /// What an instance has, in MB.
        has_mb: f64,
    },
    /// It does not end in time after SIGTERM, so that its requests are cut.
    StopsTooSlowly {
        /// The time that it has, in s.
        allowed_s: f64,
        /// The time that it took, in s; none where it did not end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_s: Option<f64>,
    },
    /// The platform lets nobody deploy its runtime any more.
    RuntimeEnded {
        /// The runtime and its version.
        runtime: String,
        /// The last day, `YYYY-MM-DD`.
        ended: String,
    },
    /// It did not start under the quota.
    DoesNotStart {
        /// What happened, in words.
        reason: String,
    },
}
