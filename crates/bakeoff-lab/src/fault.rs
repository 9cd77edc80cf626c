//! Builders for faults of each owner. No policy: the schedule decides whether a contender runs again after a fault.

use bakeoff_core::evidence::{Fault, FaultAt, Owner, Stage};

/// The number of log lines in a fault.
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

/// Adds the last lines of a log.
pub(crate) fn with_log(mut fault: Fault, log: Vec<String>) -> Fault {
    fault.log = log;
    fault
}
