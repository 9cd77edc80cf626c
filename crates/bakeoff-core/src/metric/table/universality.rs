//! Rows of universality: where it runs. Deliberately rows only.

use super::super::{Anchor, Better, Exposure, Metric, Reduce, Repeatability, Scale};
use crate::criterion::Criterion;

pub(super) const ROWS: &[Metric] = &[
    Metric {
        id: "platforms_prebuilt",
        title: "Platforms without a compiler",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Universality,
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
        repeatability: Repeatability::Exact,
        exposure: Exposure::Fixed,
        interview: true,
        column: None,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the usual targets (container, App Engine, functions, edge, browser, desktop, mobile) that run this stack's language as their maintainers document it.",
        source: "a dated table that ships with the program, each entry with its source",
    },
];
