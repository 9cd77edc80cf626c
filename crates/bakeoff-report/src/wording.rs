//! The words for states, owners, outcomes and times: the same in terminal, page and record. The verdict's sentences
//! come with the judgement.

use bakeoff_core::evidence::{ContenderRecord, CurveKind, Status, StopReason, WarmClass};
use bakeoff_core::words::state;

/// The word of `results.json`.
pub(crate) const fn status_id(status: Status) -> &'static str {
    match status {
        Status::Ready => "ready",
        Status::Measured => "measured",
        Status::Unavailable => "unavailable",
        Status::PrepareFailed => "prepare-failed",
        Status::ContractFailed => "contract-failed",
        Status::Failed => "failed",
    }
}

/// Why a contender has no rank, with the first of its faults.
pub(crate) fn why_not_measured(record: Option<&ContenderRecord>) -> String {
    let Some(record) = record else {
        return "the run has no record of it".to_owned();
    };
    let state = state::unmeasured(record.status);
    match record.faults.first() {
        Some(fault) => format!("{state}: {}", fault.message),
        None => state.to_owned(),
    }
}

/// Why the measuring stopped.
pub(crate) fn stop(stop: Option<&StopReason>) -> String {
    match stop {
        None => "it has not ended".to_owned(),
        Some(StopReason::PlanDone) => "all planned blocks ran".to_owned(),
        Some(StopReason::Settled(why)) => format!("more blocks would not have been worth their time: {why}"),
        Some(StopReason::BudgetSpent) => "the next block would not have fitted into the budget".to_owned(),
        Some(StopReason::Interrupted) => {
            "it was interrupted; the measurements until then are kept".to_owned()
        }
        Some(StopReason::LabFailed(why)) => format!("the lab failed: {why}"),
    }
}

/// The kind of a latency: response time counts from the instant when the request was due, service time from its
/// sending.
pub(crate) const fn curve_kind(kind: CurveKind) -> &'static str {
    match kind {
        CurveKind::Response => "response",
        CurveKind::Service => "service",
    }
}

/// The class of a warm-up.
pub(crate) const fn warm_class(class: WarmClass) -> &'static str {
    match class {
        WarmClass::Warm => "faster, then settled",
        WarmClass::Flat => "settled at once",
        WarmClass::SlowingDown => "slower, then settled",
        WarmClass::NoSteadyState => "not settled",
    }
}

/// The day of an RFC 3339 instant.
pub(crate) fn day(instant: &str) -> &str {
    instant.get(..10).unwrap_or(instant)
}

/// An RFC 3339 instant as `2026-11-24, 09:01 UTC`.
pub(crate) fn minute(instant: &str) -> String {
    match (instant.get(..10), instant.get(11..16)) {
        (Some(day), Some(time)) => format!("{day}, {time} UTC"),
        _ => instant.to_owned(),
    }
}
