//! The table of metrics: help, validation, judging, reports and documents are made from its rows. Deliberately only what
//! the lab measures: a row without a probe would be a promise.

use crate::criterion::Criterion;
use serde::{Deserialize, Serialize};

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
    /// The quantile of the merged response-time histogram of all blocks (percentiles are never averaged); value in ms.
    ResponseQuantile(f64),
    /// The mean over blocks, on the metric's scale; several observations of a block are averaged first.
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
    /// The default value function.
    pub anchor: Anchor,
    /// What it is, in one sentence.
    pub sentence: &'static str,
    /// Where the definition, or the way of measuring, comes from.
    pub source: &'static str,
}

/// Every metric that the lab measures, in the order in which a reader sees them.
pub const METRICS: &[Metric] = &[
    Metric {
        id: "cpu_us_per_request",
        title: "CPU time a request",
        unit: "µs",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfCpuBudget {
            required: 1.0,
            ideal: 0.05,
        },
        sentence: "Processor time of the contender's whole process tree for each correct answer, at the brief's rate.",
        source: "the kernel's per-process CPU clocks, over everything the contender started",
    },
    Metric {
        id: "latency_ms_p50",
        title: "Median response time",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::ResponseQuantile(0.50),
        anchor: Anchor::OfSlo {
            required: 0.5,
            ideal: 0.02,
        },
        sentence: "Half of the answers came within this time of the instant at which the request was due.",
        source: "open loop, from the intended instant (G. Tene, wrk2)",
    },
    Metric {
        id: "latency_ms_p99",
        title: "99th percentile response time",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::ResponseQuantile(0.99),
        anchor: Anchor::OfSlo {
            required: 1.0,
            ideal: 0.1,
        },
        sentence: "99 of 100 answers came within this time of the instant at which the request was due.",
        source: "open loop, from the intended instant (G. Tene, wrk2)",
    },
    Metric {
        id: "latency_ms_p999",
        title: "99.9th percentile response time",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::ResponseQuantile(0.999),
        anchor: Anchor::OfSlo {
            required: 2.0,
            ideal: 0.2,
        },
        sentence: "999 of 1,000 answers came within this time of the instant at which the request was due.",
        source: "open loop, from the intended instant (G. Tene, wrk2)",
    },
    Metric {
        id: "startup_ms",
        title: "Start",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::Fixed {
            required: 5000.0,
            ideal: 200.0,
        },
        sentence: "From starting the process to its first correct answer.",
        source: "the founding question's \"loading speed\"; polled every millisecond",
    },
    Metric {
        id: "memory_mb_idle",
        title: "Memory when idle",
        unit: "MB",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfMemory {
            required: 1.0,
            ideal: 0.0625,
        },
        sentence: "Memory of the whole process tree after the start and before any load; pages shared by several processes are counted once (PSS).",
        source: "/proc/PID/smaps_rollup, Pss",
    },
    Metric {
        id: "memory_mb_peak",
        title: "Memory under load",
        unit: "MB",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfMemory {
            required: 1.0,
            ideal: 0.125,
        },
        sentence: "The most memory that the whole process tree held while the brief's load ran (PSS).",
        source: "/proc/PID/smaps_rollup, Pss, sampled during the load",
    },
    Metric {
        id: "compute_ms",
        title: "Pure computing",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::Fixed {
            required: 250.0,
            ideal: 5.0,
        },
        sentence: "Service time of the scenario `compute` with n = 10000: the same loop written in the language itself.",
        source: "the founding question's V8, interpreter and compiled code",
    },
    Metric {
        id: "cost_per_million",
        title: "Cost of a million requests",
        unit: "currency",
        better: Better::Lower,
        criterion: Criterion::Speed,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfPrice {
            required: 1.0,
            ideal: 0.1,
        },
        sentence: "Processor time and memory of a million requests at the brief's rate, at the brief's prices.",
        source: "cpu_us_per_request × price.core_hour + memory_mb_peak ÷ peak_rps × price.gb_hour",
    },
    Metric {
        id: "multicore_speedup",
        title: "Speed-up by cores",
        unit: "×",
        better: Better::Higher,
        criterion: Criterion::Scalability,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::Cores,
        sentence: "Computing requests a second with one process for each core, over the same with one process on one core.",
        source: "closed loop of the scenario `compute`, whose client costs next to nothing",
    },
    Metric {
        id: "connection_kb",
        title: "Memory of an idle connection",
        unit: "KB",
        better: Better::Lower,
        criterion: Criterion::Scalability,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::Fixed {
            required: 256.0,
            ideal: 4.0,
        },
        sentence: "What the process tree grows by for each of 1,000 idle keep-alive connections.",
        source: "PSS before and after, /proc/PID/smaps_rollup",
    },
    Metric {
        id: "platforms_prebuilt",
        title: "Platforms without a compiler",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Universality,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the usual operating systems × processors on which every locked dependency installs without a compiler.",
        source: "the contender's lock file",
    },
    Metric {
        id: "targets",
        title: "Where it runs",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Universality,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the usual targets (container, App Engine, functions, edge, browser, desktop, mobile) that run this stack's language as their maintainers document it.",
        source: "a dated table that ships with the program, each entry with its source",
    },
    Metric {
        id: "needs_covered",
        title: "Needs that a package covers",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Extensibility,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the brief's needs for which a maintained package, or the stack itself, exists.",
        source: "a dated snapshot of the registries that ships with the program",
    },
    Metric {
        id: "dependencies",
        title: "Dependencies",
        unit: "packages",
        better: Better::Lower,
        criterion: Criterion::Extensibility,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 200.0,
            ideal: 10.0,
        },
        sentence: "Packages that are installed to serve the contract, the indirect ones included.",
        source: "the contender's lock file",
    },
    Metric {
        id: "install_mb",
        title: "Installed size",
        unit: "MB",
        better: Better::Lower,
        criterion: Criterion::Extensibility,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 300.0,
            ideal: 10.0,
        },
        sentence: "Size of the installed dependencies on disk, without the runtime.",
        source: "the prepared folder on this machine",
    },
    Metric {
        id: "blocking_ms_p99",
        title: "Light requests beside a computing one",
        unit: "ms",
        better: Better::Lower,
        criterion: Criterion::Architecture,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfSlo {
            required: 4.0,
            ideal: 0.1,
        },
        sentence: "99th percentile response time of `json` while one computing request is always in flight.",
        source: "the founding question's synchronous against asynchronous",
    },
    Metric {
        id: "waiting_rps",
        title: "Answers that wait",
        unit: "1/s",
        better: Better::Higher,
        criterion: Criterion::Architecture,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::OfPeak {
            required: 0.1,
            ideal: 3.0,
        },
        sentence: "Answers a second on a route that waits 100 ms, with 256 clients that wait for them.",
        source: "closed loop of the scenario `wait`",
    },
    Metric {
        id: "contract_tokens",
        title: "Source of the contract",
        unit: "tokens",
        better: Better::Lower,
        criterion: Criterion::LearningCurve,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 10000.0,
            ideal: 1500.0,
        },
        sentence: "Tokens of the source that serves the contract, comments out.",
        source: "tree-sitter, leaves of the syntax tree",
    },
    Metric {
        id: "cognitive_complexity",
        title: "Cognitive complexity",
        unit: "points",
        better: Better::Lower,
        criterion: Criterion::LearningCurve,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 200.0,
            ideal: 15.0,
        },
        sentence: "How hard the control flow of that source is to follow.",
        source: "G. A. Campbell, Cognitive Complexity, SonarSource 2018; validated by Muñoz Barón et al., ESEM 2020",
    },
    Metric {
        id: "api_surface",
        title: "Names to learn",
        unit: "names",
        better: Better::Lower,
        criterion: Criterion::LearningCurve,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 200.0,
            ideal: 20.0,
        },
        sentence: "Distinct names of the framework and the libraries that the source uses.",
        source: "tree-sitter, imported names and the members used of them",
    },
    Metric {
        id: "first_answer_s",
        title: "From nothing to the first answer",
        unit: "s",
        better: Better::Lower,
        criterion: Criterion::LearningCurve,
        scale: Scale::Log,
        reduce: Reduce::MeanOfBlocks,
        anchor: Anchor::Fixed {
            required: 120.0,
            ideal: 5.0,
        },
        sentence: "A clean directory, the documented install, the first correct answer.",
        source: "timed when the contender was prepared on this machine",
    },
    Metric {
        id: "team_known",
        title: "Known to the team",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::LearningCurve,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the contender's languages that the brief's team knows.",
        source: "the brief",
    },
];

/// The row of that id, if there is one.
#[must_use]
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}
