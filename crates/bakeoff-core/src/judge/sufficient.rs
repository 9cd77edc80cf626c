//! Whether enough was measured for an answer. A contender that may still be chosen needs two launches and five blocks,
//! and evidence of CPU time or latency; else the verdict is not decided yet. What more measuring would say is no
//! question here.

use super::case::Case;
use super::metrics::Measured;
use super::observed::ContenderEvidence;
use crate::evidence::{Extent, Fault, Owner, Run, Status};
use crate::metric::{METRICS, Reduce};
use crate::verdict::{Lack, Lacking, Veto, VetoReason};

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
    let contenders = case.contenders.iter().zip(&case.measured);
    let may_be_chosen = contenders.filter(|(contender, _)| {
        let name = &contender.record.name;
        let mut own = case.vetoes.iter().filter(|veto| veto.contender == *name);
        let is_candidate = !contender.is_dropped && !case.references.contains(name);
        is_candidate && own.all(|veto| was_cut_off(veto, contender))
    });
    let lacking: Vec<Lack> = may_be_chosen
        .flat_map(|(contender, measured)| of_contender(contender, measured))
        .collect();
    Shortage {
        seconds: seconds(case.run, &lacking),
        lacking,
    }
}

/// Whether a veto says only that the run ended before the contender was measured: it did nothing to be out.
fn was_cut_off(veto: &Veto, contender: &ContenderEvidence) -> bool {
    let VetoReason::NotMeasured(unmeasured) = &veto.reason else {
        return false;
    };
    let own = |fault: &Fault| fault.owner == Owner::Contender;
    let in_trials = contender.trials.iter().flat_map(|trial| &trial.faults);
    let in_launches = contender.launches.iter().flat_map(|launch| &launch.faults);
    let mut faults = contender.record.faults.iter().chain(in_trials).chain(in_launches);
    let failed_by_itself = faults.any(own);
    match unmeasured.status {
        Status::Ready => true,
        Status::Failed => !failed_by_itself,
        Status::Measured | Status::Unavailable | Status::PrepareFailed | Status::ContractFailed => false,
    }
}

fn of_contender(contender: &ContenderEvidence, measured: &[Measured]) -> Vec<Lack> {
    let has = Extent::of(contender.trials.iter().copied());
    let needed = if contender.is_running_service() {
        Extent::NEEDED_OF_RUNNING
    } else {
        Extent::NEEDED
    };
    let few_launches = (has.launches < needed.launches).then_some(Lacking::Launches {
        has: has.launches,
        needed: needed.launches,
    });
    let few_blocks = (has.blocks < needed.blocks).then_some(Lacking::Blocks {
        has: has.blocks,
        needed: needed.blocks,
    });
    // Who was not measured at all lacks that too, and needs no further word for it.
    let no_speed = (has.blocks > 0 && !has_speed(measured)).then_some(Lacking::CpuTimeAndLatency);
    let all = [few_launches, few_blocks, no_speed].into_iter().flatten();
    all.map(|of| Lack {
        contender: contender.record.name.clone(),
        of,
    })
    .collect()
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

#[cfg(test)]
mod tests {
    use crate::brief::Preferences;
    use crate::evidence::{Fault, Gate, GateOutcome, Owner, Run, Stage, Status};
    use crate::fixture::{Fixture, brief, gate};
    use crate::judge::{JudgeOptions, judge};
    use crate::verdict::{Lack, Lacking, Outcome, Verdict};

    const FIELD: [(&str, f64); 2] = [("a", 1.0), ("b", 2.0)];

    fn verdict(run: &Run) -> Verdict {
        judge(run, &brief(), &Preferences::default(), &JudgeOptions::default()).verdict
    }

    fn lack(contender: &str, of: Lacking) -> Lack {
        Lack {
            contender: contender.to_owned(),
            of,
        }
    }

    fn blocks(has: u32) -> Lacking {
        Lacking::Blocks { has, needed: 5 }
    }

    fn launches(has: u32) -> Lacking {
        Lacking::Launches { has, needed: 2 }
    }

    /// Leaves only the trials of a contender that `kept` says.
    fn only(run: &mut Run, name: &str, kept: impl Fn(u32) -> bool) {
        run.trials
            .retain(|trial| trial.entrant.name() != name || kept(trial.block));
    }

    #[test]
    fn two_launches_and_five_blocks_are_enough() {
        let cases = [
            (2, 5, Vec::new()),
            (5, 5, Vec::new()),
            (2, 4, vec![lack("a", blocks(4)), lack("b", blocks(4))]),
            (1, 6, vec![lack("a", launches(1)), lack("b", launches(1))]),
        ];
        for (of_launches, of_blocks, lacking) in cases {
            let run = Fixture::new(&FIELD).launches(of_launches).blocks(of_blocks).run();
            let verdict = verdict(&run);
            let undecided = verdict.outcome == Outcome::Undecided;
            assert_eq!(
                undecided,
                !lacking.is_empty(),
                "{of_launches} launches, {of_blocks} blocks"
            );
            assert_eq!(verdict.lacking, lacking);
            assert_eq!(verdict.decided_in_s.is_some(), undecided);
        }
    }

    #[test]
    fn a_trial_of_an_earlier_version_is_a_launch_of_its_own() {
        assert_eq!(
            verdict(&Fixture::new(&FIELD).blocks(5).run()).outcome,
            Outcome::Choose
        );
        let once = verdict(&Fixture::new(&FIELD).blocks(1).run());
        assert_eq!(once.outcome, Outcome::Undecided);
        assert_eq!(once.choice.as_deref(), Some("a"), "so far");
        assert!(once.lacking.contains(&lack("b", launches(1))));
    }

    #[test]
    fn a_contender_that_the_run_did_not_come_to_leaves_it_open() {
        let mut run = Fixture::new(&FIELD).launches(3).blocks(6).run();
        only(&mut run, "b", |_| false);
        run.launches.retain(|launch| launch.entrant.name() != "b");
        run.contenders[1].status = Status::Ready;
        let cut_off = verdict(&run);
        assert_eq!(cut_off.outcome, Outcome::Undecided);
        assert_eq!(cut_off.lacking, [lack("b", launches(0)), lack("b", blocks(0))]);
        assert!(cut_off.decided_in_s > Some(0.0));
        // One that could not be installed is out, and the other is the only one.
        run.contenders[1].status = Status::PrepareFailed;
        assert_eq!(verdict(&run).outcome, Outcome::Choose);
        // One that failed through no fault of its own is still in.
        run.contenders[1].status = Status::Failed;
        run.contenders[1].faults = vec![Fault::new(Owner::Lab, Stage::Database, "ended")];
        assert_eq!(verdict(&run).outcome, Outcome::Undecided);
        run.contenders[1].faults = vec![Fault::new(Owner::Contender, Stage::Start, "it ended")];
        assert_eq!(verdict(&run).outcome, Outcome::Choose);
    }

    #[test]
    fn who_is_out_or_dropped_needs_no_more() {
        let mut run = Fixture::new(&FIELD).launches(3).blocks(6).run();
        only(&mut run, "b", |block| block < 2);
        assert_eq!(
            verdict(&run).lacking,
            [lack("b", launches(1)), lack("b", blocks(2))]
        );
        let mut dropped = run.clone();
        dropped.advice = vec![crate::evidence::Advice {
            dropped: vec!["b".to_owned()],
            ..crate::evidence::Advice::unweighed(
                1,
                2,
                crate::evidence::Next::GoOn,
                crate::evidence::Why::NobodyToCompare,
            )
        }];
        let racing = verdict(&dropped);
        assert_eq!(
            (racing.outcome, racing.dropped),
            (Outcome::Choose, vec!["b".to_owned()])
        );
        for trial in run.trials.iter_mut().filter(|trial| trial.entrant.name() == "b") {
            trial.gates.push(gate(Gate::ErrorRate, GateOutcome::Failed));
        }
        assert_eq!(verdict(&run).outcome, Outcome::Choose, "a veto puts it out");
    }

    #[test]
    fn without_cpu_time_and_latency_nothing_is_decided() {
        let mut run = Fixture::new(&FIELD).launches(3).blocks(6).run();
        for trial in run.trials.iter_mut().filter(|trial| trial.entrant.name() == "a") {
            trial.gates.push(gate(Gate::Generator, GateOutcome::Failed));
        }
        let blind = verdict(&run);
        assert_eq!(blind.outcome, Outcome::Undecided);
        assert_eq!(blind.lacking, [lack("a", Lacking::CpuTimeAndLatency)]);
        assert_eq!(blind.decided_in_s, None, "more of the same would not bring it");
    }

    #[test]
    fn nothing_measured_is_no_answer() {
        let mut run = Fixture::new(&FIELD).run();
        run.trials.clear();
        for record in &mut run.contenders {
            record.status = Status::Ready;
        }
        let nothing = verdict(&run);
        assert_eq!((nothing.outcome, nothing.choice), (Outcome::Undecided, None));
        assert_eq!(nothing.lacking.len(), 4);
    }
}
