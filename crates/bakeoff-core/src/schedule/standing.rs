//! Whether an entrant goes on after its launches and trials, and what a contender's record says in the end. Knows
//! evidence only; does not judge figures, and knows no racing.

use crate::entrant::Entrant;
use crate::evidence::{
    EndReason, Fault, FaultAt, Gate, GateOutcome, Launch, LaunchEnd, Owner, Run, Stage, Status, Trial,
};

/// The number of failures in a row, of launches or of trials, after which an entrant gets no further launch: the others
/// need the time.
const FAILURES_IN_A_ROW: usize = 2;

/// Whether a contender could be started at all. `Failed` and `ContractFailed` are results of launches and trials, which
/// an interrupted run has recorded too; its launches and trials say whether the contender goes on.
pub(super) fn could_run(status: Status) -> bool {
    !matches!(status, Status::Unavailable | Status::PrepareFailed)
}

/// Whether the last launches or trials of an entrant failed by themselves, `launches` being its own in their order with
/// their ends so far, and `trials` those of the run.
pub(super) fn has_failed(
    entrant: &Entrant,
    launches: &[(&Launch, Option<&LaunchEnd>)],
    trials: &[Trial],
) -> bool {
    // What the lab did to a launch says nothing about the entrant, and neither does the end of a session before the
    // launch was made again. One that was not made again had no more work: it would have been retired.
    let is_last_of_round = |launch: &Launch| {
        let mut others = launches.iter();
        !others.any(|(other, _)| other.round == launch.round && other.id > launch.id)
    };
    let telling = launches
        .iter()
        .rev()
        .filter(|(launch, end)| match end.map(|end| end.reason) {
            None | Some(EndReason::Retired) => true,
            Some(EndReason::SessionEnded) => is_last_of_round(launch),
            Some(_) => failed_by_itself(launch, *end, trials),
        });
    let failed_launches = telling
        .take_while(|(launch, end)| failed_by_itself(launch, *end, trials))
        .count();
    let own = trials.iter().rev().filter(|trial| trial.entrant == *entrant);
    let failed_trials = own.take_while(|trial| own_failure(trial)).count();
    failed_launches >= FAILURES_IN_A_ROW || failed_trials >= FAILURES_IN_A_ROW
}

/// Whether a launch ended through the entrant's own fault, `end` being what is known of its end.
pub(super) fn failed_by_itself(launch: &Launch, end: Option<&LaunchEnd>, trials: &[Trial]) -> bool {
    match end.map(|end| end.reason) {
        None | Some(EndReason::Retired | EndReason::SessionEnded) => false,
        Some(EndReason::DoesNotRest) => true,
        Some(EndReason::NeverReady | EndReason::Died) => {
            let mut faults = faults_of_its_end(launch, end, trials).peekable();
            // A server that ends without a word has ended by itself.
            faults.peek().is_none() || faults.any(|fault| fault.owner == Owner::Contender)
        }
    }
}

/// The lab's or the user's fault that ended a launch.
pub(super) fn fault_of_others<'r>(
    launch: &'r Launch,
    end: Option<&'r LaunchEnd>,
    trials: &'r [Trial],
) -> Option<&'r Fault> {
    let ended = matches!(
        end.map(|end| end.reason),
        Some(EndReason::NeverReady | EndReason::Died)
    );
    if !ended || failed_by_itself(launch, end, trials) {
        return None;
    }
    faults_of_its_end(launch, end, trials).next()
}

/// The faults that belong to the end of a launch: its own, or those of the trial in which it ended.
fn faults_of_its_end<'r>(
    launch: &'r Launch,
    end: Option<&'r LaunchEnd>,
    trials: &'r [Trial],
) -> impl Iterator<Item = &'r Fault> {
    let own = end.into_iter().flat_map(|end| &end.faults);
    let own: Vec<&Fault> = own.chain(&launch.faults).collect();
    // A server that dies at rest does so while another one's trial runs, or after it.
    let began_before = |trial: &&Trial| end.is_none_or(|end| trial.at_s <= end.at_s);
    let last = trials.iter().rfind(began_before);
    let of_trial = last.filter(|trial| trial.launch == Some(launch.id) && own.is_empty());
    // A probe's fault is no reason for an end.
    let of_stage = |fault: &&Fault| matches!(fault.at, FaultAt::Stage(_));
    let of_trial = of_trial
        .into_iter()
        .flat_map(|trial| &trial.faults)
        .filter(of_stage);
    let of_trial: Vec<&Fault> = of_trial.collect();
    own.into_iter().chain(of_trial)
}

/// What the record of a contender says after its launches and trials; none while they say nothing.
#[must_use]
pub fn status_after(run: &Run, contender: &str) -> Option<Status> {
    let trials: Vec<&Trial> = run
        .trials
        .iter()
        .filter(|trial| trial.entrant.is_contender(contender))
        .collect();
    let launches: Vec<&Launch> = run
        .launches
        .iter()
        .filter(|launch| launch.entrant.is_contender(contender))
        .collect();
    let failed = |launch: &&Launch| failed_by_itself(launch, launch.end.as_ref(), &run.trials);
    if trials.is_empty() && !launches.iter().any(failed) {
        return None;
    }
    let in_launches = launches.iter().flat_map(|launch| {
        let at_end = launch.end.iter().flat_map(|end| &end.faults);
        launch.faults.iter().chain(at_end)
    });
    let mut faults = trials.iter().flat_map(|trial| &trial.faults).chain(in_launches);
    let measured = |trial: &&Trial| trial.load.is_some() && !contract_failed(trial);
    Some(if trials.iter().any(measured) {
        Status::Measured
    } else if faults.any(breaks_contract) {
        Status::ContractFailed
    } else {
        Status::Failed
    })
}

/// A trial that came to no load through the entrant's own fault.
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
mod tests;
