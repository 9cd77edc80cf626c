//! The measuring of services that run already: the steps of a run, without a lab. It starts no server and no database.

use super::drive;
use super::event::RunWatch;
use super::session::{Session, new_run};
use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::store::{Store, Stored};
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_core::plan::Plan;
use bakeoff_lab::RunningServices;
use std::path::Path;

/// What measuring them needs besides a plan.
pub(crate) struct RunningBench<'b> {
    /// The brief that is measured for.
    pub(crate) file: &'b BriefFile,
    /// A record of each service.
    pub(crate) records: Vec<ContenderRecord>,
    /// The folder of the store.
    pub(crate) results: &'b Path,
    /// The consumer of events.
    pub(crate) watch: &'b dyn RunWatch,
    /// The user's interrupt.
    pub(crate) interrupt: &'b Interrupt,
}

/// Measures a plan in a new run. Every trial that ended is stored, also when the user interrupts; the run's `stop` has
/// the reason.
///
/// # Errors
/// The store cannot be written.
pub(crate) fn measure_running(
    plan: &Plan,
    services: &mut RunningServices<'_>,
    bench: RunningBench<'_>,
) -> Result<Stored, Failure> {
    let store = Store::open(bench.results)?;
    let run = new_run(plan, bench.file, bench.records, services.host());
    let mut session = Session::begin(store, run, &bench.file.brief)?;
    let stop = drive(services, plan, &mut session, bench.watch, bench.interrupt)?;
    session.end(stop)
}
