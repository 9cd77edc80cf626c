//! SMAA-2 [Lahdelma & Salminen, Operations Research 49(3), 2001]: additive value over everything that is not known, the measurements, the
//! weights and the missing evidence, by simulation. Generic: it knows alternatives, criteria and measures, nothing of contenders.
//! Deliberately without vetoes and without the three answers: those are [`crate::judge`]'s.
//!
//! How a sample is drawn: weights of the criteria from their [`Region`], weights of the measures within a criterion evenly from the simplex
//! (nothing is said of them), one score for each alternative and measure from its evidence, all independent; missing evidence is
//! a score that is even between 0 and 1. Alternatives that tie share their ranks evenly. Every unknown has a stream of randomness under its
//! own name, so that an alternative more or less, or another order, changes no number of the rest, at any number of threads.

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

/// Decides: simulates the problem and sums up.
#[must_use]
pub fn decide(problem: &Problem) -> Decision {
    let scores = score::Score::all(problem);
    let outcome = simulate::run(problem, &scores);
    decision::Decision::new(problem, &scores, &outcome)
}

#[cfg(test)]
mod tests;
