//! The advice after a round, kept as evidence of why a run went on, whom it left out and why it stopped. Does not give
//! it: `stop` does. Has no words: `words::advice` makes them.

use crate::plan::Probes;
use serde::{Deserialize, Serialize};

/// Whether to measure on, whom and what, and why, as of one round; in runs of earlier versions as of one block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// The number of blocks that had run.
    pub after_blocks: u32,
    /// The number of rounds that had run; 0 in runs of earlier versions, which had none.
    #[serde(default)]
    pub after_rounds: u32,
    /// What to do next.
    pub next: Next,
    /// Whether the next round should have probes.
    pub probes: Probes,
    /// Contenders that can no longer become the choice, as of this round or an earlier one: they get no further launch.
    #[serde(default)]
    pub dropped: Vec<String>,
    /// Why; none in runs of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The same in a sentence, in runs of earlier versions; empty now.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Expected loss of choosing the leader then, in value (0 to 1).
    pub expected_loss: f64,
    /// The blocks that were weighed.
    pub blocks: u32,
    /// The rounds that were weighed; 0 in runs of earlier versions.
    #[serde(default)]
    pub rounds: u32,
    /// The time that they would take, in seconds.
    pub seconds: f64,
    /// Their expected value of sample information, in value (0 to 1).
    pub value: f64,
    /// Their price, in value (0 to 1).
    pub price: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// Run another round.
    GoOn,
    /// The verdict is settled, or more rounds would not be worth their time.
    Stop,
}

/// Why an advice says so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Why {
    /// Less has run than an answer needs.
    Unfinished {
        /// Rounds that have run.
        rounds: u32,
        /// Rounds that the answer needs.
        of: u32,
    },
    /// The plan has no further round.
    PlanDone {
        /// Rounds that have run.
        rounds: u32,
    },
    /// Fewer than two contenders are left to compare.
    NobodyToCompare,
    /// More rounds are likely to separate the best two.
    Separable {
        /// Probability that the leader beats the next with average priorities, by the evidence alone.
        ahead: f64,
        /// Rounds that would raise it to `separated`, if the two are as far apart as they seem.
        rounds: u32,
        /// The probability from which the two count as separated.
        separated: f64,
    },
    /// The gain of more rounds was held against their price; both stand in the advice.
    Weighed {
        /// Probability that the leader beats the next with average priorities, by the evidence alone.
        ahead: f64,
    },
}

impl Advice {
    /// An advice for which nothing was weighed.
    #[must_use]
    pub fn unweighed(after_rounds: u32, after_blocks: u32, next: Next, why: Why) -> Advice {
        Advice {
            after_blocks,
            after_rounds,
            next,
            probes: Probes::Due,
            dropped: Vec::new(),
            why: Some(why),
            reason: String::new(),
            expected_loss: 0.0,
            blocks: 0,
            rounds: 0,
            seconds: 0.0,
            value: 0.0,
            price: 0.0,
        }
    }

    /// Expected value of sample information of the weighed rounds, per second; none where none was weighed.
    #[must_use]
    pub fn value_per_second(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.value / self.seconds)
    }
}
