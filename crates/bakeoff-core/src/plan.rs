//! The plan of a run: which trials, in which order, with which seed and shape. Pure and printable. Deliberately knows no
//! machine: what a trial costs is told by who has measured it.

mod turns;

pub use turns::{Share, Turns};

use crate::entrant::Entrant;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

/// The fewest blocks from which intervals are drawn.
pub const MIN_BLOCKS: u32 = 5;

/// What all probes need together on a machine of two processors, in seconds. The fewest blocks hold each once where the budget allows.
pub const ALL_TURNS_S: f64 = 28.4;

/// So many turns each probe has in the fewest blocks where the budget allows, before the load is made longer: enough for an interval.
const TURNS_EACH: f64 = 3.0;

/// What the whole contract takes, which each contender is held to in the first block, in seconds.
const CONTRACT_S: f64 = 1.3;

/// What a start takes on average, as far as is known, in seconds.
const START_S: f64 = 0.7;

/// Blocks may take this much longer than planned.
const ALLOWANCE: f64 = 1.05;

/// What happens in a run, before it happens.
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
    /// How long the parts of a trial take.
    pub shape: TrialShape,
    /// The blocks, each a random order of all contenders and the twin.
    pub blocks: Vec<PlannedBlock>,
    /// When to stop.
    #[serde(default)]
    pub until: Until,
}

/// When measuring stops, if nothing stops it before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// When more blocks would not be worth their time.
    #[default]
    Settled,
    /// When all blocks of the plan ran, or the budget is spent.
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

/// One contender's turn.
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

/// How long the parts of a trial take, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrialShape {
    /// The longest time to wait for a steady state.
    pub warm_max_s: f64,
    /// The load at the brief's rate.
    pub measure_s: f64,
    /// The light route beside a computing one.
    pub blocking_s: f64,
    /// The waiting route.
    pub waiting_s: f64,
    /// Additional starts that are timed and stopped at once.
    pub extra_starts: u32,
    /// What the probes get in each trial, on average.
    #[serde(default)]
    pub turns_s: f64,
    /// What a trial costs besides, as far as is known.
    pub overhead_s: f64,
    /// The probes that run after the load; which, is decided block by block.
    #[serde(default)]
    pub turns: Turns,
}

/// Whether the probes of a block run after its load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probes {
    /// Those that are due in the block.
    #[default]
    Due,
    /// None, because time is short and the load comes first.
    LeftOut,
}

impl TrialShape {
    /// What a full trial takes, as far as is known, in seconds.
    #[must_use]
    pub fn trial_s(&self) -> f64 {
        let starts = f64::from(self.extra_starts) * START_S;
        self.load_s() + self.turns_s + starts
    }

    /// The same with these probes.
    #[must_use]
    pub fn with(self, turns: Turns) -> TrialShape {
        TrialShape { turns, ..self }
    }

    /// The same without probes and further starts, for when time is short.
    #[must_use]
    pub fn load_only(self) -> TrialShape {
        TrialShape {
            extra_starts: 0,
            turns_s: 0.0,
            turns: Turns::NONE,
            ..self
        }
    }

    /// What a trial takes that has the load only, as the twin's, in seconds.
    #[must_use]
    pub fn load_s(&self) -> f64 {
        self.warm_max_s + self.measure_s + self.overhead_s
    }
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

    /// What one block takes, as far as is known, in seconds.
    #[must_use]
    pub fn block_s(&self) -> f64 {
        let twin = if self.twin_of.is_some() {
            self.shape.load_s()
        } else {
            0.0
        };
        self.contenders.len() as f64 * self.shape.trial_s() + twin
    }

    /// The same when every trial has its load only.
    #[must_use]
    pub fn load_only_block_s(&self) -> f64 {
        let twins = if self.twin_of.is_some() { 1.0 } else { 0.0 };
        (self.contenders.len() as f64 + twins) * self.shape.load_s()
    }

    /// What the first block takes besides, since it holds each contender to the whole contract, in seconds.
    #[must_use]
    pub fn first_block_more_s(&self) -> f64 {
        self.contenders.len() as f64 * CONTRACT_S
    }

    /// How many blocks run at least, if the budget lasts.
    #[must_use]
    pub fn fewest_blocks(&self) -> u32 {
        match self.until {
            Until::Settled => MIN_BLOCKS,
            Until::AllBlocks => self.blocks.len() as u32,
        }
    }

    /// The plan of a run over `contenders` within `budget_s`.
    ///
    /// As many blocks as the budget holds when they have the load only, at least [`MIN_BLOCKS`]: how many of them run, and
    /// how many with their probes, is decided block by block from what blocks have taken. With time to spare the load is
    /// measured longer. The twin is drawn from the contenders by the seed.
    #[must_use]
    pub fn new(contenders: Vec<String>, budget_s: f64, seed: u64) -> Plan {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        let mut names = contenders.clone();
        names.shuffle(&mut random);
        let mut plan = Plan {
            seed,
            budget_s,
            contenders,
            twin_of: names.first().cloned(),
            shape: TrialShape::SHORTEST,
            blocks: Vec::new(),
            until: Until::Settled,
        };
        plan.shape = plan.shape_for(MIN_BLOCKS, |tenths| MIN_BLOCKS + tenths / 20);
        let count = ((budget_s / plan.load_only_block_s()).floor() as u32).max(MIN_BLOCKS);
        plan.blocks = (0..count)
            .map(|index| plan.draw_block(index, &mut random))
            .collect();
        plan
    }

    /// The same with exactly so many blocks, all of which run while the budget lasts, however soon the verdict is settled. Trials are as long as
    /// leaves room for them all.
    #[must_use]
    pub fn with_blocks(self, count: u32) -> Plan {
        let mut random = ChaCha12Rng::seed_from_u64(self.seed);
        let mut plan = Plan {
            until: Until::AllBlocks,
            shape: TrialShape::SHORTEST,
            ..self
        };
        plan.shape = plan.shape_for(count.max(1), |_| count);
        plan.blocks = (0..count)
            .map(|index| plan.draw_block(index, &mut random))
            .collect();
        plan
    }

    /// The longest shape that still leaves room for whole blocks: `fewest`, or as many as `blocks` says of a load that is so many tenths of a
    /// second longer.
    fn shape_for(&self, fewest: u32, blocks: impl Fn(u32) -> u32) -> TrialShape {
        let all_s = self.budget_s - self.first_block_more_s();
        let block_s = all_s / (f64::from(fewest) * ALLOWANCE);
        let spare_s = (block_s - self.block_s()) / self.contenders.len().max(1) as f64;
        let shortest = TrialShape {
            turns_s: spare_s.clamp(0.0, TURNS_EACH * ALL_TURNS_S / f64::from(fewest)),
            ..TrialShape::SHORTEST
        };
        let mut best = shortest;
        for tenths in 0..=100 {
            let shape = shortest.stretched(f64::from(tenths) / 10.0);
            let block_s = Plan {
                shape,
                ..self.clone()
            }
            .block_s();
            if block_s * f64::from(blocks(tenths)) * ALLOWANCE <= all_s {
                best = shape;
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

impl TrialShape {
    /// The shortest trial that still says something.
    pub const SHORTEST: TrialShape = TrialShape {
        warm_max_s: 1.0,
        measure_s: 1.25,
        blocking_s: 0.4,
        waiting_s: 0.35,
        extra_starts: 0,
        turns_s: 0.0,
        overhead_s: 0.65,
        turns: Turns::NONE,
    };

    /// The same with `more_s` seconds of load more, the other parts in proportion.
    fn stretched(self, more_s: f64) -> TrialShape {
        TrialShape {
            warm_max_s: self.warm_max_s + more_s * 0.2,
            measure_s: self.measure_s + more_s,
            blocking_s: self.blocking_s + more_s * 0.3,
            waiting_s: self.waiting_s + more_s * 0.2,
            turns_s: self.turns_s + if self.turns_s > 0.0 { more_s * 0.5 } else { 0.0 },
            extra_starts: self.extra_starts + (more_s.ceil() as u32).min(3),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL_TURNS_S, MIN_BLOCKS, Plan, Until};

    #[test]
    fn so_many_blocks_share_the_budget() {
        let names = (0..4).map(|n| format!("contender-{n}")).collect();
        let plan = Plan::new(names, 480.0, 1).with_blocks(16);
        assert_eq!((plan.blocks.len(), plan.until), (16, Until::AllBlocks));
        assert!(plan.block_s() * 16.0 <= 480.0, "{}", plan.block_s());
        assert_eq!(plan.blocks[15].trials.len(), 5);
    }

    #[test]
    fn a_longer_budget_gives_every_probe_its_turn_and_never_costs_a_block() {
        let names = || (0..8).map(|n| format!("contender-{n}")).collect();
        let plan = |budget_s| Plan::new(names(), budget_s, 1);
        for budget_s in [60.0, 240.0, 300.0, 360.0, 480.0, 600.0, 1_800.0] {
            let plan = plan(budget_s);
            assert!(plan.blocks.len() >= MIN_BLOCKS as usize);
            let whole = plan.block_s() * f64::from(MIN_BLOCKS);
            assert!(
                plan.shape.turns_s == 0.0 || whole <= budget_s,
                "{budget_s}: {whole}"
            );
        }
        assert_eq!(plan(60.0).shape.turns_s, 0.0);
        let enough = ALL_TURNS_S / f64::from(MIN_BLOCKS);
        assert!(plan(600.0).shape.turns_s >= enough - 1e-9);
        assert!(plan(300.0).shape.turns_s > 0.5);
    }
}
