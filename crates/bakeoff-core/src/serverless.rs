//! App Engine and Cloud Run, simulated: how many instances a contender needs over the brief's day, how long requests
//! wait for one, and what a month costs. Every input is measured by the lab, stated by the brief, or a dated entry of
//! `data/serverless.toml`; the rest is a pure function with a seed. It deploys nothing, and knows no network.
//!
//! | stage | modules |
//! |---|---|
//! | the load | [`day`] |
//! | one instance, from what was measured | [`instance`] |
//! | the autoscaler | [`policy`], `scaler` |
//! | the simulation, request by request and in steps of a second | [`requests`], `pool`; [`seconds`], `line` |
//! | the waiting line in closed form | [`queue`] |
//! | what is counted | [`tally`] |

pub mod day;
pub mod instance;
mod line;
pub mod policy;
mod pool;
pub mod queue;
pub mod requests;
mod scaler;
pub mod seconds;
pub mod setup;
pub mod tally;
#[cfg(test)]
mod tests;
