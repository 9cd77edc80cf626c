//! The six criteria of the founding question. Deliberately not extensible: a seventh would be another question.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a stack is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// How fast it answers, and at what cost in processor, memory and money.
    Speed,
    /// How it grows: with cores, with connections, with features.
    Scalability,
    /// Where it runs, and what of it runs elsewhere unchanged.
    Universality,
    /// What exists for it, and what that costs.
    Extensibility,
    /// What one kind of work does to the others.
    Architecture,
    /// How much there is to read, to write and to know before it works.
    LearningCurve,
}

impl Criterion {
    /// All six, in the order of the founding question.
    pub const ALL: [Criterion; 6] = [
        Criterion::Speed,
        Criterion::Scalability,
        Criterion::Universality,
        Criterion::Extensibility,
        Criterion::Architecture,
        Criterion::LearningCurve,
    ];

    /// The word of briefs, commands and `results.json`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Criterion::Speed => "speed",
            Criterion::Scalability => "scalability",
            Criterion::Universality => "universality",
            Criterion::Extensibility => "extensibility",
            Criterion::Architecture => "architecture",
            Criterion::LearningCurve => "learning-curve",
        }
    }

    /// The words of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Criterion::LearningCurve => "learning curve",
            other => other.id(),
        }
    }

    /// What the criterion asks, in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Criterion::Speed => {
                "How fast does it answer at the brief's rate, and what does that cost in processor, memory and money?"
            }
            Criterion::Scalability => "How does it grow: with cores, with connections, with features?",
            Criterion::Universality => "Where does it run, and what of it runs elsewhere unchanged?",
            Criterion::Extensibility => {
                "What exists for what the brief needs, and what does it cost to carry?"
            }
            Criterion::Architecture => "What does one kind of work do to all the others?",
            Criterion::LearningCurve => "How much is there to read, to write and to know before it works?",
        }
    }

    /// The criterion of that word, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Criterion> {
        Criterion::ALL.into_iter().find(|criterion| criterion.id() == id)
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
