//! The contents of a decision record, as sentences that are ready for Markdown. Where they come from is the parent's
//! affair; in which order they stand is the form's.

use super::confirmation::Confirmation;
use super::options::Choice;
use askama::Template;

/// Where a record will stand among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its number, where records are counted.
    pub number: Option<u32>,
    /// The file name of the record that it supersedes, in the same folder.
    pub supersedes: Option<String>,
}

/// The contents of a record; each form arranges them in its own way.
#[derive(Template)]
#[template(path = "decision.md", escape = "none")]
pub(super) struct Record {
    pub(super) place: Place,
    pub(super) mark: String,
    pub(super) tag: String,
    pub(super) run: String,
    pub(super) date: String,
    pub(super) title: String,
    pub(super) question: String,
    pub(super) context: Vec<String>,
    pub(super) drivers: Vec<String>,
    pub(super) options: Vec<Choice>,
    pub(super) outcome: String,
    pub(super) chosen: Option<String>,
    pub(super) because: String,
    pub(super) consequences: Vec<(&'static str, String)>,
    pub(super) findings: Vec<String>,
    pub(super) reasons: Vec<String>,
    pub(super) confirmation: Confirmation,
    pub(super) flips: Vec<String>,
    pub(super) more: Vec<(&'static str, String)>,
    pub(super) ranks_head: Vec<String>,
    pub(super) ranks: Vec<(String, Vec<String>)>,
}

impl Record {
    /// The consequences of that weight.
    pub(super) fn consequences_that_are(&self, weight: &str) -> Vec<&str> {
        let of_it = self.consequences.iter().filter(|(its, _)| *its == weight);
        of_it.map(|(_, sentence)| sentence.as_str()).collect()
    }
}
