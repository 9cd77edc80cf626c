//! What a gate that was missed does to the numbers of its trial. One table, so that nobody has to look for exceptions:
//!
//! | gate | missed by little (weak) | missed (failed): left out of the trial |
//! |---|---|---|
//! | contract held | caution | everything |
//! | error rate within the limit | caution | everything |
//! | generator not saturated | caution | what is measured at the brief's rate: latency, CPU, cost, memory under load |
//! | rate held | caution | the same |
//! | steady state reached | caution | latency, CPU and cost |
//! | machine quiet | caution | everything but memory, what is counted, and the first answer |
//! | machine there | caution, from half of it on | percentiles of which fewer answers lie beyond than came while the machine stood still |
//! | twins agree | caution | nothing: the noise floor says it for the whole run |
//!
//! What is left out is no evidence: it widens the decision and is never a zero. Deliberately no thresholds: whether a gate
//! was missed is told by the evidence, and what a percentile stands by itself.

use crate::evidence::{Caution, Gate, GateOutcome, GateResult, Trial};
use crate::metric::{Metric, Reduce};
use std::borrow::Cow;

/// From this part of what lies beyond a percentile on, time without a machine weakens it.
const HALF: f64 = 0.5;

/// The first gate of a trial that takes a metric's numbers away.
pub(super) fn failed<'a>(trial: &'a Trial, metric: &Metric) -> Option<Cow<'a, GateResult>> {
    let failed = trial
        .gates
        .iter()
        .filter(|result| result.outcome == GateOutcome::Failed);
    failed
        .filter(|result| concerns(result.gate, metric))
        .min_by_key(|result| result.gate)
        .map(Cow::Borrowed)
        .or_else(|| stood_still(trial, metric, 1.0).map(Cow::Owned))
}

fn stood_still(trial: &Trial, metric: &Metric, part: f64) -> Option<GateResult> {
    let Reduce::ResponseQuantile(q) = metric.reduce else {
        return None;
    };
    let share = trial.environment.stalled_share?;
    let percent = |share: f64| (share * 1e5).round() / 1e3;
    (share > (1.0 - q) * part).then(|| GateResult {
        gate: Gate::Quiet,
        outcome: GateOutcome::Failed,
        measured: format!("the machine stood still for {} % of the time", percent(share)),
        limit: format!("below {} %", percent((1.0 - q) * part)),
    })
}

/// What weakens a metric's numbers of a trial: gates that were missed by little, and the trial's own cautions.
pub(super) fn cautions(trial: &Trial, metric: &Metric) -> Vec<Caution> {
    let weak = trial
        .gates
        .iter()
        .filter(|result| result.outcome == GateOutcome::Weak);
    let of_gates = weak
        .filter(|result| concerns(result.gate, metric))
        .map(|result| match result.gate {
            Gate::SteadyState => Caution::NoSteadyState,
            gate => Caution::Partial {
                reached: format!("{gate}: {}, where {} is asked for", result.measured, result.limit),
            },
        });
    let own = trial
        .cautions
        .iter()
        .filter(|caution| touches(caution, metric))
        .cloned();
    let still = stood_still(trial, metric, HALF).map(|result| Caution::Partial {
        reached: format!("{}, where {} is asked for", result.measured, result.limit),
    });
    of_gates.chain(own).chain(still).collect()
}

/// Whether a gate has to do with a metric.
fn concerns(gate: Gate, metric: &Metric) -> bool {
    match gate {
        Gate::Contract | Gate::ErrorRate | Gate::Twins => true,
        Gate::Generator | Gate::RateHeld => metric.exposure.at_rate(),
        Gate::SteadyState => metric.exposure.at_rate() && metric.exposure.timed(),
        Gate::Quiet => metric.exposure.timed(),
    }
}

/// Whether a caution about a whole trial weakens a metric.
fn touches(caution: &Caution, metric: &Metric) -> bool {
    match caution {
        Caution::GeneratorBusy { .. } | Caution::GeneratorLate { .. } => metric.exposure.at_rate(),
        Caution::NoSteadyState => metric.exposure.at_rate() && metric.exposure.timed(),
        Caution::Steal { .. } | Caution::RunDelay { .. } | Caution::SharedCores => metric.exposure.timed(),
        Caution::FewSamples { .. }
        | Caution::Once
        | Caution::FewBlocks { .. }
        | Caution::NetworkIncluded
        | Caution::Partial { .. } => true,
    }
}

/// Every kind of caution once, of several the one that weighs most.
pub(super) fn worst_of_each(mut cautions: Vec<Caution>) -> Vec<Caution> {
    cautions.sort_by(|a, b| a.id().cmp(b.id()).then_with(|| weight(b).total_cmp(&weight(a))));
    cautions.dedup_by(|later, earlier| later.id() == earlier.id());
    cautions
}

fn weight(caution: &Caution) -> f64 {
    match caution {
        Caution::GeneratorBusy { cpu_share: size }
        | Caution::GeneratorLate { lag_ms_p99: size }
        | Caution::Steal { share: size }
        | Caution::RunDelay { share: size } => *size,
        Caution::FewSamples { beyond } => -(*beyond as f64),
        Caution::FewBlocks { blocks } => -f64::from(*blocks),
        Caution::NoSteadyState
        | Caution::Once
        | Caution::SharedCores
        | Caution::NetworkIncluded
        | Caution::Partial { .. } => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{concerns, worst_of_each};
    use crate::evidence::{Caution, Gate};
    use crate::metric::{METRICS, metric};

    #[track_caller]
    fn left_out(gate: Gate, ids: &[&str], kept: &[&str]) {
        for id in ids {
            assert!(concerns(gate, metric(id).unwrap()), "{gate} leaves {id} in");
        }
        for id in kept {
            assert!(!concerns(gate, metric(id).unwrap()), "{gate} leaves {id} out");
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
