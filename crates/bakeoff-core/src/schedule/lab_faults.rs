//! Whether the lab fails so often that a run makes no sense. Does not look at faults of contenders: `standing` does.

use super::history::History;
use super::standing::fault_of_others;
use crate::evidence::{Owner, StopReason, Trial};

/// The number of launches and trials in a row that the lab itself spoilt which ends a run.
const FAULTS_IN_A_ROW: usize = 3;

/// Why the run should stop, `stop` being why its last session did: the message of the last of several launches and
/// trials in a row that the lab itself spoilt.
pub(super) fn reason_to_stop(history: &History<'_>, stop: Option<&StopReason>) -> Option<String> {
    // A user who resumes a run that ended so has repaired something, or wants to see whether it helps.
    if matches!(stop, Some(StopReason::LabFailed(_))) {
        return None;
    }
    let spoilt: Vec<&str> = steps(history)
        .into_iter()
        .rev()
        .map_while(|(_, fault)| fault)
        .take(FAULTS_IN_A_ROW)
        .collect();
    (spoilt.len() == FAULTS_IN_A_ROW).then(|| spoilt[0].to_owned())
}

/// Launches and trials in the order in which they began, each with the lab's fault that spoilt it. Launches that were
/// made again say nothing: the user had interrupted.
fn steps<'r>(history: &History<'r>) -> Vec<(f64, Option<&'r str>)> {
    let trials = history.trials();
    let launches = history
        .launches()
        .iter()
        .filter(|launch| !history.is_remade(launch));
    let launches = launches.map(|launch| {
        let fault = fault_of_others(launch, history.end(launch), trials);
        let spoilt = fault.filter(|fault| fault.owner == Owner::Lab && !launch.was_ready());
        (launch.at_s, spoilt.map(|fault| fault.message.as_str()))
    });
    let of_trials = trials.iter().map(|trial| (trial.at_s, fault_of_lab(trial)));
    let mut steps: Vec<(f64, Option<&str>)> = launches.chain(of_trials).collect();
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    steps
}

/// The lab's fault that left a trial without a load.
fn fault_of_lab(trial: &Trial) -> Option<&str> {
    let fault = trial.faults.iter().find(|fault| fault.owner == Owner::Lab)?;
    trial.load.is_none().then_some(fault.message.as_str())
}
