//! What holds in every simulated run, also where much goes wrong in it.

use super::luck::Luck;
use super::simulation::{Simulation, Wanted, empty_run};
use super::{interrupted, step, through_the_store};
use crate::entrant::Entrant;
use crate::evidence::{DisturbedAttempt, EndReason, Launch, Run, StopReason, Trial};
use crate::plan::{ALLOWANCE, FULL_ROUNDS, PlannedLaunch, PlannedTrial, ProbeSlots, TrialBudget};
use crate::schedule::{Budget, Step, forecast, is_active};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

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

fn wanted() -> impl Strategy<Value = Wanted> {
    prop_oneof![
        Just(Wanted::FullAnswer),
        (20.0_f64..900.0).prop_map(Wanted::Budget),
        (20.0_f64..900.0).prop_map(Wanted::AllBlocks),
    ]
}

/// A step without what the launches that were made again change: their ids, and whether a trial observes the rest.
#[derive(Debug, PartialEq)]
enum Telling {
    Launch(PlannedLaunch),
    Trial(PlannedTrial, TrialBudget, Option<DisturbedAttempt>),
    Repeat(PlannedTrial, TrialBudget, Option<DisturbedAttempt>),
    /// With the places of the probes that end a server.
    Retire(Entrant, Vec<usize>),
    Advise,
    Stop(StopReason),
}

/// The next step that an interrupt does not change, after launches that are made again and ends without any probe.
fn telling(simulation: &mut Simulation) -> Telling {
    loop {
        let next = step(&simulation.run);
        match &next {
            Step::Launch(scheduled) if !is_made_again(&simulation.run, &scheduled.planned) => {
                return Telling::Launch(scheduled.planned.clone());
            }
            Step::Trial(scheduled) => {
                let first = scheduled.first_attempt.clone();
                return Telling::Trial(scheduled.planned.clone(), scheduled.budget, first);
            }
            Step::Repeat(scheduled) => {
                let first = scheduled.first_attempt.clone();
                return Telling::Repeat(scheduled.planned.clone(), scheduled.budget, first);
            }
            Step::Retire(scheduled) if !end_probes(&simulation.run, scheduled.slots).is_empty() => {
                let launch = &simulation.run.launches[scheduled.launch as usize];
                let places = end_probes(&simulation.run, scheduled.slots);
                return Telling::Retire(launch.entrant.clone(), places);
            }
            Step::Advise => return Telling::Advise,
            Step::Stop(reason) => return Telling::Stop(reason.clone()),
            Step::Launch(_) | Step::Retire(_) => assert!(simulation.perform(&next)),
        }
    }
}

fn is_made_again(run: &Run, planned: &PlannedLaunch) -> bool {
    let of_planned = |launch: &&Launch| launch.round == planned.round && launch.entrant == planned.entrant;
    let last = run.launches.iter().rfind(of_planned);
    last.is_some_and(|launch| {
        launch
            .end
            .as_ref()
            .is_some_and(|end| end.reason == EndReason::SessionEnded)
    })
}

fn end_probes(run: &Run, slots: ProbeSlots) -> Vec<usize> {
    let places = slots.places(run.plan.probe_costs_s.len());
    places
        .filter(|place| run.plan.end_probes.contains(&(*place as u32)))
        .collect()
}

/// What a run comes to: each trial with its probes and whether it was repeated and had a load, each round's advice,
/// whom it left in, and why it stopped.
fn summary(simulation: &Simulation, stop: &Step) -> String {
    let run = &simulation.run;
    let trials = run.trials.iter().map(|trial| {
        format!(
            "{} {} {:?} {} {}\n",
            trial.block,
            trial.entrant,
            trial.slots,
            trial.first_attempt.is_some(),
            trial.load.is_some()
        )
    });
    let advice = run
        .advice
        .iter()
        .map(|advice| format!("{} {:?}\n", advice.after_rounds, advice.next));
    let entrants = run.plan.entrants();
    let active = entrants
        .iter()
        .filter(|entrant| is_active(entrant, run))
        .map(|entrant| format!("{entrant}\n"));
    let all: String = trials.chain(advice).chain(active).collect();
    format!("{all}{stop:?}")
}

/// Whether a launch lived at that instant, and beyond it.
fn lived_at(launch: &Launch, at_s: f64) -> bool {
    launch.at_s < at_s && launch.end.as_ref().is_none_or(|end| end.at_s > at_s)
}

/// Checks that launches and trials of a finished run belong together.
fn check_launches(run: &Run, stop: &Step) -> Result<(), String> {
    for (id, launch) in (0..).zip(&run.launches) {
        let planned = &run.plan.rounds[launch.round as usize].launches;
        let is_planned = planned.iter().any(|planned| planned.entrant == launch.entrant);
        if launch.id != id || !is_planned {
            return Err(format!("{launch:?} is not the {id}th, or not planned"));
        }
        if launch.is_alive() && !matches!(stop, Step::Stop(StopReason::LabFailed(_))) {
            return Err(format!("{launch:?} has no end"));
        }
    }
    for trial in &run.trials {
        let launch = &run.launches[trial.launch.unwrap() as usize];
        let round = &run.plan.rounds[launch.round as usize];
        let in_round = round.blocks.iter().any(|block| block.index == trial.block);
        if launch.entrant != trial.entrant || !in_round || !lived_at(launch, trial.at_s) {
            return Err(format!("{trial:?} is no trial of {launch:?}"));
        }
    }
    Ok(())
}

/// Checks that every entrant whose server lives when a block ends ran in it once.
fn check_blocks(run: &Run, stop: &Step) -> Result<(), String> {
    // A server that is started again late catches up with a block when the next one has begun.
    let mut trials = run.trials.clone();
    trials.sort_by_key(|trial| trial.block);
    let blocks: Vec<&[Trial]> = trials.chunk_by(|a, b| a.block == b.block).collect();
    for (place, block) in blocks.iter().enumerate() {
        let was_cut_short = place + 1 == blocks.len() && matches!(stop, Step::Stop(StopReason::LabFailed(_)));
        let last = block.last().unwrap();
        let end_s = last.at_s + last.seconds;
        // A twin stays alive when its contender is out, and runs no more.
        for entrant in run
            .plan
            .entrants()
            .into_iter()
            .filter(|entrant| is_active(entrant, run))
        {
            let ran = block.iter().filter(|trial| trial.entrant == entrant).count();
            let own = run.launches.iter().filter(|launch| launch.entrant == entrant);
            let lives = own
                .filter(|launch| lived_at(launch, last.at_s) && lived_at(launch, end_s))
                .count();
            if ran > 1 || (lives == 1 && ran == 0 && !was_cut_short) {
                return Err(format!(
                    "{entrant} ran {ran} times in block {}, {lives} live",
                    block[0].block
                ));
            }
        }
    }
    Ok(())
}

/// Checks that each contender goes through the probe table place by place, and the twin through none of it.
fn check_probes(run: &Run) -> Result<(), String> {
    let probes = run.plan.probe_costs_s.len() as u32;
    for entrant in run.plan.entrants() {
        let mut passed = 0;
        for trial in run
            .trials
            .iter()
            .filter(|trial| trial.entrant == entrant && trial.load.is_some())
        {
            let slots = trial.slots;
            let goes_on = slots.count == 0 || slots.first == passed % probes;
            if !goes_on || slots.count > probes || (entrant.is_twin() && slots.count > 0) {
                return Err(format!("{entrant} passed {passed} and has {slots:?}"));
            }
            passed += slots.count;
        }
    }
    Ok(())
}

proptest! {
    // A case is a whole run that is stored and read after many of its steps.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_prefix_of_a_run_goes_on_with_the_steps_of_the_uninterrupted_run(
        luck in lucks(), contenders in 2_usize..5, wanted in wanted(),
    ) {
        let mut simulation = Simulation::new(empty_run(contenders, wanted, luck.seed), luck);
        for at in 0_u64.. {
            let expected = step(&simulation.run);
            prop_assert_eq!(&step(&through_the_store(&simulation.run)), &expected);
            if luck.seed.wrapping_add(at).is_multiple_of(4) {
                let mut uninterrupted = Simulation::new(simulation.run.clone(), luck);
                let mut resumed = Simulation::new(interrupted(&simulation.run), luck);
                prop_assert_eq!(telling(&mut resumed), telling(&mut uninterrupted));
            }
            if !simulation.perform(&expected) {
                break;
            }
        }
    }

    #[test]
    fn a_run_that_was_interrupted_again_and_again_has_the_trials_of_one_that_was_not(
        luck in lucks(), contenders in 2_usize..5, wanted in wanted(), every in 4_u32..40,
    ) {
        let run = empty_run(contenders, wanted, luck.seed);
        let mut uninterrupted = Simulation::new(run.clone(), luck);
        let stop = uninterrupted.finish();
        let mut cut_off = Simulation::new(run, luck);
        // At random, so that also launches that are being made again are interrupted, and yet the run goes on: all
        // living servers are made again before the next trial.
        let mut random = ChaCha8Rng::seed_from_u64(luck.seed);
        let stop_of_cut_off = cut_off.finish_with(|run| {
            if random.random_ratio(1, every) {
                *run = interrupted(run);
                run.stop = None;
            }
        });
        prop_assert_eq!(summary(&cut_off, &stop_of_cut_off), summary(&uninterrupted, &stop));
    }

    #[test]
    fn every_block_has_each_living_entrant_once_and_every_launch_gets_an_end(
        luck in lucks(), contenders in 2_usize..6, wanted in wanted(),
    ) {
        let mut simulation = Simulation::new(empty_run(contenders, wanted, luck.seed), luck);
        let stop = simulation.finish();
        let run = &simulation.run;
        prop_assert_eq!(check_launches(run, &stop), Ok(()));
        prop_assert_eq!(check_blocks(run, &stop), Ok(()));
        prop_assert_eq!(check_probes(run), Ok(()));
    }

    #[test]
    fn a_run_exceeds_its_budget_by_no_more_than_the_allowance(
        seed in any::<u64>(), disturbed in 0.0_f64..0.3, slowness in 0.6_f64..1.02,
        contenders in 2_usize..6, budget_s in 30.0_f64..900.0,
    ) {
        let luck = Luck { seed, disturbed, failed: 0.0, bored: 0.0, slowness, spread: 0.01 };
        let mut simulation = Simulation::new(empty_run(contenders, Wanted::Budget(budget_s), seed), luck);
        // The first round begins, and its first block runs, however small the budget is.
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

    #[test]
    fn a_full_answer_has_three_rounds_and_every_probe_of_every_contender(
        seed in any::<u64>(), disturbed in 0.0_f64..0.3, slowness in 0.5_f64..4.0, contenders in 2_usize..6,
    ) {
        let luck = Luck { seed, disturbed, failed: 0.0, bored: 0.0, slowness, spread: 0.3 };
        let mut simulation = Simulation::new(empty_run(contenders, Wanted::FullAnswer, seed), luck);
        let stop = simulation.finish();
        prop_assume!(!matches!(stop, Step::Stop(StopReason::LabFailed(_))));
        let run = &simulation.run;
        prop_assert!(run.launches.iter().any(|launch| launch.round + 1 == FULL_ROUNDS));
        let probes = run.plan.probe_costs_s.len() as u32;
        for name in &run.plan.contenders {
            let own: Vec<&Trial> = run.trials.iter().filter(|trial| trial.entrant.is_contender(name)).collect();
            let loaded = own.iter().filter(|trial| trial.load.is_some());
            let passed: u32 = loaded.map(|trial| trial.slots.count).sum();
            // Who loses its very last trial cannot catch up.
            let lost_the_last = own.last().is_none_or(|last| last.load.is_none());
            prop_assert!(passed >= probes || lost_the_last, "{name} passed {passed}");
        }
    }

    #[test]
    fn the_forecast_after_the_first_launches_holds_within_a_tenth(
        seed in any::<u64>(), disturbed in 0.0_f64..0.1, slowness in 0.9_f64..1.1, contenders in 2_usize..9,
    ) {
        let luck = Luck { seed, disturbed, failed: 0.0, bored: 0.0, slowness, spread: 0.1 };
        let mut simulation = Simulation::new(empty_run(contenders, Wanted::FullAnswer, seed), luck);
        simulation.run_until(|step| !matches!(step, Step::Launch(_)));
        let foreseen = forecast(&simulation.run.plan, &simulation.run);
        let stop = simulation.finish();
        prop_assume!(!matches!(stop, Step::Stop(StopReason::LabFailed(_))));
        let spent_s = Budget::of(&simulation.run).spent_s;
        let ratio = spent_s / foreseen.total_s;
        prop_assert!((0.9..=1.1).contains(&ratio), "{spent_s} of {}", foreseen.total_s);
    }
}
