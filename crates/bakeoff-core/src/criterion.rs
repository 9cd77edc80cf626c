//! The six criteria of the founding question. The list is fixed: a seventh criterion belongs to a brief, not to the
//! program.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a stack is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// How fast it responds, and at what cost in CPU time, memory and money.
    Speed,
    /// How it scales with cores, connections and features.
    Scalability,
    /// Where it runs.
    Universality,
    /// What packages exist for it, and how large they are.
    Extensibility,
    /// How much one kind of request slows down the others.
    Architecture,
    /// How much there is to read, write and know before it works.
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

    /// The question behind the criterion, in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Criterion::Speed => {
                "How fast does it respond at the brief's rate, and what does that cost in CPU time, memory and money?"
            }
            Criterion::Scalability => "How does it scale with cores, connections and features?",
            Criterion::Universality => "Where does it run, and what else can run the same code?",
            Criterion::Extensibility => {
                "Which of the brief's needs do packages cover, and how large are they?"
            }
            Criterion::Architecture => "How much does one kind of request slow down the others?",
            Criterion::LearningCurve => "How much is there to read, write and know before it works?",
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
