//! The measuring of a run: a driver performs the steps of the schedule in the lab and hands what they leave to the
//! collector. Decides nothing: what runs next is the core's `schedule`, and what a trial shows is for the judge.

pub(crate) mod event;
mod session;

pub(crate) use session::unfinished;

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::lab_place::LabPlace;
use crate::store::{Store, Stored};
use bakeoff_core::evidence::{ContenderRecord, Run, StopReason, Trial};
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule::{self, Budget, ScheduledTrial, Step};
use bakeoff_lab::{Lab, LabError, Prepared};
use event::{DriverEvent, RunWatch};
use session::{Session, new_run};
use std::path::Path;
use std::time::Instant;

/// What measuring needs besides a plan.
pub(crate) struct Bench<'b> {
    /// The brief that is measured for.
    pub(crate) file: &'b BriefFile,
    /// A record of each contender of the field.
    pub(crate) records: &'b [ContenderRecord],
    /// The installed contenders.
    pub(crate) prepared: &'b [Prepared],
    /// How far servers are kept apart from the rest of the machine.
    pub(crate) isolation: Isolation,
    /// The folder of the store.
    pub(crate) results: &'b Path,
    /// The consumer of events.
    pub(crate) watch: &'b dyn RunWatch,
    /// The user's interrupt.
    pub(crate) interrupt: &'b Interrupt,
}

/// Measures a plan, in a new run or in `resumed`, which did not finish. Every trial that ended is stored, also when
/// the user interrupts or the lab fails; the run's `stop` has the reason.
///
/// # Errors
/// The lab does not open, the store cannot be written, or the user interrupted before the run began.
pub(crate) fn measure(plan: &Plan, resumed: Option<&Run>, bench: &Bench<'_>) -> Result<Stored, Failure> {
    let place = LabPlace::of_user();
    let launches = plan.entrants().len();
    let lab = place.open(bench.file, bench.watch, bench.interrupt, bench.isolation, launches)?;
    let store = Store::open(bench.results)?;
    let mut session = match resumed {
        Some(run) => Session::resume(store, &run.id)?,
        None => {
            let run = new_run(plan, bench.file, bench.records, &lab);
            Session::begin(store, run, &bench.file.brief)?
        }
    };
    let driver = Driver::new(bench, &lab, &session);
    let stop = driver.run(plan, &mut session)?;
    drop(lab);
    session.end(stop)
}

/// Performs steps in the lab of this machine.
struct Driver<'d> {
    bench: &'d Bench<'d>,
    lab: &'d Lab<'d>,
    began: Instant,
    /// When this session began, in seconds from the start of the run's measuring.
    began_s: f64,
}

impl<'d> Driver<'d> {
    fn new(bench: &'d Bench<'d>, lab: &'d Lab<'d>, session: &Session) -> Driver<'d> {
        let ends_s = session
            .run()
            .trials
            .iter()
            .map(|trial| trial.at_s + trial.seconds);
        Driver {
            bench,
            lab,
            began: Instant::now(),
            began_s: ends_s.fold(0.0, f64::max),
        }
    }

    /// Performs the steps of the schedule until it stops, the user interrupts or the lab cannot go on.
    fn run(&self, plan: &Plan, session: &mut Session) -> Result<StopReason, Failure> {
        self.bench.watch.driver_event(DriverEvent::MeasuringStarted {
            plan,
            trials: session.run().trials.len(),
            spent_s: Budget::of(session.run()).spent_s,
        });
        while !self.bench.interrupt.requested() {
            match schedule::next(plan, session.run(), Budget::of(session.run())) {
                Step::Trial(scheduled) | Step::Repeat(scheduled) => match self.trial(scheduled) {
                    Ok(trial) => {
                        session.add(trial)?;
                        self.bench.watch.driver_event(DriverEvent::TrialStored);
                    }
                    Err(reason) => return Ok(reason),
                },
                Step::Advise => session.take_advice()?,
                Step::Stop(reason) => return Ok(reason),
            }
        }
        Ok(StopReason::Interrupted)
    }

    /// Runs a trial, or returns why the run must stop. Nothing of a trial that was interrupted counts.
    fn trial(&self, scheduled: ScheduledTrial) -> Result<Trial, StopReason> {
        let planned = &scheduled.planned;
        if let Some(attempt) = &scheduled.first_attempt {
            self.bench.watch.driver_event(DriverEvent::TrialRepeats {
                entrant: &planned.entrant,
                reason: &attempt.reason,
            });
        }
        let mut prepared = self.bench.prepared.iter();
        let prepared = prepared
            .find(|prepared| prepared.contender.name == planned.entrant.name())
            .ok_or_else(|| StopReason::LabFailed(format!("`{}` is not installed", planned.entrant.name())))?;
        let at_s = self.began_s + self.began.elapsed().as_secs_f64();
        let trial = self.lab.trial(prepared, planned, &scheduled.budget, at_s);
        let trial = trial.map_err(|error| match error {
            LabError::Interrupted => StopReason::Interrupted,
            other => StopReason::LabFailed(other.to_string()),
        })?;
        Ok(Trial {
            first_attempt: scheduled.first_attempt,
            ..trial
        })
    }
}
