//! Whether enough was measured for an answer. A contender that may still be chosen needs two launches and five blocks,
//! and evidence of CPU time or latency; else the verdict is not decided yet. What more measuring would say is no
//! question here.

use super::case::Case;
use super::metrics::Measured;
use super::observed::ContenderEvidence;
use crate::evidence::{Fault, Owner, Run, Status, Trial};
use crate::metric::{METRICS, Reduce};
use crate::plan::MIN_BLOCKS;
use crate::verdict::{Lack, Lacking, Veto, VetoReason};
use std::collections::BTreeSet;

/// The fewest launches: one shows nothing of how far the next would differ.
const MIN_LAUNCHES: u32 = 2;

/// The metric that has the CPU time of a request.
const CPU_TIME: &str = "cpu_us_per_request";

/// What is lacking for an answer.
#[derive(Debug, Default)]
pub(super) struct Shortage {
    /// By contender.
    pub(super) lacking: Vec<Lack>,
    /// About how long it takes to measure that, in seconds; none where measuring on does not bring it.
    pub(super) seconds: Option<f64>,
}

/// What is lacking of the contenders that may still be chosen.
pub(super) fn shortage(case: &Case) -> Shortage {
    let dropped = dropped(case.run);
    let contenders = case.contenders.iter().zip(&case.measured);
    let may_be_chosen = contenders.filter(|(contender, _)| {
        let name = &contender.record.name;
        let mut own = case.vetoes.iter().filter(|veto| veto.contender == *name);
        !dropped.contains(name.as_str()) && own.all(|veto| was_cut_off(veto, contender, case.run))
    });
    let lacking: Vec<Lack> = may_be_chosen
        .flat_map(|(contender, measured)| of_contender(contender, measured))
        .collect();
    Shortage {
        seconds: seconds(case.run, &lacking),
        lacking,
    }
}

/// The contenders that racing gave no further launch.
pub(super) fn dropped(run: &Run) -> BTreeSet<&str> {
    let advice = run.advice.iter();
    advice
        .flat_map(|advice| &advice.dropped)
        .map(String::as_str)
        .collect()
}

/// Whether a veto says only that the run ended before the contender was measured: it did nothing to be out.
fn was_cut_off(veto: &Veto, contender: &ContenderEvidence, run: &Run) -> bool {
    let VetoReason::NotMeasured(unmeasured) = &veto.reason else {
        return false;
    };
    let own = |fault: &Fault| fault.owner == Owner::Contender;
    let in_trials = contender.trials.iter().flat_map(|trial| &trial.faults);
    let launches = run.launches.iter();
    let of_its_launches = launches
        .filter(|launch| launch.entrant.is_contender(&contender.record.name))
        .flat_map(|launch| &launch.faults);
    let failed_by_itself = contender
        .record
        .faults
        .iter()
        .chain(in_trials)
        .chain(of_its_launches)
        .any(own);
    match unmeasured.status {
        Status::Ready => true,
        Status::Failed => !failed_by_itself,
        Status::Measured | Status::Unavailable | Status::PrepareFailed | Status::ContractFailed => false,
    }
}

fn of_contender(contender: &ContenderEvidence, measured: &[Measured]) -> Vec<Lack> {
    let loaded = || contender.trials.iter().filter(|trial| trial.load.is_some());
    let blocks: BTreeSet<u32> = loaded().map(|trial| trial.block).collect();
    let launches: BTreeSet<LaunchOf> = loaded().map(|trial| LaunchOf::of(trial)).collect();
    let (blocks, launches) = (blocks.len() as u32, launches.len() as u32);
    let few_launches = (launches < MIN_LAUNCHES).then_some(Lacking::Launches {
        has: launches,
        needed: MIN_LAUNCHES,
    });
    let few_blocks = (blocks < MIN_BLOCKS).then_some(Lacking::Blocks {
        has: blocks,
        needed: MIN_BLOCKS,
    });
    // Who was not measured at all lacks that too, and needs no further word for it.
    let no_speed = (blocks > 0 && !has_speed(measured)).then_some(Lacking::CpuTimeAndLatency);
    let all = [few_launches, few_blocks, no_speed].into_iter().flatten();
    all.map(|of| Lack {
        contender: contender.record.name.clone(),
        of,
    })
    .collect()
}

/// The launch of a trial; of a trial of an earlier version, which was a launch of its own, the trial.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LaunchOf {
    Launch(u32),
    Trial(u32, u32),
}

impl LaunchOf {
    fn of(trial: &Trial) -> LaunchOf {
        trial
            .launch
            .map_or(LaunchOf::Trial(trial.block, trial.position), LaunchOf::Launch)
    }
}

/// Whether there is evidence of CPU time or latency.
fn has_speed(measured: &[Measured]) -> bool {
    let is_speed = |reduce: Reduce, id: &str| matches!(reduce, Reduce::ResponseQuantile(_)) || id == CPU_TIME;
    let mut all = METRICS.iter().zip(measured);
    all.any(|(metric, one)| is_speed(metric.reduce, metric.id) && one.shown.estimate.is_some())
}

/// About how long the launches and blocks take that are lacking, by what those of the run took. None where none are,
/// and where nothing has run that would tell.
fn seconds(run: &Run, lacking: &[Lack]) -> Option<f64> {
    let mean = |times: Vec<f64>| {
        let count = times.len() as f64;
        (count > 0.0).then(|| times.iter().sum::<f64>() / count)
    };
    let loaded = run.trials.iter().filter(|trial| trial.load.is_some());
    let trial_s = mean(loaded.map(|trial| trial.seconds).collect())?;
    // In evidence of earlier versions a trial includes its launch.
    let launch_s = mean(run.launches.iter().map(|launch| launch.seconds).collect()).unwrap_or(0.0);
    let of_one = |lack: &Lack| match lack.of {
        Lacking::Launches { has, needed } => f64::from(needed - has) * launch_s,
        Lacking::Blocks { has, needed } => f64::from(needed - has) * trial_s,
        Lacking::CpuTimeAndLatency => 0.0,
    };
    let all: f64 = lacking.iter().map(of_one).sum();
    (all > 0.0).then_some(all)
}
