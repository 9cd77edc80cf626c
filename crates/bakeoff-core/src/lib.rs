//! Decides. From a brief and the evidence of a run to scores and a verdict, as pure functions: no clock, no files, no
//! network, no randomness without a seed. What it deliberately does not do: measure, store, or print.
//!
//! # Glossary: one word, one meaning
//!
//! | word | meaning |
//! |---|---|
//! | brief | the user's requirements, one TOML file: load, traffic mix, service level, team, needs, deployment, preferences |
//! | contender | one stack that could be chosen: a folder with `contender.toml`, source and lock file |
//! | scenario | one kind of request that a brief can mix, with the answers it must get |
//! | contract | all scenarios: what every contender serves alike |
//! | plan | which trials run, in which order, with which seed |
//! | block | every contender once, in random order, on the same machine; the unit of comparison |
//! | trial | one contender's turn within a block: start, check, warm, measure, stop |
//! | entrant | who runs in a trial: a contender, or its twin, the same contender a second time in the block |
//! | probe | code that turns a trial, or a contender's folder, into observations of some metrics |
//! | metric | a row of [`metric::METRICS`] |
//! | evidence | what trials leave: observations, histograms, logs, faults, cautions, host, versions; append-only and raw |
//! | estimate | a value with interval, unit and n |
//! | caution | a typed warning that stands beside the number it weakens |
//! | fault | something that failed, and whose it is: contender, lab or user |
//! | score | an estimate seen through the brief's value function: 0 at *required*, 1 at *ideal* |
//! | verdict | choose, keep both (not separable) or none fits, with probabilities, reasons and what would flip it |
//! | claim | a sentence people repeat, with the evidence that supports or refutes it |
//!
//! The way of the data has one direction: brief → plan → trials → evidence → scores → verdict. Everything right of the
//! evidence is computed from it anew each time ([`judge`]).

pub mod brief;
pub mod compare;
pub mod contender;
pub mod criterion;
pub mod diagnostic;
mod document;
pub mod elicit;
pub mod entrant;
pub mod estimate;
pub mod evidence;
pub mod explain;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
pub mod judge;
pub mod judgement;
pub mod metric;
mod parallel;
pub mod plan;
pub mod power;
pub mod probability;
pub mod problem;
pub mod range;
pub mod scenario;
pub mod search;
pub mod sentences;
pub mod smaa;
mod stated;
pub mod stop;
pub mod usl;
pub mod value;
pub mod verdict;
pub mod words;
