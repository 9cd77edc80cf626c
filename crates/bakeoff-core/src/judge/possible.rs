//! Takes away what cannot be true: estimates that break a law of [`crate::impossible`] become no evidence, with the
//! reason, and those of which single trials break one get a caution. It comes after the estimates, so that a law may
//! compare several of them, and before vetoes and scores.

use super::metrics::Measured;
use super::observed::ContenderEvidence;
use crate::brief::Brief;
use crate::evidence::{Caution, Run, Trial};
use crate::impossible::{Facts, Found, Machine, TrialFacts, screen};
use crate::judgement::Missing;
use crate::margin::{Doubt, UNKNOWN};
use crate::metric::{METRICS, Metric, Reduce};
use crate::range::Range;
use crate::smaa::Evidence;

/// The machine of a run under a brief, as far as it bounds values.
pub(super) fn machine(run: &Run, brief: &Brief) -> Machine {
    let cores = run.host.cores;
    let of_server = run.host.server_cores.len() as u32;
    Machine {
        processors: cores,
        server_processors: if of_server > 0 {
            of_server
        } else {
            brief.load.cores.min(cores)
        },
    }
}

/// All metrics of one contender without what cannot be true.
pub(super) fn screened(
    contender: &ContenderEvidence,
    machine: &Machine,
    mut measured: Vec<Measured>,
) -> Vec<Measured> {
    // Before anything is taken away, so that the order of the metrics does not matter.
    let estimates: Vec<Option<Range>> = measured
        .iter()
        .take(METRICS.len())
        .map(|one| one.shown.estimate)
        .collect();
    for (metric, one) in METRICS.iter().zip(&mut measured) {
        if one.shown.estimate.is_none() {
            continue;
        }
        let facts = Facts {
            trials: rests_on(contender, metric),
            estimates: &estimates,
        };
        for found in screen(metric, machine, &facts) {
            match found {
                Found::Estimate(value) => one.lose(Missing::ImpossibleValue(value)),
                Found::TooManyTrials(trials) => one.lose(Missing::ImpossibleTrials(trials)),
                Found::SomeTrials(trials) if one.shown.estimate.is_some() => {
                    one.shown.cautions.push(Caution::ImpossibleTrials(trials));
                }
                Found::SomeTrials(_) => {}
            }
        }
    }
    measured
}

/// The trials that the estimate of a metric rests on, each with its launch.
fn rests_on<'a>(contender: &ContenderEvidence<'a>, metric: &Metric) -> Vec<TrialFacts<'a>> {
    let counts = |place: &usize| contender.counts(*place, metric);
    let trials = (0..contender.trials.len()).filter(counts);
    let has_it = |trial: &&Trial| match metric.reduce {
        Reduce::ResponseQuantile(_) => !trial.curves.is_empty(),
        Reduce::MeanOfBlocks | Reduce::Exact => {
            trial.observations.iter().any(|seen| seen.metric == metric.id)
        }
    };
    let with_launch = |trial: &'a Trial| {
        let mut launches = contender.launches.iter();
        let launch = launches.find(|launch| Some(launch.id) == trial.launch);
        TrialFacts {
            trial,
            of_launch: launch.map(|launch| &launch.observations[..]).unwrap_or_default(),
        }
    };
    let trials = trials.map(|place| contender.trials[place]);
    trials.filter(has_it).map(with_launch).collect()
}

impl Measured {
    /// Its number becomes no evidence. The first reason stays.
    fn lose(&mut self, why: Missing) {
        if self.shown.estimate.take().is_none() {
            return;
        }
        self.evidence = Evidence::Missing;
        self.doubt = Doubt::Fixed(UNKNOWN);
        let shown = &mut self.shown;
        shown.missing = Some(why);
        shown.score = None;
        shown.n = 0;
        shown.launches = 0;
        shown.degrees = None;
        shown.cautions.clear();
        shown.by_block.clear();
        shown.by_launch.clear();
    }
}
