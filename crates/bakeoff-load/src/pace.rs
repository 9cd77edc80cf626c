//! When requests leave: the course of the rate as exact arithmetic, and the intended instant of each request. No
//! clock and no sockets, so that all of it is tested in tables; [`crate::engine`] keeps the instants.

pub(crate) mod count_end;
pub(crate) mod pacer;
pub(crate) mod schedule;
