//! When a run stops, and what it weighs before.

use super::{Question, advise};
use crate::brief::Preferences;
use crate::evidence::{Advice, Next, Run, Why};
use crate::fixture::{Fixture, brief};
use crate::judge::JudgeOptions;
use crate::margin::Margin;
use crate::plan::{PlannedBlock, PlannedRound, Probes};
use crate::words::advice::why;

const OPTIONS: JudgeOptions = JudgeOptions {
    samples: 2_000,
    seed: 1,
    only: Vec::new(),
};

/// Three launches of two blocks each, level with the next.
const LEVEL: Margin = Margin {
    lead: 0.000_5,
    noise: 0.003,
    noise_of_load: 0.001,
    noise_of_launches: 0.002,
    missing: 0.0,
    blocks: 6.0,
    launches: 3.0,
    round_s: 20.0,
    block_s: 5.0,
    load_block_s: 3.0,
};

/// The same in evidence of an earlier version.
const LEVEL_IN_BLOCKS: Margin = Margin {
    noise_of_launches: 0.0,
    launches: 0.0,
    round_s: 0.0,
    ..LEVEL
};

fn question(margin: Margin) -> Question {
    Question {
        margins: vec![margin],
        left: 14,
        blocks_of_a_round: 2,
        whole_round_s: 10.0,
        load_round_s: 6.0,
        budget_s: 200.0,
        separated: 0.95,
    }
}

/// A run of an earlier version with that many planned blocks.
fn in_blocks(mut run: Run, blocks: u32) -> Run {
    run.plan.rounds.clear();
    run.plan.blocks = (0..blocks)
        .map(|index| PlannedBlock {
            index,
            trials: Vec::new(),
        })
        .collect();
    run
}

/// A run of launches with that many planned rounds of two blocks.
fn in_rounds(mut run: Run, rounds: u32) -> Run {
    let block = |index| PlannedBlock {
        index,
        trials: Vec::new(),
    };
    run.plan.rounds = (0..rounds)
        .map(|index| PlannedRound {
            index,
            launches: Vec::new(),
            blocks: vec![block(2 * index), block(2 * index + 1)],
        })
        .collect();
    run
}

fn advice_for(run: &Run) -> Advice {
    advise(run, &brief(), &Preferences::default(), &OPTIONS)
}

#[test]
fn no_run_stops_before_a_decision_has_what_it_needs() {
    let fixture = Fixture::new(&[("a", 1.0), ("b", 3.0)]).launches(2).blocks(4);
    let advice = advice_for(&in_rounds(fixture.run(), 8));
    assert_eq!(
        (advice.next, advice.after_rounds, advice.after_blocks),
        (Next::GoOn, 2, 4)
    );
    assert_eq!(advice.why, Some(Why::Unfinished { rounds: 2, of: 3 }));
    let old = Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(4).run();
    let advice = advice_for(&in_blocks(old, 20));
    assert_eq!(
        (advice.next, advice.after_rounds, advice.why),
        (Next::GoOn, 0, Some(Why::Unfinished { rounds: 4, of: 5 }))
    );
}

#[test]
fn a_settled_run_stops() {
    let of_launches = Fixture::new(&[("a", 1.0), ("b", 3.0)])
        .launches(3)
        .blocks(6)
        .run();
    let of_blocks = Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(6).run();
    for run in [in_rounds(of_launches, 8), in_blocks(of_blocks, 20)] {
        let advice = advice_for(&run);
        assert_eq!(advice.next, Next::Stop, "{advice:?}");
        assert!(
            why(&advice).starts_with(
                "with average priorities the leader beats the next with a probability of >99 %;"
            ),
            "{advice:?}"
        );
    }
}

#[test]
fn racing_leaves_a_contender_out_that_costs_five_times_the_others() {
    let fixture = Fixture::new(&[("a", 1.0), ("b", 1.02), ("c", 1.01), ("dear", 5.0)]);
    let run = in_rounds(fixture.launches(2).blocks(4).run(), 8);
    let advice = advice_for(&run);
    assert_eq!(
        (advice.next, &advice.dropped[..]),
        (Next::GoOn, &["dear".to_owned()][..])
    );
    let first = in_rounds(
        Fixture::new(&[("a", 1.0), ("b", 1.02), ("dear", 5.0)])
            .launches(1)
            .blocks(2)
            .run(),
        8,
    );
    assert!(advice_for(&first).dropped.is_empty(), "no second launch yet");
}

#[test]
fn a_level_run_goes_on_and_says_what_would_separate_the_best_two() {
    for level in [LEVEL, LEVEL_IN_BLOCKS] {
        assert_eq!(question(level).answer().next, Next::GoOn);
    }
    let near = Margin { lead: 0.004, ..LEVEL };
    let advice = question(near).answer();
    assert_eq!((advice.next, advice.rounds, advice.blocks), (Next::GoOn, 2, 4));
    assert_eq!(
        why(&advice),
        "with average priorities the leader beats the next with a probability of 91 %; about 2 more rounds would raise it to 95 %"
    );
}

#[test]
fn a_run_stops_after_the_last_round_of_its_plan() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.0)])
        .launches(3)
        .blocks(6)
        .run();
    let advice = advice_for(&in_rounds(run, 3));
    assert_eq!(
        (advice.next, advice.why),
        (Next::Stop, Some(Why::PlanDone { rounds: 3 }))
    );
}

#[test]
fn doubt_about_priorities_alone_does_not_prolong_a_run() {
    let wide = Margin { lead: 0.05, ..LEVEL };
    assert_eq!(question(wide).answer().next, Next::Stop);
}

#[test]
fn the_advice_leaves_probes_out_where_load_gains_more_per_second() {
    let of_load = Margin {
        noise_of_load: 0.003,
        ..LEVEL
    };
    let advice = question(of_load).answer();
    assert_eq!((advice.next, advice.probes), (Next::GoOn, Probes::LeftOut));
    assert!(why(&advice).contains(" without probes would take"), "{advice:?}");
    let of_probes = Margin {
        noise_of_load: 0.000_1,
        ..LEVEL
    };
    assert_eq!(question(of_probes).answer().probes, Probes::Due);
    assert!(advice.value_per_second() > Some(0.0) && advice.value <= advice.expected_loss);
}
