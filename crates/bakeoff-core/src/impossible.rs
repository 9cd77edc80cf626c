//! Values that cannot be true. Each law that every true value obeys is a type of its own in a file of its own, with its
//! threshold and its test; [`Check`] has their names. The laws judge the *estimate*: when its whole interval is beyond
//! the bound, the metric is no evidence, and the finding is the lab's. A single trial beyond the bound is kept, marked
//! and counted, since leaving out only what is too good would bias the rest; more than one in five of them
//! ([`MOST_TRIALS`]) fail the metric.
//!
//! Every law puts its values on a scale of its own on which the bound is a number that the machine alone decides, such
//! as processors in use. Which trials count is decided before, by the gates; what a law takes away is decided by the
//! judge. Sentences are in `words`.

mod accounting;
mod capacity;
mod check;
mod cpu_time;
mod facts;
mod law;
mod littles_law;
mod memory;
mod percentiles;
mod screen;
mod speed_up;
#[cfg(test)]
mod tests;
mod violation;

pub use check::Check;
pub(crate) use facts::{Facts, Machine, TrialFacts};
pub use screen::MOST_TRIALS;
pub(crate) use screen::{Found, screen};
pub use violation::{ImpossibleTrials, ImpossibleValue};
