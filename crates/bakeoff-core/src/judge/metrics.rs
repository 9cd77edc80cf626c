//! Estimates of every contender in every metric, with the reason where there is none. They come before any weighting,
//! so they do not depend on priorities.

use super::estimated::{Estimated, estimated};
use super::gates::worst_of_each;
use super::observed::{ContenderEvidence, Observed, most_frequent};
use crate::brief::{Brief, OwnMeasure, anchors};
use crate::estimate::{Estimate, Spread};
use crate::evidence::Caution;
use crate::judgement::{MetricEstimate, Missing};
use crate::margin::{Doubt, UNKNOWN};
use crate::metric::{METRICS, Metric, Scale};
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
    estimate: Option<Estimate>,
    function: Option<ValueFunction>,
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

/// What is known of every contender, in order. A metric that only earlier versions measured is left out where no
/// contender has evidence of it.
pub(super) fn shown(measured: &[Vec<Measured>]) -> Vec<MetricEstimate> {
    let all = || measured.iter().flatten().map(|one| &one.shown);
    let has_evidence = |metric: &&Metric| all().any(|one| one.metric == metric.id && one.estimate.is_some());
    let earlier = METRICS.iter().filter(|metric| metric.is_of_earlier_versions());
    let gone: Vec<&str> = earlier
        .filter(|metric| !has_evidence(metric))
        .map(|metric| metric.id)
        .collect();
    all()
        .filter(|one| !gone.contains(&one.metric.as_str()))
        .cloned()
        .collect()
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
        launches: 0,
        degrees: None,
        missing: range.is_none().then_some(Missing::NotStated),
        gate: None,
        cautions: Vec::new(),
        by_block: Vec::new(),
        by_launch: Vec::new(),
        anchor: (own.worst, own.best),
        score,
        note: range.map(|_| "stated in the brief".to_owned()),
    };
    Measured {
        shown,
        evidence: own.evidence(name),
        doubt: Doubt::Fixed(score.map_or(UNKNOWN, |score| (score.high - score.low) / WIDTH_OF_95)),
        estimate: None,
        function: None,
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
    let observed = contender.observed(metric);
    // A log scale has no place for 0, which some probes round down to.
    let floor = (ends.required.min(ends.ideal) * LOG_FLOOR).max(f64::MIN_POSITIVE);
    let Estimated {
        estimate,
        by_launch,
        few,
    } = estimated(contender, metric, &observed, floor, seed);
    let missing = estimate.as_ref().err().map(|reason| match reason {
        Some(reason) => reason.clone(),
        None => contender.missing(metric, &observed.failed),
    });
    let estimate = estimate.ok();
    let Observed {
        cautions,
        failed,
        note,
        ..
    } = observed;
    let mut by_block: Vec<(u32, f64)> = by_launch
        .iter()
        .flat_map(|launch| launch.blocks.clone())
        .collect();
    by_block.sort_by_key(|(block, _)| *block);
    let shown = MetricEstimate {
        contender: contender.record.name.clone(),
        metric: metric.id.to_owned(),
        estimate: None,
        n: estimate.map_or(0, |estimate| estimate.n),
        launches: estimate
            .filter(|_| contender.has_launches())
            .map_or(0, |estimate| estimate.launches),
        degrees: None,
        missing,
        gate: most_frequent(&failed).cloned(),
        cautions: if estimate.is_some() {
            let of_the_stack = contender.lifetimes.iter().cloned();
            worst_of_each(cautions.into_iter().chain(few).chain(of_the_stack).collect())
        } else {
            Vec::new()
        },
        by_block,
        by_launch: if contender.has_launches() {
            by_launch
        } else {
            Vec::new()
        },
        anchor: (ends.required, ends.ideal),
        score: None,
        note,
    };
    let function = anchors::value_function(metric, brief, host_cores);
    Measured::new(shown, estimate, function)
}

impl Measured {
    /// What is shown, with what follows from an estimate and the value function.
    fn new(shown: MetricEstimate, estimate: Option<Estimate>, function: Option<ValueFunction>) -> Measured {
        let both = estimate.zip(function);
        Measured {
            shown: MetricEstimate {
                estimate: estimate.map(|estimate| estimate.range),
                degrees: estimate.and_then(|estimate| match estimate.spread {
                    Spread::Student { degrees, .. } => Some(degrees),
                    Spread::Exact => None,
                }),
                score: both.map(|(estimate, function)| score(&estimate.range, &function)),
                ..shown
            },
            evidence: estimate.map_or(Evidence::Missing, |estimate| evidence(&estimate)),
            doubt: both.map_or(Doubt::Fixed(UNKNOWN), |(estimate, function)| {
                let error = noise(&estimate, &function);
                Doubt::Measured {
                    error,
                    of_launches: error * estimate.share_of_launches(),
                    blocks: estimate.n,
                    launches: estimate.launches,
                }
            }),
            estimate,
            function,
        }
    }

    /// What was measured; none without evidence, and of what the brief states.
    pub(super) fn estimate(&self) -> Option<Estimate> {
        // What was shown may have been taken away since, as impossible.
        self.estimate.filter(|_| self.shown.estimate.is_some())
    }

    /// The same with an interval that is `factor` times as wide, because twins lie so far apart.
    pub(super) fn widened(self, factor: f64) -> Measured {
        let Some(estimate) = self.estimate() else {
            return self;
        };
        let mut shown = self.shown;
        shown.cautions.push(Caution::TwinsApart { factor });
        shown.cautions = worst_of_each(shown.cautions);
        Measured::new(shown, Some(estimate.widened_times(factor)), self.function)
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
            ..
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
