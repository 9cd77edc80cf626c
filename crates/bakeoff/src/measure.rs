//! The stages of a run, in the order in which they happen. Deliberately no measuring of its own: the lab measures, this brings brief, lab, store and
//! display together.

pub(crate) mod blocks;
pub(crate) mod field;
pub(crate) mod forecast;
pub(crate) mod judging;
pub(crate) mod opening;
pub(crate) mod pace;
pub(crate) mod preparing;
pub(crate) mod session;
pub(crate) mod standing;
