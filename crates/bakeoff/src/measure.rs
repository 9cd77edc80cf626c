//! The stages of a run, in the order in which they happen. Deliberately no measuring of its own: the lab measures, this brings brief, lab, store and
//! display together.

pub mod blocks;
pub mod field;
pub mod judging;
pub mod opening;
pub mod pace;
pub mod preparing;
pub mod session;
pub mod standing;
