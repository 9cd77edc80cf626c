//! Whether a contender goes on after its trials, and what its record says in the end. Knows only trials and records;
//! does not judge figures.

use crate::entrant::Entrant;
use crate::evidence::{ContenderRecord, Fault, Gate, GateOutcome, Owner, Stage, Status, Trial};

/// The number of failed trials in a row after which a contender gets no further trial: the others need the time.
const FAILURES_IN_A_ROW: usize = 2;

/// Whether a contender or twin gets another trial, after these trials of the run.
#[must_use]
pub fn is_active(entrant: &Entrant, records: &[ContenderRecord], trials: &[Trial]) -> bool {
    let could_run = records
        .iter()
        .any(|record| record.name == entrant.name() && could_run(record.status));
    // A twin goes with its contender, but not the other way round.
    let contender = Entrant::contender(entrant.name());
    could_run && !was_dropped(&contender, trials) && !was_dropped(entrant, trials)
}

/// Whether a contender could be started at all. `Failed` and `ContractFailed` are results of trials, which an
/// interrupted run has recorded too; its trials say whether the contender goes on.
fn could_run(status: Status) -> bool {
    !matches!(status, Status::Unavailable | Status::PrepareFailed)
}

/// A contender is dropped when its first trial fails, or several in a row.
fn was_dropped(entrant: &Entrant, trials: &[Trial]) -> bool {
    let own: Vec<&Trial> = trials.iter().filter(|trial| trial.entrant == *entrant).collect();
    let failed_in_a_row = own.iter().rev().take_while(|trial| own_failure(trial)).count();
    failed_in_a_row >= FAILURES_IN_A_ROW || own.len() == 1 && failed_in_a_row == 1
}

/// What the record of a contender says after its trials.
#[must_use]
pub fn status_after(trials: &[&Trial]) -> Status {
    let faults = || trials.iter().flat_map(|trial| &trial.faults);
    if trials
        .iter()
        .any(|trial| trial.load.is_some() && !contract_failed(trial))
    {
        Status::Measured
    } else if faults().any(breaks_contract) {
        Status::ContractFailed
    } else {
        Status::Failed
    }
}

/// A trial that came to no load through the contender's own fault.
fn own_failure(trial: &Trial) -> bool {
    trial.load.is_none() && trial.faults.iter().any(|fault| fault.owner == Owner::Contender)
}

/// Whether its responses under load do not count: they were wrong, or made without the database.
fn contract_failed(trial: &Trial) -> bool {
    let gates = trial.gates.iter();
    gates
        .filter(|result| result.gate == Gate::Contract)
        .any(|result| result.outcome == GateOutcome::Failed)
}

fn breaks_contract(fault: &Fault) -> bool {
    fault.owner == Owner::Contender && fault.is_at(Stage::Contract)
}

#[cfg(test)]
mod tests {
    use super::{status_after, was_dropped};
    use crate::entrant::Entrant;
    use crate::evidence::{Fault, LoadSummary, Owner, Stage, Status, Trial};

    fn trial(load: Option<LoadSummary>, fault: Option<(Owner, Stage)>) -> Trial {
        let fault = fault.map(|(owner, stage)| Fault::new(owner, stage, ""));
        Trial {
            load,
            faults: fault.into_iter().collect(),
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn a_contender_that_fails_at_once_is_dropped_and_one_that_stumbles_is_not() {
        let good = trial(Some(LoadSummary::default()), None);
        let bad = trial(None, Some((Owner::Contender, Stage::Start)));
        let ours = trial(None, Some((Owner::Lab, Stage::Database)));
        let dropped = |trials: &[&Trial]| {
            let trials: Vec<Trial> = trials.iter().map(|trial| (*trial).clone()).collect();
            was_dropped(&Entrant::contender("a"), &trials)
        };
        assert!(!dropped(&[]));
        assert!(dropped(&[&bad]));
        assert!(!dropped(&[&ours]));
        assert!(!dropped(&[&good, &bad]));
        assert!(dropped(&[&good, &bad, &bad]));
        assert!(!dropped(&[&good, &bad, &good]));
    }

    #[test]
    fn the_status_follows_from_the_trials() {
        let good = trial(Some(LoadSummary::default()), None);
        let wrong = trial(None, Some((Owner::Contender, Stage::Contract)));
        let dead = trial(None, Some((Owner::Contender, Stage::Start)));
        assert_eq!(status_after(&[&good, &dead]), Status::Measured);
        assert_eq!(status_after(&[&wrong]), Status::ContractFailed);
        assert_eq!(status_after(&[&dead]), Status::Failed);
        assert_eq!(status_after(&[]), Status::Failed);
    }
}
