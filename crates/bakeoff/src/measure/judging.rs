//! From stored evidence to a judgement. Deliberately thin: the judging is the core's, this only brings run, brief and preferences together.

use crate::exit::{Exit, Failure};
use crate::store::{Store, Stored};
use bakeoff_core::brief::{Brief, Preferences};
use bakeoff_core::evidence::Run;
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::judgement::Judgement;
use bakeoff_core::verdict::Outcome;

/// A run with what it says.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The evidence.
    pub(crate) run: Run,
    /// The brief that it was measured for.
    pub(crate) brief: Brief,
    /// What the evidence says under the brief, or under other preferences.
    pub(crate) judgement: Judgement,
}

impl Judged {
    /// A run judged as its brief says.
    ///
    /// # Errors
    /// Preferences that contradict each other.
    pub(crate) fn new(run: Run, brief: Brief) -> Result<Judged, Failure> {
        let preferences = brief.preferences.clone();
        Judged::under(run, brief, &preferences)
    }

    /// A stored run judged as its brief says.
    ///
    /// # Errors
    /// No such run.
    pub(crate) fn stored(store: &Store, word: &str) -> Result<Judged, Failure> {
        Judged::stored_under(store, word, None)
    }

    /// A stored run judged under other preferences than its brief's.
    ///
    /// # Errors
    /// No such run; preferences that contradict each other.
    pub(crate) fn stored_under(
        store: &Store,
        word: &str,
        preferences: Option<Preferences>,
    ) -> Result<Judged, Failure> {
        let Stored { run, brief } = store.load(&store.resolve(word)?)?;
        let preferences = preferences.unwrap_or_else(|| brief.preferences.clone());
        Judged::under(run, brief, &preferences)
    }

    fn under(run: Run, brief: Brief, preferences: &Preferences) -> Result<Judged, Failure> {
        let options = JudgeOptions {
            seed: run.plan.seed,
            ..JudgeOptions::default()
        };
        let judgement = judge(&run, &brief, preferences, &options);
        Ok(Judged {
            run,
            brief,
            judgement,
        })
    }
}

/// The exit code that a verdict deserves.
#[must_use]
pub(crate) fn exit_of(judgement: &Judgement) -> Exit {
    match judgement.verdict.outcome {
        Outcome::Choose | Outcome::None => Exit::Done,
        Outcome::KeepBoth => Exit::NoVerdict,
    }
}
