//! Runs that are simulated from the first step to the last: every prefix of a run goes on with the same steps, and
//! each run keeps the rules of the schedule.

mod simulation;

use super::{Budget, Step, is_active, next};
use crate::evidence::{Advice, Next, Run, Status, StopReason, Trial};
use crate::plan::{ALLOWANCE, ProbeSlots, Probes};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, proptest};
use simulation::{Luck, Simulation, empty_run};

fn step(run: &Run) -> Step {
    next(&run.plan, run, Budget::of(run))
}

/// The run as an interrupted session leaves it in the store, and a new session reads it.
fn interrupted(run: &Run) -> Run {
    let mut run = run.clone();
    run.stop = Some(StopReason::Interrupted);
    for record in &mut run.contenders {
        let trials: Vec<&Trial> = run
            .trials
            .iter()
            .filter(|trial| trial.entrant.is_contender(&record.name))
            .collect();
        if matches!(record.status, Status::Ready | Status::Measured) && !trials.is_empty() {
            record.status = super::status_after(&trials);
        }
    }
    through_the_store(&run)
}

/// The run as a killed session leaves it in the store, and a new session reads it.
fn through_the_store(run: &Run) -> Run {
    serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap()
}

fn lucks() -> impl Strategy<Value = Luck> {
    (
        any::<u64>(),
        0.0_f64..0.3,
        0.0_f64..0.3,
        0.0_f64..0.5,
        0.5_f64..4.0,
    )
        .prop_map(|(seed, disturbed, failed, bored, slowness)| Luck {
            seed,
            disturbed,
            failed,
            bored,
            slowness,
            spread: 0.5,
        })
}

proptest! {
    // A case is a whole run that is stored and read after each of its steps.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_prefix_of_a_run_goes_on_with_the_steps_of_the_uninterrupted_run(
        luck in lucks(), contenders in 2_usize..6, budget_s in 10.0_f64..200.0, all_blocks in any::<bool>(),
    ) {
        let mut simulation = Simulation::new(empty_run(contenders, budget_s, all_blocks, luck.seed), luck);
        loop {
            let expected = step(&simulation.run);
            prop_assert_eq!(&step(&through_the_store(&simulation.run)), &expected);
            prop_assert_eq!(&step(&interrupted(&simulation.run)), &expected);
            if !simulation.perform(&expected) {
                break;
            }
        }
    }

    #[test]
    fn every_block_has_each_active_contender_once_and_probes_follow_one_another(
        luck in lucks(), contenders in 2_usize..6, budget_s in 10.0_f64..200.0, all_blocks in any::<bool>(),
    ) {
        let mut simulation = Simulation::new(empty_run(contenders, budget_s, all_blocks, luck.seed), luck);
        simulation.finish();
        let run = &simulation.run;
        let mut slots_run = 0;
        for block in run.trials.chunk_by(|a, b| a.block == b.block) {
            let begin = run.trials.iter().position(|trial| trial.block == block[0].block).unwrap();
            let planned = &run.plan.blocks[block[0].block as usize].trials;
            for planned in planned {
                let ran = block.iter().filter(|trial| trial.entrant == planned.entrant).count();
                let was_active = is_active(&planned.entrant, &run.contenders, &run.trials[..begin]);
                prop_assert!(ran <= usize::from(was_active), "a dropped contender ran, or one ran twice");
                let still_active = is_active(&planned.entrant, &run.contenders, &run.trials[..begin + block.len()]);
                // The last block may be cut short by the lab's faults.
                let is_last = begin + block.len() == run.trials.len();
                prop_assert!(ran == 1 || !still_active || is_last, "{} did not run", planned.entrant);
            }
            let slots: Vec<ProbeSlots> = block.iter().filter(|trial| !trial.entrant.is_twin()).map(|trial| trial.slots).collect();
            prop_assert!(slots.windows(2).all(|pair| pair[0] == pair[1]), "one block, one set of probes");
            prop_assert!(block.iter().filter(|trial| trial.entrant.is_twin()).all(|twin| twin.slots == ProbeSlots::NONE));
            if let Some(slots) = slots.first().filter(|slots| slots.count > 0) {
                prop_assert_eq!(slots.first as usize, slots_run % run.plan.probe_costs_s.len());
                slots_run += slots.count as usize;
            }
        }
    }

    #[test]
    fn a_run_exceeds_its_budget_by_no_more_than_the_allowance(
        seed in any::<u64>(), disturbed in 0.0_f64..0.3, slowness in 0.6_f64..1.02,
        contenders in 2_usize..6, budget_s in 10.0_f64..300.0,
    ) {
        let luck = Luck { seed, disturbed, failed: 0.0, bored: 0.0, slowness, spread: 0.01 };
        let mut simulation = Simulation::new(empty_run(contenders, budget_s, false, seed), luck);
        // The first block runs however small the budget is.
        while simulation.run.trials.iter().all(|trial| trial.block == 0) {
            let next = step(&simulation.run);
            if !simulation.perform(&next) {
                break;
            }
        }
        let budget = Budget::of(&simulation.run);
        prop_assume!(budget.spent_s <= budget.total_s);
        simulation.finish();
        let budget = Budget::of(&simulation.run);
        prop_assert!(budget.spent_s <= budget.total_s * ALLOWANCE, "{budget:?}");
    }
}

/// A run of two contenders in which nothing goes wrong.
fn calm(budget_s: f64) -> Simulation {
    let luck = Luck {
        seed: 1,
        disturbed: 0.0,
        failed: 0.0,
        bored: 0.0,
        slowness: 1.0,
        spread: 0.0,
    };
    Simulation::new(empty_run(2, budget_s, false, 1), luck)
}

#[test]
fn advice_to_leave_probes_out_is_followed_and_they_run_in_the_block_after() {
    let mut simulation = calm(300.0);
    simulation.run_blocks(1);
    let ran = simulation.run.trials[0]
        .slots
        .count
        .max(simulation.run.trials[1].slots.count);
    let advice = Advice {
        probes: Probes::LeftOut,
        ..simulation.advice()
    };
    simulation.run.advice.push(advice);
    simulation.run_blocks(2);
    let slots_of = |run: &Run, block: u32| -> Vec<ProbeSlots> {
        let of_contender = |trial: &&Trial| trial.block == block && !trial.entrant.is_twin();
        run.trials
            .iter()
            .filter(of_contender)
            .map(|trial| trial.slots)
            .collect()
    };
    assert_eq!(slots_of(&simulation.run, 1), [ProbeSlots::NONE; 2]);
    simulation.run_blocks(3);
    assert!(
        slots_of(&simulation.run, 2)
            .iter()
            .all(|slots| slots.first == ran && slots.count > 0)
    );
}

#[test]
fn advice_to_stop_ends_a_run_unless_the_user_wants_all_blocks() {
    for (all_blocks, ends) in [(false, true), (true, false)] {
        let mut simulation = calm(300.0);
        simulation.run = empty_run(2, 300.0, all_blocks, 1);
        simulation.run_blocks(1);
        let advice = Advice {
            next: Next::Stop,
            ..simulation.advice()
        };
        assert_eq!(step(&simulation.run), Step::Advise);
        simulation.run.advice.push(advice);
        let stops = matches!(step(&simulation.run), Step::Stop(StopReason::Settled(_)));
        assert_eq!(stops, ends);
    }
}

#[test]
fn a_lab_that_keeps_failing_ends_the_run_and_a_resumed_run_tries_again() {
    let mut simulation = calm(300.0);
    simulation.fail_lab(3);
    let Step::Stop(StopReason::LabFailed(reason)) = step(&simulation.run) else {
        panic!("{:?}", step(&simulation.run));
    };
    assert_eq!(reason, "the database ended");
    simulation.run.stop = Some(StopReason::LabFailed(reason));
    assert!(matches!(
        step(&through_the_store(&simulation.run)),
        Step::Trial(_) | Step::Repeat(_) | Step::Advise
    ));
}

#[test]
fn a_run_without_contenders_that_can_run_stops_at_once() {
    let mut simulation = calm(60.0);
    for record in &mut simulation.run.contenders {
        record.status = Status::PrepareFailed;
    }
    assert!(matches!(
        step(&simulation.run),
        Step::Stop(StopReason::Settled(_))
    ));
}
