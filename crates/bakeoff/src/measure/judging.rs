//! From stored evidence to a judgement. Deliberately thin: the judging is the core's, this only brings run, brief and preferences together.

use crate::exit::{Exit, Failure};
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
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
    /// What the evidence says under the brief.
    pub(crate) judgement: Judgement,
}

impl Judged {
    /// A run judged as its brief says.
    #[must_use]
    pub(crate) fn new(run: Run, brief: Brief) -> Judged {
        let options = options_of(&run);
        let judgement = judge(&run, &brief, &brief.preferences, &options);
        Judged {
            run,
            brief,
            judgement,
        }
    }

    /// A stored run judged as its brief says.
    ///
    /// # Errors
    /// No such run.
    pub(crate) fn stored(store: &Store, word: &str) -> Result<Judged, Failure> {
        let Stored { run, brief } = store.load(&store.resolve(word)?)?;
        Ok(Judged::new(run, brief))
    }
}

/// How a run is judged: with its own seed, so that the same run gives the same bytes.
#[must_use]
pub(crate) fn options_of(run: &Run) -> JudgeOptions {
    JudgeOptions {
        seed: run.plan.seed,
        ..JudgeOptions::default()
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
