//! Plans of many budgets, and plans that earlier versions stored.

use super::{ALLOWANCE, BudgetRule, FULL_ROUNDS, MIN_BLOCKS, MIN_LAUNCHES, Plan, StopRule, TrialBudget};
use crate::entrant::Entrant;

/// The cost of all probes in these tests, in seconds.
const ALL_PROBES_S: f64 = 28.4;

fn names(contenders: usize) -> Vec<String> {
    (0..contenders).map(|n| format!("contender-{n}")).collect()
}

fn plan(contenders: usize, budget_s: f64) -> Plan {
    Plan::new(names(contenders), budget_s, 1, vec![ALL_PROBES_S / 2.0; 2])
}

#[test]
fn a_full_answer_of_eight_contenders_takes_less_than_twenty_minutes() {
    let full = Plan::full(names(8), 1, vec![ALL_PROBES_S / 2.0; 2]);
    assert!((700.0..1_200.0).contains(&full.budget_s), "{}", full.budget_s);
    assert_eq!(full.budget_s, full.full_answer_s());
    assert_eq!(
        (full.budget_rule, full.min_rounds()),
        (BudgetRule::FullAnswer, FULL_ROUNDS)
    );
    assert!(full.min_blocks() >= MIN_BLOCKS);
    assert!(
        full.rounds.len() > FULL_ROUNDS as usize,
        "further rounds for the leaders"
    );
    let given = Plan::new(names(8), full.budget_s, 1, vec![ALL_PROBES_S / 2.0; 2]);
    assert_eq!((given.min_rounds(), &given.rounds), (FULL_ROUNDS, &full.rounds));
}

#[test]
fn blocks_of_a_given_number_run_in_each_of_three_rounds() {
    let plan = plan(4, 480.0).with_blocks(16);
    assert_eq!((plan.rounds.len(), plan.stop_rule), (3, StopRule::AllBlocks));
    assert_eq!((plan.blocks_of_a_launch(), plan.min_blocks()), (16, 48));
    assert_eq!(plan.rounds[2].blocks[15].index, 47);
    assert_eq!(plan.rounds[2].blocks[15].trials.len(), 5);
    let full = Plan::full(names(4), 1, vec![1.0]);
    assert!(full.clone().with_blocks(6).budget_s > full.budget_s + 100.0);
}

#[test]
fn a_shorter_budget_has_fewer_rounds_and_no_longer_one_has_less() {
    let mut before = (0, 0.0);
    for budget_s in [10.0, 60.0, 180.0, 300.0, 420.0, 480.0, 600.0, 900.0, 1_800.0] {
        let plan = plan(8, budget_s);
        let (rounds, blocks) = (plan.min_rounds(), plan.blocks_of_a_launch());
        let loads_s = plan.expected().rounds_s(rounds, blocks) * ALLOWANCE;
        assert!(rounds == 1 || loads_s <= budget_s, "{budget_s}: {loads_s}");
        assert!(
            rounds >= before.0,
            "{budget_s}: {rounds} rounds after {}",
            before.0
        );
        let probes_s = plan.trial.probe_s * f64::from(plan.min_blocks());
        assert!(
            rounds != before.0 || probes_s >= before.1,
            "{budget_s}: {probes_s} s of probes"
        );
        before = (rounds, probes_s);
    }
    assert_eq!(plan(8, 10.0).trial.probe_s, 0.0);
    assert!(plan(8, 1_800.0).rounds.len() > plan(8, 900.0).rounds.len() || plan(8, 900.0).rounds.len() == 12);
}

#[test]
fn two_rounds_have_the_blocks_that_a_decision_needs() {
    let two = (1..200)
        .map(|tens| plan(8, f64::from(tens) * 10.0))
        .find(|plan| plan.min_rounds() == MIN_LAUNCHES && plan.min_blocks() >= MIN_BLOCKS);
    let two = two.unwrap();
    assert!(two.full_answer_s() > two.budget_s);
}

#[test]
fn a_low_rate_has_longer_loads() {
    let usual = plan(2, 600.0).with_rate(400.0);
    assert_eq!(usual.trial.measure_s, TrialBudget::STANDARD.measure_s);
    let slow = Plan::full(names(2), 1, vec![1.0]).with_rate(40.0);
    let responses = 40.0 * slow.trial.measure_s * f64::from(slow.min_blocks());
    assert!(responses >= 1_000.0, "{responses}");
    assert_eq!(plan(2, 600.0).with_rate(0.1).trial.measure_s, 10.0);
}

#[test]
fn the_same_seed_draws_the_same_plan_and_another_one_another() {
    let drawn = |seed| Plan::full(names(5), seed, vec![1.0]);
    assert_eq!(drawn(3), drawn(3));
    assert_ne!(drawn(3).rounds, drawn(4).rounds);
}

#[test]
fn a_plan_of_the_first_version_opens() {
    let stored = r#"{"seed":1,"budget_s":60.0,"contenders":["a","b"],"twin_of":"a","shape":{"warm_max_s":1.0,
        "measure_s":1.25,"blocking_s":0.4,"waiting_s":0.35,"extra_starts":0,"turns_s":2.5,"overhead_s":0.65,
        "turns":{"first":3,"count":2}},"blocks":[],"until":"all-blocks"}"#;
    let plan: Plan = serde_json::from_str(stored).unwrap();
    assert_eq!((plan.trial.probe_s, plan.trial.slots.first), (2.5, 3));
    assert_eq!(plan.stop_rule, StopRule::AllBlocks);
    assert_eq!(plan.budget_rule, BudgetRule::Given);
    assert!(plan.probe_costs_s.is_empty() && plan.rounds.is_empty());
}

#[test]
fn a_plan_of_the_first_version_keeps_its_times_and_its_rule() {
    let json = r#"{"seed":7,"budget_s":240.0,"contenders":["a"],"twin_of":"a","shape":{"warm_max_s":1.0,
        "measure_s":1.25,"blocking_s":0.4,"waiting_s":0.35,"extra_starts":0,"turns_s":2.5,"overhead_s":0.65,
        "turns":{"first":3,"count":2}},"blocks":[{"index":0,"trials":[{"block":0,"position":0,
        "contender":"a~twin","seed":7}]}],"until":"all-blocks"}"#;
    let plan: Plan = serde_json::from_str(json).unwrap();
    assert_eq!(plan.trial.probe_s, 2.5);
    assert!(
        (plan.trial.load_s() - 2.9).abs() < 1e-9,
        "{}",
        plan.trial.load_s()
    );
    assert_eq!((plan.trial.slots.first, plan.trial.slots.count), (3, 2));
    assert_eq!((plan.stop_rule, plan.min_blocks()), (StopRule::AllBlocks, 1));
    assert_eq!(plan.blocks[0].trials[0].entrant, Entrant::twin_of("a"));
    let again = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&again).unwrap(), plan);
}

#[test]
fn a_probe_in_each_trial_has_its_time_in_each() {
    let plain = Plan::full(vec!["a".into(), "b".into()], 1, vec![1.0, 3.0]).with_blocks(3);
    let with = plain.clone().with_probe_in_each_trial(1);
    assert_eq!(with.trial.each, Some(1));
    let trials = 3.0 * 3.0 * 3.0;
    let more_s = with.budget_s - plain.budget_s;
    // The first trials of a round wait less for a rest, since those before them take longer.
    assert!(more_s >= 2.0 * trials, "{more_s}");
    assert_eq!(with.blocks_of_a_launch(), 3);
    let stored = serde_json::to_string(&plain).unwrap();
    assert!(!stored.contains("each"), "{stored}");
}
