//! The rounds of a run: in each, every contender is launched once, lives through the round's blocks and is retired.
//! Draws their orders; does not decide whether a round runs.

use super::block::{PlannedBlock, PlannedTrial};
use crate::entrant::Entrant;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

/// Keeps the seeds of blocks apart: the golden ratio as a 64-bit fraction.
const BLOCK_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Keeps the seeds of rounds apart from those of blocks and from one another.
const ROUND_STEP: u64 = 0xC2B2_AE3D_27D4_EB4F;

/// Launches of all entrants, and the blocks that they live through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRound {
    /// Counted from 0.
    pub index: u32,
    /// Launches in the order in which they begin.
    pub launches: Vec<PlannedLaunch>,
    /// Blocks in order; their indices count on through the run.
    pub blocks: Vec<PlannedBlock>,
}

/// One entrant's launch in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLaunch {
    /// The round, counted from 0.
    pub round: u32,
    /// Who is started.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// The seed of its warm-up: the same for every entrant of a round.
    pub seed: u64,
}

impl PlannedRound {
    /// The round with this index, with orders drawn from `random`: of the launches and of each block. `seed` is the
    /// plan's.
    ///
    /// The first block has the order of the launches. So each server has rested about equally long when its first
    /// trial comes, and the rest that `after_rest_ratio` needs costs no time of its own in a field of six or more.
    pub(super) fn draw(
        index: u32,
        entrants: &[Entrant],
        blocks: u32,
        seed: u64,
        random: &mut ChaCha12Rng,
    ) -> PlannedRound {
        let mut order = entrants.to_vec();
        order.shuffle(random);
        let launches = order.iter().map(|entrant| PlannedLaunch {
            round: index,
            entrant: entrant.clone(),
            seed: seed.wrapping_add(u64::from(index + 1).wrapping_mul(ROUND_STEP)),
        });
        let launches = launches.collect();
        let blocks = (0..blocks).map(|place| {
            if place > 0 {
                order.shuffle(random);
            }
            block(index * blocks + place, &order, seed)
        });
        PlannedRound {
            index,
            launches,
            blocks: blocks.collect(),
        }
    }
}

fn block(index: u32, order: &[Entrant], seed: u64) -> PlannedBlock {
    let seed = seed.wrapping_add(u64::from(index).wrapping_mul(BLOCK_STEP));
    let trials = (0..).zip(order).map(|(position, entrant)| PlannedTrial {
        block: index,
        position,
        entrant: entrant.clone(),
        seed,
    });
    PlannedBlock {
        index,
        trials: trials.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::PlannedRound;
    use crate::entrant::Entrant;
    use rand::SeedableRng;
    use rand_chacha::ChaCha12Rng;

    #[test]
    fn every_entrant_has_a_launch_and_a_place_in_each_block_and_blocks_count_on() {
        let entrants: Vec<Entrant> = ["a", "b", "c"].map(Entrant::contender).into();
        let mut random = ChaCha12Rng::seed_from_u64(1);
        let rounds: Vec<PlannedRound> = (0..4)
            .map(|index| PlannedRound::draw(index, &entrants, 3, 7, &mut random))
            .collect();
        let sorted = |mut names: Vec<Entrant>| {
            names.sort();
            names
        };
        for round in &rounds {
            let launched: Vec<Entrant> = round.launches.iter().map(|one| one.entrant.clone()).collect();
            let first: Vec<Entrant> = round.blocks[0]
                .trials
                .iter()
                .map(|one| one.entrant.clone())
                .collect();
            assert_eq!(launched, first, "the first block has the order of the launches");
            assert_eq!(sorted(launched), entrants);
            for block in &round.blocks {
                assert_eq!(
                    sorted(block.trials.iter().map(|one| one.entrant.clone()).collect()),
                    entrants
                );
                assert!(block.trials.iter().all(|one| one.seed == block.trials[0].seed));
            }
        }
        let indices: Vec<u32> = rounds
            .iter()
            .flat_map(|round| &round.blocks)
            .map(|block| block.index)
            .collect();
        assert_eq!(indices, (0..12).collect::<Vec<u32>>());
        assert_ne!(rounds[0].launches[0].seed, rounds[1].launches[0].seed);
    }
}
