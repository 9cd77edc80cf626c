//! Cautions: typed warnings that stand beside the numbers they weaken. Free text only for what a probe reached.

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
    /// Fewer than ten answers lie beyond the percentile.
    FewSamples {
        /// How many lie beyond it.
        beyond: u64,
    },
    /// Measured in one block: the interval tells how far tries of the metric lie apart elsewhere.
    Once,
    /// Fewer blocks than the fewest for an interval.
    FewBlocks {
        /// How many there are.
        blocks: u32,
    },
    /// Time of the network or of a registry is part of it.
    NetworkIncluded,
    /// A probe could not reach what it aims at.
    Partial {
        /// What it reached, in words.
        reached: String,
    },
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
            Caution::NetworkIncluded => "network-included",
            Caution::Partial { .. } => "partial",
        }
    }
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caution::GeneratorBusy { cpu_share } => write!(
                f,
                "the generator used {:.0} % of its processor",
                cpu_share * 100.0
            ),
            Caution::GeneratorLate { lag_ms_p99 } => {
                write!(f, "the generator sent up to {lag_ms_p99:.2} ms late (p99)")
            }
            Caution::Steal { share } => write!(f, "the hypervisor took {:.1} % of the time", share * 100.0),
            Caution::RunDelay { share } => write!(
                f,
                "the server waited {:.1} % of the time for a processor",
                share * 100.0
            ),
            Caution::NoSteadyState => f.write_str("no steady state was reached"),
            Caution::SharedCores => f.write_str("server and generator shared processors"),
            Caution::FewSamples { beyond } => write!(f, "only {beyond} answers lie beyond this percentile"),
            Caution::Once => {
                f.write_str("measured once; the interval is how far tries of this metric lie apart elsewhere")
            }
            Caution::FewBlocks { blocks: 1 } => f.write_str("from one block only"),
            Caution::FewBlocks { blocks } => write!(f, "from {blocks} blocks only"),
            Caution::NetworkIncluded => f.write_str("time of the network is part of it"),
            Caution::Partial { reached } => f.write_str(reached),
        }
    }
}
