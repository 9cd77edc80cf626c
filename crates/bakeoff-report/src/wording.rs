//! The words for states, owners, outcomes and times: the same in terminal, page and record. The verdict's sentences
//! come with the judgement.

use bakeoff_core::drift::DriftKind;
use bakeoff_core::evidence::{ContenderRecord, CurveKind, EndReason, Run, Status, StopReason, WarmClass};
use bakeoff_core::judgement::{MetricEstimate, Missing};
use bakeoff_core::words::{number, state};

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

/// What stands in place of a value without evidence; the sentence beside it says more.
pub(crate) const fn absent(why: Option<&Missing>) -> &'static str {
    match absent_kind(why) {
        Some(word) => word,
        None => "no evidence",
    }
}

/// The word for a reason that has one of its own.
const fn absent_kind(why: Option<&Missing>) -> Option<&'static str> {
    match why {
        Some(Missing::TooFewResponses { .. } | Missing::TooFewTrials { .. }) => Some("too few"),
        Some(Missing::DroppedByRacing) => Some("dropped"),
        Some(Missing::NotWarm { .. }) => Some("not warm"),
        Some(Missing::ImpossibleValue { .. } | Missing::ImpossibleTrials { .. }) => Some("impossible"),
        _ => None,
    }
}

/// The same where a column has little room.
pub(crate) const fn absent_briefly(why: Option<&Missing>) -> &'static str {
    match absent_kind(why) {
        Some(word) => word,
        None => "none",
    }
}

/// Why the measuring stopped.
pub(crate) fn stop(stop: Option<&StopReason>) -> String {
    match stop {
        None => "it has not ended".to_owned(),
        Some(StopReason::PlanDone) => "all that was planned ran".to_owned(),
        Some(StopReason::Settled(why)) => format!("measuring on would not have been worth its time: {why}"),
        Some(StopReason::BudgetSpent) => "what came next would not have fitted into the budget".to_owned(),
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

/// How CPU time a request changed while a launch was measured.
pub(crate) const fn drift(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::StillWarmingUp => "still warming up",
        DriftKind::SlowsDownLate => "slows down late",
    }
}

/// The same as a word of `results.json`.
pub(crate) const fn drift_id(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::StillWarmingUp => "still-warming-up",
        DriftKind::SlowsDownLate => "slows-down-late",
    }
}

/// How a launch ended.
pub(crate) const fn launch_end(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Retired => "retired after its round",
        EndReason::NeverReady => "never ready for a trial",
        EndReason::Died => "it died",
        EndReason::DoesNotRest => "it used the processor at rest",
        EndReason::SessionEnded => "ended with the session",
    }
}

/// `1 launch`, `12 launches`.
pub(crate) fn launches(count: usize) -> String {
    match count {
        1 => "1 launch".to_owned(),
        _ => format!("{} launches", number::grouped(count as u64)),
    }
}

/// What an estimate rests on: `15: 3 launches × 5 blocks`, `14: 3 launches, 14 blocks`, `3 launches`; its n alone where
/// each trial was a launch of its own.
pub(crate) fn sample(estimate: &MetricEstimate) -> String {
    let (n, of) = (estimate.n, estimate.launches);
    let started = launches(of as usize);
    match n {
        _ if of == 0 => n.to_string(),
        _ if n == of => started,
        _ if is_balanced(estimate) => {
            format!("{n}: {started} × {}", number::count((n / of) as usize, "block"))
        }
        _ => format!("{n}: {started}, {}", number::count(n as usize, "block")),
    }
}

/// Whether each launch brought the same number of blocks.
fn is_balanced(estimate: &MetricEstimate) -> bool {
    let mut blocks = estimate.by_launch.iter().map(|launch| launch.blocks.len());
    let first = blocks.next();
    first.is_some() && blocks.all(|count| Some(count) == first)
}

/// `24 launches, 120 trials in 15 blocks`; without the launches where each trial was one of its own.
pub(crate) fn extent(run: &Run) -> String {
    let blocks = run.trials.iter().map(|trial| trial.block + 1).max().unwrap_or(0) as usize;
    let trials = format!(
        "{} in {}",
        number::count(run.trials.len(), "trial"),
        number::count(blocks, "block")
    );
    match run.launches.len() {
        0 => trials,
        count => format!("{}, {trials}", launches(count)),
    }
}

/// The runtimes that were measured, as `node 24.22.3`, each once in the order of the contenders, without those of
/// services that ran already.
pub(crate) fn runtimes(run: &Run) -> Vec<&str> {
    let is_measured = |record: &&ContenderRecord| {
        let mut trials = run.trials.iter();
        record.running.is_none() && trials.any(|trial| trial.entrant.is_contender(&record.name))
    };
    let mut names: Vec<&str> = Vec::new();
    for record in run.contenders.iter().filter(is_measured) {
        if !record.runtime.is_empty() && !names.contains(&record.runtime.as_str()) {
            names.push(&record.runtime);
        }
    }
    names
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
