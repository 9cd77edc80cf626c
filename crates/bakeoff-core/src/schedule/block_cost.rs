//! What the trials of one block took. Does not decide what the next block may take.

use crate::evidence::Trial;
use crate::plan::ProbeSlots;

/// What a block took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BlockCost {
    /// The whole block, in seconds.
    pub(super) block_s: f64,
    /// All its probes together, in seconds.
    pub(super) probes_s: f64,
    /// Which probes ran.
    pub(super) slots: ProbeSlots,
    /// The number of trials in which they ran.
    pub(super) trials: u32,
}

impl BlockCost {
    /// The cost of a block, from its trials so far.
    pub(super) fn of(trials: &[Trial]) -> BlockCost {
        let starts_s = trials.iter().map(|trial| match &trial.first_attempt {
            Some(attempt) => attempt.at_s.min(trial.at_s),
            None => trial.at_s,
        });
        let start_s = starts_s.fold(f64::INFINITY, f64::min);
        let ends_s = trials.iter().map(|trial| trial.at_s + trial.seconds);
        let span_s = ends_s.fold(0.0, f64::max) - start_s;
        let sum_s = trials.iter().map(|trial| trial.seconds).sum::<f64>() + repeated_s(trials);
        BlockCost {
            // The trials of a run that an earlier version resumed overlap in time; then the sum is the better figure.
            block_s: span_s.max(sum_s),
            probes_s: trials.iter().map(|trial| trial.probes_s).sum(),
            slots: slots_of(trials).unwrap_or(ProbeSlots::NONE),
            trials: trials.iter().filter(|trial| trial.probes_s > 0.0).count() as u32,
        }
    }
}

/// The measuring time of these trials, in seconds: that of their blocks. The time between blocks, in which advice is
/// computed, is not part of it.
pub(super) fn spent_s(trials: &[Trial]) -> f64 {
    let blocks = trials.chunk_by(|a, b| a.block == b.block);
    blocks.map(|trials| BlockCost::of(trials).block_s).sum()
}

/// The probes of a block that has begun; none as long as only the twin ran in it.
pub(super) fn slots_of(trials: &[Trial]) -> Option<ProbeSlots> {
    let of_contender = |trial: &&Trial| !trial.entrant.is_twin();
    trials.iter().find(of_contender).map(|trial| trial.slots)
}

/// The time of the first attempts of disturbed trials, in seconds.
pub(super) fn repeated_s(trials: &[Trial]) -> f64 {
    let attempts = trials.iter().filter_map(|trial| trial.first_attempt.as_ref());
    attempts.map(|attempt| attempt.seconds).sum()
}

#[cfg(test)]
mod tests {
    use super::{BlockCost, spent_s};
    use crate::entrant::Entrant;
    use crate::evidence::{DisturbedAttempt, Trial};
    use crate::plan::ProbeSlots;

    const SLOTS: ProbeSlots = ProbeSlots { first: 0, count: 2 };

    fn trial(block: u32, contender: &str, at_s: f64) -> Trial {
        Trial {
            at_s,
            seconds: 4.0,
            slots: SLOTS,
            probes_s: 2.0,
            ..Trial::new(block, Entrant::contender(contender))
        }
    }

    #[test]
    fn a_block_lasts_from_its_start_to_its_end_and_counts_what_was_repeated() {
        let mut repeated = trial(0, "b", 9.0);
        repeated.first_attempt = Some(DisturbedAttempt {
            at_s: 4.5,
            seconds: 4.0,
            reason: String::new(),
        });
        let twin = Trial {
            slots: ProbeSlots::NONE,
            probes_s: 0.0,
            entrant: Entrant::twin_of("a"),
            ..trial(0, "a", 0.0)
        };
        let block = [twin, trial(0, "a", 4.0), repeated];
        let cost = BlockCost::of(&block);
        assert_eq!(
            (cost.block_s, cost.probes_s),
            (16.0, 4.0),
            "the sum where times overlap"
        );
        assert_eq!((cost.slots, cost.trials), (SLOTS, 2));
        // Two seconds between two trials count, ten between two blocks do not.
        let trials = [trial(0, "a", 0.0), trial(0, "b", 6.0), trial(1, "a", 20.0)];
        assert_eq!(spent_s(&trials), 14.0);
        assert_eq!(spent_s(&[]), 0.0);
    }
}
