//! The plan of a run: which launches and trials may run, in which order, with which seed and how much time. Pure and
//! printable. Does not know the machine: the caller passes what each probe costs. Does not decide what runs next:
//! `schedule` does.

mod block;
mod division;
mod each_trial;
mod expected;
mod launch_budget;
mod probe_costs;
mod probe_slots;
mod round;
mod running;
mod trial_budget;

pub use block::{PlannedBlock, PlannedTrial};
pub use launch_budget::LaunchBudget;
pub use probe_costs::ProbeCosts;
pub use probe_slots::{ProbeSlots, Probes};
pub use round::{PlannedLaunch, PlannedRound};
pub use trial_budget::TrialBudget;

use crate::entrant::Entrant;
use division::{Deviations, blocks_of_a_launch};
use expected::{Expected, waits_s};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

/// The smallest number of blocks that gives an interval, and that a decision needs.
pub const MIN_BLOCKS: u32 = 5;

/// The smallest number of launches that a decision needs: one alone does not show how far launches differ.
pub const MIN_LAUNCHES: u32 = 2;

/// The rounds of a full answer.
pub const FULL_ROUNDS: u32 = 3;

/// The rounds over which probes are spread, so that each has run once for every contender before racing leaves the
/// first one out.
pub const PROBE_ROUNDS: u32 = 2;

/// Steps may take this many times as long as expected.
pub const ALLOWANCE: f64 = 1.05;

/// The most rounds of a plan: leaders get no more launches than this, however long the budget is.
const MOST_ROUNDS: u32 = 12;

/// The smallest field that a further round can have: the best two and a twin.
const LEADERS: u32 = 3;

/// The responses of a contender that a full answer needs for its 99th percentile: ten beyond it, with a tenth more,
/// since a trial may be lost.
const RESPONSES_FOR_P99: f64 = 1_100.0;

/// The longest load of a trial, however low the brief's rate is, in seconds.
const LONGEST_LOAD_S: f64 = 10.0;

/// What a run will do, before it does it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The seed of everything random.
    pub seed: u64,
    /// The measuring time, in seconds: at most this where the user set it, about this for a full answer.
    pub budget_s: f64,
    /// Where the budget comes from.
    #[serde(default)]
    pub budget_rule: BudgetRule,
    /// The contenders that run, in the order of the brief.
    pub contenders: Vec<String>,
    /// The words of the command line with which the user asked for a contender and variants of it, such as `--tiers`
    /// and its name; empty where the user did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<String>,
    /// The contenders and variants that the user asked for in place of the brief's; empty where the brief chose, and
    /// in plans that were stored without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The words of the command line with which the user named services that ran already; empty where the lab starts
    /// the contenders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The contender that runs a second time in every block, as its twin.
    pub twin_of: Option<String>,
    /// The time that each part of a launch gets.
    #[serde(default)]
    pub launch: LaunchBudget,
    /// The time that each part of a trial gets.
    #[serde(alias = "shape")]
    pub trial: TrialBudget,
    /// The typical time of each probe, once for one contender, in seconds, in the order of the lab's probe table;
    /// empty in plans that were stored without it.
    #[serde(default)]
    pub probe_costs_s: Vec<f64>,
    /// The places of the probes that end a server, which run when a launch is retired.
    #[serde(default)]
    pub end_probes: Vec<u32>,
    /// The rounds in order: those of a full answer and further ones, which run for those that can still become the
    /// choice; empty in plans of earlier versions.
    #[serde(default)]
    pub rounds: Vec<PlannedRound>,
    /// The blocks of a plan of an earlier version, each a random order of all contenders and the twin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<PlannedBlock>,
    /// When to stop.
    #[serde(default, alias = "until")]
    pub stop_rule: StopRule,
}

/// When measuring stops, unless the budget ends earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopRule {
    /// When more rounds would not be worth their time.
    #[default]
    Settled,
    /// When all blocks of the plan ran.
    AllBlocks,
}

/// Where a budget comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BudgetRule {
    /// The user set it, and the run stays within it.
    #[default]
    Given,
    /// It is what a full answer takes, and follows what launches, trials and probes turn out to take.
    FullAnswer,
}

impl Plan {
    /// The twin, when one contender runs twice in every block.
    #[must_use]
    pub fn twin(&self) -> Option<Entrant> {
        self.twin_of.as_deref().map(Entrant::twin_of)
    }

    /// All who run in a block: the contenders in the order of the brief, then the twin.
    #[must_use]
    pub fn entrants(&self) -> Vec<Entrant> {
        let contenders = self.contenders.iter().map(|name| Entrant::contender(name));
        contenders.chain(self.twin()).collect()
    }

    /// The blocks that a launch lives through; 0 in plans of earlier versions.
    #[must_use]
    pub fn blocks_of_a_launch(&self) -> u32 {
        self.rounds.first().map_or(0, |round| round.blocks.len() as u32)
    }

    /// The number of rounds that run if the budget lasts, before more of them are weighed against their price.
    #[must_use]
    pub fn min_rounds(&self) -> u32 {
        match (self.stop_rule, self.budget_rule) {
            (StopRule::AllBlocks, _) => self.rounds.len() as u32,
            (StopRule::Settled, BudgetRule::FullAnswer) => FULL_ROUNDS,
            (StopRule::Settled, BudgetRule::Given) => self.affordable_rounds(self.blocks_of_a_launch()),
        }
    }

    /// The number of blocks in these rounds; in plans of earlier versions the number that ran if the budget lasted.
    #[must_use]
    pub fn min_blocks(&self) -> u32 {
        match (self.rounds.is_empty(), self.stop_rule) {
            (false, _) => self.min_rounds() * self.blocks_of_a_launch(),
            (true, StopRule::Settled) => MIN_BLOCKS,
            (true, StopRule::AllBlocks) => self.blocks.len() as u32,
        }
    }

    /// The expected time of the trials of one block, in seconds.
    #[must_use]
    pub fn block_s(&self) -> f64 {
        self.contenders.len() as f64 * self.trial.trial_s() + f64::from(self.twins()) * self.trial.load_s()
    }

    /// The expected time of a block in which every trial has its load only, in seconds.
    #[must_use]
    pub fn load_only_block_s(&self) -> f64 {
        (self.contenders.len() as f64 + f64::from(self.twins())) * self.trial.load_s()
    }

    /// The expected time of all probes, once for every contender, in seconds.
    #[must_use]
    pub fn probes_once_s(&self) -> f64 {
        self.contenders.len() as f64 * self.probe_costs_s.iter().sum::<f64>()
    }

    /// The expected time of a full answer with this field, with what it may exceed it by, in seconds: three launches of
    /// every contender, and every probe once for each.
    #[must_use]
    pub fn full_answer_s(&self) -> f64 {
        self.full_answer_with_s(self.full_blocks_of_a_launch())
    }

    /// The time for which a launch's first trial waits on average until its server has rested, in a round of that many
    /// entrants whose launches take `launch_s` each, in seconds.
    pub(crate) fn wait_for_rest_s(&self, entrants: u32, launch_s: f64) -> f64 {
        let waits_s = waits_s(entrants, launch_s, self.trial.load_s(), self.launch.rest_s);
        waits_s / f64::from(entrants.max(1))
    }

    /// The number of blocks of a full answer.
    #[must_use]
    pub fn full_blocks(&self) -> u32 {
        FULL_ROUNDS * self.full_blocks_of_a_launch()
    }

    /// The plan of a full answer, whose budget is the time that it takes, on a machine whose probes take that long.
    ///
    /// The seed draws the twin from the contenders, and the orders of launches and blocks.
    #[must_use]
    pub fn full(contenders: Vec<String>, seed: u64, probes: impl Into<ProbeCosts>) -> Plan {
        let plan = Plan {
            budget_rule: BudgetRule::FullAnswer,
            ..Plan::without_rounds(contenders, 0.0, seed, probes.into())
        };
        plan.with_rounds(None)
    }

    /// The same within a budget of `budget_s` seconds that the user set.
    ///
    /// A budget shorter than a full answer leaves out probes first, then the third round, whose launches the second
    /// one's blocks replace in part; `schedule::left_out` tells what. The first round always begins.
    #[must_use]
    pub fn new(contenders: Vec<String>, budget_s: f64, seed: u64, probes: impl Into<ProbeCosts>) -> Plan {
        Plan::without_rounds(contenders, budget_s, seed, probes.into()).with_rounds(None)
    }

    /// The same plan with exactly `count` blocks of each launch in the three rounds of a full answer, which all run
    /// while the budget lasts, even when the verdict is settled earlier.
    #[must_use]
    pub fn with_blocks(self, count: u32) -> Plan {
        let plan = Plan {
            stop_rule: StopRule::AllBlocks,
            ..self
        };
        plan.with_rounds(Some(count.max(1)))
    }

    /// The same plan for a load of `rate_rps` requests a second: where the rate is low, the loads are longer, so that a
    /// full answer has enough responses for the 99th percentile.
    #[must_use]
    pub fn with_rate(mut self, rate_rps: f64) -> Plan {
        let trials = f64::from(FULL_ROUNDS * self.blocks_of_a_launch());
        let needed_s = RESPONSES_FOR_P99 / (rate_rps * trials).max(f64::MIN_POSITIVE);
        self.trial.measure_s = needed_s.clamp(TrialBudget::STANDARD.measure_s, LONGEST_LOAD_S);
        let blocks = match self.stop_rule {
            StopRule::Settled => None,
            StopRule::AllBlocks => Some(self.blocks_of_a_launch()),
        };
        self.with_rounds(blocks)
    }

    /// The same plan with other limits of its launches and trials.
    #[must_use]
    pub fn with_limits(mut self, launch: LaunchBudget, trial: TrialBudget) -> Plan {
        self.launch = launch;
        self.trial = trial;
        let blocks = match self.stop_rule {
            StopRule::Settled => None,
            StopRule::AllBlocks => Some(self.blocks_of_a_launch()),
        };
        self.with_rounds(blocks)
    }

    fn without_rounds(contenders: Vec<String>, budget_s: f64, seed: u64, probes: ProbeCosts) -> Plan {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        let mut names = contenders.clone();
        names.shuffle(&mut random);
        Plan {
            seed,
            budget_s,
            budget_rule: BudgetRule::Given,
            contenders,
            compared: Vec::new(),
            only: Vec::new(),
            services: Vec::new(),
            twin_of: names.first().cloned(),
            launch: LaunchBudget::STANDARD,
            trial: TrialBudget::STANDARD,
            probe_costs_s: probes.typical_s,
            end_probes: probes.at_end,
            rounds: Vec::new(),
            blocks: Vec::new(),
            stop_rule: StopRule::Settled,
        }
    }

    /// The same plan with its rounds drawn anew, each launch with that number of blocks, or with the one that the time
    /// allows.
    fn with_rounds(mut self, blocks: Option<u32>) -> Plan {
        let usual = self.usual_blocks();
        let blocks = match self.budget_rule {
            BudgetRule::FullAnswer => {
                let blocks = blocks.unwrap_or(usual);
                self.budget_s = self.full_answer_with_s(blocks);
                blocks
            }
            BudgetRule::Given => blocks.unwrap_or_else(|| self.affordable_blocks(usual)),
        };
        let count = match self.stop_rule {
            StopRule::Settled => {
                let leaders_s = self.expected().round_s(LEADERS, blocks);
                ((self.budget_s / leaders_s) as u32).clamp(FULL_ROUNDS, MOST_ROUNDS)
            }
            StopRule::AllBlocks => FULL_ROUNDS,
        };
        let entrants = self.entrants();
        let mut random = ChaCha12Rng::seed_from_u64(self.seed);
        // The first stream has drawn the twin.
        random.set_stream(1);
        self.rounds = (0..count)
            .map(|index| PlannedRound::draw(index, &entrants, blocks, self.seed, &mut random))
            .collect();
        self.trial.probe_s = self.probe_share_s(blocks);
        self
    }

    fn full_blocks_of_a_launch(&self) -> u32 {
        match self.stop_rule {
            StopRule::Settled => self.usual_blocks(),
            StopRule::AllBlocks => self.blocks_of_a_launch(),
        }
    }

    /// The number of blocks of a launch, where time allows.
    fn usual_blocks(&self) -> u32 {
        let launch_s = self.launch.expected_s(false) + LaunchBudget::RETIRE_S;
        blocks_of_a_launch(launch_s, self.trial.load_s(), Deviations::of_cpu_time())
    }

    /// The number of blocks of a launch with which as many rounds as possible fit into the budget: three, or two with
    /// the blocks that a decision needs, or one.
    fn affordable_blocks(&self, usual: u32) -> u32 {
        let decided = usual.max(MIN_BLOCKS.div_ceil(MIN_LAUNCHES));
        let several = [
            (FULL_ROUNDS, usual),
            (MIN_LAUNCHES, decided),
            (MIN_LAUNCHES, usual),
        ];
        let one = (1..=decided).rev().map(|blocks| (1, blocks));
        let mut ways = several.into_iter().chain(one);
        ways.find(|(rounds, blocks)| self.fits(*rounds, *blocks))
            .map_or(1, |(_, blocks)| blocks)
    }

    /// The number of rounds of a full answer that fit into the budget without probes; at least one.
    fn affordable_rounds(&self, blocks: u32) -> u32 {
        let mut rounds = (1..=FULL_ROUNDS).rev();
        rounds.find(|rounds| self.fits(*rounds, blocks)).unwrap_or(1)
    }

    fn fits(&self, rounds: u32, blocks: u32) -> bool {
        self.expected().rounds_s(rounds, blocks) * ALLOWANCE <= self.budget_s
    }

    fn full_answer_with_s(&self, blocks: u32) -> f64 {
        (self.expected().rounds_s(FULL_ROUNDS, blocks) + self.probes_once_s()) * ALLOWANCE
    }

    /// The time for the probes of one trial on average, in seconds: what the budget leaves beside the loads, at most
    /// what runs every probe once in the first rounds.
    fn probe_share_s(&self, blocks: u32) -> f64 {
        let rounds = self.min_rounds();
        let contenders = self.contenders.len().max(1) as f64;
        let spare_s = self.budget_s / ALLOWANCE - self.expected().rounds_s(rounds, blocks);
        let most_s = self.probe_costs_s.iter().sum::<f64>() / f64::from(PROBE_ROUNDS * blocks);
        (spare_s / (contenders * f64::from(rounds * blocks))).clamp(0.0, most_s)
    }

    fn expected(&self) -> Expected {
        Expected {
            contenders: self.contenders.len() as u32,
            twins: self.twins(),
            launch: self.launch,
            trial: self.trial,
        }
    }

    fn twins(&self) -> u32 {
        u32::from(self.twin_of.is_some())
    }
}

#[cfg(test)]
impl Plan {
    /// That many rounds of all entrants without probes, as expected before any of them has run, in seconds.
    pub(crate) fn expected_rounds_s(&self, rounds: u32) -> f64 {
        self.expected().rounds_s(rounds, self.blocks_of_a_launch())
    }
}

#[cfg(test)]
mod tests;
