//! Rows of extensibility: which needs packages cover, and how much they weigh.

use super::super::{Anchor, Better, Exposure, Metric, Reduce, Repeatability, Scale};
use crate::criterion::Criterion;

pub(super) const ROWS: &[Metric] = &[
    Metric {
        id: "needs_covered",
        title: "Needs covered by packages",
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
        sentence: "Share of the brief's needs that the stack itself or a maintained package covers.",
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
        sentence: "Packages that are installed to serve the contract, indirect ones included.",
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
