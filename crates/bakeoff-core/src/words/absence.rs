//! Sentences about what is absent: why a contender is out, and why a metric has no evidence. They have no full stop,
//! since they stand within other sentences. The reasons come typed with the judgement; this module decides nothing.

use super::number::{Quantity, count, with_interval};
use super::{impossible, platform, state};
use crate::evidence::{Gate, GateResult, Obstacle};
use crate::judgement::Missing;
use crate::verdict::{BriefLimit, Unmeasured, VetoReason};

/// Why a contender is out, with its numbers.
#[must_use]
pub fn veto(reason: &VetoReason) -> String {
    match reason {
        VetoReason::NotMeasured(unmeasured) => format!("not measured: {}", standing(unmeasured)),
        VetoReason::NeedNotCovered { need, note } => {
            let why = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("no known package covers `{need}`, which the brief requires{why}")
        }
        VetoReason::OverLimit {
            limit,
            asked,
            seen,
            connections,
        } => {
            let (what, unit) = limit_words(*limit);
            let in_prose = |value| Quantity::new(value, unit).in_prose();
            format!(
                "{what} is {}, over the limit of {}{}",
                with_interval(seen.value, (seen.low, seen.high), in_prose),
                Quantity::new(*asked, unit).as_set(),
                over(*connections)
            )
        }
        VetoReason::OverLimitInTrials {
            asked_ms,
            least_ms,
            missed,
            of,
            connections,
        } => {
            let (what, unit) = limit_words(BriefLimit::ResponseTime);
            format!(
                "{what} is over the limit of {} in {missed} of {of} trials, and {} in the fastest{}",
                Quantity::new(*asked_ms, unit).as_set(),
                Quantity::new(*least_ms, unit).in_prose(),
                over(*connections)
            )
        }
        VetoReason::RateNotHeld {
            asked_rps,
            achieved_rps,
            missed,
            of,
            connections,
        } => format!(
            "it cannot hold {} requests/s{}: {} correct responses/s on average, and {missed} of {of} trials missed the rate",
            Quantity::new(*asked_rps, "").as_set(),
            over(*connections),
            Quantity::new(*achieved_rps, "").in_prose()
        ),
        VetoReason::GateMissed { gate, missed, of } => format!(
            "{}: {} (limit: {}) in {missed} of {of} trials",
            gate_broken(gate.gate),
            gate.measured,
            gate.limit
        ),
        VetoReason::LaunchesFail { fault, failed, of } => format!(
            "it fails in {failed} of {of} launches; {}: {}",
            fault.at, fault.message
        ),
        VetoReason::Fails { fault, failed, of } => format!(
            "it fails in {failed} of {of} trials; {}: {}",
            fault.at, fault.message
        ),
        VetoReason::UnfitForTarget { platform, unfit } => {
            format!("on {} {}", platform.title(), platform::unfit(unfit))
        }
    }
}

/// Over how many connections the load came; empty where that does not matter.
fn over(connections: Option<u32>) -> String {
    connections.map_or_else(String::new, |count| format!(" over {count} connections"))
}

/// Why a metric has no evidence, wherever it stands.
#[must_use]
pub fn missing(why: &Missing) -> String {
    match why {
        Missing::NotMeasured(_) | Missing::NoTurn | Missing::DroppedByRacing => {
            format!("not measured: {}", missing_beside(why))
        }
        other => missing_beside(other),
    }
}

/// The same beside words that already say "not measured".
#[must_use]
pub fn missing_beside(why: &Missing) -> String {
    match why {
        Missing::NotMeasured(unmeasured) => standing(unmeasured),
        Missing::NoTurn => {
            "the budget left no time for its probe; `bakeoff plan` shows which probes have time".to_owned()
        }
        Missing::DroppedByRacing => {
            "the contender could no longer become the choice, so it got no further launch".to_owned()
        }
        Missing::NeedsProcessors { needed, has } => {
            let (needed, has) = (*needed, *has);
            Obstacle::NeedsProcessors { needed, has }.to_string()
        }
        Missing::NotServed { scenario } => {
            let scenario = scenario.clone();
            Obstacle::NotServed { scenario }.to_string()
        }
        Missing::NotAsked { scenario } => {
            let scenario = scenario.clone();
            Obstacle::NotAsked { scenario }.to_string()
        }
        Missing::OneProcess => Obstacle::OneProcess.to_string(),
        Missing::FromOutside { wants_process } => {
            let wants_process = *wants_process;
            Obstacle::FromOutside { wants_process }.to_string()
        }
        Missing::ImpossibleValue(found) => impossible::value(found),
        Missing::ImpossibleTrials(found) => impossible::trials(found),
        Missing::EarlierVersion => {
            "the version of bakeoff that measured this run did not measure it".to_owned()
        }
        Missing::TooFewResponses {
            beyond,
            needed,
            missing_requests,
        } => format!(
            "only {beyond} responses lie beyond it, and {needed} are needed; {} would bring them",
            count(*missing_requests as usize, "more response")
        ),
        Missing::TooFewTrials { trials, needed } => format!(
            "the responses beyond it come from {}, and {needed} are needed: those of fewer may all be one stall",
            count(*trials as usize, "trial")
        ),
        Missing::NotWarm { launches: 1 } => "it did not settle within the time for it".to_owned(),
        Missing::NotWarm { launches } => {
            format!("it did not settle within the time for it, in any of its {launches} launches")
        }
        Missing::Impossible { reason } => reason.clone(),
        Missing::Gate { gate, missed, of } => gate_missed(gate, *missed, *of),
        Missing::ProbeFailed { message } => message.clone(),
        Missing::NoTrial { fault } => format!("no trial reached it; {}: {}", fault.at, fault.message),
        Missing::NotStated => "the brief states no value for it".to_owned(),
    }
}

/// Why a contender was not measured, with the fault that explains it.
#[must_use]
pub fn standing(unmeasured: &Unmeasured) -> String {
    let what = state::unmeasured(unmeasured.status);
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
        Gate::ErrorRate => "too many requests fail",
        Gate::Contract => "it breaks the contract under load",
        other => other.words(),
    }
}

fn gate_missed(gate: &GateResult, missed: usize, of: usize) -> String {
    format!(
        "failed the check `{}` in {missed} of {of} trials ({}; limit: {})",
        gate.gate, gate.measured, gate.limit
    )
}
