//! Words: what a person reads about a judgement. [`words`] turns a finished judgement into sentences, each with the
//! numbers it rests on, and [`number`] writes every number of the program. Nothing is computed here: the judge comes
//! first and knows no words.

pub mod absence;
pub mod advice;
mod answer;
mod criteria;
mod decision;
mod facts;
mod flip;
pub mod impossible;
mod laboratory;
mod level;
mod lifetimes;
pub mod number;
mod reasons;
mod remarks;
mod shortened;
pub mod state;
pub mod table;
#[cfg(test)]
mod tests;
pub(crate) mod title;
mod undecided;

pub use decision::decision;

use crate::brief::Brief;
use crate::evidence::Run;
use crate::judgement::Judgement;
use crate::lookup::Lookup;
use facts::Facts;
use serde::Serialize;

/// The judgement in words, the same in terminal, page and record. `because`, `unless` and `beware` continue after
/// that word: without a capital, without a full stop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The one sentence that can be repeated in a meeting.
    pub answer: String,
    /// What speaks for the choice.
    pub because: String,
    /// Which priorities or measurements would change it.
    pub unless: String,
    /// The worst finding about the choice.
    pub beware: String,
    /// Of which criteria little is known, and what a short budget left out, in sentences; empty where enough is known.
    /// It belongs beside the answer.
    pub little_evidence: String,
    /// Which runtimes and frameworks were past their end of life on the day of the run, or older than wanted, in
    /// sentences; empty where none was. It belongs beside the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lifetimes: String,
    /// One finding for each criterion: (criterion id, sentences).
    pub criteria: Vec<(String, String)>,
    /// Why this one and not the next, sentence by sentence. `results.json` has them beside the verdict.
    #[serde(skip)]
    pub reasons: Vec<String>,
}

/// The words of a judgement that was made of this run under this brief.
#[must_use]
pub fn words(run: &Run, brief: &Brief, judgement: &Judgement) -> Words {
    let facts = Facts(Lookup {
        run,
        judgement,
        brief,
    });
    Words {
        answer: answer::answer(&facts),
        because: remarks::because(&facts),
        unless: remarks::unless(&facts),
        beware: remarks::beware(&facts),
        little_evidence: [criteria::little_evidence(&facts), shortened::shortened(&facts)]
            .join(" ")
            .trim()
            .to_owned(),
        lifetimes: lifetimes::lifetimes(&facts),
        criteria: criteria::findings(&facts),
        reasons: reasons::reasons(&facts),
    }
}
