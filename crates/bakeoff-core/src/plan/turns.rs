//! How probes take turns: they stand in a fixed order, each block takes as many of the next ones as it can pay for, and after the last the first
//! comes again. Pure. Deliberately without names: which probe stands where is the matter of who measures.

use serde::{Deserialize, Serialize};

/// Some of the probes, from one place of their order on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    /// The place of the first, counted from 0.
    pub first: u32,
    /// How many, none of them twice.
    pub count: u32,
}

/// What there is for the probes of a block, in seconds of each trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// What the plan gives to each block.
    pub planned_s: f64,
    /// What the budget has left for this block when the load of those to come is paid for.
    pub affordable_s: f64,
    /// How many blocks there will be at least, this one among them.
    pub blocks: u32,
}

impl Turns {
    /// None.
    pub const NONE: Turns = Turns { first: 0, count: 0 };

    /// The turns of the next block, when `taken` turns have been taken before and the probes take `takes_s` seconds, in their order.
    ///
    /// As long as some have had no turn at all, they are spread evenly over the blocks that there will be at least. A probe that takes longer than a
    /// block's share is not passed over: it comes as soon as it can be afforded.
    #[must_use]
    pub fn next(takes_s: &[f64], taken: u32, share: Share) -> Turns {
        let probes = takes_s.len();
        if probes == 0 {
            return Turns::NONE;
        }
        let first = taken as usize % probes;
        let without: f64 = takes_s.iter().skip(taken as usize).sum();
        let wanted_s = share
            .planned_s
            .max(without / f64::from(share.blocks.max(1)))
            .max(takes_s[first]);
        let allowance_s = wanted_s.min(share.affordable_s) + 1e-9;
        let mut spent_s = 0.0;
        let paid = takes_s
            .iter()
            .cycle()
            .skip(first)
            .take(probes)
            .take_while(|takes| {
                spent_s += **takes;
                spent_s <= allowance_s
            });
        Turns {
            first: first as u32,
            count: paid.count() as u32,
        }
    }

    /// The places of these among `probes`.
    pub fn places(self, probes: usize) -> impl Iterator<Item = usize> {
        let first = self.first as usize;
        (first..first + self.count as usize).map(move |place| place % probes.max(1))
    }

    /// What these take, in seconds, when the probes take `takes_s`.
    #[must_use]
    pub fn seconds(self, takes_s: &[f64]) -> f64 {
        self.places(takes_s.len())
            .filter_map(|place| takes_s.get(place))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Share, Turns};
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    const TAKES_S: [f64; 3] = [3.0, 1.0, 2.0];

    fn share(planned_s: f64, affordable_s: f64, blocks: u32) -> Share {
        Share {
            planned_s,
            affordable_s,
            blocks,
        }
    }

    /// The places that run in so many blocks of the same share.
    fn by_block(planned_s: f64, affordable_s: f64, blocks: u32) -> Vec<Vec<usize>> {
        let mut taken = 0;
        let turns = (0..blocks).map(|block| {
            let turns = Turns::next(&TAKES_S, taken, share(planned_s, affordable_s, blocks - block));
            taken += turns.count;
            turns.places(3).collect()
        });
        turns.collect()
    }

    #[test]
    fn probes_that_had_no_turn_are_spread_over_the_blocks_and_none_is_passed_over() {
        assert_eq!(by_block(0.0, 100.0, 3), [vec![0], vec![1], vec![2]]);
        assert_eq!(by_block(0.0, 100.0, 2), [vec![0], vec![1, 2]]);
        // The plan gives enough for all in each block.
        assert_eq!(by_block(6.0, 100.0, 2), [vec![0, 1, 2], vec![0, 1, 2]]);
        // Nothing can be paid for, or not the one whose turn it is.
        assert_eq!(by_block(6.0, 0.0, 2), [vec![], Vec::<usize>::new()]);
        assert_eq!(by_block(6.0, 2.9, 2), [vec![], Vec::<usize>::new()]);
        assert_eq!(by_block(1.0, 3.0, 4), [vec![0], vec![1], vec![2], vec![0]]);
    }

    #[test]
    fn a_block_without_probes_costs_nobody_a_turn() {
        let before = Turns::next(&TAKES_S, 0, share(3.0, 100.0, 5));
        assert_eq!(before.places(3).collect::<Vec<_>>(), [0]);
        // A block in which nothing could be afforded takes no turn, and so the next one goes on where the last one ended.
        let left_out = Turns::next(&TAKES_S, before.count, share(3.0, 0.0, 4));
        assert_eq!(left_out.count, 0);
        let after = Turns::next(&TAKES_S, before.count + left_out.count, share(3.0, 100.0, 3));
        assert_eq!(after.places(3).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn without_probes_there_are_no_turns() {
        assert_eq!(Turns::next(&[], 0, share(5.0, 5.0, 1)), Turns::NONE);
        assert_eq!(Turns::NONE.seconds(&TAKES_S), 0.0);
    }

    proptest! {
        #[test]
        fn what_is_due_is_paid_for_and_none_is_due_twice(
            takes_s in prop::collection::vec(0.1_f64..5.0, 1..14), taken in 0_u32..40, affordable_s in 0.0_f64..40.0,
        ) {
            let turns = Turns::next(&takes_s, taken, share(2.0, affordable_s, 3));
            prop_assert!(turns.seconds(&takes_s) <= affordable_s + 1e-6);
            let mut places: Vec<usize> = turns.places(takes_s.len()).collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), turns.count as usize);
        }
    }
}
