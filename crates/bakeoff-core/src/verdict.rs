//! The verdict: choose, keep both, none fits, or not decided yet, with all that it rests on, as numbers and enums.
//! [`crate::judge`] reaches it; [`crate::words`] makes its sentences.

use crate::evidence::{Fault, GateResult, Status, Unfit};
use crate::range::Range;
use crate::serverless::platform::Platform;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer and what it rests on. Maps are keyed by contender, and hold the candidates that no veto removed; `p_best`
/// and `expected_value` hold those besides that were measured and are out, the one with 0, the other with what they
/// would have been worth. Of references only `expected_value` has something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which of the four answers.
    pub outcome: Outcome,
    /// The choice; of `keep-both` the one that is ahead by a hair, of `undecided` the one that is ahead so far; none
    /// when none fits.
    pub choice: Option<String>,
    /// The next best that is not vetoed.
    pub runner_up: Option<String>,
    /// Those whose expected value is the same as that of the choice: they share the first rank with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub level_with_choice: Vec<String>,
    /// Whether the choice and the runner-up are within the noise or a tenth of each other in everything that is
    /// measured under the load at the brief's rate.
    #[serde(default)]
    pub level_at_rate: bool,
    /// What is lacking for an answer; empty unless the outcome is `undecided`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<Lack>,
    /// About how much more measuring brings the launches and blocks that are lacking, in seconds; none where none are
    /// lacking, and where nothing was measured to tell it from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_in_s: Option<f64>,
    /// Criteria of which less than half of the values have evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub little_evidence: Vec<LittleEvidence>,
    /// Contenders that racing gave no further launch, because they could no longer become the choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// Probability of being the best, over measurement noise, missing data and open priorities.
    pub p_best: BTreeMap<String, f64>,
    /// The families of the candidates, the one that most likely has the best first. Their probabilities sum to 1 where
    /// a contender fits that counts for its family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<FamilyShare>,
    /// The judged contenders that are references: they are measured, and cannot be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Probability of each rank, the best first.
    pub ranks: BTreeMap<String, Vec<f64>>,
    /// Mean of the weights under which the contender is the best; none when it never is.
    pub central_weights: BTreeMap<String, Option<BTreeMap<String, f64>>>,
    /// Probability of being the best with exactly its central weights.
    pub confidence: BTreeMap<String, Option<f64>>,
    /// Probability that the first beats the second.
    pub pairwise: BTreeMap<String, BTreeMap<String, f64>>,
    /// Overall value, 0 to 1, with its interval over measurement noise, missing data and open priorities.
    pub expected_value: BTreeMap<String, Range>,
    /// Expected loss of value of choosing it.
    pub expected_loss: BTreeMap<String, f64>,
    /// Entropy of `p_best`, in bits.
    pub entropy_bits: f64,
    /// The smallest changes that change the choice.
    pub flips: Vec<Flip>,
    /// Who is out, and why.
    pub vetoes: Vec<Veto>,
    /// What separates two identical contenders in this run; none without a twin.
    pub noise_floor: Option<NoiseFloor>,
    /// Half width of the 95 % interval of `p_best` from sampling alone.
    pub monte_carlo_error: f64,
    /// How many samples.
    pub samples: u32,
    /// The answer of a weighted geometric mean, which does not compensate.
    pub second_opinion: Option<SecondOpinion>,
}

/// The four answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// One is to be chosen.
    Choose,
    /// The best two cannot be told apart with this evidence.
    KeepBoth,
    /// Every contender is out.
    None,
    /// Too little was measured of a contender that may still be chosen.
    Undecided,
}

/// What is lacking of a contender that may still be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// Who.
    pub contender: String,
    /// What.
    #[serde(flatten)]
    pub of: Lacking,
}

/// What a contender can lack for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Lacking {
    /// Launches: the same program started again differs from itself.
    Launches {
        /// Those that came to a load.
        has: u32,
        /// The fewest.
        needed: u32,
    },
    /// Blocks.
    Blocks {
        /// Those in which it came to a load.
        has: u32,
        /// The fewest.
        needed: u32,
    },
    /// Neither its CPU time nor its latency has evidence.
    CpuTimeAndLatency,
}

/// A criterion of which less than half of the values have evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LittleEvidence {
    /// The criterion's id.
    pub criterion: String,
    /// Values with evidence, of the contenders that may be chosen.
    pub known: usize,
    /// All values: contenders × metrics.
    pub of: usize,
}

/// A family of the field. Variants and references do not count for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyShare {
    /// The family's word.
    pub family: String,
    /// Probability that the best of all that count is one of its own.
    pub p_best: f64,
    /// How many contenders count for it.
    pub stacks: u32,
    /// How many of them were measured.
    pub measured: u32,
    /// How many of them no veto removed.
    pub fit: u32,
}

/// A change that changes the choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Flip {
    /// A criterion's share of the weight.
    Weight {
        /// The criterion.
        criterion: String,
        /// Its mean share now, 0 to 1.
        from: f64,
        /// The share at which another wins.
        to: f64,
        /// Who wins then.
        winner: String,
    },
    /// A measured value.
    Measurement {
        /// Whose.
        contender: String,
        /// The metric.
        metric: String,
        /// The value now, in the metric's unit.
        from: f64,
        /// The value at which another wins.
        to: f64,
        /// Who wins then.
        winner: String,
    },
}

/// A contender that is out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    /// Who.
    pub contender: String,
    /// Why.
    pub reason: VetoReason,
}

/// Why a contender is out. The sentence is [`crate::words::absence::veto`]'s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum VetoReason {
    /// No trial of it ended well.
    NotMeasured(Unmeasured),
    /// A need that the brief says must be covered is not.
    NeedNotCovered {
        /// The need's word.
        need: String,
        /// What the lab knows of it.
        note: Option<String>,
    },
    /// A limit of the brief is exceeded beyond the interval.
    OverLimit {
        /// Which limit.
        limit: BriefLimit,
        /// The limit, in its metric's unit.
        asked: f64,
        /// The estimate with its 95 % interval, in the same unit.
        seen: Range,
        /// The connections of the load, which decide how long requests wait for a thread; none where they do not
        /// matter, and in older judgements.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connections: Option<u32>,
    },
    /// Its 99th percentile response time is over the brief's limit in more trials than chance explains, where all
    /// trials together have no percentile.
    OverLimitInTrials {
        /// The brief's limit, in ms.
        asked_ms: f64,
        /// The least 99th percentile of a trial, in ms.
        least_ms: f64,
        /// Trials over the limit.
        missed: usize,
        /// Trials with responses that count.
        of: usize,
        /// The connections of the load, which decide how long requests wait for a thread; none where they do not
        /// matter, and in older judgements.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connections: Option<u32>,
    },
    /// It did not hold the brief's rate in most trials.
    RateNotHeld {
        /// The brief's rate, in 1/s.
        asked_rps: f64,
        /// Correct responses, in 1/s, mean of the trials.
        achieved_rps: f64,
        /// Trials that missed the rate.
        missed: usize,
        /// Trials in which the rate could be judged.
        of: usize,
        /// The connections of the load, which decide how long requests wait for a thread; none where they do not
        /// matter, and in older judgements.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connections: Option<u32>,
    },
    /// It missed a gate in most trials.
    GateMissed {
        /// The first result that failed.
        gate: GateResult,
        /// Trials that missed it.
        missed: usize,
        /// Trials that have a result of the gate.
        of: usize,
    },
    /// A fault of its own ended most of its launches before their round was over.
    LaunchesFail {
        /// The fault of the last such launch.
        fault: Fault,
        /// Launches that ended so.
        failed: usize,
        /// All its launches that did not end with their session.
        of: usize,
    },
    /// A fault of its own ended most trials before any load.
    Fails {
        /// The fault of the last such trial.
        fault: Fault,
        /// Trials that ended so.
        failed: usize,
        /// All its trials.
        of: usize,
    },
    /// It cannot run on the brief's target.
    UnfitForTarget {
        /// The target.
        platform: Platform,
        /// Why.
        unfit: Unfit,
    },
}

/// A limit of the brief that an estimate can exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BriefLimit {
    /// The 99th percentile of the response time, in ms.
    ResponseTime,
    /// Peak memory under load, in MB.
    Memory,
}

/// A contender without a trial that ended well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// What became of it.
    pub status: Status,
    /// The message of the fault that explains it, if there is one.
    pub fault: Option<String>,
}

impl VetoReason {
    /// Its word in `results.json`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            VetoReason::NotMeasured(_) => "not-measured",
            VetoReason::NeedNotCovered { .. } => "need-not-covered",
            VetoReason::OverLimit { .. } => "over-limit",
            VetoReason::OverLimitInTrials { .. } => "over-limit-in-trials",
            VetoReason::RateNotHeld { .. } => "rate-not-held",
            VetoReason::GateMissed { .. } => "gate-missed",
            VetoReason::LaunchesFail { .. } => "launches-fail",
            VetoReason::Fails { .. } => "fails",
            VetoReason::UnfitForTarget { .. } => "unfit-for-target",
        }
    }
}

/// What separates two identical contenders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoiseFloor {
    /// The contender that ran twice.
    pub contender: String,
    /// By metric: the ratio of the twin to the original, with its interval.
    pub ratios: BTreeMap<String, Range>,
    /// Whether the twins agree; none where too few blocks have both.
    #[serde(default)]
    pub gate: Option<GateResult>,
    /// By metric: where the ratio of equal contenders lies with 99 %, by how launches and blocks vary; empty in
    /// evidence without launches.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub predicted: BTreeMap<String, Range>,
    /// By metric on which the twins lie outside that: the factor by which the intervals of all contenders are wider.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub widened: BTreeMap<String, f64>,
}

/// The answer of a model that does not compensate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecondOpinion {
    /// Probability of being the best by the weighted geometric mean.
    pub p_best: BTreeMap<String, f64>,
    /// Its choice.
    pub choice: String,
    /// Whether it is the verdict's choice too.
    pub agrees: bool,
}

impl NoiseFloor {
    /// The factor, above 1, by which two runs of one contender may differ in that metric: what launches and blocks
    /// predict, or what the twins show where they lie further apart; without launches the wider side of the 95 %
    /// interval of their ratio. None where the metric has no ratio, or the interval no width.
    #[must_use]
    pub fn factor(&self, metric: &str) -> Option<f64> {
        let ratio = self.ratios.get(metric)?;
        let factor = match self.predicted.get(metric) {
            Some(predicted) => predicted.high.max(ratio.value).max(1.0 / ratio.value),
            None => ratio.high.max(1.0 / ratio.low),
        };
        (factor.is_finite() && factor > 1.0).then_some(factor)
    }
}
