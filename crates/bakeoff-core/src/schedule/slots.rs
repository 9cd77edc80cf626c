//! Which probes run next: as many of the probes that follow the last ones as a trial's share of the time can pay for.
//! Does not know their names or what a budget is.

use crate::plan::ProbeSlots;

/// The time for the probes of one trial, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    /// The time that the plan gives to each trial.
    pub(super) planned_s: f64,
    /// The time that remains for this trial when the steps that must still run are paid for.
    pub(super) affordable_s: f64,
    /// The number of blocks, with this one, over which probes that never ran are spread.
    pub(super) blocks: u32,
}

/// The probes of the next trial, after `slots_run` slots have run, where probes take `costs_s` seconds in their order.
///
/// Probes that never ran are spread evenly over the blocks to come. A probe that takes longer than the trial's share
/// is not skipped: it runs as soon as the budget can afford it.
pub(super) fn next_slots(costs_s: &[f64], slots_run: u32, share: Share) -> ProbeSlots {
    let probes = costs_s.len();
    if probes == 0 {
        return ProbeSlots::NONE;
    }
    let first = slots_run as usize % probes;
    let never_run_s: f64 = costs_s.iter().skip(slots_run as usize).sum();
    let wanted_s = share
        .planned_s
        .max(never_run_s / f64::from(share.blocks.max(1)))
        .max(costs_s[first]);
    // A rounding error in the sum below must not cost a probe.
    let allowance_s = wanted_s.min(share.affordable_s) + 1e-9;
    let mut spent_s = 0.0;
    let paid = costs_s
        .iter()
        .cycle()
        .skip(first)
        .take(probes)
        .take_while(|cost_s| {
            spent_s += **cost_s;
            spent_s <= allowance_s
        });
    match paid.count() as u32 {
        0 => ProbeSlots::NONE,
        count => ProbeSlots {
            first: first as u32,
            count,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Share, next_slots};
    use crate::plan::ProbeSlots;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    const COSTS_S: [f64; 3] = [3.0, 1.0, 2.0];

    fn share(planned_s: f64, affordable_s: f64, blocks: u32) -> Share {
        Share {
            planned_s,
            affordable_s,
            blocks,
        }
    }

    /// The places that run in each of `blocks` blocks with the same share.
    fn by_block(planned_s: f64, affordable_s: f64, blocks: u32) -> Vec<Vec<usize>> {
        let mut run = 0;
        let slots = (0..blocks).map(|block| {
            let slots = next_slots(&COSTS_S, run, share(planned_s, affordable_s, blocks - block));
            run += slots.count;
            slots.places(3).collect()
        });
        slots.collect()
    }

    #[test]
    fn probes_that_never_ran_are_spread_over_the_blocks_and_none_is_skipped() {
        assert_eq!(by_block(0.0, 100.0, 3), [vec![0], vec![1], vec![2]]);
        assert_eq!(by_block(0.0, 100.0, 2), [vec![0], vec![1, 2]]);
        // The plan gives enough for all in each block.
        assert_eq!(by_block(6.0, 100.0, 2), [vec![0, 1, 2], vec![0, 1, 2]]);
        // The budget affords nothing, or not the next probe.
        assert_eq!(by_block(6.0, 0.0, 2), [vec![], Vec::<usize>::new()]);
        assert_eq!(by_block(6.0, 2.9, 2), [vec![], Vec::<usize>::new()]);
        assert_eq!(by_block(1.0, 3.0, 4), [vec![0], vec![1], vec![2], vec![0]]);
    }

    #[test]
    fn probes_skipped_in_a_block_run_in_the_next_block_that_has_time() {
        let before = next_slots(&COSTS_S, 0, share(3.0, 100.0, 5));
        assert_eq!(before.places(3).collect::<Vec<_>>(), [0]);
        let skipped = next_slots(&COSTS_S, before.count, share(3.0, 0.0, 4));
        assert_eq!(skipped.count, 0);
        let after = next_slots(&COSTS_S, before.count + skipped.count, share(3.0, 100.0, 3));
        assert_eq!(after.places(3).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn an_empty_probe_table_has_no_slots() {
        assert_eq!(next_slots(&[], 0, share(5.0, 5.0, 1)), ProbeSlots::NONE);
    }

    proptest! {
        #[test]
        fn probes_that_are_due_are_paid_for_and_none_is_due_twice(
            costs_s in prop::collection::vec(0.1_f64..5.0, 1..14), run in 0_u32..40, affordable_s in 0.0_f64..40.0,
        ) {
            let slots = next_slots(&costs_s, run, share(2.0, affordable_s, 3));
            prop_assert!(slots.seconds(&costs_s) <= affordable_s + 1e-6);
            let mut places: Vec<usize> = slots.places(costs_s.len()).collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), slots.count as usize);
        }
    }
}
