//! Cautions: typed warnings beside the numbers they weaken.

use crate::impossible::ImpossibleTrials;
use crate::words::impossible;
use crate::words::number::{Quantity, count};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A typed warning that stands beside the number it weakens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Caution {
    /// The generator used most of its processor.
    GeneratorBusy {
        /// Share of its processors, 0 to 1.
        cpu_share: f64,
    },
    /// The generator sent late.
    GeneratorLate {
        /// 99th percentile of the lag, in ms.
        lag_ms_p99: f64,
    },
    /// The hypervisor took time away.
    Steal {
        /// Share of the window, 0 to 1.
        share: f64,
    },
    /// The server waited for a processor that others used.
    RunDelay {
        /// Share of the window, 0 to 1.
        share: f64,
    },
    /// No steady state was reached.
    NoSteadyState,
    /// Server and generator shared processors.
    SharedCores,
    /// Fewer than ten responses lie beyond the percentile.
    FewSamples {
        /// How many lie beyond it.
        beyond: u64,
    },
    /// Measured in one block: the interval comes from how much the metric varied in earlier experiments.
    Once,
    /// Fewer blocks than the fewest for an interval.
    FewBlocks {
        /// How many there are.
        blocks: u32,
    },
    /// Fewer launches than a full answer has.
    FewLaunches {
        /// How many there are.
        launches: u32,
    },
    /// No launch of it settled, or it never came back from a rest: it was measured while it still changed. The interval
    /// is wider by that change.
    NotWarm {
        /// By how much CPU time per request still changed, as a share: 0.25 for a quarter.
        still_changed: f64,
    },
    /// In some trials it had not come back to its settled level after the rest; they do not count.
    NotBackFromRest {
        /// How many trials.
        trials: u32,
    },
    /// It became cheaper while it was measured. The trials before do not count.
    StillWarmingUp {
        /// The last level of CPU time per request over the level before it, below 1.
        ratio: f64,
        /// How many trials do not count.
        trials: u32,
    },
    /// It became dearer while it was measured. The trials before do not count.
    SlowsDownLate {
        /// The last level of CPU time per request over the level before it, above 1.
        ratio: f64,
        /// How many trials do not count.
        trials: u32,
    },
    /// Another contender's server used the processor while it should have rested; the trials that it disturbed do not
    /// count.
    DisturbedByAnother {
        /// How many trials.
        trials: u32,
    },
    /// Twins lie further apart than the run's model predicts; the interval is that many times as wide.
    TwinsApart {
        /// The factor, above 1.
        factor: f64,
    },
    /// It includes time of the network or of a package registry.
    NetworkIncluded,
    /// A probe did not reach its full target.
    Partial {
        /// What it reached, in words.
        reached: String,
    },
    /// A trial was measured a second time, because the first attempt was disturbed.
    Repeated {
        /// What disturbed it, in words.
        reason: String,
    },
    /// Its runtime was past its end of life on the day of the run.
    RuntimeEnded {
        /// Name and version.
        runtime: String,
        /// The last day with fixes, `YYYY-MM-DD`.
        ended: String,
    },
    /// Its framework was past its end of life on the day of the run.
    FrameworkEnded {
        /// Name and version.
        framework: String,
        /// The last day with fixes, `YYYY-MM-DD`.
        ended: String,
    },
    /// Its runtime is older than the oldest one that is measured without a caution.
    RuntimeOlderThanWanted {
        /// Name and version.
        runtime: String,
        /// The oldest version without a caution.
        wanted: String,
    },
    /// Some trials have a value that cannot be true. They count all the same: leaving out only what is too good would
    /// bias the rest.
    ImpossibleTrials(ImpossibleTrials),
}

impl Caution {
    /// The word of `bakeoff explain`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Caution::GeneratorBusy { .. } => "generator-busy",
            Caution::GeneratorLate { .. } => "generator-late",
            Caution::Steal { .. } => "steal",
            Caution::RunDelay { .. } => "run-delay",
            Caution::NoSteadyState => "no-steady-state",
            Caution::SharedCores => "shared-cores",
            Caution::FewSamples { .. } => "few-samples",
            Caution::Once => "once",
            Caution::FewBlocks { .. } => "few-blocks",
            Caution::FewLaunches { .. } => "few-launches",
            Caution::NotWarm { .. } => "not-warm",
            Caution::NotBackFromRest { .. } => "not-back-from-rest",
            Caution::StillWarmingUp { .. } => "still-warming-up",
            Caution::SlowsDownLate { .. } => "slows-down-late",
            Caution::DisturbedByAnother { .. } => "disturbed-by-another",
            Caution::TwinsApart { .. } => "twins-apart",
            Caution::NetworkIncluded => "network-included",
            Caution::Partial { .. } => "partial",
            Caution::Repeated { .. } => "repeated",
            Caution::RuntimeEnded { .. } => "runtime-ended",
            Caution::FrameworkEnded { .. } => "framework-ended",
            Caution::RuntimeOlderThanWanted { .. } => "runtime-older-than-wanted",
            Caution::ImpossibleTrials(_) => "impossible-trials",
        }
    }
}

impl Caution {
    /// How severe it is among cautions of its kind, the largest number being the worst; 0 for kinds that have no
    /// degrees.
    #[must_use]
    pub const fn severity(&self) -> f64 {
        match self {
            Caution::GeneratorBusy { cpu_share: size }
            | Caution::GeneratorLate { lag_ms_p99: size }
            | Caution::Steal { share: size }
            | Caution::RunDelay { share: size }
            | Caution::NotWarm { still_changed: size }
            | Caution::SlowsDownLate { ratio: size, .. }
            | Caution::TwinsApart { factor: size } => *size,
            Caution::StillWarmingUp { ratio, .. } => -*ratio,
            Caution::NotBackFromRest { trials } | Caution::DisturbedByAnother { trials } => *trials as f64,
            Caution::FewSamples { beyond } => -(*beyond as f64),
            Caution::FewBlocks { blocks } => -(*blocks as f64),
            Caution::FewLaunches { launches } => -(*launches as f64),
            Caution::ImpossibleTrials(found) => found.trials as f64,
            Caution::NoSteadyState
            | Caution::Once
            | Caution::SharedCores
            | Caution::NetworkIncluded
            | Caution::Repeated { .. }
            | Caution::RuntimeEnded { .. }
            | Caution::FrameworkEnded { .. }
            | Caution::RuntimeOlderThanWanted { .. }
            | Caution::Partial { .. } => 0.0,
        }
    }
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caution::GeneratorBusy { cpu_share } => {
                write!(f, "the generator used {} of its processor", percent(*cpu_share))
            }
            Caution::GeneratorLate { lag_ms_p99 } => {
                let lag = Quantity::new(*lag_ms_p99, "ms").in_prose();
                write!(f, "the generator sent up to {lag} late (p99)")
            }
            Caution::Steal { share } => write!(f, "the hypervisor took {} of the time", percent(*share)),
            Caution::RunDelay { share } => {
                write!(f, "the server waited {} of the time for a processor", percent(*share))
            }
            Caution::NoSteadyState => f.write_str("it did not reach a steady state"),
            Caution::SharedCores => f.write_str("server and generator shared processors"),
            Caution::FewSamples { beyond } => write!(f, "only {beyond} responses lie beyond this percentile"),
            Caution::Once => {
                f.write_str("measured once; the interval is an estimate from how much this metric varied in earlier experiments")
            }
            Caution::FewBlocks { blocks: 1 } => f.write_str("measured in one block only"),
            Caution::FewBlocks { blocks } => write!(f, "measured in {blocks} blocks only"),
            Caution::FewLaunches { launches: 1 } => f.write_str("measured in one launch only"),
            Caution::FewLaunches { launches } => write!(f, "measured in {launches} launches only"),
            Caution::NotWarm { still_changed } => write!(
                f,
                "not warm: its CPU time per request still changed by {}, and a smaller difference is none",
                percent(*still_changed)
            ),
            Caution::NotBackFromRest { trials } => write!(
                f,
                "in {} it was not back at its settled level after the rest; they do not count",
                count(*trials as usize, "trial")
            ),
            Caution::StillWarmingUp { ratio, trials } => write!(
                f,
                "it was still warming up: CPU time per request fell by {} while it was measured, and {} before that do not count",
                percent(1.0 - ratio),
                count(*trials as usize, "trial")
            ),
            Caution::SlowsDownLate { ratio, trials } => write!(
                f,
                "it slows down late: CPU time per request rose by {} while it was measured, and {} before that do not count",
                percent(ratio - 1.0),
                count(*trials as usize, "trial")
            ),
            Caution::DisturbedByAnother { trials } => write!(
                f,
                "another contender's server did not rest during {}; they do not count",
                count(*trials as usize, "trial")
            ),
            Caution::TwinsApart { factor } => write!(
                f,
                "the twins lie further apart than launches and blocks explain, so the interval is {factor:.2} times as wide"
            ),
            Caution::NetworkIncluded => f.write_str("it includes time of the network"),
            Caution::Partial { reached } => f.write_str(reached),
            Caution::Repeated { reason } => {
                write!(f, "measured a second time, because the first was disturbed: {reason}")
            }
            Caution::RuntimeEnded { runtime, ended } => past_its_end(f, "on", runtime, ended),
            Caution::FrameworkEnded { framework, ended } => past_its_end(f, "with", framework, ended),
            Caution::RuntimeOlderThanWanted { runtime, wanted } => {
                write!(f, "measured on {runtime}, older than the wanted {wanted}")
            }
            Caution::ImpossibleTrials(found) => f.write_str(&impossible::marked(found)),
        }
    }
}

fn past_its_end(f: &mut fmt::Formatter<'_>, how: &str, what: &str, ended: &str) -> fmt::Result {
    write!(f, "measured {how} {what}, past its end of life since {ended}")
}

fn percent(share: f64) -> String {
    Quantity::new(share, "share").in_prose()
}
