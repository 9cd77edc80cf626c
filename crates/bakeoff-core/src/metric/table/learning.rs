//! Rows of the learning curve: what there is to learn. Deliberately rows only.

use super::super::{Anchor, Better, Metric, Reduce, Repeatability, Scale};
use crate::criterion::Criterion;

pub(super) const ROWS: &[Metric] = &[
    Metric {
        id: "contract_tokens",
        title: "Source of the contract",
        unit: "tokens",
        better: Better::Lower,
        criterion: Criterion::LearningCurve,
        scale: Scale::Log,
        reduce: Reduce::Exact,
        repeatability: Repeatability::Exact,
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
        repeatability: Repeatability::Exact,
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
        repeatability: Repeatability::Exact,
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
        repeatability: Repeatability::OnScale(0.02),
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
        repeatability: Repeatability::Exact,
        anchor: Anchor::Fixed {
            required: 0.0,
            ideal: 1.0,
        },
        sentence: "Share of the contender's languages that the brief's team knows.",
        source: "the brief",
    },
];
