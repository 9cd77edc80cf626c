//! Runs that are simulated from the first step to the last: every prefix of a run goes on with the same steps, and
//! each run keeps the rules of the schedule.

mod luck;
mod properties;
mod simulation;

use super::{Budget, Step, is_active, next, status_after};
use crate::entrant::Entrant;
use crate::evidence::{
    Advice, EndReason, Fault, Launch, LaunchEnd, Next, Owner, Run, Stage, Status, StopReason, Trial,
};
use crate::plan::{Plan, PlannedBlock, ProbeSlots, Probes};
use luck::Luck;
use simulation::{Simulation, Wanted, empty_run, end_the_session};

fn step(run: &Run) -> Step {
    next(&run.plan, run, Budget::of(run))
}

/// The run as a killed session leaves it in the store, and a new session reads it.
fn through_the_store(run: &Run) -> Run {
    serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap()
}

/// The run as an interrupted session leaves it in the store, and a new session takes it up: the launches that lived
/// have ended.
fn interrupted(run: &Run) -> Run {
    let mut run = run.clone();
    run.stop = Some(StopReason::Interrupted);
    for place in 0..run.contenders.len() {
        if let Some(status) = status_after(&run, &run.contenders[place].name) {
            run.contenders[place].status = status;
        }
    }
    let mut run = through_the_store(&run);
    end_the_session(&mut run);
    run
}

/// A full answer of contenders with which nothing goes wrong.
fn calm(contenders: usize) -> Simulation {
    Simulation::new(empty_run(contenders, Wanted::FullAnswer, 1), Luck::CALM)
}

fn is_trial(step: &Step) -> bool {
    matches!(step, Step::Trial(_))
}

/// Ends the launch of an entrant that lives.
fn end_launch(run: &mut Run, entrant: &Entrant, reason: EndReason, owner: Option<Owner>) {
    let at_s = super::elapsed_s(run);
    let mut launches = run.launches.iter_mut();
    let launch = launches
        .find(|launch| launch.entrant == *entrant && launch.is_alive())
        .unwrap();
    let faults = owner.map(|owner| Fault::new(owner, Stage::Start, "it ended"));
    launch.end = Some(LaunchEnd {
        faults: faults.into_iter().collect(),
        ..LaunchEnd::new(reason, at_s)
    });
}

#[test]
fn a_round_launches_all_runs_its_blocks_retires_all_and_takes_advice() {
    let mut simulation = calm(3);
    let mut kinds = String::new();
    loop {
        let next = step(&simulation.run);
        kinds.push(match &next {
            Step::Launch(_) => 'L',
            Step::Trial(_) => 'T',
            Step::Repeat(_) => 'R',
            Step::Retire(_) => 'E',
            Step::Advise => 'A',
            Step::Stop(reason) => {
                assert_eq!(*reason, StopReason::PlanDone);
                'S'
            }
        });
        if !simulation.perform(&next) {
            break;
        }
    }
    let blocks = simulation.run.plan.blocks_of_a_launch() as usize;
    let round = format!("LLLL{}EEEEA", "TTTT".repeat(blocks));
    assert_eq!(kinds, format!("{}S", round.repeat(3)));
}

#[test]
fn the_first_launch_is_held_to_more_and_the_first_trial_observes_the_rest() {
    let mut simulation = calm(2);
    let mut first_trials = 0;
    loop {
        let next = step(&simulation.run);
        match &next {
            Step::Launch(scheduled) => {
                let expected = scheduled.planned.round == 0 && !scheduled.planned.entrant.is_twin();
                assert_eq!(scheduled.is_first, expected, "{scheduled:?}");
            }
            Step::Trial(scheduled) => first_trials += usize::from(scheduled.is_first_of_launch),
            _ => {}
        }
        if !simulation.perform(&next) {
            break;
        }
    }
    assert_eq!(first_trials, simulation.run.launches.len());
}

#[test]
fn a_repeat_does_not_observe_the_rest_and_the_next_trial_does() {
    let mut simulation = Simulation::new(empty_run(3, Wanted::Budget(2_000.0), 1), Luck::CALM);
    simulation.run_rounds(1);
    let advice = simulation.advice();
    simulation.run.advice.push(advice);
    let due = simulation.run_until(is_trial);
    simulation.perform(&due);
    let entrant = simulation.run.trials.last().unwrap().entrant.clone();
    simulation.run.trials.last_mut().unwrap().faults = vec![Fault::new(Owner::Lab, Stage::Database, "ended")];
    let Step::Repeat(repeat) = step(&simulation.run) else {
        panic!("{:?}", step(&simulation.run));
    };
    assert!(!repeat.is_first_of_launch && repeat.first_attempt.is_some());
    assert_eq!(repeat.planned.entrant, entrant);
    simulation.perform(&Step::Repeat(repeat));
    let next = simulation.run_until(|step| match step {
        Step::Trial(scheduled) => scheduled.planned.entrant == entrant,
        _ => false,
    });
    assert!(matches!(next, Step::Trial(scheduled) if scheduled.is_first_of_launch));
}

#[test]
fn a_server_that_dies_is_started_once_more_and_after_two_in_a_row_its_contender_is_out() {
    for (reason, owner) in [
        (EndReason::Died, None),
        (EndReason::Died, Some(Owner::Contender)),
        (EndReason::DoesNotRest, None),
    ] {
        let mut simulation = calm(3);
        simulation.run_until(is_trial);
        let entrant = Entrant::contender("c1");
        for death in 1..=2 {
            end_launch(&mut simulation.run, &entrant, reason, owner);
            let next = step(&simulation.run);
            let made_again = matches!(&next, Step::Launch(scheduled) if scheduled.planned.entrant == entrant);
            assert_eq!(made_again, death == 1, "{reason:?}: {next:?}");
            if made_again {
                simulation.perform(&next);
            }
        }
        assert!(!is_active(&entrant, &simulation.run));
        simulation.run_rounds(2);
        let launches = simulation
            .run
            .launches
            .iter()
            .filter(|launch| launch.entrant == entrant);
        assert_eq!(launches.count(), 2);
    }
}

#[test]
fn a_server_that_the_lab_lost_is_started_anew_and_says_nothing_about_its_contender() {
    let mut simulation = calm(3);
    simulation.run_until(is_trial);
    let entrant = Entrant::contender("c1");
    for _ in 0..2 {
        end_launch(&mut simulation.run, &entrant, EndReason::Died, Some(Owner::Lab));
        let next = step(&simulation.run);
        assert!(
            matches!(&next, Step::Launch(scheduled) if scheduled.planned.entrant == entrant),
            "{next:?}"
        );
        simulation.perform(&next);
    }
    end_launch(&mut simulation.run, &entrant, EndReason::Died, Some(Owner::Lab));
    assert!(
        is_trial(&step(&simulation.run)),
        "three launches in a round are enough"
    );
    assert!(is_active(&entrant, &simulation.run));
}

#[test]
fn whom_racing_drops_gets_no_further_launch_and_neither_does_its_twin() {
    let mut simulation = calm(4);
    simulation.run_rounds(2);
    let twin_of = simulation.run.plan.twin_of.clone().unwrap();
    let advice = Advice {
        dropped: vec![twin_of.clone()],
        ..simulation.advice()
    };
    simulation.run.advice.push(advice);
    simulation.run_rounds(3);
    let launched = |round: u32| {
        let of_round = simulation
            .run
            .launches
            .iter()
            .filter(move |launch| launch.round == round);
        of_round.filter(|launch| launch.entrant.name() == twin_of).count()
    };
    assert_eq!([0, 1, 2].map(launched), [2, 2, 0]);
}

#[test]
fn advice_to_leave_probes_out_is_followed_and_they_run_in_the_round_after() {
    let mut simulation = calm(2);
    simulation.run_rounds(1);
    let advice = Advice {
        probes: Probes::LeftOut,
        ..simulation.advice()
    };
    simulation.run.advice.push(advice);
    simulation.run_rounds(2);
    let advice = simulation.advice();
    simulation.run.advice.push(advice);
    simulation.run_rounds(3);
    let blocks = simulation.run.plan.blocks_of_a_launch();
    let slots = |round: u32| -> u32 {
        let of_round = |trial: &&Trial| trial.block / blocks == round && trial.entrant.is_contender("c0");
        simulation
            .run
            .trials
            .iter()
            .filter(of_round)
            .map(|trial| trial.slots.count)
            .sum()
    };
    assert!(slots(0) > 0 && slots(2) > 0);
    assert_eq!(slots(1), 0);
    assert!(slots(0) + slots(2) >= simulation.run.plan.probe_costs_s.len() as u32);
}

#[test]
fn probes_that_end_a_server_are_due_when_the_launch_that_passed_them_is_retired() {
    let mut simulation = calm(2);
    let mut due: Vec<(Entrant, Vec<usize>)> = Vec::new();
    loop {
        let next = step(&simulation.run);
        if let Step::Retire(scheduled) = &next {
            let entrant = simulation.run.launches[scheduled.launch as usize].entrant.clone();
            let plan = &simulation.run.plan;
            let places = scheduled.slots.places(plan.probe_costs_s.len());
            let of_end = places.filter(|place| plan.end_probes.contains(&(*place as u32)));
            due.push((entrant, of_end.collect()));
        }
        if !simulation.perform(&next) {
            break;
        }
    }
    for name in ["c0", "c1"] {
        let own = due.iter().filter(|(entrant, _)| entrant.is_contender(name));
        let mut places: Vec<usize> = own.flat_map(|(_, places)| places.clone()).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places, [4, 5], "{name}");
    }
    assert!(
        due.iter()
            .all(|(entrant, places)| !entrant.is_twin() || places.is_empty())
    );
}

#[test]
fn advice_to_stop_ends_a_run_unless_the_user_wants_all_blocks() {
    for (wanted, ends) in [(Wanted::FullAnswer, true), (Wanted::AllBlocks(2_000.0), false)] {
        let mut simulation = Simulation::new(empty_run(2, wanted, 1), Luck::CALM);
        simulation.run_rounds(1);
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
    let mut simulation = calm(3);
    simulation.fail_lab(3);
    let Step::Stop(StopReason::LabFailed(reason)) = step(&simulation.run) else {
        panic!("{:?}", step(&simulation.run));
    };
    assert_eq!(reason, "the database ended");
    let mut resumed = interrupted(&simulation.run);
    resumed.stop = Some(StopReason::LabFailed(reason));
    assert!(matches!(step(&resumed), Step::Launch(_)), "{:?}", step(&resumed));
}

#[test]
fn an_interrupt_in_a_round_makes_its_launches_again_and_counts_them_for_nothing() {
    let mut simulation = calm(3);
    simulation.run_until(is_trial);
    let due = step(&simulation.run);
    simulation.perform(&due);
    let expected = step(&simulation.run);
    let mut resumed = Simulation::new(interrupted(&simulation.run), Luck::CALM);
    assert_eq!(Budget::of(&resumed.run), Budget::of(&simulation.run));
    let step_after = resumed.run_until(|step| !matches!(step, Step::Launch(_)));
    assert_eq!(resumed.run.launches.len(), 8);
    assert_eq!(Budget::of(&resumed.run), Budget::of(&simulation.run));
    let (Step::Trial(expected), Step::Trial(got)) = (expected, step_after) else {
        panic!("not trials");
    };
    assert_eq!((got.planned, got.budget), (expected.planned, expected.budget));
    assert!(got.launch > 3);
}

#[test]
fn an_interrupt_while_launches_are_retired_loses_no_probe_that_ends_a_server() {
    let mut simulation = calm(2);
    simulation.run_rounds(1);
    let advice = simulation.advice();
    simulation.run.advice.push(advice);
    // By the end of the second round every contender has passed the places of the probes that end a server.
    simulation.run_until(|step| matches!(step, Step::Retire(_)));
    let mut resumed = Simulation::new(interrupted(&simulation.run), Luck::CALM);
    let launches = resumed.run.launches.len();
    resumed.run_rounds(2);
    let made_again = &resumed.run.launches[launches..];
    assert!(
        made_again.iter().all(|launch| !launch.entrant.is_twin()),
        "the twin has no probe to run"
    );
    assert!(!made_again.is_empty());
    let retired = |launch: &Launch| {
        launch
            .end
            .as_ref()
            .is_some_and(|end| end.reason == EndReason::Retired)
    };
    assert!(made_again.iter().all(retired));
}

#[test]
fn a_run_without_contenders_that_can_run_stops_at_once() {
    let mut simulation = calm(2);
    for record in &mut simulation.run.contenders {
        record.status = Status::PrepareFailed;
    }
    assert!(matches!(
        step(&simulation.run),
        Step::Stop(StopReason::Settled(_))
    ));
}

#[test]
fn a_plan_of_an_earlier_version_stops_at_once_with_the_reason() {
    let mut run = empty_run(2, Wanted::Budget(100.0), 1);
    run.plan = Plan {
        rounds: Vec::new(),
        blocks: vec![PlannedBlock {
            index: 0,
            trials: Vec::new(),
        }],
        ..run.plan
    };
    let Step::Stop(StopReason::LabFailed(reason)) = step(&run) else {
        panic!("{:?}", step(&run));
    };
    assert!(reason.contains("measured in another way"), "{reason}");
    assert_eq!(Budget::of(&run).total_s, 100.0);
}

#[test]
fn a_short_budget_runs_one_round_with_some_probes_and_stops() {
    let mut simulation = Simulation::new(empty_run(3, Wanted::Budget(20.0), 1), Luck::CALM);
    let stop = simulation.finish();
    assert_eq!(stop, Step::Stop(StopReason::BudgetSpent));
    assert!(simulation.run.trials.iter().all(|trial| trial.block == 0));
    assert!(
        simulation
            .run
            .trials
            .iter()
            .all(|trial| trial.entrant.is_twin() || trial.slots != ProbeSlots::NONE)
    );
}
