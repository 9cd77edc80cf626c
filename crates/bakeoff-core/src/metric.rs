//! The form of a metric's row. Help, validation, judging, reports and documents are made from the rows in
//! [`METRICS`].

mod table;

pub use table::{METRICS, columns, metric};

use crate::criterion::Criterion;
use serde::{Deserialize, Serialize};
use std::f64::consts::FRAC_1_SQRT_2;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

/// The scale on which values are averaged, compared and scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Differences count.
    Linear,
    /// Ratios count; values are above 0.
    Log,
}

/// How the observations of the blocks become one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reduce {
    /// The quantile of the merged response-time histogram of all trials that count (percentiles are never averaged);
    /// value in ms.
    ResponseQuantile(f64),
    /// The mean over launches of the means of their blocks, on the metric's scale; several observations of a block are
    /// averaged first.
    MeanOfBlocks,
    /// Read or counted once, exactly: the last observation.
    Exact,
}

/// Where the value function's ends come from: 0 at *required*, 1 at *ideal*.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Anchor {
    /// Multiples of the brief's `slo.p99_ms`.
    OfSlo {
        /// Factor at value 0.
        required: f64,
        /// Factor at value 1.
        ideal: f64,
    },
    /// Multiples of the brief's `peak_rps`.
    OfPeak {
        /// Factor at value 0.
        required: f64,
        /// Factor at value 1.
        ideal: f64,
    },
    /// Multiples of the processor time that one request may cost at the peak: cores / peak_rps.
    OfCpuBudget {
        /// Factor at value 0.
        required: f64,
        /// Factor at value 1.
        ideal: f64,
    },
    /// Multiples of the brief's `memory_mb`.
    OfMemory {
        /// Factor at value 0.
        required: f64,
        /// Factor at value 1.
        ideal: f64,
    },
    /// Multiples of what a million requests cost when the brief's instance is paid for and runs at its peak.
    OfPrice {
        /// Factor at value 0.
        required: f64,
        /// Factor at value 1.
        ideal: f64,
    },
    /// 1 at value 0, the number of cores that were used at value 1.
    Cores,
    /// The same for every brief.
    Fixed {
        /// At value 0.
        required: f64,
        /// At value 1.
        ideal: f64,
    },
}

/// Repeatability [ISO 5725-1]: how far tries of the same contender lie apart, each with new processes, as a standard
/// deviation. The figures are those of runs in which each trial was a launch of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeatability {
    /// This much on the metric's scale: a share of the value on a log scale, else in the metric's unit.
    OnScale(f64),
    /// This many times the square root of the count, or of 1 below it: random losses spread as a Poisson count, or
    /// wider.
    OfCount(f64),
    /// Read or counted exactly: the machine does not change it.
    Exact,
}

impl Repeatability {
    /// The standard deviation on the metric's scale of tries around `mean`, which is in the metric's unit.
    #[must_use]
    pub fn deviation(self, mean: f64) -> f64 {
        self.factor() * self.unit(mean)
    }

    /// The figure of the table; 0 for what is exact.
    #[must_use]
    pub const fn factor(self) -> f64 {
        match self {
            Repeatability::OnScale(factor) | Repeatability::OfCount(factor) => factor,
            Repeatability::Exact => 0.0,
        }
    }

    /// What the figure is a multiple of around `mean`, on the metric's scale.
    #[must_use]
    pub fn unit(self, mean: f64) -> f64 {
        match self {
            Repeatability::OfCount(_) => mean.max(1.0).sqrt(),
            Repeatability::OnScale(_) | Repeatability::Exact => 1.0,
        }
    }
}

/// Repeatability at the two levels of evidence with launches [Kalibera & Jones, ISMM 2013], each as a standard
/// deviation in the form of the metric's [`Repeatability`]. `bakeoff compare RUN --within` measures both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Levels {
    /// How far launches of the same contender lie apart, beyond what their blocks explain.
    pub launch: f64,
    /// How far blocks of the same launch lie apart; none for what is observed once a launch or once a preparation.
    pub block: Option<f64>,
    /// Whether it is observed of launches only, so that evidence without launches has none of it.
    pub needs_launches: bool,
    /// Whether only earlier versions observed it, so that new evidence has none of it.
    #[serde(skip)]
    pub only_earlier: bool,
}

impl Levels {
    /// Read or counted exactly.
    pub const EXACT: Levels = Levels::once(0.0);

    /// Read or counted exactly, by earlier versions only.
    pub const EXACT_AND_EARLIER: Levels = Levels {
        only_earlier: true,
        ..Levels::EXACT
    };

    /// Of what is observed once a launch or once a preparation.
    #[must_use]
    pub const fn once(launch: f64) -> Levels {
        Levels {
            launch,
            block: None,
            needs_launches: false,
            only_earlier: false,
        }
    }

    /// Of what is observed once a launch, and of launches only.
    #[must_use]
    pub const fn once_and_only_of(launch: f64) -> Levels {
        Levels {
            needs_launches: true,
            ..Levels::once(launch)
        }
    }

    /// Of what is observed in several blocks of a launch.
    #[must_use]
    pub const fn both(launch: f64, block: f64) -> Levels {
        Levels {
            launch,
            block: Some(block),
            needs_launches: false,
            only_earlier: false,
        }
    }

    /// Of what is observed in several blocks of a launch, where only the deviation of tries with new processes is
    /// known so far: half of its variance at each level.
    #[must_use]
    pub const fn not_told_apart(tries: f64) -> Levels {
        Levels::both(tries * FRAC_1_SQRT_2, tries * FRAC_1_SQRT_2)
    }

    /// Whether it is observed once a launch, so that its number of observations is that of the launches.
    #[must_use]
    pub const fn is_once(self) -> bool {
        self.block.is_none()
    }
}

/// What a metric is exposed to: the load at the brief's rate, and disturbances of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// A time, or the cost of time, under the load at the brief's rate.
    TimeAtRate,
    /// A size under the load at the brief's rate.
    SizeAtRate,
    /// A time or a rate of a probe.
    Time,
    /// A share, a ratio or a count that a probe's timing decides.
    Ratio,
    /// A time outside of any trial, when the contender is prepared.
    InstallTime,
    /// A size without load, or what is counted or read: neither load nor disturbances change it.
    Fixed,
}

impl Exposure {
    /// Whether it is measured under the load at the brief's rate, and so needs that rate to be held.
    #[must_use]
    pub const fn at_rate(self) -> bool {
        matches!(self, Exposure::TimeAtRate | Exposure::SizeAtRate)
    }

    /// Whether a disturbance of the machine during the trial changes it.
    #[must_use]
    pub const fn timed(self) -> bool {
        matches!(self, Exposure::TimeAtRate | Exposure::Time | Exposure::Ratio)
    }

    /// Whether it grows in proportion when the whole machine is slower.
    #[must_use]
    pub const fn follows_machine_speed(self) -> bool {
        matches!(
            self,
            Exposure::TimeAtRate | Exposure::Time | Exposure::InstallTime
        )
    }
}

/// A column beside every contender in the short tables of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its place among the columns, from 0.
    pub place: u8,
    /// Its head.
    pub head: &'static str,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// The word of commands, documents and `results.json`.
    pub id: &'static str,
    /// Its title for a reader.
    pub title: &'static str,
    /// The unit, as it stands beside the number.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// The criterion it belongs to.
    pub criterion: Criterion,
    /// The scale on which it is averaged and scored.
    pub scale: Scale,
    /// How blocks become one value.
    pub reduce: Reduce,
    /// How far tries of the same contender lie apart, each with new processes: what counts for evidence without
    /// launches.
    pub repeatability: Repeatability,
    /// How far launches, and blocks of a launch, lie apart: what counts for evidence with launches.
    pub levels: Levels,
    /// What it is exposed to while it is measured.
    pub exposure: Exposure,
    /// Whether a question about priorities describes its criterion by it.
    pub interview: bool,
    /// Its column in the short tables of a report, if it has one.
    pub column: Option<Column>,
    /// The default value function.
    pub anchor: Anchor,
    /// What it is, in one sentence.
    pub sentence: &'static str,
    /// Where the definition, or the way of measuring, comes from.
    pub source: &'static str,
}

impl Metric {
    /// Whether only earlier versions measured it: its row stays, so that stored runs are judged as they were. Where no
    /// contender of a run has evidence of it, it is not mentioned.
    #[must_use]
    pub const fn is_of_earlier_versions(&self) -> bool {
        self.levels.only_earlier
    }
}
