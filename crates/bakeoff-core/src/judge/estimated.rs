//! From the samples of one metric of one contender to its estimate, by the metric's own reduction. Which samples count
//! is decided before ([`super::observed`]); scores come after.

use super::observed::{ContenderEvidence, Observed};
use crate::estimate::latency::{Blocks, FEWEST_BEYOND, FEWEST_TRIALS, responses_needed};
use crate::estimate::{self, Estimate, Known, OfLaunch, Spread};
use crate::evidence::Caution;
use crate::judgement::Missing;
use crate::metric::{Exposure, Metric, Reduce, Scale};
use crate::plan::{FULL_ROUNDS, MIN_BLOCKS};

/// An estimate; without one the reason, where it lies in the samples and not in what was left out of them.
pub(super) struct Estimated {
    pub(super) estimate: Result<Estimate, Option<Missing>>,
    /// The values that it rests on.
    pub(super) by_launch: Vec<OfLaunch>,
    /// The cautions of few blocks, launches or responses.
    pub(super) few: Vec<Caution>,
}

/// The estimate by the metric's own reduction. On a log scale values that are not above 0 count as `floor`.
pub(super) fn estimated(
    contender: &ContenderEvidence,
    metric: &Metric,
    observed: &Observed,
    floor: f64,
    seed: u64,
) -> Estimated {
    match metric.reduce {
        Reduce::ResponseQuantile(q) => percentile(contender, metric, q, seed, observed),
        Reduce::MeanOfBlocks => {
            let by_launch = estimate::by_launch(&observed.samples, metric.scale, floor);
            let estimate = mean(contender, observed, &by_launch, metric, floor);
            let few = estimate
                .iter()
                .flat_map(|estimate| few(contender, metric, estimate));
            Estimated {
                few: few.collect(),
                estimate: estimate.ok_or(None),
                by_launch,
            }
        }
        Reduce::Exact => {
            let last = observed.samples.last();
            Estimated {
                estimate: last.map(|sample| estimate::exact(sample.value)).ok_or(None),
                by_launch: last
                    .map(|sample| OfLaunch {
                        launch: sample.launch,
                        blocks: vec![(sample.block, sample.value)],
                    })
                    .into_iter()
                    .collect(),
                few: Vec::new(),
            }
        }
    }
}

/// The mean over launches. How far tries lie apart holds the error of one; where the probe's own data say that this one
/// is less sure, that counts.
fn mean(
    contender: &ContenderEvidence,
    observed: &Observed,
    by_launch: &[OfLaunch],
    metric: &Metric,
    floor: f64,
) -> Option<Estimate> {
    let own = match (&observed.samples[..], observed.interval) {
        ([_], Some(interval)) => estimate::own_error(interval, metric.scale),
        _ => None,
    };
    let values = || by_launch.iter().flat_map(|launch| &launch.blocks);
    let mean = values().map(|(_, value)| value).sum::<f64>() / values().count().max(1) as f64;
    let known = known(contender, metric, metric.repeatability.unit(mean));
    let known = own.map_or(known, |own| Known::of_tries(known.of_a_try().max(own)));
    let estimate = estimate::of(&observed.samples, metric.scale, floor, known)?;
    Some(not_warm(estimate, observed))
}

/// What is known of a metric's repeatability beforehand, on its scale, in multiples of `unit`.
fn known(contender: &ContenderEvidence, metric: &Metric, unit: f64) -> Known {
    let levels = metric.levels;
    if contender.is_running_service() {
        // The answer about a process that runs already is about this process: no other launch of it is in question.
        Known {
            launch: 0.0,
            block: levels.block.unwrap_or(levels.launch) * unit,
        }
    } else if contender.has_launches() {
        Known {
            launch: levels.launch * unit,
            block: levels.block.unwrap_or(0.0) * unit,
        }
    } else {
        Known::of_tries(metric.repeatability.factor() * unit)
    }
}

/// What was measured while it still changed is never told apart by less than that change.
fn not_warm(estimate: Estimate, observed: &Observed) -> Estimate {
    let Some(change) = observed.still_changed else {
        return estimate;
    };
    let on_scale = match estimate.spread {
        Spread::Student {
            scale: Scale::Linear,
            location,
            ..
        } => location.abs() * change.exp_m1(),
        _ => change,
    };
    estimate.widened_by(on_scale)
}

fn percentile(
    contender: &ContenderEvidence,
    metric: &Metric,
    q: f64,
    seed: u64,
    observed: &Observed,
) -> Estimated {
    let none = |reason: Option<Missing>| Estimated {
        estimate: Err(reason),
        by_launch: Vec::new(),
        few: Vec::new(),
    };
    let response = contender.response_to(q);
    let Some(blocks) = response.as_deref() else {
        return none(None);
    };
    let beyond = blocks.beyond(q);
    if contender.has_launches()
        && let Some(reason) = too_little(contender, blocks, q)
    {
        return none(Some(reason));
    }
    let known = known(contender, metric, 1.0);
    let Some(estimate) = blocks.estimate(q, seed, known) else {
        return none(None);
    };
    let few_beyond = (beyond < FEWEST_BEYOND).then_some(Caution::FewSamples { beyond });
    Estimated {
        estimate: Ok(not_warm(estimate, observed)),
        by_launch: blocks.by_launch(q),
        few: few_beyond
            .into_iter()
            .chain(few(contender, metric, &estimate))
            .collect(),
    }
}

/// Why a percentile beside launches is no evidence: the machine hides it, or too few responses lie beyond it, or those
/// come from too few trials.
fn too_little(contender: &ContenderEvidence, blocks: &Blocks, q: f64) -> Option<Missing> {
    let (beyond, trials) = (blocks.beyond(q), blocks.blocks_beyond(q));
    if let Some(gate) = contender.hidden(q) {
        let trials = contender.with_latency().count();
        return Some(Missing::Gate {
            gate,
            missed: trials,
            of: trials,
        });
    }
    if beyond < FEWEST_BEYOND {
        return Some(Missing::TooFewResponses {
            beyond,
            needed: FEWEST_BEYOND,
            missing_requests: responses_needed(q).saturating_sub(blocks.count()),
        });
    }
    (trials < FEWEST_TRIALS).then_some(Missing::TooFewTrials {
        trials,
        needed: FEWEST_TRIALS,
    })
}

/// The caution of an estimate that rests on few launches or blocks.
fn few(contender: &ContenderEvidence, metric: &Metric, estimate: &Estimate) -> Option<Caution> {
    let Estimate { n, launches, .. } = *estimate;
    if n == 1 {
        return Some(Caution::Once);
    }
    let of_launches = contender.has_launches() && metric.exposure != Exposure::InstallTime;
    if of_launches && launches < FULL_ROUNDS && !contender.is_running_service() {
        return Some(Caution::FewLaunches { launches });
    }
    let once_a_launch = of_launches && metric.levels.is_once();
    (n < MIN_BLOCKS && !once_a_launch).then_some(Caution::FewBlocks { blocks: n })
}
