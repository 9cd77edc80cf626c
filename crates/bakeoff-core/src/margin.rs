//! Margins: what separates the leader from another contender at the mean weights. Noise, which measuring lessens, is
//! kept apart from evidence that is missing or stated, which it does not change. All errors are taken as normal. Doubt
//! about priorities is left out, since measuring lessens none of it.
//!
//! Noise has two levels. Another round of launches lessens all of it, as another launch does to a mean over launches;
//! more blocks of the same launches lessen only what blocks bring. In evidence without launches each block is a launch,
//! and more blocks lessen all of it.

use crate::evidence::Run;
use crate::probability::normal_quantile;
use crate::smaa::closed_form::{Normal, moves_by, probability_above, value_of_sample};
use serde::{Deserialize, Serialize};

/// Standard deviation of a score without evidence: uniform between 0 and 1, so 1/√12.
pub(crate) const UNKNOWN: f64 = 0.288_675_134_594_812_9;

/// What is not known of a score, as a standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Doubt {
    /// Noise, which measuring lessens.
    Measured {
        /// Standard error of the score.
        error: f64,
        /// Its part that only more launches lessen.
        of_launches: f64,
        /// Blocks that it rests on.
        blocks: u32,
        /// Launches that it rests on.
        launches: u32,
    },
    /// Evidence that is missing, or that the brief states: no measuring changes it.
    Fixed(f64),
}

/// Which part of a trial brings a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The load, which every block has.
    Load,
    /// A probe, which is left out when time is short.
    Probe,
}

/// One score of one of the two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// Its weight in the whole.
    pub(crate) weight: f64,
    /// What is not known of it.
    pub(crate) doubt: Doubt,
    /// What brings it.
    pub(crate) source: Source,
}

/// What separates the best two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// Expected value of the leader less the second's.
    pub lead: f64,
    /// Standard error of that from measuring.
    pub noise: f64,
    /// The part of it that blocks without probes lessen.
    pub noise_of_load: f64,
    /// The part of it that only more launches lessen; 0 in evidence without launches.
    #[serde(default)]
    pub noise_of_launches: f64,
    /// Standard deviation of that from evidence that is missing or stated.
    pub missing: f64,
    /// Blocks that the measurements rest on.
    pub blocks: f64,
    /// Launches of a contender that the measurements rest on; 0 in evidence without launches.
    #[serde(default)]
    pub launches: f64,
    /// What a round of launches with its blocks took, in seconds; 0 in evidence without launches.
    #[serde(default)]
    pub round_s: f64,
    /// What a block took, in seconds.
    pub block_s: f64,
    /// What a block takes without probes, in seconds.
    pub load_block_s: f64,
}

impl Margin {
    pub(crate) fn new(lead: f64, cells: impl Iterator<Item = Cell>, run: &Run) -> Margin {
        let (mut noise, mut of_load, mut of_all_launches, mut missing) = (0.0, 0.0, 0.0, 0.0);
        let (mut most_blocks, mut most_launches) = (1_u32, 1_u32);
        for cell in cells {
            match cell.doubt {
                Doubt::Fixed(sd) => missing += (cell.weight * sd).powi(2),
                Doubt::Measured {
                    error,
                    of_launches,
                    blocks,
                    launches,
                } => {
                    let variance = (cell.weight * error).powi(2);
                    noise += variance;
                    of_all_launches += (cell.weight * of_launches).powi(2);
                    if cell.source == Source::Load {
                        of_load += variance;
                    }
                    // Exact values need no further block, so they must not count as measured in many.
                    if error > 0.0 {
                        most_blocks = most_blocks.max(blocks);
                        most_launches = most_launches.max(launches);
                    }
                }
            }
        }
        let has_launches = !run.launches.is_empty();
        let with_launches = |value: f64| if has_launches { value } else { 0.0 };
        let block_s = block_seconds(run);
        Margin {
            lead,
            noise: noise.sqrt(),
            noise_of_load: of_load.sqrt(),
            noise_of_launches: with_launches(f64::sqrt(of_all_launches)),
            missing: missing.sqrt(),
            blocks: f64::from(most_blocks),
            launches: with_launches(f64::from(most_launches)),
            round_s: round_seconds(run),
            block_s,
            load_block_s: block_s * run.plan.load_only_block_s() / run.plan.block_s().max(1e-9),
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

    /// How many more blocks would make the leader ahead with the probability `separated` (above one half), if the two
    /// are as far apart as they seem; none when no number would.
    #[must_use]
    pub fn blocks_to_settle(&self, separated: f64) -> Option<u32> {
        let room = (self.lead / normal_quantile(separated)).powi(2) - self.missing.powi(2);
        let needed = self.blocks * self.noise.powi(2) / room;
        (room > 0.0 && needed.is_finite()).then(|| (needed - self.blocks).ceil().clamp(0.0, 1e6) as u32)
    }

    /// Whether the evidence has launches, so that more measuring is more rounds of launches and not more blocks.
    #[must_use]
    pub fn has_launches(&self) -> bool {
        self.launches > 0.0
    }

    /// How many more rounds of launches would make the leader ahead with the probability `separated` (above one half),
    /// if the two are as far apart as they seem; none when no number would, and in evidence without launches.
    #[must_use]
    pub fn rounds_to_settle(&self, separated: f64) -> Option<u32> {
        let of_rounds = Margin {
            blocks: self.launches,
            ..*self
        };
        self.has_launches()
            .then(|| of_rounds.blocks_to_settle(separated))
            .flatten()
    }

    /// Expected value of sample information of `more` rounds of launches of the two, in value (0 to 1).
    #[must_use]
    pub fn value_of_rounds(&self, more: u32) -> f64 {
        value_of_sample(self.lead, moves_by(self.noise, self.launches, f64::from(more)))
    }

    /// The same of rounds without probes, which lessen a part of the noise.
    #[must_use]
    pub fn value_of_load_rounds(&self, more: u32) -> f64 {
        value_of_sample(
            self.lead,
            moves_by(self.noise_of_load, self.launches, f64::from(more)),
        )
    }

    /// The same of `more` blocks of the two. Blocks of the same launches lessen only what blocks bring.
    #[must_use]
    pub fn value_of_blocks(&self, more: u32) -> f64 {
        let noise = if self.has_launches() {
            (self.noise.powi(2) - self.noise_of_launches.powi(2))
                .max(0.0)
                .sqrt()
        } else {
            self.noise
        };
        value_of_sample(self.lead, moves_by(noise, self.blocks, f64::from(more)))
    }

    /// The same of blocks without probes, which lessen a part of the noise.
    #[must_use]
    pub fn value_of_load_blocks(&self, more: u32) -> f64 {
        value_of_sample(
            self.lead,
            moves_by(self.noise_of_load, self.blocks, f64::from(more)),
        )
    }

    /// Expected loss of choosing the leader now, when the other may be better, in value (0 to 1).
    #[must_use]
    pub fn expected_loss(&self) -> f64 {
        value_of_sample(self.lead, self.noise.hypot(self.missing))
    }
}

/// What a round took on average in this run, launches, blocks and ends, in seconds; 0 without launches.
fn round_seconds(run: &Run) -> f64 {
    let Some(last) = run.launches.iter().map(|launch| launch.round).max() else {
        return 0.0;
    };
    let of_ends = run.launches.iter().filter_map(|launch| launch.end.as_ref());
    let all = run.launches.iter().map(|launch| launch.seconds);
    let all = all.chain(run.trials.iter().map(|trial| trial.seconds));
    let all: f64 = all.chain(of_ends.map(|end| end.seconds)).sum();
    all / f64::from(last + 1)
}

/// What a block took on average in this run, or what the plan says while none has run, in seconds. Beside launches that
/// is the time of its trials.
fn block_seconds(run: &Run) -> f64 {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    if !run.launches.is_empty() && !blocks.is_empty() {
        let all: f64 = run.trials.iter().map(|trial| trial.seconds).sum();
        return all / blocks.len() as f64;
    }
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
        noise_of_load: 0.012,
        noise_of_launches: 0.0,
        missing: 0.0,
        blocks: 6.0,
        launches: 0.0,
        round_s: 0.0,
        block_s: 30.0,
        load_block_s: 15.0,
    };

    /// The same of three launches with two blocks each, where half of the variance is of launches.
    const OF_LAUNCHES: Margin = Margin {
        noise_of_launches: 0.02 * std::f64::consts::FRAC_1_SQRT_2,
        launches: 3.0,
        round_s: 120.0,
        ..MARGIN
    };

    #[test]
    fn another_round_lessens_all_noise_and_more_blocks_of_the_same_launches_a_part() {
        let as_blocks = Margin {
            blocks: 3.0,
            ..MARGIN
        };
        for more in [1, 4, 40] {
            let of_rounds = OF_LAUNCHES.value_of_rounds(more);
            assert_eq!(of_rounds, as_blocks.value_of_blocks(more));
            assert!(OF_LAUNCHES.value_of_blocks(2 * more) < of_rounds);
            assert!(OF_LAUNCHES.value_of_load_rounds(more) < of_rounds);
        }
        assert_eq!(
            OF_LAUNCHES.rounds_to_settle(0.95),
            as_blocks.blocks_to_settle(0.95)
        );
        assert_eq!(MARGIN.rounds_to_settle(0.95), None);
    }

    #[test]
    fn one_standard_error_is_84_percent() {
        assert!((MARGIN.probability_ahead() - 0.841_344_746).abs() < 1e-9);
    }

    #[test]
    fn blocks_to_settle_follow_the_square_root() {
        assert_eq!(MARGIN.blocks_to_settle(0.95), Some(11));
        assert_eq!(Margin { lead: 0.1, ..MARGIN }.blocks_to_settle(0.95), Some(0));
        assert_eq!(
            Margin {
                missing: 0.1,
                ..MARGIN
            }
            .blocks_to_settle(0.95),
            None
        );
        assert_eq!(Margin { lead: 0.0, ..MARGIN }.blocks_to_settle(0.95), None);
    }

    #[test]
    fn more_blocks_are_worth_more_and_a_wide_lead_makes_them_worthless() {
        assert!(MARGIN.value_of_blocks(10) > MARGIN.value_of_blocks(1));
        assert!(Margin { lead: 0.5, ..MARGIN }.value_of_blocks(10) < 1e-12);
        assert!(MARGIN.value_of_load_blocks(10) < MARGIN.value_of_blocks(10));
        assert!(MARGIN.value_of_blocks(1_000_000) <= MARGIN.expected_loss());
    }
}
