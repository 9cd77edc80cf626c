//! Holds one metric of one contender against every law that judges it. It changes no estimate: the judge does.

use super::accounting::RequestsAccounted;
use super::capacity::{
    DatabaseNotTheLimit, GeneratorNotTheLimit, Goodput, RateWithinCapacity, UpstreamNotTheLimit,
};
use super::cpu_time::CpuTime;
use super::facts::{Facts, Machine};
use super::law::{Law, Possible};
use super::littles_law::LittlesLaw;
use super::memory::MemoryUnderLoad;
use super::percentiles::PercentilesInOrder;
use super::speed_up::SpeedUp;
use super::violation::{ImpossibleTrials, ImpossibleValue};
use crate::metric::Metric;
use crate::range::Range;

/// A metric is no evidence when more than this share of its trials has an impossible value.
pub const MOST_TRIALS: f64 = 0.2;

/// All laws, in the order of [`super::Check::ALL`].
static LAWS: [&dyn Law; 11] = [
    &PercentilesInOrder,
    &SpeedUp,
    &CpuTime,
    &LittlesLaw,
    &Goodput,
    &RateWithinCapacity,
    &MemoryUnderLoad,
    &RequestsAccounted,
    &GeneratorNotTheLimit,
    &DatabaseNotTheLimit,
    &UpstreamNotTheLimit,
];

/// What was found about a metric.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Found {
    /// The whole interval is impossible: no evidence.
    Estimate(ImpossibleValue),
    /// Too many trials have an impossible value: no evidence.
    TooManyTrials(ImpossibleTrials),
    /// Some trials have an impossible value: they count, and are marked.
    SomeTrials(ImpossibleTrials),
}

/// What the laws find about a metric that has an estimate, in their order; `facts` has the trials that it rests on.
pub(crate) fn screen(metric: &Metric, machine: &Machine, facts: &Facts<'_>) -> Vec<Found> {
    let laws = LAWS.iter().filter(|law| law.judges().include(metric));
    laws.filter_map(|law| {
        let possible = law.possible(machine)?;
        of_estimate(*law, &possible, metric, facts).or_else(|| of_trials(*law, &possible, facts))
    })
    .collect()
}

fn of_estimate(law: &dyn Law, possible: &Possible, metric: &Metric, facts: &Facts<'_>) -> Option<Found> {
    let seen = law.of_estimate(metric, facts)?;
    let bound = possible.broken_by(&seen)?;
    Some(Found::Estimate(ImpossibleValue {
        check: law.check(),
        seen,
        bound,
    }))
}

fn of_trials(law: &dyn Law, possible: &Possible, facts: &Facts<'_>) -> Option<Found> {
    // Trials of earlier versions were launches of their own, half a second old: each scatters beyond many a bound.
    let judged = facts.trials.iter().filter(|trial| trial.trial.launch.is_some());
    let seen: Vec<(u32, Range)> = judged
        .filter_map(|trial| Some((trial.trial.block, law.of_trial(trial)?)))
        .collect();
    let broken: Vec<(u32, f64, f64)> = seen
        .iter()
        .filter_map(|(block, range)| Some((*block, range.value, possible.broken_by(range)?)))
        .collect();
    let beyond = |one: &(u32, f64, f64)| (one.1 - one.2).abs();
    let (_, worst, bound) = broken
        .iter()
        .copied()
        .max_by(|a, b| beyond(a).total_cmp(&beyond(b)))?;
    let found = ImpossibleTrials {
        check: law.check(),
        trials: broken.len(),
        blocks: broken.iter().map(|(block, ..)| *block).collect(),
        of: seen.len(),
        worst,
        bound,
    };
    Some(if broken.len() as f64 > MOST_TRIALS * seen.len() as f64 {
        Found::TooManyTrials(found)
    } else {
        Found::SomeTrials(found)
    })
}
