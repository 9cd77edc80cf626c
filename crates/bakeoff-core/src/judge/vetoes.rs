//! Vetoes: which contenders are out before anything is weighed. A veto is a required need that is not covered, a
//! limit of the brief that is broken by more than the measurement's interval, a rate that is not held, or a contender
//! that was not measured. A limit within the interval is no veto. Nothing makes up for a veto.

use super::observed::ContenderEvidence;
use crate::brief::Brief;
use crate::evidence::{EndReason, Fault, Gate, GateOutcome, GateResult, Launch, Owner, Trial};
use crate::judgement::MetricEstimate;
use crate::serverless::platform::Platform;
use crate::serverless::target::Target;
use crate::serverless::{fit, inputs};
use crate::verdict::{BriefLimit, Veto, VetoReason};

/// The metric that has the 99th percentile of the response time.
const P99: &str = "latency_ms_p99";

/// The metric that has the memory under load.
const MEMORY: &str = "memory_mb_peak";

/// The highest probability with which trials over a limit may be chance.
const LEVEL: f64 = 0.05;

/// The responses of a trial whose own percentile is compared with the limit.
const RESPONSES_OF_A_TRIAL: u64 = 500;

/// How often, at most, a trial is over the limit when one response in a hundred is: by the binomial distribution 55 %
/// of trials with 599 responses, and less of others with 500 or more.
const OVER_AT_THE_LIMIT: f64 = 0.56;

/// All vetoes against a contender.
pub(super) fn against(
    contender: &ContenderEvidence,
    estimates: &[&MetricEstimate],
    brief: &Brief,
) -> Vec<Veto> {
    let veto = |reason: VetoReason| Veto {
        contender: contender.record.name.clone(),
        reason,
    };
    if !contender.was_measured() {
        return vec![veto(VetoReason::NotMeasured(contender.unmeasured()))];
    }
    let needs = needs_not_covered(contender, brief);
    let on_target = unfit_for_target(contender, estimates, brief);
    let limits = [
        over(BriefLimit::ResponseTime, brief, estimates)
            .or_else(|| over_in_trials(contender, estimates, brief)),
        over(BriefLimit::Memory, brief, estimates),
        rate_not_held(contender, brief),
        gate_in_most(contender, Gate::ErrorRate),
        gate_in_most(contender, Gate::Contract),
        launches_fail(contender),
        fails_in_most(contender),
    ];
    needs
        .into_iter()
        .chain(limits.into_iter().flatten())
        .chain(on_target)
        .map(veto)
        .collect()
}

fn needs_not_covered(contender: &ContenderEvidence, brief: &Brief) -> Vec<VetoReason> {
    let reason = |need: &String| {
        let cover = contender.record.needs.iter().rfind(|cover| cover.need == *need)?;
        (!cover.covered).then(|| VetoReason::NeedNotCovered {
            need: need.clone(),
            note: cover.note.clone(),
        })
    };
    brief.needs.must.iter().filter_map(reason).collect()
}

/// Why it cannot run on the brief's target, where that starts and stops instances with the load.
fn unfit_for_target(
    contender: &ContenderEvidence,
    estimates: &[&MetricEstimate],
    brief: &Brief,
) -> Vec<VetoReason> {
    let target = Platform::of_id(&brief.deploy.target).map(|platform| Target::on(platform, &brief.deploy));
    let Some(Ok(target)) = target else {
        return Vec::new();
    };
    let mut memory = estimates.iter().filter(|estimate| estimate.metric == MEMORY);
    let memory_mb = memory
        .find_map(|estimate| estimate.estimate)
        .map(|of_run| inputs::of_target(of_run, brief.load.cores, &target));
    let reason = |unfit| VetoReason::UnfitForTarget {
        platform: target.platform,
        unfit,
    };
    fit::unfit(contender.record, memory_mb, &target, contender.day)
        .into_iter()
        .map(reason)
        .collect()
}

fn over(limit: BriefLimit, brief: &Brief, estimates: &[&MetricEstimate]) -> Option<VetoReason> {
    let (metric, asked) = match limit {
        BriefLimit::ResponseTime => (P99, brief.load.slo.p99_ms),
        BriefLimit::Memory => (MEMORY, brief.load.memory_mb),
    };
    let seen = estimates
        .iter()
        .find(|estimate| estimate.metric == metric)?
        .estimate?;
    // The low end and not the value: a limit inside the interval may not be broken at all.
    let connections = (limit == BriefLimit::ResponseTime).then(|| connections(brief));
    (seen.low > asked).then_some(VetoReason::OverLimit {
        limit,
        asked,
        seen,
        connections,
    })
}

/// Whether trials alone show that the limit of the response time is broken, where they have no percentile together:
/// when its tail is that of one slow trial, the others may be too slow all the same. A sign test: how likely as
/// many trials are over the limit when the server is at it.
fn over_in_trials(
    contender: &ContenderEvidence,
    estimates: &[&MetricEstimate],
    brief: &Brief,
) -> Option<VetoReason> {
    let asked_ms = brief.load.slo.p99_ms;
    let mut latencies = estimates.iter().filter(|estimate| estimate.metric == P99);
    if latencies.any(|estimate| estimate.estimate.is_some()) {
        return None;
    }
    let response = contender.response.as_ref()?;
    let has_enough = |block: u32| {
        let mut loads = contender.with_latency().filter(|trial| trial.block == block);
        loads.any(|trial| {
            trial
                .load
                .as_ref()
                .is_some_and(|load| load.correct >= RESPONSES_OF_A_TRIAL)
        })
    };
    let by_block = response.by_block(0.99).into_iter();
    let of_trials: Vec<f64> = by_block
        .filter(|(block, _)| has_enough(*block))
        .map(|(_, ms)| ms)
        .collect();
    let (missed, of) = (
        of_trials.iter().filter(|ms| **ms > asked_ms).count(),
        of_trials.len(),
    );
    let least_ms = of_trials.into_iter().min_by(f64::total_cmp)?;
    (at_least(missed, of, OVER_AT_THE_LIMIT) < LEVEL).then_some(VetoReason::OverLimitInTrials {
        asked_ms,
        least_ms,
        missed,
        of,
        connections: Some(connections(brief)),
    })
}

/// The connections of the load at the brief's rate.
fn connections(brief: &Brief) -> u32 {
    brief.load.connections_at(brief.load.peak_rps)
}

/// The probability of at least `hits` hits in `of` tries, each with probability `p` (below 1): a sum of the binomial
/// distribution.
fn at_least(hits: usize, of: usize, p: f64) -> f64 {
    let mut of_exactly = (1.0 - p).powi(of as i32);
    let mut sum = 0.0;
    for exactly in 0..=of {
        if exactly >= hits {
            sum += of_exactly;
        }
        of_exactly *= (of - exactly) as f64 / (exactly + 1) as f64 * p / (1.0 - p);
    }
    sum
}

fn rate_not_held(contender: &ContenderEvidence, brief: &Brief) -> Option<VetoReason> {
    let (missed, of) = missed_in_most(contender, Gate::RateHeld)?;
    let achieved: Vec<f64> = contender
        .trials
        .iter()
        .filter_map(|trial| Some(trial.load.as_ref()?.achieved_rps))
        .collect();
    Some(VetoReason::RateNotHeld {
        asked_rps: brief.load.peak_rps,
        achieved_rps: achieved.iter().sum::<f64>() / achieved.len().max(1) as f64,
        missed,
        of,
        connections: Some(connections(brief)),
    })
}

fn gate_in_most(contender: &ContenderEvidence, gate: Gate) -> Option<VetoReason> {
    let (missed, of) = missed_in_most(contender, gate)?;
    let result = results(contender, gate).find(|result| result.outcome == GateOutcome::Failed)?;
    Some(VetoReason::GateMissed {
        gate: result.clone(),
        missed,
        of,
    })
}

/// Launches that a fault of the contender ended before their round was over.
fn launches_fail(contender: &ContenderEvidence) -> Option<VetoReason> {
    // The end of a session says nothing about a launch.
    let ended_otherwise = |launch: &&Launch| {
        !launch
            .end
            .as_ref()
            .is_some_and(|end| end.reason == EndReason::SessionEnded)
    };
    let launches = contender.launches.iter().copied();
    let own: Vec<&Launch> = launches.filter(ended_otherwise).collect();
    let faults: Vec<&Fault> = own.iter().filter_map(|launch| fault_of_its_end(launch)).collect();
    let fault = faults.last()?;
    (faults.len() * 2 > own.len()).then(|| VetoReason::LaunchesFail {
        fault: (*fault).clone(),
        failed: faults.len(),
        of: own.len(),
    })
}

/// The contender's fault that ended a launch, if one did.
fn fault_of_its_end(launch: &Launch) -> Option<&Fault> {
    let end = launch.end.as_ref()?;
    let faults = match end.reason {
        EndReason::NeverReady => &launch.faults,
        EndReason::Died => &end.faults,
        EndReason::Retired | EndReason::DoesNotRest | EndReason::SessionEnded => return None,
    };
    faults.iter().find(|fault| fault.owner == Owner::Contender)
}

/// Trials that a fault of the contender ended before any load was summed up.
fn fails_in_most(contender: &ContenderEvidence) -> Option<VetoReason> {
    let own = |trial: &&&Trial| {
        trial.load.is_none() && trial.faults.iter().any(|fault| fault.owner == Owner::Contender)
    };
    let failed: Vec<&&Trial> = contender.trials.iter().filter(own).collect();
    let fault = failed
        .last()?
        .faults
        .iter()
        .find(|fault| fault.owner == Owner::Contender)?;
    let (failed, of) = (failed.len(), contender.trials.len());
    (failed * 2 > of).then(|| VetoReason::Fails {
        fault: fault.clone(),
        failed,
        of,
    })
}

/// How many trials missed a gate and of how many, when it was more than half. Trials in which the generator was at
/// its end say nothing about the rate.
fn missed_in_most(contender: &ContenderEvidence, gate: Gate) -> Option<(usize, usize)> {
    let outcomes: Vec<GateOutcome> = results(contender, gate).map(|result| result.outcome).collect();
    let missed = outcomes
        .iter()
        .filter(|outcome| **outcome == GateOutcome::Failed)
        .count();
    (missed * 2 > outcomes.len()).then_some((missed, outcomes.len()))
}

fn results<'a>(contender: &'a ContenderEvidence, gate: Gate) -> impl Iterator<Item = &'a GateResult> {
    let ours =
        move |result: &&GateResult| result.gate == Gate::Generator && result.outcome == GateOutcome::Failed;
    let judged = contender
        .trials
        .iter()
        .filter(move |trial| gate != Gate::RateHeld || !trial.gates.iter().any(|g| ours(&g)));
    judged.filter_map(move |trial| trial.gates.iter().find(|result| result.gate == gate))
}

#[cfg(test)]
mod tests {
    use super::{LEVEL, OVER_AT_THE_LIMIT, at_least};

    #[test]
    fn six_trials_of_six_are_no_chance_and_five_of_five_may_be() {
        assert!((at_least(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((at_least(0, 7, 0.56) - 1.0).abs() < 1e-12);
        for (missed, of, is_chance) in [
            (6, 6, false),
            (5, 5, true),
            (8, 9, false),
            (7, 8, true),
            (0, 0, true),
        ] {
            let p = at_least(missed, of, OVER_AT_THE_LIMIT);
            assert_eq!(p >= LEVEL, is_chance, "{missed} of {of}: {p}");
        }
    }
}
