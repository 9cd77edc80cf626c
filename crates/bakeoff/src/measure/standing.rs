//! Where a contender stands after its trials: whether it gets another turn, and what its record says in the end. Deliberately pure.

use bakeoff_core::evidence::{Fault, Gate, GateOutcome, Owner, Stage, Status, Trial};

/// A contender whose last so many trials came to no load gets no further turn: the others need the time.
const FAILURES_TO_BE_OUT: usize = 2;

/// Whether a contender gets another turn, by its trials so far, in order.
#[must_use]
pub(crate) fn gets_a_turn(trials: &[&Trial]) -> bool {
    let first_failed = trials.first().is_some_and(|trial| own_failure(trial));
    let failed_in_a_row = trials.iter().rev().take_while(|trial| own_failure(trial)).count();
    !(first_failed && trials.len() == 1 || failed_in_a_row >= FAILURES_TO_BE_OUT)
}

/// What the record says of a contender that was ready, by its trials.
#[must_use]
pub(crate) fn status(trials: &[&Trial]) -> Status {
    if trials
        .iter()
        .any(|trial| trial.load.is_some() && !contract_failed(trial))
    {
        Status::Measured
    } else if trials
        .iter()
        .any(|trial| trial.faults.iter().any(breaks_contract))
    {
        Status::ContractFailed
    } else {
        Status::Failed
    }
}

/// A trial that came to no load through the contender's own fault.
fn own_failure(trial: &Trial) -> bool {
    trial.load.is_none() && trial.faults.iter().any(|fault| fault.owner == Owner::Contender)
}

/// Whether what it answered under load did not count: wrong answers, or answers without the database.
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
    use super::{gets_a_turn, status};
    use bakeoff_core::entrant::Entrant;
    use bakeoff_core::evidence::{Fault, LoadSummary, Owner, Stage, Status, Trial};

    fn trial(load: Option<LoadSummary>, fault: Option<(Owner, Stage)>) -> Trial {
        let fault = fault.map(|(owner, stage)| Fault::new(owner, stage, ""));
        Trial {
            load,
            faults: fault.into_iter().collect(),
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn a_contender_that_fails_at_once_is_out_and_one_that_stumbles_is_not() {
        let good = trial(Some(LoadSummary::default()), None);
        let bad = trial(None, Some((Owner::Contender, Stage::Start)));
        let ours = trial(None, Some((Owner::Lab, Stage::Database)));
        assert!(gets_a_turn(&[]));
        assert!(!gets_a_turn(&[&bad]));
        assert!(gets_a_turn(&[&ours]));
        assert!(gets_a_turn(&[&good, &bad]));
        assert!(!gets_a_turn(&[&good, &bad, &bad]));
        assert!(gets_a_turn(&[&good, &bad, &good]));
    }

    #[test]
    fn the_status_says_what_became_of_it() {
        let good = trial(Some(LoadSummary::default()), None);
        let wrong = trial(None, Some((Owner::Contender, Stage::Contract)));
        let dead = trial(None, Some((Owner::Contender, Stage::Start)));
        assert_eq!(status(&[&good, &dead]), Status::Measured);
        assert_eq!(status(&[&wrong]), Status::ContractFailed);
        assert_eq!(status(&[&dead]), Status::Failed);
        assert_eq!(status(&[]), Status::Failed);
    }
}
