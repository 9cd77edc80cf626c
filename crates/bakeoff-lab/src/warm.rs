//! Warm servers: how a launch becomes warm, how it wakes from a rest, and what its first second after a rest costs.

use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, GateResult, Observation, SettledLevel, WakeUp, WarmUp};
use bakeoff_load::Failure;

/// The terms of a warm-up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WarmTerms {
    /// The seed of its loads.
    pub(crate) seed: u64,
    /// The time of its parts: `LaunchBudget` of the scheduled launch.
    pub(crate) budget: bakeoff_core::plan::LaunchBudget,
    /// Whether it warms up on the brief's processors alone, as a user's server does.
    pub(crate) is_first: bool,
}

/// A server after its warm-up.
pub(crate) struct Warmed {
    /// The way to the steady state.
    pub(crate) warm_up: WarmUp,
    /// `warmup_s` and `warmup_requests` of a first launch that settled; else empty.
    pub(crate) observations: Vec<Observation>,
    /// The gate of the steady state.
    pub(crate) gate: GateResult,
    /// Responses that broke the contract, in order.
    pub(crate) wrong: Vec<Failure>,
}

/// Warms a started server up and leaves the rows of the database restored.
///
/// # Errors
/// The contender does not serve the mix, its server exited, the generator or the database failed, or the user
/// interrupted.
pub(crate) fn up(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    terms: &WarmTerms,
) -> Result<Warmed, Fault> {
    let _ = (lab, prepared, server, terms);
    todo!()
}

/// The terms of waking a launch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WakeTerms {
    /// The seed of its loads.
    pub(crate) seed: u64,
    /// The time of its parts: `LaunchBudget` of the scheduled launch.
    pub(crate) budget: bakeoff_core::plan::LaunchBudget,
    /// The settled level; none when the launch never settled.
    pub(crate) level: Option<SettledLevel>,
    /// The rest before, in seconds.
    pub(crate) rested_s: f64,
    /// The share of one processor that it used while it rested.
    pub(crate) resting_cores: f64,
    /// Whether it was paused while it rested.
    pub(crate) paused: bool,
}

/// A server after it woke.
pub(crate) struct Woken {
    /// How it woke.
    pub(crate) wake_up: WakeUp,
    /// The gate of the steady state for the trial that follows.
    pub(crate) gate: GateResult,
    /// Responses that broke the contract, in order.
    pub(crate) wrong: Vec<Failure>,
}

/// Wakes a rested server and leaves the rows of the database restored.
///
/// # Errors
/// As [`up`].
pub(crate) fn wake(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    terms: &WakeTerms,
) -> Result<Woken, Fault> {
    let _ = (lab, prepared, server, terms);
    todo!()
}

/// `after_rest_ratio`: CPU time a request in the first second after a rest, before any burst ÷ the settled level; none
/// without a response in it.
///
/// # Errors
/// As [`up`].
pub(crate) fn first_second_after_rest(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    seed: u64,
    level: &SettledLevel,
) -> Result<Option<Observation>, Fault> {
    let _ = (lab, prepared, server, seed, level);
    todo!()
}
