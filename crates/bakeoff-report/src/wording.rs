//! The words of states and owners, the same in terminal, page and record. Deliberately not the verdict's sentences: those
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
        return "nothing is known of it".to_owned();
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
        Some(StopReason::Settled(why)) => format!("more would not have been worth its time: {why}"),
        Some(StopReason::BudgetSpent) => "the next block would not have fitted into the budget".to_owned(),
        Some(StopReason::Interrupted) => {
            "it was interrupted; what was measured until then is kept".to_owned()
        }
        Some(StopReason::LabFailed(why)) => format!("the lab failed: {why}"),
    }
}

/// From which instant a latency counts.
pub(crate) const fn curve_kind(kind: CurveKind) -> &'static str {
    match kind {
        CurveKind::Response => "response",
        CurveKind::Service => "service",
    }
}

/// How a warm-up went.
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

/// `1 block`, `7 blocks`.
pub(crate) fn plural(n: usize, word: &str) -> String {
    if n == 1 {
        format!("1 {word}")
    } else {
        format!("{} {word}s", crate::number::count(n as u64))
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
