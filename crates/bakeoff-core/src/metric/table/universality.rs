//! Rows of universality: where it runs.

use super::super::{Anchor, Better, Exposure, Levels, Metric, Reduce, Repeatability, Scale};
use crate::criterion::Criterion;

pub(super) const ROWS: &[Metric] = &[
    Metric {
        id: "platforms_prebuilt",
        title: "Platforms that need no compiler",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Universality,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        repeatability: Repeatability::Exact,
        levels: Levels::EXACT,
        exposure: Exposure::Fixed,
        interview: true,
        column: None,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the common platforms (operating system × processor) on which every locked dependency installs without a compiler.",
        source: "the contender's lock file",
    },
    Metric {
        id: "targets",
        title: "Deployment targets",
        unit: "share",
        better: Better::Higher,
        criterion: Criterion::Universality,
        scale: Scale::Linear,
        reduce: Reduce::Exact,
        repeatability: Repeatability::Exact,
        levels: Levels::EXACT,
        exposure: Exposure::Fixed,
        interview: true,
        column: None,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the common targets (container, App Engine, functions, edge, browser, desktop, mobile) that run this stack's language, as their maintainers document it.",
        source: "a dated table that ships with the program, each entry with its source",
    },
];
