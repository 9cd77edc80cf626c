//! How the lab words what failed. Deliberately without policy: who goes on after a fault is decided where the
//! trial runs.

use bakeoff_core::evidence::{Fault, Owner};

/// How many lines of a log a fault carries.
pub(crate) const LOG_LINES: usize = 20;

/// A fault of the contender: a finding.
pub(crate) fn of_contender(stage: &str, message: impl Into<String>) -> Fault {
    fault(Owner::Contender, stage, message)
}

/// A fault of the lab.
pub(crate) fn of_lab(stage: &str, message: impl Into<String>) -> Fault {
    fault(Owner::Lab, stage, message)
}

/// A fault of the user's machine or brief.
pub(crate) fn of_user(stage: &str, message: impl Into<String>) -> Fault {
    fault(Owner::User, stage, message)
}

/// The stage of the fault that says that the user interrupted.
pub(crate) const INTERRUPTED: &str = "interrupted";

/// The user interrupted.
pub(crate) fn interrupted() -> Fault {
    fault(Owner::User, INTERRUPTED, "interrupted by the user")
}

/// The same with the last lines of a log.
pub(crate) fn with_log(mut fault: Fault, log: Vec<String>) -> Fault {
    fault.log = log;
    fault
}

fn fault(owner: Owner, stage: &str, message: impl Into<String>) -> Fault {
    Fault {
        owner,
        stage: stage.to_owned(),
        message: message.into(),
        log: Vec::new(),
    }
}
