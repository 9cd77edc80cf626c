//! The evidence so far as the schedule sees it: which trials of which blocks have run, and what the blocks took. Does
//! not decide anything.

use super::block_cost::BlockCost;
use super::standing;
use crate::entrant::Entrant;
use crate::evidence::{Advice, ContenderRecord, Run, Trial};
use crate::plan::{Plan, PlannedBlock, PlannedTrial, Probes, StopRule};

/// A plan and the trials that have run of it.
#[derive(Clone, Copy)]
pub(super) struct History<'r> {
    plan: &'r Plan,
    records: &'r [ContenderRecord],
    /// In the order in which they ended, block by block.
    trials: &'r [Trial],
    advice: &'r [Advice],
}

impl<'r> History<'r> {
    pub(super) fn new(plan: &'r Plan, run: &'r Run) -> History<'r> {
        History {
            plan,
            records: &run.contenders,
            trials: &run.trials,
            advice: &run.advice,
        }
    }

    pub(super) fn plan(&self) -> &'r Plan {
        self.plan
    }

    pub(super) fn last_trial(&self) -> Option<&'r Trial> {
        self.trials.last()
    }

    /// The block of the last trial: the only one that can be unfinished.
    pub(super) fn last_block(&self) -> Option<&'r PlannedBlock> {
        let index = self.last_trial()?.block;
        self.plan.blocks.iter().find(|block| block.index == index)
    }

    /// The block after it, or the first block of all.
    pub(super) fn following_block(&self) -> Option<&'r PlannedBlock> {
        let last = self.last_trial().map(|trial| trial.block);
        self.plan.blocks.iter().find(|block| Some(block.index) > last)
    }

    /// The first trial of a block that has not run and whose contender still runs.
    pub(super) fn first_pending(&self, block: &'r PlannedBlock) -> Option<&'r PlannedTrial> {
        block
            .trials
            .iter()
            .find(|planned| !self.has(planned) && self.is_active(&planned.entrant))
    }

    /// The number of contenders that still run; the twin is none of them.
    pub(super) fn active_contenders(&self) -> u32 {
        let active = |record: &&ContenderRecord| self.is_active(&Entrant::contender(&record.name));
        self.records.iter().filter(active).count() as u32
    }

    /// The advice as of the last block.
    pub(super) fn advice(&self) -> Option<&'r Advice> {
        let after_blocks = self.blocks().count() as u32;
        self.advice
            .iter()
            .find(|advice| advice.after_blocks == after_blocks)
    }

    /// Whether the block after the last one has probes. Where the user wants all blocks, the advice is kept as
    /// evidence and not followed.
    pub(super) fn advised_probes(&self) -> Probes {
        match (self.plan.stop_rule, self.advice()) {
            (StopRule::Settled, Some(advice)) => advice.probes,
            _ => Probes::Due,
        }
    }

    /// The history as it was when the last block began, and the trials of that block.
    pub(super) fn split_last_block(&self) -> (History<'r>, &'r [Trial]) {
        let Some(last) = self.last_trial() else {
            return (*self, self.trials);
        };
        let begin = self.trials.iter().position(|trial| trial.block == last.block);
        let (before, of_block) = self.trials.split_at(begin.unwrap_or_default());
        let before = History {
            trials: before,
            ..*self
        };
        (before, of_block)
    }

    /// What each block took, in order.
    pub(super) fn block_costs(&self) -> impl Iterator<Item = BlockCost> {
        self.blocks().map(BlockCost::of)
    }

    /// The trials block by block.
    fn blocks(&self) -> impl Iterator<Item = &'r [Trial]> {
        self.trials.chunk_by(|a, b| a.block == b.block)
    }

    fn has(&self, planned: &PlannedTrial) -> bool {
        self.trials
            .iter()
            .any(|trial| trial.block == planned.block && trial.entrant == planned.entrant)
    }

    fn is_active(&self, entrant: &Entrant) -> bool {
        standing::is_active(entrant, self.records, self.trials)
    }
}
