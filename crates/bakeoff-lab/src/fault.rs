//! How the lab words what failed. Deliberately without policy: who goes on after a fault is decided where the
//! trial runs.

use bakeoff_core::evidence::{Fault, FaultAt, Owner, Stage};

/// How many lines of a log a fault carries.
pub(crate) const LOG_LINES: usize = 20;

/// A fault of the contender: a finding.
pub(crate) fn of_contender(at: impl Into<FaultAt>, message: impl Into<String>) -> Fault {
    Fault::new(Owner::Contender, at, message)
}

/// A fault of the lab.
pub(crate) fn of_lab(stage: Stage, message: impl Into<String>) -> Fault {
    Fault::new(Owner::Lab, stage, message)
}

/// A fault of the user's machine or brief.
pub(crate) fn of_user(stage: Stage, message: impl Into<String>) -> Fault {
    Fault::new(Owner::User, stage, message)
}

/// The user interrupted.
pub(crate) fn interrupted() -> Fault {
    Fault::new(Owner::User, Stage::Interrupted, "interrupted by the user")
}

/// The same with the last lines of a log.
pub(crate) fn with_log(mut fault: Fault, log: Vec<String>) -> Fault {
    fault.log = log;
    fault
}
