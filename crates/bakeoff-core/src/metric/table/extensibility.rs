//! Rows of extensibility: what can be added, and what it weighs. Deliberately rows only.

use super::super::{Anchor, Better, Exposure, Metric, Reduce, Repeatability, Scale};
use crate::criterion::Criterion;

pub(super) const ROWS: &[Metric] = &[
    Metric {
        id: "needs_covered",
        title: "Needs that a package covers",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Extensibility,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        repeatability: Repeatability::Exact,
        exposure: Exposure::Fixed,
        interview: true,
        column: None,
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
        repeatability: Repeatability::Exact,
        exposure: Exposure::Fixed,
        interview: true,
        column: None,
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
        repeatability: Repeatability::Exact,
        exposure: Exposure::Fixed,
        interview: false,
        column: None,
        anchor: Anchor::Fixed {
            required: 300.0,
            ideal: 10.0,
        },
        sentence: "Size of the installed dependencies on disk, without the runtime.",
        source: "the prepared folder on this machine",
    },
];
