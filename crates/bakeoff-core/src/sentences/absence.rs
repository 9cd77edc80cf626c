//! Sentences for what is absent: why a contender is out, and why a metric has no evidence. They have no full stop,
//! since they stand within other sentences. Decides nothing: the reasons come typed with the judgement.

use super::number::{digits, quantity, stated};
use crate::evidence::{Gate, GateResult, Status};
use crate::judgement::Missing;
use crate::verdict::{BriefLimit, Unmeasured, VetoReason};

/// Why a contender is out, with its numbers.
#[must_use]
pub fn veto(reason: &VetoReason) -> String {
    match reason {
        VetoReason::NotMeasured(unmeasured) => format!("not measured: {}", standing(unmeasured)),
        VetoReason::NeedNotCovered { need, note } => {
            let why = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("nothing known covers `{need}`, which the brief says it must have{why}")
        }
        VetoReason::OverLimit { limit, asked, seen } => {
            let (what, unit) = limit_words(*limit);
            format!(
                "{what} is {} ({} to {}), over the limit of {} {unit}",
                quantity(seen.value, unit, ""),
                quantity(seen.low, unit, ""),
                quantity(seen.high, unit, ""),
                stated(*asked)
            )
        }
        VetoReason::RateNotHeld {
            asked_rps,
            achieved_rps,
            missed,
            of,
        } => format!(
            "cannot hold {} requests a second: {} correct answers a second on average, and the rate missed in {missed} of {of} trials",
            stated(*asked_rps),
            digits(*achieved_rps)
        ),
        VetoReason::GateMissed { gate, missed, of } => format!(
            "{}: {}, where {} is asked for, in {missed} of {of} trials",
            gate_broken(gate.gate),
            gate.measured,
            gate.limit
        ),
        VetoReason::Fails { fault, failed, of } => format!(
            "fails in {failed} of {of} trials; {}: {}",
            fault.at, fault.message
        ),
    }
}

/// Why a metric has no evidence, wherever it stands.
#[must_use]
pub fn missing(why: &Missing) -> String {
    match why {
        Missing::NotMeasured(_) | Missing::NoTurn => format!("not measured: {}", missing_beside(why)),
        other => missing_beside(other),
    }
}

/// The same beside words that already say that it was not measured.
#[must_use]
pub fn missing_beside(why: &Missing) -> String {
    match why {
        Missing::NotMeasured(unmeasured) => standing(unmeasured),
        Missing::NoTurn => {
            "its probe had no turn within the budget; `bakeoff plan` tells which have one".to_owned()
        }
        Missing::Impossible { reason } => reason.clone(),
        Missing::Gate { gate, missed, of } => gate_missed(gate, *missed, *of),
        Missing::ProbeFailed { message } => message.clone(),
        Missing::NoTrial { fault } => format!("no trial came so far; {}: {}", fault.at, fault.message),
        Missing::NotStated => "the brief states no value of it".to_owned(),
    }
}

/// Where a contender stands that was not measured, with the fault that explains it.
#[must_use]
pub fn standing(unmeasured: &Unmeasured) -> String {
    let what = match unmeasured.status {
        Status::Ready => "no trial of it has ended",
        Status::Measured => "measured",
        Status::Unavailable => "this machine lacks what it needs",
        Status::PrepareFailed => "it could not be installed",
        Status::ContractFailed => "it does not hold the contract",
        Status::Failed => "no trial of it ended well",
    };
    match &unmeasured.fault {
        Some(message) => format!("{what} ({message})"),
        None => what.to_owned(),
    }
}

const fn limit_words(limit: BriefLimit) -> (&'static str, &'static str) {
    match limit {
        BriefLimit::ResponseTime => ("99th percentile response time", "ms"),
        BriefLimit::Memory => ("memory under load", "MB"),
    }
}

const fn gate_broken(gate: Gate) -> &'static str {
    match gate {
        Gate::ErrorRate => "too many answers fail",
        Gate::Contract => "it breaks the contract under load",
        other => other.words(),
    }
}

fn gate_missed(gate: &GateResult, missed: usize, of: usize) -> String {
    format!(
        "{}: missed in {missed} of {of} trials ({}, where {} is asked for)",
        gate.gate, gate.measured, gate.limit
    )
}
