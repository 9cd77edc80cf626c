//! Gates: the checks that a measurement must pass to be evidence. The thresholds are where the gates are checked.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The gates, in this order. A measurement that fails one is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// The contract held before and during.
    Contract,
    /// The error rate is within the brief's limit.
    ErrorRate,
    /// The generator was not saturated.
    Generator,
    /// The offered rate was held.
    RateHeld,
    /// The steady state was reached.
    SteadyState,
    /// The machine was quiet.
    Quiet,
    /// The twins agree.
    Twins,
}

impl Gate {
    /// All gates, in their order.
    pub const ALL: [Gate; 7] = [
        Gate::Contract,
        Gate::ErrorRate,
        Gate::Generator,
        Gate::RateHeld,
        Gate::SteadyState,
        Gate::Quiet,
        Gate::Twins,
    ];

    /// The word of `bakeoff explain` and `results.json`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Gate::Contract => "contract",
            Gate::ErrorRate => "error-rate",
            Gate::Generator => "generator",
            Gate::RateHeld => "rate-held",
            Gate::SteadyState => "steady-state",
            Gate::Quiet => "quiet",
            Gate::Twins => "twins",
        }
    }

    /// What holds when the gate is passed, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Gate::Contract => "contract held",
            Gate::ErrorRate => "error rate within the limit",
            Gate::Generator => "generator not saturated",
            Gate::RateHeld => "rate held",
            Gate::SteadyState => "steady state reached",
            Gate::Quiet => "machine quiet",
            Gate::Twins => "twins agree",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A gate, what was measured at it, and whether that passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// Which gate.
    pub gate: Gate,
    /// Whether it was passed.
    pub outcome: GateOutcome,
    /// What was measured, in words with its unit.
    pub measured: String,
    /// The limit, in words with its unit.
    pub limit: String,
}

/// Whether a gate was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GateOutcome {
    /// It was.
    Passed,
    /// It was missed by little: the number stays, with a caution.
    Weak,
    /// It was not: no evidence.
    Failed,
}
