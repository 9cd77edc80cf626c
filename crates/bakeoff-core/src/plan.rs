//! The plan of a run: which trials may run, in which order, with which seed and how much time. Pure and printable.
//! Does not know the machine: the caller passes what each probe costs. Does not decide what runs next: `schedule`
//! does.

mod probe_slots;
mod trial_budget;

pub use probe_slots::{ProbeSlots, Probes};
pub use trial_budget::TrialBudget;

use crate::entrant::Entrant;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

/// The smallest number of blocks that gives an interval.
pub const MIN_BLOCKS: u32 = 5;

/// A block may take this many times as long as expected.
pub const ALLOWANCE: f64 = 1.05;

/// How often each probe runs in the first [`MIN_BLOCKS`] blocks where the budget allows, before the load is made
/// longer: enough for an interval.
const RUNS_OF_EACH_PROBE: f64 = 3.0;

/// The time of the whole contract check of one contender, in seconds, as measured over the field.
const CONTRACT_S: f64 = 1.3;

/// What a run will do, before it does it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The seed of everything random.
    pub seed: u64,
    /// The measuring time that the user allows, in seconds.
    pub budget_s: f64,
    /// The contenders that run, in the order of the brief.
    pub contenders: Vec<String>,
    /// The contender that runs a second time in every block, as its twin.
    pub twin_of: Option<String>,
    /// The time that each part of a trial gets.
    #[serde(alias = "shape")]
    pub trial: TrialBudget,
    /// The typical time of each probe in one trial, in seconds, in the order of the lab's probe table; empty in plans
    /// that were stored without it.
    #[serde(default)]
    pub probe_costs_s: Vec<f64>,
    /// The blocks, each a random order of all contenders and the twin.
    pub blocks: Vec<PlannedBlock>,
    /// When to stop.
    #[serde(default, alias = "until")]
    pub stop_rule: StopRule,
}

/// When measuring stops, unless the budget ends earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopRule {
    /// When more blocks would not be worth their time.
    #[default]
    Settled,
    /// When all blocks of the plan ran.
    AllBlocks,
}

/// Every contender once, in random order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedBlock {
    /// Counted from 0.
    pub index: u32,
    /// Trials in the order in which they run.
    pub trials: Vec<PlannedTrial>,
}

/// One contender's place in a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTrial {
    /// The block, counted from 0.
    pub block: u32,
    /// The place within the block, counted from 0.
    pub position: u32,
    /// Who runs.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// The seed of this trial's load: the same for every contender of a block, so that all get the same requests.
    pub seed: u64,
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

    /// The expected time of one block, in seconds.
    #[must_use]
    pub fn block_s(&self) -> f64 {
        let twin = if self.twin_of.is_some() {
            self.trial.load_s()
        } else {
            0.0
        };
        self.contenders.len() as f64 * self.trial.trial_s() + twin
    }

    /// The expected time of a block in which every trial has its load only, in seconds.
    #[must_use]
    pub fn load_only_block_s(&self) -> f64 {
        let twins = if self.twin_of.is_some() { 1.0 } else { 0.0 };
        (self.contenders.len() as f64 + twins) * self.trial.load_s()
    }

    /// The expected time of the whole contract check in the first block, in seconds.
    #[must_use]
    pub fn contract_check_s(&self) -> f64 {
        self.contenders.len() as f64 * CONTRACT_S
    }

    /// The number of blocks that run if the budget lasts.
    #[must_use]
    pub fn min_blocks(&self) -> u32 {
        match self.stop_rule {
            StopRule::Settled => MIN_BLOCKS,
            StopRule::AllBlocks => self.blocks.len() as u32,
        }
    }

    /// The plan of a run over `contenders` within `budget_s` seconds, on a machine whose probes take `probe_costs_s`.
    ///
    /// It has as many blocks as the budget holds when they have the load only, at least [`MIN_BLOCKS`]. The schedule
    /// decides block by block how many of them run, and how many with their probes. Where the budget allows, the load
    /// is longer. The seed draws the twin from the contenders.
    #[must_use]
    pub fn new(contenders: Vec<String>, budget_s: f64, seed: u64, probe_costs_s: Vec<f64>) -> Plan {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        let mut names = contenders.clone();
        names.shuffle(&mut random);
        let mut plan = Plan {
            seed,
            budget_s,
            contenders,
            twin_of: names.first().cloned(),
            trial: TrialBudget::SHORTEST,
            probe_costs_s,
            blocks: Vec::new(),
            stop_rule: StopRule::Settled,
        };
        plan.trial = plan.longest_trial(MIN_BLOCKS, |tenths| MIN_BLOCKS + tenths / 20);
        let count = ((budget_s / plan.load_only_block_s()).floor() as u32).max(MIN_BLOCKS);
        plan.blocks = (0..count)
            .map(|index| plan.draw_block(index, &mut random))
            .collect();
        plan
    }

    /// The same plan with exactly `count` blocks, which all run while the budget lasts, even when the verdict is
    /// settled earlier. Its trials are as long as leaves room for all of them.
    #[must_use]
    pub fn with_blocks(self, count: u32) -> Plan {
        let mut random = ChaCha12Rng::seed_from_u64(self.seed);
        let mut plan = Plan {
            stop_rule: StopRule::AllBlocks,
            trial: TrialBudget::SHORTEST,
            ..self
        };
        plan.trial = plan.longest_trial(count.max(1), |_| count);
        plan.blocks = (0..count)
            .map(|index| plan.draw_block(index, &mut random))
            .collect();
        plan
    }

    /// The longest trial with which whole blocks still fit into the budget: `min_blocks` of them, and `blocks(t)`
    /// where the load is t tenths of a second longer than the shortest.
    fn longest_trial(&self, min_blocks: u32, blocks: impl Fn(u32) -> u32) -> TrialBudget {
        let all_s = self.budget_s - self.contract_check_s();
        let block_s = all_s / (f64::from(min_blocks) * ALLOWANCE);
        let spare_s = (block_s - self.block_s()) / self.contenders.len().max(1) as f64;
        let all_probes_s: f64 = self.probe_costs_s.iter().sum();
        let most_s = RUNS_OF_EACH_PROBE * all_probes_s / f64::from(min_blocks);
        let shortest = TrialBudget {
            probe_s: spare_s.clamp(0.0, most_s),
            ..TrialBudget::SHORTEST
        };
        let mut best = shortest;
        for tenths in 0..=100 {
            let trial = shortest.stretched(f64::from(tenths) / 10.0);
            let stretched = Plan {
                trial,
                ..self.clone()
            };
            // Not every longer trial fits where a shorter one does not: more blocks go with some lengths. So all are
            // tried.
            if stretched.block_s() * f64::from(blocks(tenths)) * ALLOWANCE <= all_s {
                best = trial;
            }
        }
        best
    }

    fn draw_block(&self, index: u32, random: &mut ChaCha12Rng) -> PlannedBlock {
        let mut order = self.entrants();
        order.shuffle(random);
        let seed = self
            .seed
            .wrapping_add(u64::from(index).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let trials = order
            .into_iter()
            .enumerate()
            .map(|(position, entrant)| PlannedTrial {
                block: index,
                position: position as u32,
                entrant,
                seed,
            })
            .collect();
        PlannedBlock { index, trials }
    }
}

#[cfg(test)]
mod tests {
    use super::{MIN_BLOCKS, Plan, StopRule};
    use crate::entrant::Entrant;

    /// The cost of all probes in these tests, in seconds.
    const ALL_PROBES_S: f64 = 28.4;

    fn plan(contenders: usize, budget_s: f64) -> Plan {
        let names = (0..contenders).map(|n| format!("contender-{n}")).collect();
        Plan::new(names, budget_s, 1, vec![ALL_PROBES_S / 2.0; 2])
    }

    #[test]
    fn blocks_of_a_given_number_share_the_budget() {
        let plan = plan(4, 480.0).with_blocks(16);
        assert_eq!((plan.blocks.len(), plan.stop_rule), (16, StopRule::AllBlocks));
        assert!(plan.block_s() * 16.0 <= 480.0, "{}", plan.block_s());
        assert_eq!(plan.blocks[15].trials.len(), 5);
    }

    #[test]
    fn a_longer_budget_pays_for_every_probe_and_never_costs_a_block() {
        for budget_s in [60.0, 240.0, 300.0, 360.0, 480.0, 600.0, 1_800.0] {
            let plan = plan(8, budget_s);
            assert!(plan.blocks.len() >= MIN_BLOCKS as usize);
            let whole = plan.block_s() * f64::from(MIN_BLOCKS);
            assert!(
                plan.trial.probe_s == 0.0 || whole <= budget_s,
                "{budget_s}: {whole}"
            );
        }
        assert_eq!(plan(8, 60.0).trial.probe_s, 0.0);
        let enough = ALL_PROBES_S / f64::from(MIN_BLOCKS);
        assert!(plan(8, 600.0).trial.probe_s >= enough - 1e-9);
        assert!(plan(8, 300.0).trial.probe_s > 0.5);
    }

    #[test]
    fn a_plan_of_the_first_version_opens() {
        let stored = r#"{"seed":1,"budget_s":60.0,"contenders":["a","b"],"twin_of":"a","shape":{"warm_max_s":1.0,
            "measure_s":1.25,"blocking_s":0.4,"waiting_s":0.35,"extra_starts":0,"turns_s":2.5,"overhead_s":0.65,
            "turns":{"first":3,"count":2}},"blocks":[],"until":"all-blocks"}"#;
        let plan: Plan = serde_json::from_str(stored).unwrap();
        assert_eq!((plan.trial.probe_s, plan.trial.slots.first), (2.5, 3));
        assert_eq!(plan.stop_rule, StopRule::AllBlocks);
        assert!(plan.probe_costs_s.is_empty());
    }

    #[test]
    fn a_plan_of_the_first_version_keeps_its_times_and_its_rule() {
        let json = r#"{"seed":7,"budget_s":240.0,"contenders":["a"],"twin_of":"a","shape":{"warm_max_s":1.0,
            "measure_s":1.25,"blocking_s":0.4,"waiting_s":0.35,"extra_starts":0,"turns_s":2.5,"overhead_s":0.65,
            "turns":{"first":3,"count":2}},"blocks":[{"index":0,"trials":[{"block":0,"position":0,
            "contender":"a~twin","seed":7}]}],"until":"all-blocks"}"#;
        let plan: Plan = serde_json::from_str(json).unwrap();
        assert_eq!(plan.trial.probe_s, 2.5);
        assert_eq!((plan.trial.slots.first, plan.trial.slots.count), (3, 2));
        assert_eq!(plan.stop_rule, StopRule::AllBlocks);
        assert_eq!(plan.blocks[0].trials[0].entrant, Entrant::twin_of("a"));
    }
}
