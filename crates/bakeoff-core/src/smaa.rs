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
mod score;
mod simulate;
mod stream;
mod tally;
pub mod weights;

pub use decision::Decision;
pub use score::GEOMETRIC_FLOOR;
pub use weights::{Contradiction, Region, Statement};

use crate::metric::Scale;
use crate::value::ValueFunction;
use serde::{Deserialize, Serialize};

/// A decision problem.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The alternatives' names, all different, at least one.
    pub alternatives: Vec<String>,
    /// The criteria, named as in `region`, in its order; at least one.
    pub criteria: Vec<Criterion>,
    /// The weights that fit what was said.
    pub region: Region,
    /// How many samples, at least one.
    pub samples: u32,
    /// The seed: the same gives the same decision to the last bit.
    pub seed: u64,
}

/// A criterion and the measures that share its weight.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// Its measures. A criterion without one leaves all alternatives at 0.
    pub measures: Vec<Measure>,
}

/// What is known of every alternative in one respect.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its name, different from the others of the criterion.
    pub name: String,
    /// How a value becomes a score.
    pub value: ValueFunction,
    /// For each alternative.
    pub evidence: Vec<Evidence>,
}

/// What is known of one value, in the measure's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It is this.
    Exact(f64),
    /// It is normal.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
    /// Its logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// It was estimated from blocks: location + error × t, on a scale.
    Student {
        /// The estimate on the scale.
        location: f64,
        /// Its standard error on the scale, above 0.
        error: f64,
        /// Degrees of freedom, above 0.
        degrees: f64,
        /// The scale.
        scale: Scale,
    },
    /// It is a beta variate.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
    },
    /// It lies evenly between the two.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// It is one of these, each as likely; at least one.
    Samples(Vec<f64>),
    /// Nothing is known: the score is even between 0 and 1.
    Missing,
}

/// Decides: simulates the problem and sums up.
#[must_use]
pub fn decide(problem: &Problem) -> Decision {
    let scores = score::Score::all(problem);
    let outcome = simulate::run(problem, &scores);
    decision::Decision::new(problem, &scores, &outcome)
}

/// Half width of the 95 % interval of a probability from `samples` samples, at its widest: 9,604 samples give ± 0.01.
#[must_use]
pub fn monte_carlo_error(samples: u32) -> f64 {
    0.979_982 / f64::from(samples.max(1)).sqrt()
}

#[cfg(test)]
mod tests;
