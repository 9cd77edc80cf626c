//! What separates the best two at the mean weights: how much of the doubt is noise that more blocks would lessen, how much is evidence that is missing
//! and that no block of the same will bring. Normal throughout. Deliberately without the doubt about priorities: measuring lessens none of it.

use crate::evidence::Run;
use crate::smaa::closed_form::{Normal, moves_by, probability_above, value_of_sample};

/// How far the leader is to be ahead, in standard errors, to be ahead with [`super::answer::CHOOSE_SEPARATED`].
const SETTLED: f64 = 1.644_854;

/// One score of one of the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Its weight in the whole.
    pub(super) weight: f64,
    /// Standard error of the score; none without evidence.
    pub(super) noise: Option<f64>,
    /// Blocks that it rests on.
    pub(super) blocks: u32,
}

/// What separates the best two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Expected value of the leader less the second's.
    pub lead: f64,
    /// Standard error of that from measuring.
    pub noise: f64,
    /// Standard deviation of that from evidence that is missing.
    pub missing: f64,
    /// Blocks that the measurements rest on.
    pub blocks: f64,
    /// What a block took, in seconds.
    pub block_s: f64,
}

impl Margin {
    pub(super) fn new(lead: f64, cells: impl Iterator<Item = Cell>, run: &Run) -> Margin {
        let (mut noise, mut missing, mut blocks) = (0.0, 0.0, 1_u32);
        for cell in cells {
            match cell.noise {
                None => missing += cell.weight.powi(2) / 12.0,
                Some(error) => {
                    noise += (cell.weight * error).powi(2);
                    blocks = if error > 0.0 {
                        blocks.max(cell.blocks)
                    } else {
                        blocks
                    };
                }
            }
        }
        Margin {
            lead,
            noise: noise.sqrt(),
            missing: missing.sqrt(),
            blocks: f64::from(blocks),
            block_s: block_seconds(run),
        }
    }

    /// Probability that the leader is ahead at the mean weights: what is left of the doubt when priorities are settled.
    #[must_use]
    pub fn probability_ahead(&self) -> f64 {
        let lead = Normal {
            mean: self.lead,
            sd: self.noise.hypot(self.missing),
        };
        probability_above(lead, Normal { mean: 0.0, sd: 0.0 })
    }

    /// How many more blocks would settle the order of the two, if they are as far apart as they seem; none when no number would.
    #[must_use]
    pub fn blocks_to_settle(&self) -> Option<u32> {
        let room = (self.lead / SETTLED).powi(2) - self.missing.powi(2);
        let needed = self.blocks * self.noise.powi(2) / room;
        (room > 0.0 && needed.is_finite()).then(|| (needed - self.blocks).ceil().clamp(0.0, 1e6) as u32)
    }

    /// Expected value of sample information of `more` blocks of the two, in value (0 to 1).
    #[must_use]
    pub fn value_of_blocks(&self, more: u32) -> f64 {
        value_of_sample(self.lead, moves_by(self.noise, self.blocks, f64::from(more)))
    }
}

/// What a block took on average in this run, or what the plan says while none has run, in seconds.
fn block_seconds(run: &Run) -> f64 {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let first = run
        .trials
        .iter()
        .map(|trial| trial.at_s)
        .fold(f64::INFINITY, f64::min);
    let last = run
        .trials
        .iter()
        .map(|trial| trial.at_s + trial.seconds)
        .fold(0.0, f64::max);
    if blocks.is_empty() {
        run.plan.block_s()
    } else {
        (last - first) / blocks.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Margin;

    const MARGIN: Margin = Margin {
        lead: 0.02,
        noise: 0.02,
        missing: 0.0,
        blocks: 6.0,
        block_s: 30.0,
    };

    #[test]
    fn one_standard_error_is_84_percent() {
        assert!((MARGIN.probability_ahead() - 0.841_344_746).abs() < 1e-9);
    }

    #[test]
    fn blocks_to_settle_follow_the_square_root() {
        assert_eq!(MARGIN.blocks_to_settle(), Some(11));
        assert_eq!(Margin { lead: 0.1, ..MARGIN }.blocks_to_settle(), Some(0));
        assert_eq!(
            Margin {
                missing: 0.1,
                ..MARGIN
            }
            .blocks_to_settle(),
            None
        );
        assert_eq!(Margin { lead: 0.0, ..MARGIN }.blocks_to_settle(), None);
    }

    #[test]
    fn more_blocks_are_worth_more_and_a_wide_lead_makes_them_worthless() {
        assert!(MARGIN.value_of_blocks(10) > MARGIN.value_of_blocks(1));
        assert!(Margin { lead: 0.5, ..MARGIN }.value_of_blocks(10) < 1e-12);
    }
}
