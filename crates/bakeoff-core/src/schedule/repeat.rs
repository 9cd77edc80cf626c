//! Whether the last trial runs again: once, when it was disturbed and there is time. Does not count a contender's own
//! fault as a disturbance: that is a finding.

use super::block::slack_s;
use super::budget::BudgetTracker;
use crate::evidence::{DisturbedAttempt, Gate, GateOutcome, GateResult, Owner, Trial};
use crate::plan::{PlannedBlock, PlannedRound, PlannedTrial};

/// The highest percentile in a brief's service level. A trial is disturbed when the machine's stalls make it
/// unreliable.
const SLO_QUANTILE: f64 = 0.99;

/// A trial runs again only if the slack is this many times its length, because a disturbed machine is slow as well.
const REPEAT_RESERVE: f64 = 2.0;

/// A repeat that is due.
#[derive(Debug)]
pub(super) struct Due<'p> {
    pub(super) block: &'p PlannedBlock,
    pub(super) planned: &'p PlannedTrial,
    /// The attempt that it repeats.
    pub(super) attempt: DisturbedAttempt,
}

/// The repeat of the last trial, if it belongs to this round, was disturbed, and there is time.
pub(super) fn due<'p>(tracker: &BudgetTracker<'_>, round: &'p PlannedRound) -> Option<Due<'p>> {
    let history = tracker.history();
    let trial = history.last_trial()?;
    // The server of a twin whose contender is out lives, but has no more trials.
    let is_out = || !history.is_active(&trial.entrant);
    if trial.first_attempt.is_some() || history.is_retiring(round) || is_out() {
        return None;
    }
    let reason = disturbance(trial)?;
    let block = round.blocks.iter().find(|block| block.index == trial.block)?;
    let mut planned = block.trials.iter();
    let planned = planned.find(|planned| planned.entrant == trial.entrant)?;
    if slack_s(tracker, round, block) < trial.seconds * REPEAT_RESERVE {
        return None;
    }
    Some(Due {
        block,
        planned,
        attempt: DisturbedAttempt {
            at_s: trial.at_s,
            seconds: trial.seconds,
            reason,
        },
    })
}

/// What the machine, the generator or the lab's own services, and not the contender, did to a trial.
fn disturbance(trial: &Trial) -> Option<String> {
    // A fault of the user's is what another program of the machine did. It may not happen twice.
    let fault = trial.faults.iter().find(|fault| fault.owner != Owner::Contender);
    let fault = fault.map(|fault| format!("{}: {}", fault.at, fault.message));
    let missed = |gate: &&GateResult| {
        gate.outcome == GateOutcome::Failed && matches!(gate.gate, Gate::Quiet | Gate::Generator)
    };
    // Stalls below the gate's limit can still fill the top percent of the responses.
    let hidden = |gate: &&GateResult| {
        gate.gate == Gate::Quiet && trial.environment.quantile_is_unreliable(SLO_QUANTILE)
    };
    let gate = trial.gates.iter().find(|gate| missed(gate) || hidden(gate));
    fault.or_else(|| gate.map(|gate| format!("{}: {}", gate.gate, gate.measured)))
}

#[cfg(test)]
mod tests {
    use super::disturbance;
    use crate::entrant::Entrant;
    use crate::evidence::{Fault, Gate, GateOutcome, GateResult, Owner, Stage, Trial};

    fn trial(fault: Option<Owner>, missed: Option<Gate>) -> Trial {
        let fault = fault.map(|owner| Fault::new(owner, Stage::Database, "ended during the trial"));
        let gate = missed.map(|gate| GateResult {
            gate,
            outcome: GateOutcome::Failed,
            measured: "40 % stolen".to_owned(),
            limit: "below 25 %".to_owned(),
        });
        Trial {
            gates: gate.into_iter().collect(),
            faults: fault.into_iter().collect(),
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn the_lab_and_the_machine_disturb_a_trial_and_the_contender_does_not() {
        let disturbed = |fault, missed| disturbance(&trial(fault, missed));
        assert_eq!(
            disturbed(Some(Owner::Lab), None).as_deref(),
            Some("database: ended during the trial")
        );
        assert_eq!(
            disturbed(None, Some(Gate::Quiet)).as_deref(),
            Some("machine quiet: 40 % stolen")
        );
        assert_eq!(
            disturbed(Some(Owner::User), None).as_deref(),
            Some("database: ended during the trial")
        );
        assert_eq!(disturbed(Some(Owner::Contender), None), None);
        assert_eq!(disturbed(None, Some(Gate::RateHeld)), None);
        assert_eq!(disturbed(None, None), None);
        let mut hidden = trial(None, None);
        hidden.gates.push(GateResult {
            gate: Gate::Quiet,
            outcome: GateOutcome::Weak,
            measured: "the machine stood still for 1.8 % of the time, once for 45 ms".to_owned(),
            limit: String::new(),
        });
        for (share, disturbed) in [(0.018, true), (0.004, false)] {
            hidden.environment.stalled_share = Some(share);
            assert_eq!(disturbance(&hidden).is_some(), disturbed, "{share}");
        }
    }
}
