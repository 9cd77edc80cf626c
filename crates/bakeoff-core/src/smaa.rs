//! SMAA-2 [Lahdelma & Salminen, Operations Research 49(3), 2001]: additive value over uncertain measurements,
//! uncertain weights and missing evidence, by simulation. It is generic: it knows alternatives, criteria and
//! measures, but no contenders, vetoes or answers; those belong to [`crate::judge`].
//!
//! A sample consists of weights of the criteria from their [`Region`], weights of the measures within a criterion
//! from the simplex (no preference among them is stated), and one score for each alternative and measure from its
//! evidence, all independent. Missing evidence is a score that is uniform between 0 and 1. Alternatives that tie
//! share their ranks evenly. Every unknown has a stream of randomness under its own name, so that adding an
//! alternative or changing their order changes no number of the others, at any number of threads.

pub mod closed_form;
mod decision;
mod detail;
mod evidence;
mod problem;
mod score;
mod simulate;
mod stream;
mod tally;
pub mod weights;

pub use decision::{Decision, monte_carlo_error};
pub use evidence::Evidence;
pub use problem::{Criterion, Measure, Problem};
pub use score::GEOMETRIC_FLOOR;
pub use weights::{Contradiction, Region, Statement};

/// Whether every score that evidence can have through a value function is a number that can be summed.
#[must_use]
pub fn scores_are_numbers(evidence: &Evidence, value: &crate::value::ValueFunction) -> bool {
    score::scores_are_numbers(evidence, value)
}

/// Decides: simulates the problem and sums up.
#[must_use]
pub fn decide(problem: &Problem) -> Decision {
    let scores = score::Score::all(problem);
    let outcome = simulate::run(problem, &scores);
    decision::Decision::new(problem, &scores, &outcome)
}

#[cfg(test)]
mod tests;
