//! From stored evidence to a judgement, and to the exit code. The core judges; this brings run, brief and options
//! together.

use crate::exit::{Exit, Failure};
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Fault, Owner, Run};
use bakeoff_core::judge::{self, JudgeOptions};
use bakeoff_core::judgement::Judgement;
use bakeoff_core::verdict::Outcome;

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

/// The exit code after judging a run. Every answer ends with 0, also to keep both or that none fits. Undecided are a
/// run with that outcome, and one in which no contender came to a load or failed by itself.
#[must_use]
pub(crate) fn exit_of(run: &Run, outcome: Outcome) -> Exit {
    let is_contenders = |fault: &Fault| fault.owner == Owner::Contender;
    let trials = run.trials.iter();
    let mut trials = trials.map(|trial| trial.load.is_some() || trial.faults.iter().any(is_contenders));
    let mut launches = run
        .launches
        .iter()
        .map(|launch| launch.faults.iter().any(is_contenders));
    let shows_something = trials.any(|shows| shows) || launches.any(|shows| shows);
    if outcome == Outcome::Undecided || !shows_something {
        Exit::Undecided
    } else {
        Exit::Done
    }
}

#[cfg(test)]
mod tests {
    use super::exit_of;
    use crate::exit::Exit;
    use bakeoff_core::entrant::Entrant;
    use bakeoff_core::evidence::{Fault, Launch, LoadSummary, Owner, Run, Stage, Trial};
    use bakeoff_core::fixture::Fixture;
    use bakeoff_core::verdict::Outcome;

    fn run(trials: Vec<Trial>, launches: Vec<Launch>) -> Run {
        Run {
            trials,
            launches,
            ..Fixture::new(&[("a", 1.0), ("b", 1.0)]).run()
        }
    }

    fn fault(owner: Owner) -> Vec<Fault> {
        vec![Fault::new(owner, Stage::Start, "it ended")]
    }

    fn failed(owner: Owner) -> Trial {
        Trial {
            faults: fault(owner),
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn only_a_run_that_shows_nothing_or_decides_nothing_is_undecided() {
        let exit = |trials, launches| exit_of(&run(trials, launches), Outcome::None);
        let never_ready = Launch {
            faults: fault(Owner::Contender),
            ..Launch::new(0, 0, Entrant::contender("a"))
        };
        let measured = Trial {
            load: Some(LoadSummary::default()),
            ..Trial::new(0, Entrant::contender("a"))
        };
        assert_eq!(exit(vec![], vec![]), Exit::Undecided);
        assert_eq!(exit(vec![failed(Owner::Lab)], vec![]), Exit::Undecided);
        assert_eq!(exit(vec![failed(Owner::Contender)], vec![]), Exit::Done);
        assert_eq!(exit(vec![], vec![never_ready]), Exit::Done);
        assert_eq!(exit(vec![measured.clone()], vec![]), Exit::Done);
        let whole = run(vec![measured], vec![]);
        assert_eq!(exit_of(&whole, Outcome::KeepBoth), Exit::Done);
        assert_eq!(exit_of(&whole, Outcome::Undecided), Exit::Undecided);
    }
}
