//! A long text, described by its parts instead of written down.

use serde::{Deserialize, Serialize};

/// A body or a message that is too long to be written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyFill {
    /// Its beginning.
    pub before: String,
    /// The part that is repeated.
    pub unit: String,
    /// How many times it is repeated.
    pub times: usize,
    /// Its end.
    pub after: String,
}

impl BodyFill {
    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}{}", self.before, self.unit.repeat(self.times), self.after)
    }
}
