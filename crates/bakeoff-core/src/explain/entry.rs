//! An entry of the tables of words.

/// A word and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) word: &'static str,
    pub(super) paragraph: &'static str,
}
