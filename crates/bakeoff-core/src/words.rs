//! Words: what a person reads about a judgement. [`words`] turns a finished judgement into sentences, each with the
//! numbers it rests on, and [`number`] writes every number of the program. Nothing is computed here: the judge comes
//! first and knows no words.

pub mod absence;
pub mod advice;
mod answer;
pub mod claims;
mod criteria;
mod decision;
mod facts;
mod families;
mod flip;
pub mod impossible;
mod laboratory;
mod level;
mod lifetimes;
pub mod number;
pub mod platform;
mod reasons;
mod remarks;
mod running;
pub mod serverless;
mod settings;
mod shortened;
pub mod state;
pub mod table;
#[cfg(test)]
mod tests;
pub mod tiers;
pub(crate) mod title;
mod undecided;
pub mod work;

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
    /// Which family rather than which other, in the sentence before the answer; empty in a field of one family, and
    /// where nothing is answered.
    pub family: String,
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
    /// The choice of the model that does not compensate, in a sentence; empty where it is the same one, and where
    /// `beware` says it. It belongs beside the answer.
    #[serde(skip)]
    pub second_opinion: String,
    /// That the answer is about services as they run now, in sentences; empty where the lab started the contenders. It
    /// belongs beside the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub running: String,
    /// That the choice and the runner-up do not do the same work, in a sentence; empty where they do, or do not declare
    /// it. It belongs beside the answer.
    pub work: String,
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

impl Words {
    /// The answer at both of its levels: the family, then the contender.
    #[must_use]
    pub fn both_levels(&self) -> String {
        [self.family.as_str(), self.answer.as_str()]
            .join(" ")
            .trim()
            .to_owned()
    }

    /// What belongs beside the answer besides the three short lines.
    pub fn beside_the_answer(&self) -> impl Iterator<Item = &str> {
        let lines = [&self.running, &self.little_evidence, &self.lifetimes, &self.work];
        lines
            .into_iter()
            .map(String::as_str)
            .filter(|line| !line.is_empty())
    }
}

/// What a prepared start of a runtime is worth: start and warm-up of each contender beside those of its variant that
/// begins from a prepared state, with intervals; empty without such a variant.
#[must_use]
pub fn starts(facts: &Lookup<'_>) -> Vec<String> {
    settings::starts(&Facts(*facts))
}

/// What would change the answer, each as a clause after `if`, the smallest changes first.
#[must_use]
pub fn changes(run: &Run, brief: &Brief, judgement: &Judgement) -> Vec<String> {
    let facts = Facts(Lookup {
        run,
        judgement,
        brief,
    });
    let flips = judgement.verdict.flips.iter();
    flips.map(|flip| flip::condition_first(&facts, flip)).collect()
}

/// The words of a judgement that was made of this run under this brief.
#[must_use]
pub fn words(run: &Run, brief: &Brief, judgement: &Judgement) -> Words {
    let facts = Facts(Lookup {
        run,
        judgement,
        brief,
    });
    let beware = remarks::beware(&facts);
    let second_opinion = remarks::contradicted(&facts).filter(|other| *other != beware);
    Words {
        family: families::answer(&facts),
        answer: answer::answer(&facts),
        because: remarks::because(&facts),
        unless: remarks::unless(&facts),
        second_opinion: second_opinion
            .as_deref()
            .map(remarks::disagreement)
            .unwrap_or_default(),
        beware,
        little_evidence: [criteria::little_evidence(&facts), shortened::shortened(&facts)]
            .join(" ")
            .trim()
            .to_owned(),
        running: running::as_they_run_now(&facts),
        work: work::beside_the_answer(&facts),
        lifetimes: lifetimes::lifetimes(&facts),
        criteria: criteria::findings(&facts),
        reasons: reasons::reasons(&facts),
    }
}
