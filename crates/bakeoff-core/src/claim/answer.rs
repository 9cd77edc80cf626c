//! What a run answers to a claim, in numbers and enums. The words are elsewhere.

use super::{Claim, Test};
use crate::compare::Change;
use crate::evidence::{Extent, Reach};
use crate::judgement::Missing;
use crate::range::Range;
use serde::Serialize;

/// A claim and what a run answers to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The claim.
    pub claim: Claim,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Its tests, in order.
    pub tests: Vec<Tested>,
}

/// Whether a claim, or a test of it, holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Most comparisons hold beyond doubt, and none is the other way round.
    Supported,
    /// A comparison is the other way round beyond doubt.
    Refuted,
    /// The evidence does not tell.
    NotSeparable,
    /// There is no evidence.
    NotTested,
}

impl Verdict {
    /// Its word in documents for programs.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Refuted => "refuted",
            Verdict::NotSeparable => "not-separable",
            Verdict::NotTested => "not-tested",
        }
    }

    /// The verdict of several that must all hold: one that is refuted refutes, one that is not tested leaves the whole
    /// open.
    #[must_use]
    pub fn of_all(all: impl IntoIterator<Item = Verdict>) -> Verdict {
        let all: Vec<Verdict> = all.into_iter().collect();
        [Verdict::Refuted, Verdict::NotTested, Verdict::NotSeparable]
            .into_iter()
            .find(|verdict| all.contains(verdict))
            .unwrap_or(if all.is_empty() {
                Verdict::NotTested
            } else {
                Verdict::Supported
            })
    }
}

/// A test with what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tested {
    /// The test.
    pub test: Test,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The comparisons; empty for what is documented.
    pub pairs: Vec<Pair>,
    /// What is documented; empty for comparisons.
    pub documented: Vec<Reached>,
    /// The evidence that is missing.
    pub lacks: Vec<Lack>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Whose value.
    pub of: Holder,
    /// Whose value it is compared with; none where that is a value of the claim, which is `limit` then.
    pub than: Option<Holder>,
    /// The value of the claim, in the metric's unit.
    pub limit: Option<f64>,
    /// The first over the second on a log scale, else the first less the second, with the interval that holds at 95 %
    /// for all comparisons of the test together.
    pub change: Change,
    /// Whether it is as the claim says.
    pub fits: Fits,
}

/// A contender with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Holder {
    /// Its name.
    pub contender: String,
    /// Value and 95 % interval, in the metric's unit.
    pub value: Range,
    /// Blocks or launches that it rests on, as the metric counts.
    pub n: u32,
    /// Launches that it rests on; 0 in evidence without launches.
    pub launches: u32,
}

/// Whether a comparison is as the claim says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fits {
    /// It is, beyond doubt.
    Holds,
    /// It is the other way round, beyond doubt.
    Breaks,
    /// Neither.
    Open,
}

/// What the maintainers of a target document of a contender's language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reached {
    /// Whose.
    pub contender: String,
    /// The entry of the dated table.
    pub reach: Reach,
    /// Whether it is as the claim says; `Open` where it runs there in part.
    pub fits: Fits,
}

/// Evidence that a test lacks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Lack {
    /// The run has no contender of the family.
    NoFamily {
        /// The family.
        family: String,
    },
    /// The run does not have the contender.
    NoContender {
        /// Its name.
        contender: String,
    },
    /// The contender has no value of the metric.
    NoValue {
        /// Whose.
        contender: String,
        /// The metric's id.
        metric: String,
        /// Why; none where the run has no row of it.
        why: Option<Missing>,
    },
    /// Too little was measured of the contender for an answer.
    TooLittle {
        /// Whose.
        contender: String,
        /// What was measured of it.
        has: Extent,
        /// What an answer needs.
        needed: Extent,
    },
    /// The two values have no ratio, since one of them is 0.
    NoRatio {
        /// Whose.
        contender: String,
        /// The metric's id.
        metric: String,
    },
    /// The run has no entry of the target for the contender's language.
    NotDocumented {
        /// Whose.
        contender: String,
        /// The target.
        target: String,
    },
}
