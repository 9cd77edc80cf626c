//! What a figure of the article shows: panels of lanes, one contender a lane, with values and intervals on one scale.
//! It draws nothing.

use bakeoff_core::metric::Scale;
use bakeoff_core::range::Range;

/// One panel.
pub(super) struct Lanes<'s> {
    /// Its title.
    pub(super) title: String,
    /// The scale of the values.
    pub(super) scale: Scale,
    /// The unit of the ticks.
    pub(super) unit: &'s str,
    /// Levels that a line marks, where they are near the values.
    pub(super) marks: Vec<Mark>,
    /// Whether values are parts of a whole, so that the scale goes from nothing to all.
    pub(super) is_share: bool,
    /// The lanes, in order.
    pub(super) lanes: Vec<Lane<'s>>,
}

/// A level.
pub(super) struct Mark {
    /// Its word.
    pub(super) words: &'static str,
    /// In the unit of the panel.
    pub(super) value: f64,
}

/// A contender's lane.
pub(super) struct Lane<'s> {
    /// The contender, whose mark the lane has.
    pub(super) name: &'s str,
    /// What stands beside it.
    pub(super) title: String,
    /// Whether it is a reference, and no candidate.
    pub(super) is_reference: bool,
    /// Value and interval; none: the lane is hatched.
    pub(super) value: Option<Range>,
    /// The value in words, or why there is none.
    pub(super) words: String,
}
