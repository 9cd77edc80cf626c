//! A judgement: scores, weights, verdict and curves of a run under a brief, as numbers and enums that reports are made
//! from. It has no words: [`crate::words`] makes them of it.

use crate::estimate::OfLaunch;
use crate::evidence::{Caution, CurveKind, Fault, GateResult, Label, Obstacle};
use crate::impossible::{ImpossibleTrials, ImpossibleValue};
use crate::margin::Margin;
use crate::range::Range;
use crate::smaa::Contradiction;
use crate::verdict::{Unmeasured, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the evidence of a run says under a brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// One for each contender × metric, also where there is no evidence.
    pub metrics: Vec<MetricEstimate>,
    /// One for each contender × criterion.
    pub criteria: Vec<CriterionScore>,
    /// The mean weight of each criterion under the stated preferences.
    pub weights: Vec<WeightSummary>,
    /// The verdict.
    pub verdict: Verdict,
    /// Latency by percentile, merged over blocks.
    pub curves: Vec<LatencyCurve>,
    /// What separates the leader from each other contender that fits, the runner-up first; empty with fewer than two
    /// that fit.
    pub margins: Vec<Margin>,
    /// What each variant's setting changes, where its contender is judged too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<VariantEffect>,
    /// Each contender of a compiled language beside the best stack of each other family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compiled: Vec<CompiledEffect>,
    /// Why the stated priorities were ignored, if they were: they contradict each other.
    pub contradiction: Option<Contradiction>,
}

/// A variant beside its contender: what the setting changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariantEffect {
    /// The variant.
    pub contender: String,
    /// The contender of which it is one.
    pub of: String,
    /// By metric: the ratio of the variant to its contender, with its 95 % interval, where both have a ratio.
    pub ratios: BTreeMap<String, Range>,
}

/// A contender of a compiled language beside the best stack of a family that is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompiledEffect {
    /// The contender of a compiled language.
    pub contender: String,
    /// The stack of the other family with the highest expected value.
    pub of: String,
    /// By metric: the ratio of the first to the second, with its 95 % interval, where both have a ratio.
    pub ratios: BTreeMap<String, Range>,
}

/// An estimate with its interval, unit and n, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricEstimate {
    /// Whose.
    pub contender: String,
    /// The metric's id.
    pub metric: String,
    /// Value and 95 % interval, in the metric's unit; none without evidence.
    pub estimate: Option<Range>,
    /// Blocks that it rests on; launches, where it is observed once a launch.
    pub n: u32,
    /// Launches that it rests on; 0 without evidence of launches.
    #[serde(default)]
    pub launches: u32,
    /// Degrees of freedom of the interval; none where the value is exact, stated or missing.
    #[serde(default)]
    pub degrees: Option<f64>,
    /// Why there is no evidence.
    pub missing: Option<Missing>,
    /// The gate that failed in most trials that were left out, if any.
    pub gate: Option<GateResult>,
    /// What weakens it.
    pub cautions: Vec<Caution>,
    /// The values by block that it rests on.
    pub by_block: Vec<(u32, f64)>,
    /// The same by launch; empty in evidence without launches.
    #[serde(default)]
    pub by_launch: Vec<OfLaunch>,
    /// The ends of the value function, in the metric's unit: value 0 and value 1.
    pub anchor: (f64, f64),
    /// The score and its interval, 0 to 1.
    pub score: Option<Range>,
    /// Source, date or what was counted.
    pub note: Option<String>,
}

/// Why a metric has no evidence. The sentence is [`crate::words::absence::missing`]'s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Missing {
    /// The contender was not measured at all.
    NotMeasured(Unmeasured),
    /// The machine or the contender lacks what the probe needs.
    Impossible {
        /// What is lacking, in the lab's words.
        reason: String,
    },
    /// A gate took the numbers of every trial away.
    Gate {
        /// The gate that most trials missed, and its last result.
        gate: GateResult,
        /// Trials that missed it.
        missed: usize,
        /// All trials of the contender.
        of: usize,
    },
    /// The metric's probe failed.
    ProbeFailed {
        /// What happened, in the lab's words.
        message: String,
    },
    /// Every trial ended before the metric's turn.
    NoTrial {
        /// The last fault.
        fault: Fault,
    },
    /// The budget had no time for the metric's probe: in runs of earlier versions, and where the budget is shorter than
    /// a full answer.
    NoTurn,
    /// Racing gave the contender no further launch before the metric's probe was due.
    DroppedByRacing,
    /// The machine has too few processors for the probe.
    NeedsProcessors {
        /// The fewest that the probe needs.
        needed: usize,
        /// Those of the machine.
        has: usize,
    },
    /// The contender does not serve what the probe requests.
    NotServed {
        /// The scenario.
        scenario: String,
    },
    /// Neither the brief nor its scenarios ask for what the probe requests.
    NotAsked {
        /// The scenario that the probe requests, or that another could play.
        scenario: String,
    },
    /// One process serves, so nothing restarts it after a crash.
    OneProcess,
    /// The service ran already, and nobody here can start it or look into it.
    FromOutside {
        /// Whether its processes would show it, and the user did not name them.
        wants_process: bool,
    },
    /// The whole interval is impossible: the lab's fault.
    ImpossibleValue(ImpossibleValue),
    /// More than one trial in five has an impossible value: the lab's fault.
    ImpossibleTrials(ImpossibleTrials),
    /// The version that measured the run did not measure this metric.
    EarlierVersion,
    /// Too few responses lie beyond the percentile.
    TooFewResponses {
        /// How many lie beyond it.
        beyond: u64,
        /// How many must.
        needed: u64,
        /// How many more responses would bring them.
        missing_requests: u64,
    },
    /// The responses beyond the percentile come from too few trials: they may all be one stall.
    TooFewTrials {
        /// How many trials they come from.
        trials: u32,
        /// From how many they must come.
        needed: u32,
    },
    /// It did not settle in any of its launches, so what depends on that has no value.
    NotWarm {
        /// How many launches.
        launches: u32,
    },
    /// The brief states no value of its own measure for this contender.
    NotStated,
}

impl From<&Obstacle> for Missing {
    fn from(obstacle: &Obstacle) -> Missing {
        match obstacle {
            Obstacle::NeedsProcessors { needed, has } => Missing::NeedsProcessors {
                needed: *needed,
                has: *has,
            },
            Obstacle::NotServed { scenario } => Missing::NotServed {
                scenario: scenario.clone(),
            },
            Obstacle::NotAsked { scenario } => Missing::NotAsked {
                scenario: scenario.clone(),
            },
            Obstacle::OneProcess => Missing::OneProcess,
            Obstacle::FromOutside { wants_process } => Missing::FromOutside {
                wants_process: *wants_process,
            },
            Obstacle::Other(reason) => Missing::Impossible {
                reason: reason.clone(),
            },
        }
    }
}

impl MetricEstimate {
    /// Whether its contender is asked for what the metric needs, by the brief and from where it was measured: else the
    /// value is nobody's lack.
    #[must_use]
    pub const fn is_asked(&self) -> bool {
        !matches!(
            self.missing,
            Some(Missing::NotAsked { .. } | Missing::FromOutside { .. })
        )
    }
}

impl Missing {
    /// Its word in `results.json`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Missing::NotMeasured(_) => "not-measured",
            Missing::Impossible { .. } => "impossible",
            Missing::Gate { .. } => "gate",
            Missing::ProbeFailed { .. } => "probe-failed",
            Missing::NoTrial { .. } => "no-trial",
            Missing::NoTurn => "no-turn",
            Missing::DroppedByRacing => "dropped-by-racing",
            Missing::NeedsProcessors { .. } => "needs-processors",
            Missing::NotServed { .. } => "not-served",
            Missing::NotAsked { .. } => "not-asked",
            Missing::OneProcess => "one-process",
            Missing::FromOutside { .. } => "from-outside",
            Missing::ImpossibleValue(_) => "impossible-value",
            Missing::ImpossibleTrials(_) => "impossible-trials",
            Missing::EarlierVersion => "earlier-version",
            Missing::TooFewResponses { .. } => "too-few-responses",
            Missing::TooFewTrials { .. } => "too-few-trials",
            Missing::NotWarm { .. } => "not-warm",
            Missing::NotStated => "not-stated",
        }
    }
}

/// A contender's score on a criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionScore {
    /// Whose.
    pub contender: String,
    /// The criterion's id.
    pub criterion: String,
    /// The score over noise, missing evidence and the metrics' weights, 0 to 1.
    pub score: Range,
    /// Metrics without evidence.
    pub missing: Vec<String>,
}

/// A criterion's weight under the stated preferences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightSummary {
    /// The criterion's id.
    pub criterion: String,
    /// Mean and central 95 % of its share, 0 to 1.
    pub share: Range,
}

/// Latency by percentile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LatencyCurve {
    /// Whose.
    pub contender: String,
    /// Of which requests.
    pub label: Label,
    /// From which instant.
    pub kind: CurveKind,
    /// Answers in it.
    pub count: u64,
    /// (quantile, ms), rising, up to the last quantile that ten responses lie beyond, at most 0.9999, and the maximum
    /// as quantile 1.
    pub points: Vec<(f64, f64)>,
}
