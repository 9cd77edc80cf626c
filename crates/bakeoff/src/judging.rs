//! From stored evidence to a judgement, and to the exit code. The core judges; this brings run, brief and options
//! together.

use crate::exit::{Exit, Failure};
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Owner, Run, Trial};
use bakeoff_core::judge::{self, JudgeOptions};
use bakeoff_core::judgement::Judgement;

/// A run with its judgement.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The evidence.
    pub(crate) run: Run,
    /// The brief that it was measured for.
    pub(crate) brief: Brief,
    /// The judgement of the evidence under the brief.
    pub(crate) judgement: Judgement,
}

impl Judged {
    /// A stored run, judged under its brief.
    ///
    /// # Errors
    /// No such run.
    pub(crate) fn stored(store: &Store, word: &str) -> Result<Judged, Failure> {
        let Stored { run, brief } = store.load(&store.resolve(word)?)?;
        let judgement = judge(&run, &brief);
        Ok(Judged {
            run,
            brief,
            judgement,
        })
    }
}

/// Judges a run under its brief and the brief's own preferences.
#[must_use]
pub(crate) fn judge(run: &Run, brief: &Brief) -> Judgement {
    judge::judge(run, brief, &brief.preferences, &options_of(run))
}

/// The options for judging a run: its own seed, so that the same run gives the same bytes.
#[must_use]
pub(crate) fn options_of(run: &Run) -> JudgeOptions {
    JudgeOptions {
        seed: run.plan.seed,
        ..JudgeOptions::default()
    }
}

/// The exit code after judging a run. Every answer ends with 0, also to keep both or that none fits; a run in which no
/// contender came to a load or failed by itself has no answer.
#[must_use]
pub(crate) fn exit_of(trials: &[Trial]) -> Exit {
    let shows_something = |trial: &Trial| {
        trial.load.is_some() || trial.faults.iter().any(|fault| fault.owner == Owner::Contender)
    };
    if trials.iter().any(shows_something) {
        Exit::Done
    } else {
        Exit::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::exit_of;
    use crate::exit::Exit;
    use bakeoff_core::entrant::Entrant;
    use bakeoff_core::evidence::{Fault, LoadSummary, Owner, Stage, Trial};

    fn failed(owner: Owner) -> Trial {
        Trial {
            faults: vec![Fault::new(owner, Stage::Start, "it ended")],
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn only_a_run_that_shows_nothing_is_undecided() {
        let measured = Trial {
            load: Some(LoadSummary::default()),
            ..Trial::new(0, Entrant::contender("a"))
        };
        assert_eq!(exit_of(&[]), Exit::Undecided);
        assert_eq!(exit_of(&[failed(Owner::Lab)]), Exit::Undecided);
        assert_eq!(exit_of(&[failed(Owner::Contender)]), Exit::Done);
        assert_eq!(exit_of(&[measured]), Exit::Done);
    }
}
