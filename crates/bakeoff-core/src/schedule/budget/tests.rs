//! What remains for probes and repeats in histories that are made by hand.

use super::{Budget, BudgetTracker};
use crate::evidence::{
    Advice, DisturbedAttempt, EndReason, Launch, LaunchEnd, LoadSummary, Next, Trial, Why,
};
use crate::plan::{ALLOWANCE, Plan, ProbeSlots};
use crate::schedule::history::History;

fn full(contenders: &[&str]) -> Plan {
    let names = contenders.iter().map(|name| (*name).to_owned()).collect();
    Plan::full(names, 1, vec![1.0, 1.0, 3.0, 2.0])
}

/// The launches of a round, each of the time that the plan expects, one after the other from `at_s` on.
fn launches(plan: &Plan, round: u32, first: u32, at_s: f64, ended: bool) -> Vec<Launch> {
    let planned = (first..).zip(&plan.rounds[round as usize].launches);
    let mut now_s = at_s;
    planned
        .map(|(id, planned)| {
            let is_first = round == 0 && !planned.entrant.is_twin();
            let seconds = plan.launch.expected_s(is_first);
            let launch = Launch {
                at_s: now_s,
                seconds,
                end: ended.then(|| LaunchEnd {
                    seconds: 0.5,
                    ..LaunchEnd::new(EndReason::Retired, at_s + 500.0)
                }),
                ..Launch::new(id, round, planned.entrant.clone())
            };
            now_s += seconds;
            launch
        })
        .collect()
}

/// The trials of a block, each of the load that the plan expects.
fn trials(plan: &Plan, round: usize, block: usize, at_s: f64, slots: ProbeSlots) -> Vec<Trial> {
    let planned = plan.rounds[round].blocks[block].trials.iter();
    planned
        .map(|planned| {
            let probes_s = if planned.entrant.is_twin() {
                0.0
            } else {
                slots.seconds(&plan.probe_costs_s)
            };
            Trial {
                position: planned.position,
                at_s: at_s + f64::from(planned.position) * 20.0,
                seconds: plan.trial.load_s() + probes_s,
                probes_s,
                slots: if planned.entrant.is_twin() {
                    ProbeSlots::NONE
                } else {
                    slots
                },
                load: Some(LoadSummary::default()),
                ..Trial::new(planned.block, planned.entrant.clone())
            }
        })
        .collect()
}

#[test]
fn the_budget_of_a_full_answer_is_the_plans_until_steps_show_something_else() {
    let plan = full(&["a", "b", "c"]);
    let empty = BudgetTracker::of(History::of(&plan, &[], &[], &[], &[]));
    assert!(
        (empty.budget.total_s - plan.budget_s).abs() < 1e-6,
        "{:?}",
        empty.budget
    );
    assert_eq!(empty.budget.spent_s, 0.0);
    let as_planned = launches(&plan, 0, 0, 0.0, false);
    let begun = BudgetTracker::of(History::of(&plan, &[], &as_planned, &[], &[]));
    assert!(
        (begun.budget.total_s - plan.budget_s).abs() < 1e-6,
        "{:?}",
        begun.budget
    );
    let mut slow = as_planned.clone();
    slow.iter_mut().for_each(|launch| launch.seconds *= 2.0);
    let slower = BudgetTracker::of(History::of(&plan, &[], &slow, &[], &[]));
    assert!(slower.budget.total_s > plan.budget_s + 50.0);
}

#[test]
fn a_given_budget_stays_as_it_is() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let plan = Plan::new(names, 400.0, 1, vec![1.0]);
    let slow: Vec<Launch> = launches(&plan, 0, 0, 0.0, false)
        .into_iter()
        .map(|launch| Launch {
            seconds: 100.0,
            ..launch
        })
        .collect();
    let tracker = BudgetTracker::of(History::of(&plan, &[], &slow, &[], &[]));
    assert_eq!((tracker.budget.total_s, tracker.budget.spent_s), (400.0, 300.0));
    assert!(!tracker.fits_round(&plan.rounds[1]));
    assert!(tracker.fits(100.0 / ALLOWANCE) && !tracker.fits(100.0));
}

#[test]
fn launches_that_were_made_again_and_repeats_are_counted_as_they_should_be() {
    let plan = full(&["a", "b"]);
    let mut made = launches(&plan, 0, 0, 0.0, false);
    let spent_s: f64 = made.iter().map(|launch| launch.seconds).sum();
    let again = made[0].clone();
    made[0].end = Some(LaunchEnd::new(EndReason::SessionEnded, 90.0));
    made.push(Launch {
        id: made.len() as u32,
        at_s: 100.0,
        ..again
    });
    let tracker = BudgetTracker::of(History::of(&plan, &[], &made, &[], &[]));
    assert_eq!(tracker.budget.spent_s, spent_s);
    let mut block = trials(&plan, 0, 0, 200.0, ProbeSlots::NONE);
    let before = BudgetTracker::of(History::of(&plan, &[], &made, &block, &[])).budget;
    block[1].first_attempt = Some(DisturbedAttempt {
        at_s: 210.0,
        seconds: 4.0,
        reason: String::new(),
    });
    let after = BudgetTracker::of(History::of(&plan, &[], &made, &block, &[])).budget;
    assert!((after.spent_s - before.spent_s - 4.0).abs() < 1e-9);
}

#[test]
fn the_time_that_racing_saves_goes_to_the_others() {
    let plan = full(&["a", "b", "c", "d", "e", "f"]);
    let mut made = launches(&plan, 0, 0, 0.0, true);
    made.extend(launches(&plan, 1, made.len() as u32, 1_000.0, true));
    let mut all = Vec::new();
    for (round, at_s) in [(0, 200.0), (1, 1_200.0)] {
        for block in 0..plan.blocks_of_a_launch() as usize {
            let slots = ProbeSlots {
                first: 2 * (round as u32 % 2),
                count: if block == 0 { 2 } else { 0 },
            };
            all.extend(trials(&plan, round, block, at_s + block as f64 * 200.0, slots));
        }
    }
    let twin = plan.twin_of.clone().unwrap();
    let dropped: Vec<String> = plan
        .contenders
        .iter()
        .filter(|name| **name != twin)
        .take(3)
        .cloned()
        .collect();
    let unraced = Advice::unweighed(2, 4, Next::GoOn, Why::Unfinished { rounds: 2, of: 3 });
    let raced = [Advice {
        dropped,
        ..unraced.clone()
    }];
    let unraced = [unraced];
    let without = BudgetTracker::of(History::of(&plan, &[], &made, &all, &unraced));
    let with = BudgetTracker::of(History::of(&plan, &[], &made, &all, &raced));
    // The first trials of a smaller round wait longer, so the whole is not the same to the second.
    assert!(
        (without.budget.total_s - with.budget.total_s).abs() < 40.0,
        "{:?} {:?}",
        without.budget,
        with.budget
    );
    assert!(with.left_for_probes_s() > without.left_for_probes_s() + 20.0);
}

#[test]
fn what_must_still_run_comes_before_probes() {
    let names = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let plan = Plan::new(names, 2_000.0, 1, vec![1.0, 1.0, 3.0, 2.0]);
    let made = launches(&plan, 0, 0, 0.0, false);
    let history = History::of(&plan, &[], &made, &[], &[]);
    let tracker = BudgetTracker::of(history);
    let spent_s = tracker.budget.spent_s;
    let rest_s = (2_000.0 - spent_s - tracker.left_for_probes_s()) / ALLOWANCE;
    let expected_s = plan.expected_rounds_s(3) - spent_s;
    assert!((rest_s - expected_s).abs() < 1.0, "{rest_s} for {expected_s}");
    let short = BudgetTracker::new(
        history,
        Budget {
            total_s: spent_s + 60.0,
            spent_s,
        },
    );
    assert!(
        short.left_for_probes_s() < 60.0,
        "the rounds that do not fit are not waited for"
    );
    assert!(short.left_for_probes_s() > -60.0);
}
