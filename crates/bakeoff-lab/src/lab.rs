//! The lab: services, processors and contenders of one run, open from the first check to the last trial.
//! Dropping it stops everything. Deliberately without a store: what it finds, it returns.

use crate::contract::{self, CaseResult, Subject};
use crate::cores::{self, CoreSplit};
use crate::event::{Event, Watch};
use crate::fault::of_contender;
use crate::guard::Bounds;
use crate::host::{self, Yardstick};
use crate::isolation::{Isolation, TierChoice};
use crate::prepare::Prepared;
use crate::probe::{self, TRIAL_PROBES};
use crate::process::leftovers;
use crate::process::owner::Owner;
use crate::process::{adopt_orphans_and_raise_limits, hidden};
use crate::server::Server;
use crate::service::Services;
use crate::trial;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Fault, Host, Observation, Stage, Trial};
use bakeoff_core::plan::{PlannedTrial, TrialBudget};
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What a lab needs to know.
#[derive(Clone, Copy)]
pub struct Config<'a> {
    /// The brief that is measured for.
    pub brief: &'a Brief,
    /// The contract, by scenario.
    pub scenarios: &'a BTreeMap<String, Scenario>,
    /// Where prepared things are kept.
    pub cache: &'a Path,
    /// Who is told.
    pub watch: &'a dyn Watch,
    /// The user's interrupt.
    pub stop: &'a AtomicBool,
    /// The most that a contender may take of the machine.
    pub bounds: Bounds,
    /// How far what is measured is kept apart from the rest of the machine.
    pub isolation: TierChoice,
}

/// Why a lab cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// The database, with the reason.
    #[error("the database: {0}")]
    Database(String),
    /// The upstream, with the reason.
    #[error("the upstream: {0}")]
    Upstream(String),
    /// The tier that was asked for, with the reason.
    #[error("the isolation: {0}")]
    Isolation(String),
    /// The run's temporary folder, with the reason.
    #[error("the temporary folder: {0}")]
    Folder(String),
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
}

impl LabError {
    pub(crate) fn database(reason: &dyn std::fmt::Display) -> LabError {
        LabError::Database(reason.to_string())
    }

    pub(crate) fn upstream(reason: &dyn std::fmt::Display) -> LabError {
        LabError::Upstream(reason.to_string())
    }
}

/// How a contender held the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Every case.
    pub cases: Vec<CaseResult>,
    /// Why it could not be asked, when it could not.
    pub fault: Option<Fault>,
}

/// What the folder for contenders' temporary files is called in a lab's own.
const SCRATCH: &str = "tmp";

/// An open lab.
pub struct Lab<'a> {
    pub(crate) config: Config<'a>,
    pub(crate) cores: CoreSplit,
    pub(crate) services: Services,
    pub(crate) isolation: Isolation,
    pub(crate) yardstick: Yardstick,
    host: Host,
    /// After the services, because they live in it until they are dropped.
    folder: RunFolder,
}

impl<'a> Lab<'a> {
    /// Ends what an earlier bakeoff left, and starts database and upstream.
    ///
    /// # Errors
    /// What could not be started.
    pub fn open(config: Config<'a>) -> Result<Lab<'a>, LabError> {
        if config.stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        adopt_orphans_and_raise_limits();
        leftovers::end_those_of_the_dead();
        let cores = CoreSplit::new(&cores::available(), config.brief.load.cores);
        let isolation = Isolation::find(Owner::this(), config.isolation).map_err(LabError::Isolation)?;
        let folder = RunFolder::create()?;
        let services = inside(&isolation, || {
            Services::start(
                config.cache,
                &folder.0,
                &cores,
                &isolation,
                config.watch,
                config.stop,
            )
        })?;
        let host = Host {
            database: services.database_name().to_owned(),
            isolation: Some(isolation.tier()),
            controllers: isolation.by_controller().clone(),
            ..host::inspect(&cores)
        };
        Ok(Lab {
            config,
            cores,
            services,
            isolation,
            yardstick: Yardstick::default(),
            folder,
            host,
        })
    }

    /// The machine as this lab uses it.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The metrics of which no trial of this contender can give evidence here, each with the reason.
    #[must_use]
    pub fn no_evidence(&self, contender: &Contender) -> BTreeMap<String, String> {
        let mut reasons = BTreeMap::new();
        for probe in TRIAL_PROBES {
            if let Some(reason) = probe.obstacle(self, contender) {
                reasons.extend(
                    probe
                        .metrics
                        .iter()
                        .map(|metric| ((*metric).to_owned(), reason.clone())),
                );
            }
        }
        reasons
    }

    /// Holds a contender to the whole contract.
    ///
    /// # Errors
    /// The user interrupted, or a service failed.
    pub fn check(&self, prepared: &Prepared) -> Result<Checked, LabError> {
        let name = &prepared.contender.name;
        self.config.watch.event(Event::Checking {
            contender: name.clone(),
        });
        let checked = inside(&self.isolation, || self.start_and_ask(prepared))?;
        if self.interrupted() {
            return Err(LabError::Interrupted);
        }
        let failures = checked.cases.iter().filter(|case| case.failure.is_some()).count();
        self.config.watch.event(Event::Checked {
            contender: name.clone(),
            cases: checked.cases.len(),
            failures,
        });
        Ok(checked)
    }

    fn start_and_ask(&self, prepared: &Prepared) -> Result<Checked, LabError> {
        self.services.reset(self.config.stop)?;
        self.empty_scratch();
        Ok(match Server::start(self, prepared, 1, &self.cores.server) {
            Err(fault) => Checked {
                cases: Vec::new(),
                fault: Some(fault),
            },
            Ok(server) => {
                let cases = self.ask_all(prepared, &server);
                let fault = server.excess();
                Checked { cases, fault }
            }
        })
    }

    /// One contender's turn. What goes wrong is in the trial.
    ///
    /// # Errors
    /// The user interrupted; nothing of the trial counts then.
    pub fn trial(
        &self,
        prepared: &Prepared,
        planned: &PlannedTrial,
        shape: &TrialBudget,
        at_s: f64,
    ) -> Result<Trial, LabError> {
        let trial = trial::run(self, prepared, planned, shape, at_s);
        let interrupted =
            self.interrupted() || trial.faults.iter().any(|fault| fault.is_at(Stage::Interrupted));
        if interrupted {
            Err(LabError::Interrupted)
        } else {
            Ok(trial)
        }
    }

    /// One probe of a running contender alone, outside of any trial: its server is started, asked and ended.
    ///
    /// # Errors
    /// Why there is no evidence: no such probe, an obstacle, or what failed.
    pub fn probe(
        &self,
        prepared: &Prepared,
        name: &str,
        shape: &TrialBudget,
        seed: u64,
    ) -> Result<Vec<Observation>, String> {
        let alone = || Ok(probe::alone(self, prepared, name, shape, seed));
        inside(&self.isolation, alone).unwrap_or_else(|error: LabError| Err(error.to_string()))
    }

    /// The folder that contenders get for temporary files.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.0.join(SCRATCH)
    }

    /// Makes it anew: what an earlier contender left there is gone. For when no contender runs.
    pub(crate) fn empty_scratch(&self) {
        let _ = fs::remove_dir_all(self.scratch());
        let _ = fs::create_dir_all(self.scratch());
    }

    /// Every case of every scenario that the contender serves.
    pub(crate) fn ask_all(&self, prepared: &Prepared, server: &Server) -> Vec<CaseResult> {
        let subject = Subject {
            target: server.target(),
            upstream: self.services.upstream(),
        };
        let served = |scenario: &&Scenario| !prepared.contender.source.not_served.contains(&scenario.id);
        contract::check(
            subject,
            self.config.scenarios.values().filter(served),
            self.config.stop,
        )
    }

    pub(crate) fn interrupted(&self) -> bool {
        self.config.stop.load(Ordering::Relaxed)
    }
}

/// Does the work on a thread that is where this lab's network is, and so are the threads and processes that it starts. The
/// calling thread stays where it is.
fn inside<T: Send>(
    isolation: &Isolation,
    work: impl FnOnce() -> Result<T, LabError> + Send,
) -> Result<T, LabError> {
    let entered = || {
        isolation.enter().map_err(LabError::Isolation)?;
        work()
    };
    let outcome = thread::scope(|scope| scope.spawn(entered).join());
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

/// A lab's folder for what it needs while it is open; dropping it removes it.
struct RunFolder(PathBuf);

impl RunFolder {
    fn create() -> Result<RunFolder, LabError> {
        let path = leftovers::run_folder(Owner::this());
        match fs::create_dir_all(path.join(SCRATCH)) {
            Ok(()) => Ok(RunFolder(path)),
            Err(error) => Err(LabError::Folder(format!("`{}`: {error}", path.display()))),
        }
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        hidden::forget(Owner::this());
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The contract's broken cases as one fault, each with what was sent, expected and received.
pub(crate) fn broken_contract(cases: &[CaseResult]) -> Option<Fault> {
    let broken: Vec<(&CaseResult, String)> = cases
        .iter()
        .filter_map(|case| case.failure.as_ref().map(|failure| (case, failure.to_string())))
        .collect();
    let (first, _) = broken.first()?;
    let more = if broken.len() > 1 {
        format!(" and {} more", broken.len() - 1)
    } else {
        String::new()
    };
    let mut fault = of_contender(
        Stage::Contract,
        format!(
            "breaks {} of {} cases: `{}`, {}{more}",
            broken.len(),
            cases.len(),
            first.scenario,
            first.case
        ),
    );
    fault.log = broken
        .iter()
        .take(5)
        .map(|(case, failure)| format!("{}, {}:\n{failure}", case.scenario, case.case))
        .collect();
    Some(fault)
}
