//! Whether the lab fails so often that a run makes no sense. Does not look at faults of contenders: `standing` does.

use crate::evidence::{Owner, Run, StopReason, Trial};

/// The number of trials in a row without a load, through the lab's own fault, that ends a run.
const FAULTS_IN_A_ROW: usize = 3;

/// Why the run should stop: the message of the last of several trials in a row that the lab itself spoilt.
pub(super) fn reason_to_stop(run: &Run) -> Option<String> {
    // A user who resumes a run that ended so has repaired something, or wants to see whether it helps.
    if matches!(run.stop, Some(StopReason::LabFailed(_))) {
        return None;
    }
    let spoilt: Vec<&str> = run
        .trials
        .iter()
        .rev()
        .map_while(fault_of_lab)
        .take(FAULTS_IN_A_ROW)
        .collect();
    (spoilt.len() == FAULTS_IN_A_ROW).then(|| spoilt[0].to_owned())
}

/// The lab's fault that left a trial without a load.
fn fault_of_lab(trial: &Trial) -> Option<&str> {
    let fault = trial.faults.iter().find(|fault| fault.owner == Owner::Lab)?;
    trial.load.is_none().then_some(fault.message.as_str())
}
