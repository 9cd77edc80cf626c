//! Replays of a run that is made in memory: copies of one contender with noise of the launch and of the block, and one
//! contender that is dearer.

use super::{Cast, Replay, replay};
use crate::brief::Preferences;
use crate::entrant::Entrant;
use crate::evidence::{EndReason, Launch, LaunchEnd, Run};
use crate::fixture::{Fixture, brief};
use crate::judge::JudgeOptions;
use crate::plan::{Plan, StopRule};
use crate::schedule::{self, Budget, Step};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

const EQUALS: [&str; 4] = ["a", "b", "c", "d"];

/// More than a run of five contenders has.
const BLOCKS: u32 = 200;

/// By how much launches of one contender differ, as the standard deviation of the logarithm.
const OF_LAUNCH: f64 = 0.05;

fn options() -> JudgeOptions {
    JudgeOptions {
        samples: 1_000,
        seed: 7,
        only: Vec::new(),
    }
}

/// A run of the whole plan, four equal contenders and one that is 20 % dearer. It has no response times: to resample
/// them takes longer than all the rest of a replay.
fn stored() -> Run {
    let fixture = Fixture::new(&[("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0), ("dear", 1.2)]);
    let supply = fixture.twin_of("a").blocks(BLOCKS).curves(&[]).run();
    let names: Vec<String> = supply.plan.contenders.clone();
    let mut plans = (1..).map(|seed| Plan::new(names.clone(), 1_200.0, seed, vec![1.0; 3]));
    let mut plan = plans.find(|plan| plan.twin_of.as_deref() == Some("a")).unwrap();
    plan.stop_rule = StopRule::AllBlocks;
    let mut run = Run {
        plan,
        trials: Vec::new(),
        ..supply.clone()
    };
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut factors = Vec::new();
    let mut clock_s = 0.0;
    loop {
        match schedule::next(&run.plan, &run, Budget::of(&run)) {
            Step::Launch(scheduled) => {
                let planned = scheduled.planned;
                factors.push((OF_LAUNCH * random.random_range(-1.7_f64..1.7)).exp());
                let launch = Launch::new(scheduled.id, planned.round, planned.entrant);
                run.launches.push(Launch {
                    at_s: clock_s,
                    seconds: 10.0,
                    ..launch
                });
                clock_s += 10.0;
            }
            Step::Trial(scheduled) | Step::Repeat(scheduled) => {
                let planned = &scheduled.planned;
                let mut made = supply.trials.iter();
                let made =
                    made.find(|trial| trial.block == planned.block && trial.entrant == planned.entrant);
                let mut trial = made.unwrap().clone();
                trial.launch = Some(scheduled.launch);
                trial.position = planned.position;
                trial.at_s = clock_s;
                for seen in &mut trial.observations {
                    seen.value *= factors[scheduled.launch as usize];
                }
                clock_s += trial.seconds;
                run.trials.push(trial);
            }
            Step::Retire(scheduled) => {
                let launch = &mut run.launches[scheduled.launch as usize];
                launch.end = Some(LaunchEnd::new(EndReason::Retired, clock_s));
            }
            Step::Advise => {
                let advice = crate::stop::advise(&run, &brief(), &Preferences::default(), &options());
                run.advice.push(advice);
            }
            Step::Stop(_) => return run,
        }
    }
}

fn replays(run: &Run, cast: &Cast, count: u32) -> Vec<Replay> {
    replay(
        run,
        &brief(),
        &Preferences::default(),
        &options(),
        cast,
        "cpu_us_per_request",
        count,
    )
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn equals_differ_only_by_the_deal_and_a_dearer_one_stays_dearer() {
    let run = stored();
    let equal = Cast {
        equals: names(&EQUALS),
        playing: names(&EQUALS),
        others: Vec::new(),
    };
    let dealt = replays(&run, &equal, 8);
    assert_eq!(
        dealt[..2],
        replays(&run, &equal, 2),
        "the same seed deals the same"
    );
    let leaders: BTreeSet<Option<&str>> = dealt.iter().map(Replay::highest).collect();
    assert!(
        leaders.len() > 1,
        "one name is the dearest in every deal: {leaders:?}"
    );
    for replay in &dealt {
        assert!(
            replay.p_best.keys().all(|name| EQUALS.contains(&name.as_str())),
            "{replay:?}"
        );
        assert!(replay.launches >= 5, "{replay:?}");
    }

    let with_dearer = Cast {
        playing: names(&["a", "b", "c"]),
        others: names(&["dear"]),
        ..equal
    };
    let dearest = replays(&run, &with_dearer, 12);
    let found = dearest.iter().filter(|replay| replay.highest() == Some("dear"));
    assert!(
        found.count() >= 11,
        "{:?}",
        dearest.iter().map(Replay::highest).collect::<Vec<_>>()
    );
}

#[test]
fn a_replay_ends_where_the_stored_evidence_does() {
    let mut run = stored();
    let equal = Cast {
        equals: names(&EQUALS),
        playing: names(&EQUALS),
        others: Vec::new(),
    };
    run.launches.retain(|launch| launch.round == 0);
    run.trials
        .retain(|trial| run.launches.iter().any(|launch| Some(launch.id) == trial.launch));
    for replay in replays(&run, &equal, 3) {
        assert_eq!((replay.stop, replay.launches), (None, 5));
    }
    assert!(
        run.launches
            .iter()
            .any(|launch| launch.entrant == Entrant::twin_of("a"))
    );
}
