//! The load itself: threads that send what is due, connections that never block, and the record of what came back.
//!
//! [`drive`] runs a plan, one `worker` a thread; a worker gives each request to a `connection` of its `pool`, and a
//! `recorder` notes how it ended, and `occupancy` how many are in flight; `interval` and `summary` make the report.
//! When requests are due is decided in [`crate::pace`], and whether a response is right in [`crate::check`].

pub(crate) mod connection;
pub(crate) mod drive;
pub(crate) mod in_flight;
pub(crate) mod interval;
pub(crate) mod occupancy;
pub(crate) mod outcome;
pub(crate) mod pool;
pub(crate) mod recorder;
pub(crate) mod response_sink;
pub(crate) mod summary;
pub(crate) mod trend;
pub(crate) mod worker;
