//! The words for states: where a contender stands, whose a fault is, how a gate went. The same in terminal, page and
//! record.

use crate::evidence::{GateOutcome, Owner, Status};

/// Why a contender was not measured, as the end of a sentence about it.
#[must_use]
pub const fn unmeasured(status: Status) -> &'static str {
    match status {
        Status::Ready => "none of its trials has ended",
        Status::Measured => "it was measured, but none of its data passed the checks",
        Status::Unavailable => "this machine lacks what it needs",
        Status::PrepareFailed => "it could not be installed",
        Status::ContractFailed => "it does not fulfil the contract",
        Status::Failed => "none of its trials ended well",
    }
}

/// Whose fault it is.
#[must_use]
pub const fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Contender => "the contender's",
        Owner::Lab => "the lab's",
        Owner::User => "the set-up's",
    }
}

/// How a measurement did at a gate.
#[must_use]
pub const fn gate_outcome(outcome: GateOutcome) -> &'static str {
    match outcome {
        GateOutcome::Passed => "passed",
        GateOutcome::Weak => "weak",
        GateOutcome::Failed => "failed",
    }
}
