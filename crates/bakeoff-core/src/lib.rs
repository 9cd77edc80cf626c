//! Decides: from a brief and the evidence of a run to scores and a verdict, as pure functions. This crate has no
//! clock, no files, no network and no randomness without a seed. It measures nothing, stores nothing and prints
//! nothing.
//!
//! # Map
//!
//! The data flows in one direction, each stage from the earlier ones: brief → plan → trials → evidence → estimates →
//! judgement → words.
//!
//! | stage | modules | enter at |
//! |---|---|---|
//! | what the user asks | [`brief`], [`problem`], [`elicit`], [`diagnostic`] | [`brief::parse`], [`problem::parse`] |
//! | what ships with the program | [`scenario`], [`contender`] | [`scenario::parse`], [`contender::parse`] |
//! | tables | [`metric`], [`criterion`] | [`metric::METRICS`] |
//! | what to run | [`plan`], [`schedule`], [`stop`], [`search`] | [`schedule::next`], [`stop::advise`] |
//! | what a run can show | [`power`], [`threads`] | |
//! | what the lab recorded, as plain data | [`evidence`], [`entrant`] | [`evidence::Run`] |
//! | estimates with intervals | [`estimate`], [`usl`], [`range`], [`probability`] | [`estimate::of`] |
//! | scores and weights | [`value`], [`smaa`] | [`smaa::decide`] |
//! | whether a server is settled | [`steady`], [`drift`] | [`steady::settled_from`], [`drift::watch`] |
//! | what cannot be true | [`impossible`] | [`impossible::Check`] |
//! | judgement, as numbers and enums | [`judge`], [`judgement`], [`verdict`], [`margin`] | [`judge::judge`] |
//! | two judgements | [`compare`] | [`compare::Comparison`] |
//! | what V8's compilers are worth | [`tiers`] | [`tiers::tiers`] |
//! | what people say | [`claim`] | [`claim::parse`], [`claim::settle`] |
//! | words for a reader | [`words`], [`explain`] | [`words::words`], [`words::number`], [`explain::explain`] |
//!
//! Invariants, each with its test:
//!
//! * The same run, brief, preferences and seed give the same judgement to the last bit, on any number of threads
//!   (`judge/tests.rs`, `smaa/tests.rs`).
//! * Adding, copying or removing a contender changes no score and no order of the others (`judge/tests.rs`,
//!   `properties`).
//! * A judgement has no words, and words compute no number: [`words::words`] takes a finished [`judgement::Judgement`].
//! * No two modules use each other, directly or through others (the program's `tidy` tests).
//!
//! # Glossary: one word, one meaning
//!
//! | word | meaning |
//! |---|---|
//! | brief | the user's requirements, one TOML file: load, traffic mix, service level, team, needs, preferences |
//! | contender | one stack that could be chosen: a folder with `contender.toml`, source and lock file |
//! | family | the contenders of one runtime, as Node.js or Python |
//! | variant | a contender with another setting, named after it: `node-fastify@jitless` |
//! | reference | a contender without a framework: it shows what its runtime does, and is no candidate |
//! | twin | a second run of one contender in every block under another name, to show the noise (an A/A test) |
//! | entrant | what runs in a trial: a contender or its twin |
//! | scenario | one kind of request that a brief can mix, with the responses it must get |
//! | contract | all scenarios: what every contender must serve in the same way |
//! | plan | which launches and trials run, in which order, with which seed |
//! | full answer | three launches of every contender, and every probe once for each |
//! | schedule | which step of a plan runs next: a launch, a trial, a repeat, a retirement, an advice, or the end |
//! | round | a launch of every entrant, the blocks that they live through, and their retirement |
//! | block | every contender once, in random order, on the same machine; the unit of comparison |
//! | launch | one start of an entrant, warmed up, that lives through the blocks of a round |
//! | trial | the measurement of one entrant within a block: wake, measure, rest |
//! | probe | code that observes some metrics of a running contender or of its folder |
//! | metric | a row of [`metric::METRICS`] |
//! | evidence | what trials leave: observations, histograms, logs, faults, cautions, host; append-only and raw |
//! | gate | a check that a measurement must pass to be evidence |
//! | caution | a typed warning beside the number it weakens |
//! | fault | something that failed, and who is responsible: contender, lab or user |
//! | estimate | a value with interval, unit and n |
//! | score | an estimate on the brief's scale: 0 at *required*, 1 at *ideal* |
//! | veto | a reason why a contender is out, regardless of its scores |
//! | check | a law that every true value obeys; an estimate that breaks it is no evidence |
//! | verdict | choose, keep both (not separable), none fits or not decided yet, with the probabilities behind it |
//! | margin | what separates the leader from another contender: the lead and its standard errors |
//! | flip | the smallest change of a weight or a measurement that would change the choice |
//! | claim | a statement that people repeat, with the evidence that supports or refutes it |

pub mod brief;
pub mod claim;
pub mod compare;
pub mod contender;
pub mod criterion;
pub mod diagnostic;
pub mod drift;
pub mod elicit;
pub mod entrant;
pub mod estimate;
pub mod evidence;
pub mod explain;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
pub mod impossible;
pub mod judge;
pub mod judgement;
pub mod lookup;
pub mod margin;
mod measure_form;
pub mod metric;
mod parallel;
pub mod plan;
pub mod power;
pub mod probability;
pub mod problem;
pub mod range;
pub mod scenario;
pub mod schedule;
pub mod search;
pub mod serverless;
pub mod smaa;
pub mod standings;
pub mod steady;
pub mod stop;
pub mod threads;
pub mod tiers;
mod toml_document;
pub mod usl;
pub mod value;
pub mod verdict;
pub mod words;
