//! The plan for services that run already: one launch of each, which starts nothing, and blocks of loads. Nothing can
//! be started again, so there are no further rounds and no probes.

use super::round::PlannedRound;
use super::trial_budget::TrialBudget;
use super::{ALLOWANCE, BudgetRule, LaunchBudget, MIN_BLOCKS, Plan, ProbeCosts, RESPONSES_FOR_P99, StopRule};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

/// The blocks where no budget and no number of them is given: with two services and a twin they take two minutes.
const BLOCKS: u32 = 12;

/// The most blocks that a budget brings: more would tell differences apart that nobody cares for.
const MOST_BLOCKS: u32 = 60;

/// The load before the first block, which does not count: connections are opened, and caches are filled.
const RUN_IN_S: f64 = 3.0;

/// A launch: that load with a check before it, and the end, in seconds.
const LAUNCH_S: f64 = RUN_IN_S + 1.2 + LaunchBudget::RETIRE_S;

/// Reading what the machine does, before and after a load, in seconds.
const OVERHEAD_S: f64 = 0.4;

/// The shortest load of a trial, where the budget is short, in seconds.
const SHORTEST_LOAD_S: f64 = 1.0;

/// The longest load of a trial, where the rate is low, in seconds.
const LONGEST_LOAD_S: f64 = 10.0;

impl Plan {
    /// The plan for these services at a rate: `blocks` of them, or as many as the budget, in seconds, has time for, or
    /// a usual number. All of them run. `words` are those of the command line that name the services.
    #[must_use]
    pub fn of_running(
        names: Vec<String>,
        words: Vec<String>,
        (blocks, budget_s): (Option<u32>, Option<f64>),
        seed: u64,
        rate_rps: f64,
    ) -> Plan {
        let drawn = Plan::without_rounds(names, 0.0, seed, ProbeCosts::default());
        let entrants = drawn.entrants();
        let launch = LaunchBudget {
            warm_max_s: RUN_IN_S,
            rest_s: 0.0,
            wake_max_s: 0.0,
            pause_share: 0.0,
            alone: false,
        };
        let of_blocks_s = budget_s.map(|budget_s| budget_s / ALLOWANCE - entrants.len() as f64 * LAUNCH_S);
        let (blocks, measure_s) = shape(blocks, of_blocks_s, entrants.len(), rate_rps);
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        // The first stream has drawn the twin.
        random.set_stream(1);
        let round = PlannedRound::draw(0, &entrants, blocks, seed, &mut random);
        let plan = Plan {
            services: words,
            launch,
            trial: trial(measure_s),
            rounds: vec![round],
            stop_rule: StopRule::AllBlocks,
            ..drawn
        };
        let block_s = entrants.len() as f64 * plan.trial.load_s();
        let expected_s = entrants.len() as f64 * LAUNCH_S + f64::from(blocks) * block_s;
        Plan {
            budget_s: budget_s.unwrap_or(expected_s * ALLOWANCE),
            budget_rule: budget_s.map_or(BudgetRule::FullAnswer, |_| BudgetRule::Given),
            ..plan
        }
    }
}

/// The number of blocks and the length of a load, in seconds, where blocks of this many entrants may take
/// `of_blocks_s`.
fn shape(blocks: Option<u32>, of_blocks_s: Option<f64>, entrants: usize, rate_rps: f64) -> (u32, f64) {
    let fitting = |measure_s: f64| {
        let block_s = entrants as f64 * trial(measure_s).load_s();
        of_blocks_s.map(|seconds| (seconds / block_s) as u32)
    };
    let usual_s = TrialBudget::STANDARD.measure_s;
    let count = blocks.or_else(|| {
        let usual = fitting(usual_s)?;
        // Rather short loads than too few blocks for an answer.
        let most = if usual < MIN_BLOCKS {
            fitting(SHORTEST_LOAD_S)?.min(MIN_BLOCKS)
        } else {
            usual
        };
        Some(most.clamp(1, MOST_BLOCKS))
    });
    let count = count.unwrap_or(BLOCKS);
    let wanted_s = RESPONSES_FOR_P99 / (rate_rps * f64::from(count)).max(f64::MIN_POSITIVE);
    let wanted_s = wanted_s.clamp(usual_s, LONGEST_LOAD_S);
    let measure_s = of_blocks_s.map_or(wanted_s, |seconds| {
        let of_a_trial_s = seconds / (entrants as f64 * f64::from(count)) - OVERHEAD_S;
        wanted_s.min(of_a_trial_s.max(SHORTEST_LOAD_S))
    });
    (count, measure_s)
}

fn trial(measure_s: f64) -> TrialBudget {
    TrialBudget {
        warm_max_s: 0.0,
        wake_s: 0.0,
        measure_s,
        overhead_s: OVERHEAD_S,
        ..TrialBudget::STANDARD
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCKS, Plan};
    use crate::evidence::{EndReason, Launch, LaunchEnd, LoadSummary, Run, StopReason, Trial};
    use crate::fixture::Fixture;
    use crate::schedule::{Budget, Step, next};

    fn plan(blocks: Option<u32>, budget_s: Option<f64>, rate_rps: f64) -> Plan {
        let names = ["a", "b"].map(str::to_owned).to_vec();
        Plan::of_running(names, Vec::new(), (blocks, budget_s), 1, rate_rps)
    }

    fn shape(plan: &Plan) -> (u32, f64) {
        (plan.blocks_of_a_launch(), plan.trial.measure_s)
    }

    #[test]
    fn a_budget_becomes_blocks_and_a_low_rate_longer_loads() {
        assert_eq!(shape(&plan(None, None, 400.0)), (BLOCKS, 2.5));
        assert!(plan(None, None, 400.0).budget_s < 180.0);
        assert_eq!(shape(&plan(Some(7), None, 400.0)), (7, 2.5));
        let (blocks, _) = shape(&plan(None, Some(180.0), 400.0));
        assert!((15..=22).contains(&blocks), "{blocks}");
        let (blocks, seconds) = shape(&plan(None, Some(40.0), 400.0));
        assert_eq!(blocks, 5);
        assert!((1.0..2.5).contains(&seconds), "{seconds}");
        let (_, seconds) = shape(&plan(None, None, 10.0));
        assert!((9.0..=10.0).contains(&seconds), "{seconds}");
    }

    /// Steps of the schedule until it stops, each of which takes as long as the plan expects.
    fn steps(plan: &Plan) -> (Run, StopReason) {
        let mut run = Run {
            plan: plan.clone(),
            launches: Vec::new(),
            trials: Vec::new(),
            ..Fixture::new(&[("a", 1.0), ("b", 1.0)]).run()
        };
        for _ in 0..1_000 {
            match next(plan, &run, Budget::of(&run)) {
                Step::Launch(scheduled) => run.launches.push(Launch {
                    seconds: 4.0,
                    ..Launch::new(scheduled.id, 0, scheduled.planned.entrant)
                }),
                Step::Trial(scheduled) => run.trials.push(Trial {
                    launch: Some(scheduled.launch),
                    seconds: plan.trial.load_s(),
                    load: Some(LoadSummary::default()),
                    ..Trial::new(scheduled.planned.block, scheduled.planned.entrant)
                }),
                Step::Retire(scheduled) => {
                    let launch = &mut run.launches[scheduled.launch as usize];
                    launch.end = Some(LaunchEnd::new(EndReason::Retired, 0.0));
                }
                Step::Stop(reason) => return (run, reason),
                Step::Advise => run.advice.push(crate::evidence::Advice::unweighed(
                    1,
                    plan.min_blocks(),
                    crate::evidence::Next::Stop,
                    crate::evidence::Why::PlanDone { rounds: 1 },
                )),
                Step::Repeat(_) => unreachable!("nothing was disturbed"),
            }
        }
        unreachable!("the schedule ends")
    }

    #[test]
    fn every_service_has_one_launch_and_all_blocks_and_no_probe() {
        for plan in [plan(None, None, 400.0), plan(None, Some(60.0), 400.0)] {
            let (run, stop) = steps(&plan);
            assert_eq!(stop, StopReason::PlanDone);
            assert_eq!(run.launches.len(), 3, "two services and a twin");
            assert_eq!(run.trials.len() as u32, 3 * plan.blocks_of_a_launch());
            assert!(run.trials.iter().all(|trial| trial.slots.count == 0));
        }
    }
}
