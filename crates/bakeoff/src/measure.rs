//! The measuring of a run: a driver performs the steps of the schedule in the lab and hands what they leave to the
//! collector. Decides nothing: what runs next is the core's `schedule`, and what a trial shows is for the judge.

pub(crate) mod event;
pub(crate) mod running;
mod servers;
mod session;

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::lab_place::LabPlace;
use crate::store::{Store, Stored};
use bakeoff_core::evidence::{ContenderRecord, Launch, LaunchEnd, Run, StopReason, Trial};
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule::{self, Budget, Step};
use bakeoff_lab::{Fleet, Lab, LabError, Prepared, Runtimes, TierChoice};
use event::{DriverEvent, RunWatch};
use servers::Servers;
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
    /// The runtimes of this machine.
    pub(crate) runtimes: &'b Runtimes,
    /// How far servers are kept apart from the rest of the machine.
    pub(crate) isolation: TierChoice,
    /// The folder of the store.
    pub(crate) results: &'b Path,
    /// The consumer of events.
    pub(crate) watch: &'b dyn RunWatch,
    /// The user's interrupt.
    pub(crate) interrupt: &'b Interrupt,
}

/// Measures a plan, in a new run or in `resumed`, which did not finish. Every launch and trial that ended is stored,
/// also when the user interrupts or the lab fails; the run's `stop` has the reason.
///
/// # Errors
/// The lab does not open, the store cannot be written, or the user interrupted before the run began.
pub(crate) fn measure(plan: &Plan, resumed: Option<&Run>, bench: &Bench<'_>) -> Result<Stored, Failure> {
    let place = LabPlace::of_user(bench.runtimes);
    let launches = plan.entrants().len();
    let lab = place.open(
        bench.file,
        bench.watch,
        bench.interrupt,
        bench.isolation,
        launches,
    )?;
    let store = Store::open(bench.results)?;
    let mut session = match resumed {
        Some(run) => Session::resume(store, &run.id)?,
        None => {
            let records = with_obstacles(bench, &lab);
            let run = new_run(plan, bench.file, records, lab.host());
            Session::begin(store, run, &bench.file.brief)?
        }
    };
    let mut fleet = Fleet::new(&lab, bench.prepared);
    let stop = drive(&mut fleet, plan, &mut session, bench.watch, bench.interrupt)?;
    // The fleet ends its servers before the lab ends the database that they talk to.
    drop(fleet);
    drop(lab);
    session.end(stop)
}

/// The records, each with the metrics that no trial can observe here and the reasons.
fn with_obstacles(bench: &Bench<'_>, lab: &Lab<'_>) -> Vec<ContenderRecord> {
    let with = |record: &ContenderRecord| {
        let mut record = record.clone();
        if let Some(entry) = bench.file.domain.contenders.get(&record.name) {
            record.no_evidence.extend(lab.no_evidence(&entry.contender));
        }
        record
    };
    bench.records.iter().map(with).collect()
}

/// Performs the steps of a run with its servers; returns why it stopped.
fn drive(
    servers: &mut dyn Servers,
    plan: &Plan,
    session: &mut Session,
    watch: &dyn RunWatch,
    interrupt: &Interrupt,
) -> Result<StopReason, Failure> {
    let mut driver = Driver {
        servers,
        watch,
        interrupt,
        began: Instant::now(),
        began_s: schedule::elapsed_s(session.run()),
    };
    driver.run(plan, session)
}

/// Performs steps.
struct Driver<'d> {
    servers: &'d mut dyn Servers,
    watch: &'d dyn RunWatch,
    interrupt: &'d Interrupt,
    began: Instant,
    /// When this session began, in seconds from the start of the run's measuring.
    began_s: f64,
}

impl Driver<'_> {
    /// Performs the steps of the schedule until it stops, the user interrupts or the lab cannot go on.
    fn run(&mut self, plan: &Plan, session: &mut Session) -> Result<StopReason, Failure> {
        self.emit(DriverEvent::MeasuringStarted { run: session.run() });
        while !self.interrupt.requested() {
            self.store_ends(session)?;
            let budget = Budget::of(session.run());
            let step = schedule::next(plan, session.run(), budget);
            self.emit(DriverEvent::StepBegins {
                step: &step,
                run: session.run(),
                left_s: schedule::forecast(plan, session.run()).left_s(),
            });
            let stop = match step {
                Step::Stop(reason) => Some(reason),
                Step::Advise => {
                    session.take_advice()?;
                    None
                }
                other => self.perform(other, session)?,
            };
            if let Some(reason) = stop {
                return Ok(reason);
            }
        }
        Ok(StopReason::Interrupted)
    }

    /// Performs a step in the lab and stores what it leaves; returns why the run must stop, if it must. Nothing of a
    /// step that was interrupted counts.
    fn perform(&mut self, step: Step, session: &mut Session) -> Result<Option<StopReason>, Failure> {
        let at_s = self.began_s + self.began.elapsed().as_secs_f64();
        let performed = match step {
            Step::Launch(scheduled) => {
                let launch = self.servers.launch(&scheduled, at_s);
                launch.map(|launch| Left::Launch(Box::new(launch)))
            }
            Step::Trial(scheduled) | Step::Repeat(scheduled) => {
                let trial = self.servers.trial(&scheduled, at_s);
                trial.map(|trial| {
                    Left::Trial(Box::new(Trial {
                        first_attempt: scheduled.first_attempt,
                        ..trial
                    }))
                })
            }
            Step::Retire(scheduled) => {
                let end = self.servers.retire(&scheduled, at_s);
                end.map(|end| Left::End(scheduled.launch, end))
            }
            Step::Advise | Step::Stop(_) => return Ok(None),
        };
        match performed {
            Ok(left) => self.store(left, session).map(|()| None),
            Err(LabError::Interrupted) => Ok(Some(StopReason::Interrupted)),
            Err(error) => Ok(Some(StopReason::LabFailed(error.to_string()))),
        }
    }

    /// Stores what a step left, and only then shows it.
    fn store(&self, left: Left, session: &mut Session) -> Result<(), Failure> {
        match left {
            Left::Launch(launch) => {
                let id = launch.id;
                session.add_launch(*launch)?;
                self.emit(DriverEvent::LaunchStored {
                    run: session.run(),
                    id,
                });
            }
            Left::Trial(trial) => {
                session.add(*trial)?;
                self.emit(DriverEvent::TrialStored { run: session.run() });
            }
            Left::End(id, end) => {
                session.end_launch(id, end)?;
                self.emit(DriverEvent::LaunchEnded {
                    run: session.run(),
                    id,
                });
            }
        }
        Ok(())
    }

    /// Stores the ends of launches that nobody ended: their servers died in a trial or at rest, or do not rest.
    fn store_ends(&mut self, session: &mut Session) -> Result<(), Failure> {
        let at_s = self.began_s + self.began.elapsed().as_secs_f64();
        let ends = self.servers.ended_at_rest(at_s);
        ends.into_iter()
            .try_for_each(|(id, end)| self.store(Left::End(id, end), session))
    }

    fn emit(&self, event: DriverEvent<'_>) {
        self.watch.driver_event(event);
    }
}

/// What a step leaves.
enum Left {
    Launch(Box<Launch>),
    Trial(Box<Trial>),
    /// The end of the launch with that id.
    End(u32, LaunchEnd),
}
