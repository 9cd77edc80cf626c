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
//! | what is counted, and what it costs | [`tally`], [`tariff`] |
//! | platforms, prices, sizes | [`catalogue`], [`platform`], [`target`] |
//! | from the evidence of a run to the table of a report | [`inputs`], [`fit`], [`simulate`], `knobs`, [`table`] |

pub mod catalogue;
pub mod day;
pub mod fit;
pub mod inputs;
pub mod instance;
mod knobs;
mod line;
pub mod platform;
pub mod policy;
mod pool;
pub mod queue;
pub mod requests;
mod scaler;
pub mod seconds;
pub mod setup;
pub mod simulate;
pub mod table;
#[cfg(test)]
mod table_tests;
pub mod tally;
pub mod target;
pub mod tariff;
#[cfg(test)]
mod tests;
