//! What a gate does to the numbers of a trial that missed it. One table holds all of it:
//!
//! | gate | missed by little (weak) | missed (failed): left out of the trial |
//! |---|---|---|
//! | contract held | caution | everything |
//! | error rate within the limit | caution | everything |
//! | generator not saturated | caution | metrics at the brief's rate: latency, CPU, cost, memory under load |
//! | rate held | caution | the same |
//! | steady state reached | caution | latency, CPU and cost; beside launches [`super::counting`] decides |
//! | machine quiet | caution | everything but memory, counts, and the time from install to first response |
//! | machine not stalled | caution, from half the limit on | percentiles that the stalls make unreliable |
//! | twins agree | caution | nothing: the noise floor covers the whole run |
//!
//! Numbers that are left out are no evidence: they widen the decision and never count as zero. The thresholds are not
//! here: the evidence says whether a gate was missed, and a percentile itself says how long a stall it bears.

use crate::evidence::{Caution, Gate, GateOutcome, GateResult, Launch, Trial};
use crate::metric::{Metric, Reduce};
use crate::words::number::Quantity;
use std::borrow::Cow;

/// Stalls weaken a percentile from this part of the share that makes it unreliable.
const HALF: f64 = 0.5;

/// The first gate of a trial that takes a metric's numbers away.
pub(super) fn failed<'a>(trial: &'a Trial, metric: &Metric) -> Option<Cow<'a, GateResult>> {
    // Beside a launch a trial that was not warm is judged with the launch's other trials.
    let of_the_launch = |gate: Gate| trial.launch.is_some() && gate == Gate::SteadyState;
    let judged = trial.gates.iter().filter(|result| !of_the_launch(result.gate));
    first_failed(judged, metric)
        .map(Cow::Borrowed)
        .or_else(|| stalled(trial, metric, 1.0).map(Cow::Owned))
}

/// The first gate of a launch that takes away the numbers of what is observed once a launch.
pub(super) fn failed_of_launch<'a>(launch: &'a Launch, metric: &Metric) -> Option<&'a GateResult> {
    first_failed(launch.gates.iter(), metric)
}

fn first_failed<'a>(
    results: impl Iterator<Item = &'a GateResult>,
    metric: &Metric,
) -> Option<&'a GateResult> {
    results
        .filter(|result| result.outcome == GateOutcome::Failed && affects(result.gate, metric))
        .min_by_key(|result| result.gate)
}

fn stalled(trial: &Trial, metric: &Metric, part: f64) -> Option<GateResult> {
    let Reduce::ResponseQuantile(q) = metric.reduce else {
        return None;
    };
    stalls(trial.environment.stalled_share?, q, part)
}

/// The failed check of a quantile, where the machine stood still for more than that part of the share that lies beyond
/// the quantile.
pub(super) fn stalls(share: f64, q: f64, part: f64) -> Option<GateResult> {
    (share > (1.0 - q) * part).then(|| GateResult {
        gate: Gate::Quiet,
        outcome: GateOutcome::Failed,
        measured: format!(
            "the machine was stalled for {} of the time",
            Quantity::new(share, "share").in_prose()
        ),
        limit: format!("below {}", Quantity::new((1.0 - q) * part, "share").as_set()),
    })
}

/// What weakens a metric's numbers of a trial: gates that were missed by little, and the trial's own cautions.
pub(super) fn cautions(trial: &Trial, metric: &Metric) -> Vec<Caution> {
    let still = stalled(trial, metric, HALF).map(|result| Caution::Partial {
        reached: format!("{} (limit: {})", result.measured, result.limit),
    });
    weakened(&trial.gates, &trial.cautions, metric)
        .chain(still)
        .collect()
}

/// The same of what is observed once a launch.
pub(super) fn cautions_of_launch(launch: &Launch, metric: &Metric) -> Vec<Caution> {
    weakened(&launch.gates, &launch.cautions, metric).collect()
}

fn weakened<'a>(
    gates: &'a [GateResult],
    cautions: &'a [Caution],
    metric: &'a Metric,
) -> impl Iterator<Item = Caution> + 'a {
    let weak = gates.iter().filter(|result| result.outcome == GateOutcome::Weak);
    let of_gates = weak
        .filter(move |result| affects(result.gate, metric))
        .map(|result| match result.gate {
            Gate::SteadyState => Caution::NoSteadyState,
            gate => Caution::Partial {
                reached: format!("{gate}: {} (limit: {})", result.measured, result.limit),
            },
        });
    let own = cautions
        .iter()
        .filter(move |caution| applies_to(caution, metric))
        .cloned();
    of_gates.chain(own)
}

/// Whether missing a gate affects a metric.
pub(super) fn affects(gate: Gate, metric: &Metric) -> bool {
    match gate {
        Gate::Contract | Gate::ErrorRate | Gate::Twins => true,
        Gate::Generator | Gate::RateHeld => metric.exposure.at_rate(),
        Gate::SteadyState => metric.exposure.at_rate() && metric.exposure.timed(),
        Gate::Quiet => metric.exposure.timed(),
    }
}

/// Whether a caution about a whole trial or launch weakens a metric.
pub(super) fn applies_to(caution: &Caution, metric: &Metric) -> bool {
    match caution {
        Caution::GeneratorBusy { .. } | Caution::GeneratorLate { .. } => metric.exposure.at_rate(),
        Caution::NoSteadyState
        | Caution::NotWarm { .. }
        | Caution::NotBackFromRest { .. }
        | Caution::StillWarmingUp { .. }
        | Caution::SlowsDownLate { .. } => metric.exposure.at_rate() && metric.exposure.timed(),
        Caution::DisturbedByAnother { .. }
        | Caution::Steal { .. }
        | Caution::RunDelay { .. }
        | Caution::SharedCores => metric.exposure.timed(),
        Caution::FewSamples { .. }
        | Caution::Once
        | Caution::FewBlocks { .. }
        | Caution::FewLaunches { .. }
        | Caution::TwinsApart { .. }
        | Caution::NetworkIncluded
        | Caution::Repeated { .. }
        | Caution::RuntimeEnded { .. }
        | Caution::FrameworkEnded { .. }
        | Caution::RuntimeOlderThanWanted { .. }
        | Caution::ImpossibleTrials(_)
        | Caution::Partial { .. } => true,
    }
}

/// One caution of each kind: the most severe.
pub(super) fn worst_of_each(mut cautions: Vec<Caution>) -> Vec<Caution> {
    cautions.sort_by(|a, b| {
        a.id()
            .cmp(b.id())
            .then_with(|| b.severity().total_cmp(&a.severity()))
    });
    cautions.dedup_by(|later, earlier| later.id() == earlier.id());
    cautions
}

#[cfg(test)]
mod tests {
    use super::{affects, worst_of_each};
    use crate::evidence::{Caution, Gate};
    use crate::metric::{METRICS, metric};

    #[track_caller]
    fn left_out(gate: Gate, ids: &[&str], kept: &[&str]) {
        for id in ids {
            assert!(affects(gate, metric(id).unwrap()), "{gate} leaves {id} in");
        }
        for id in kept {
            assert!(!affects(gate, metric(id).unwrap()), "{gate} leaves {id} out");
        }
    }

    #[test]
    fn the_table_holds() {
        let all: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
        left_out(Gate::Contract, &all, &[]);
        left_out(Gate::ErrorRate, &all, &[]);
        let at_rate = [
            "latency_ms_p99",
            "cpu_us_per_request",
            "cost_per_million",
            "memory_mb_peak",
        ];
        left_out(
            Gate::RateHeld,
            &at_rate,
            &["startup_ms", "memory_mb_idle", "blocking_ms_p99"],
        );
        left_out(Gate::Generator, &at_rate, &["startup_ms", "dependencies"]);
        left_out(
            Gate::SteadyState,
            &at_rate[..3],
            &["memory_mb_peak", "startup_ms"],
        );
        left_out(
            Gate::Quiet,
            &["startup_ms", "waiting_rps"],
            &[
                "memory_mb_idle",
                "connection_kb",
                "dependencies",
                "first_answer_s",
            ],
        );
    }

    #[test]
    fn the_worst_of_each_kind_stays() {
        let steal = |share| Caution::Steal { share };
        let kept = worst_of_each(vec![steal(0.1), Caution::Once, steal(0.3), steal(0.2)]);
        assert_eq!(kept, [Caution::Once, steal(0.3)]);
    }
}
