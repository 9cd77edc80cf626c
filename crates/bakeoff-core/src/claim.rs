//! Claims: sentences that people repeat, each with where it is said, how it is read, and the tests that settle it. A
//! claim is a document: TOML in, this type out, errors with their line. Whether it holds in a run is settled beside
//! it, from the run and its judgement alone; the sentences about that are in [`crate::words::claims`].

mod answer;
mod parse;
mod settle;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Fits, Holder, Lack, Pair, Reached, Tested, Verdict};
pub use parse::{Names, parse};
pub use settle::settle;

use serde::{Deserialize, Serialize};

/// A sentence that people repeat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// Its word in commands and documents.
    pub id: String,
    /// The sentence, without a full stop.
    pub sentence: String,
    /// Where it is said; empty: it is often repeated, and no single source is known.
    pub said: Vec<String>,
    /// The fair reading of it that the tests follow, in sentences.
    pub reading: String,
    /// What its numbers cannot show, in sentences; empty where they show all of it.
    pub limits: String,
    /// What to run where it is not tested, or what would settle it where no run does, in sentences.
    pub settle: String,
    /// What settles it; empty where no run can.
    pub tests: Vec<Test>,
}

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// What it is about, as words before a colon.
    pub about: String,
    /// What it is there for.
    pub role: Role,
    /// What must hold.
    pub rule: Rule,
}

/// What a test is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The claim stands and falls with it.
    #[default]
    Decides,
    /// It stands beside the claim and decides nothing.
    Shows,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Rule {
    /// The values of one side lie on one side of others.
    Compare {
        /// The metric's id.
        metric: String,
        /// Whose values.
        of: Side,
        /// Where they lie.
        is: Relation,
        /// What they are compared with.
        than: Against,
    },
    /// The maintainers of a deployment target document that it runs the language of one side.
    Documented {
        /// One of [`crate::brief::TARGETS`].
        target: String,
        /// Whose language.
        of: Side,
        /// What they must say.
        is: Documented,
    },
}

/// Contenders of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The candidates of this family that are no variants; its references where it has no candidate.
    Family(String),
    /// These contenders.
    Contenders(Vec<String>),
}

/// Where values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Above.
    Higher,
    /// Below.
    Lower,
}

/// What values are compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// The values of other contenders: each with each.
    Side(Side),
    /// A value in the metric's unit.
    Value(f64),
    /// A value in the metric's unit for each processor of the brief's instance.
    PerCore(f64),
    /// This many times the response time that the brief's service level allows; the metric is in ms.
    ServiceLevel(f64),
}

/// What the maintainers of a target say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Documented {
    /// It runs there.
    Yes,
    /// It does not.
    No,
}
