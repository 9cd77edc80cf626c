//! How far a run has come, in rounds. In runs of earlier versions each block was a round of launches.

use crate::evidence::Run;
use crate::plan::{FULL_ROUNDS, MIN_BLOCKS, MIN_LAUNCHES};

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    /// Whether it has rounds of launches that live through several blocks.
    pub(super) has_launches: bool,
    /// Rounds that have run.
    pub(super) rounds: u32,
    /// The same, and 0 in runs of earlier versions.
    pub(super) after_rounds: u32,
    /// Blocks that have run.
    pub(super) blocks: u32,
    /// Rounds of the plan that have not run.
    pub(super) left: u32,
    /// Rounds that a decision needs.
    pub(super) needed: u32,
    pub(super) blocks_of_a_round: u32,
}

impl Progress {
    pub(super) fn of(run: &Run) -> Progress {
        let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let planned = &run.plan.rounds;
        if planned.is_empty() {
            let done = blocks.len() as u32;
            return Progress {
                has_launches: false,
                rounds: done,
                after_rounds: 0,
                blocks: done,
                left: (run.plan.blocks.len() as u32).saturating_sub(done),
                needed: MIN_BLOCKS,
                blocks_of_a_round: 1,
            };
        }
        // A round in which no trial ran counts once a later one did.
        let ran = planned
            .iter()
            .filter(|round| round.blocks.iter().any(|block| blocks.contains(&block.index)));
        let rounds = ran.map(|round| round.index + 1).max().unwrap_or(0);
        let of_a_round = run.plan.blocks_of_a_launch().max(1);
        let needed = run.plan.min_rounds().min(FULL_ROUNDS);
        Progress {
            has_launches: true,
            rounds,
            after_rounds: rounds,
            blocks: blocks.len() as u32,
            left: (planned.len() as u32).saturating_sub(rounds),
            needed: needed.max(MIN_LAUNCHES).max(MIN_BLOCKS.div_ceil(of_a_round)),
            blocks_of_a_round: of_a_round,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use crate::fixture::Fixture;

    #[test]
    fn a_decision_needs_its_launches_and_its_blocks() {
        let mut run = Fixture::new(&[("a", 1.0), ("b", 2.0)])
            .launches(2)
            .blocks(4)
            .run();
        run.plan = crate::plan::Plan::full(run.plan.contenders.clone(), 1, vec![1.0]);
        let blocks = run.plan.blocks_of_a_launch();
        let progress = Progress::of(&run);
        assert_eq!(progress.rounds, 4_u32.div_ceil(blocks));
        assert_eq!((progress.blocks, progress.needed), (4, 3));
        assert_eq!(progress.left, run.plan.rounds.len() as u32 - progress.rounds);
        run.plan = crate::plan::Plan::new(run.plan.contenders.clone(), 5.0, 1, vec![1.0]);
        assert_eq!(run.plan.blocks_of_a_launch(), 1);
        assert_eq!(Progress::of(&run).needed, 5, "one block a launch");
    }

    #[test]
    fn in_a_run_of_an_earlier_version_a_block_is_a_round() {
        let mut run = Fixture::new(&[("a", 1.0), ("b", 2.0)]).blocks(4).run();
        run.plan.blocks = run
            .plan
            .rounds
            .iter()
            .flat_map(|round| round.blocks.clone())
            .collect();
        run.plan.rounds.clear();
        let progress = Progress::of(&run);
        assert_eq!(
            (progress.rounds, progress.after_rounds, progress.needed),
            (4, 0, 5)
        );
        assert_eq!(progress.left, run.plan.blocks.len() as u32 - 4);
    }
}
