//! Estimates of every contender in every metric, with the reason where there is none. They come before any weighting,
//! so they do not depend on priorities.

use super::gates::worst_of_each;
use super::observed::{ContenderEvidence, Observed, most_frequent};
use crate::brief::{Brief, OwnMeasure, anchors};
use crate::estimate::latency::{Blocks, FEWEST_BEYOND};
use crate::estimate::{self, Estimate, Spread};
use crate::evidence::Caution;
use crate::judgement::{MetricEstimate, Missing};
use crate::margin::{Doubt, UNKNOWN};
use crate::metric::{METRICS, Metric, Reduce, Scale};
use crate::plan::MIN_BLOCKS;
use crate::range::Range;
use crate::smaa::Evidence;
use crate::value::ValueFunction;

/// On a log scale a value of 0 counts as this part of the smaller end of the value function, which lies outside the
/// range where scores differ.
const LOG_FLOOR: f64 = 0.1;

/// How many standard deviations the central 95 % of a normal are wide.
const WIDTH_OF_95: f64 = 3.919_927_969;

/// An estimate as the report shows it, and as the decision draws from it.
pub(super) struct Measured {
    pub(super) shown: MetricEstimate,
    pub(super) evidence: Evidence,
    /// What is not known of the score.
    pub(super) doubt: Doubt,
}

/// All metrics of one contender, in the order of the table, then the brief's own measures.
pub(super) fn of_contender(
    contender: &ContenderEvidence,
    brief: &Brief,
    host_cores: u32,
    seed: u64,
) -> Vec<Measured> {
    let measured = METRICS
        .iter()
        .map(|metric| measure(contender, metric, brief, host_cores, seed));
    let stated = brief.measures.iter().map(|own| stated(contender, own));
    measured.chain(stated).collect()
}

/// What the brief states of a contender.
fn stated(contender: &ContenderEvidence, own: &OwnMeasure) -> Measured {
    let name = &contender.record.name;
    let range = own.range(name);
    let score = range.map(|range| score(&range, &own.value_function()));
    let shown = MetricEstimate {
        contender: name.clone(),
        metric: own.id.clone(),
        estimate: range,
        n: 0,
        missing: range.is_none().then_some(Missing::NotStated),
        gate: None,
        cautions: Vec::new(),
        by_block: Vec::new(),
        anchor: (own.worst, own.best),
        score,
        note: range.map(|_| "stated in the brief".to_owned()),
    };
    Measured {
        shown,
        evidence: own.evidence(name),
        doubt: Doubt::Fixed(score.map_or(UNKNOWN, |score| (score.high - score.low) / WIDTH_OF_95)),
    }
}

fn measure(
    contender: &ContenderEvidence,
    metric: &Metric,
    brief: &Brief,
    host_cores: u32,
    seed: u64,
) -> Measured {
    let ends = anchors::ends(metric, brief, host_cores);
    let function = anchors::value_function(metric, brief, host_cores);
    let observed = contender.observed(metric);
    // A log scale has no place for 0, which some probes round down to.
    let floor = (ends.required.min(ends.ideal) * LOG_FLOOR).max(f64::MIN_POSITIVE);
    let (estimate, by_block, few) = reduced(contender, metric, &observed, floor, seed);
    let missing = estimate
        .is_none()
        .then(|| contender.missing(metric, &observed.failed));
    let Observed {
        cautions,
        failed,
        note,
        ..
    } = observed;
    let shown = MetricEstimate {
        contender: contender.record.name.clone(),
        metric: metric.id.to_owned(),
        estimate: estimate.map(|estimate| estimate.range),
        n: estimate.map_or(0, |estimate| estimate.n),
        missing,
        gate: most_frequent(&failed).cloned(),
        cautions: if estimate.is_some() {
            worst_of_each(cautions.into_iter().chain(few).collect())
        } else {
            Vec::new()
        },
        by_block,
        anchor: (ends.required, ends.ideal),
        score: estimate
            .zip(function)
            .map(|(estimate, function)| score(&estimate.range, &function)),
        note,
    };
    Measured {
        shown,
        evidence: estimate.map_or(Evidence::Missing, |estimate| evidence(&estimate)),
        doubt: match estimate.zip(function) {
            Some((estimate, function)) => Doubt::Measured {
                error: noise(&estimate, &function),
                blocks: estimate.n,
            },
            None => Doubt::Fixed(UNKNOWN),
        },
    }
}

/// The estimate by the metric's own reduction, its values by block, and the caution of few blocks.
fn reduced(
    contender: &ContenderEvidence,
    metric: &Metric,
    observed: &Observed,
    floor: f64,
    seed: u64,
) -> (Option<Estimate>, Vec<(u32, f64)>, Vec<Caution>) {
    match metric.reduce {
        Reduce::ResponseQuantile(q) => {
            let response = contender.response_to(q);
            percentile(response.as_deref(), q, seed, metric.repeatability.factor())
        }
        Reduce::MeanOfBlocks => {
            let by_block = estimate::average_within_blocks(&observed.values, metric.scale, floor);
            let estimate = of_blocks(observed, &by_block, metric, floor);
            let few = estimate.as_ref().and_then(few_blocks);
            (estimate, by_block, few.into_iter().collect())
        }
        Reduce::Exact => {
            let last = observed.values.last().copied();
            (
                last.map(|(_, value)| estimate::exact(value)),
                last.into_iter().collect(),
                Vec::new(),
            )
        }
    }
}

/// The mean over blocks. How far tries lie apart holds the error of one; where the probe's own data say that this one
/// is less sure, that counts.
fn of_blocks(observed: &Observed, by_block: &[(u32, f64)], metric: &Metric, floor: f64) -> Option<Estimate> {
    let own = match (&observed.values[..], observed.interval) {
        ([_], Some(interval)) => estimate::own_error(interval, metric.scale),
        _ => None,
    };
    let mean = by_block.iter().map(|(_, value)| value).sum::<f64>() / by_block.len().max(1) as f64;
    let repeatability = metric.repeatability.deviation(mean).max(own.unwrap_or(0.0));
    estimate::of_blocks(by_block, metric.scale, floor, repeatability)
}

fn percentile(
    blocks: Option<&Blocks>,
    q: f64,
    seed: u64,
    repeatability: f64,
) -> (Option<Estimate>, Vec<(u32, f64)>, Vec<Caution>) {
    let Some((blocks, estimate)) =
        blocks.and_then(|blocks| Some((blocks, blocks.estimate(q, seed, repeatability)?)))
    else {
        return (None, Vec::new(), Vec::new());
    };
    let beyond = blocks.beyond(q);
    let few = (beyond < FEWEST_BEYOND).then_some(Caution::FewSamples { beyond });
    (
        Some(estimate),
        blocks.by_block(q),
        few.into_iter().chain(few_blocks(&estimate)).collect(),
    )
}

fn few_blocks(estimate: &Estimate) -> Option<Caution> {
    match estimate.n {
        1 => Some(Caution::Once),
        blocks if blocks < MIN_BLOCKS => Some(Caution::FewBlocks { blocks }),
        _ => None,
    }
}

/// The score of an estimate: both ends through the value function, low below high.
fn score(range: &Range, function: &ValueFunction) -> Range {
    // Where less is better, the low end of the value has the high score.
    let (one, other) = (function.score(range.low), function.score(range.high));
    Range {
        value: function.score(range.value),
        low: one.min(other),
        high: one.max(other),
    }
}

fn evidence(estimate: &Estimate) -> Evidence {
    match estimate.spread {
        Spread::Student {
            scale,
            location,
            error,
            degrees,
        } => Evidence::Student {
            location,
            error,
            degrees,
            scale,
        },
        Spread::Exact => Evidence::Exact(estimate.range.value),
    }
}

/// Standard error of the score: half the distance of the scores one standard error below and above.
fn noise(estimate: &Estimate, function: &ValueFunction) -> f64 {
    let value = estimate.range.value;
    let (below, above) = match estimate.spread {
        Spread::Student {
            scale: Scale::Log,
            location,
            error,
            ..
        } => ((location - error).exp(), (location + error).exp()),
        Spread::Student {
            scale: Scale::Linear,
            location,
            error,
            ..
        } => (location - error, location + error),
        Spread::Exact => (value, value),
    };
    (function.score(above) - function.score(below)).abs() / 2.0
}
