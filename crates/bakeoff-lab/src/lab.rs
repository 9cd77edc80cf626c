//! The context of one run: its configuration, processors, services and isolation, from the first check to the last
//! retirement. Dropping it stops everything. What a lab can do with a contender is in `perform.rs` and `fleet.rs`; it
//! stores nothing.

use crate::cores::{self, CoreSplit, pin_this_thread};
use crate::error::LabError;
use crate::event::{Event, EventSink};
use crate::fault::of_lab;
use crate::host::{self, Yardstick};
use crate::isolation::{Isolation, OwnNetwork, TierChoice};
use crate::limits::{self, ResourceLimits};
use crate::process::lab_instance::LabInstance;
use crate::process::{adopt_orphans_and_raise_limits, escaped, leftovers};
use crate::runtimes::Runtimes;
use crate::service::{self, Script, ServiceSpec, Services, Terms};
use crate::watchdog::Watchdog;
use bakeoff_core::brief::{Brief, DatabaseNames};
use bakeoff_core::evidence::{Fault, Host, Stage};
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

/// The configuration of a lab.
#[derive(Clone, Copy)]
pub struct Config<'a> {
    /// The brief to measure for.
    pub brief: &'a Brief,
    /// The contract, by scenario.
    pub scenarios: &'a BTreeMap<String, Scenario>,
    /// The scripts that make the brief's own tables and rows; none: those of the shipped contract.
    pub own_rows: Option<&'a [Script]>,
    /// The further services of the brief.
    pub own_services: &'a [ServiceSpec],
    /// The folder of prepared contenders.
    pub cache: &'a Path,
    /// The folder that keeps the files of a new PostgreSQL cluster, usually the same.
    pub cluster_cache: &'a Path,
    /// The runtimes of this machine.
    pub runtimes: &'a Runtimes,
    /// Receives the events.
    pub events: &'a dyn EventSink,
    /// The user's interrupt.
    pub stop: &'a AtomicBool,
    /// The most that a server may use of the machine.
    pub limits: ResourceLimits,
    /// How far servers are isolated from the rest of the machine.
    pub isolation: TierChoice,
    /// The most launches that live at the same time: the contenders and the twin.
    pub launches: usize,
}

/// The name of the folder of the launches' temporary folders, below the lab's own.
const SCRATCH: &str = "tmp";

/// An open lab.
pub struct Lab<'a> {
    pub(crate) config: Config<'a>,
    pub(crate) cores: CoreSplit,
    pub(crate) services: Services,
    pub(crate) isolation: Isolation,
    pub(crate) yardstick: Yardstick,
    pub(crate) watchdog: Watchdog,
    host: Host,
    scratches: AtomicU32,
    /// Declared after the services, because their data lives in it until they are dropped.
    folder: RunFolder,
}

impl<'a> Lab<'a> {
    /// Removes what a killed bakeoff left, and starts database and upstream.
    ///
    /// # Errors
    /// What could not be started, or too little memory for the launches.
    pub fn open(config: Config<'a>) -> Result<Lab<'a>, LabError> {
        if config.stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        limits::check_memory(config.launches)?;
        adopt_orphans_and_raise_limits();
        leftovers::remove_leftovers();
        let cores = CoreSplit::new(&cores::available(), config.brief.load.cores);
        let isolation = Isolation::find(LabInstance::this(), config.isolation, service::network_obstacle())
            .map_err(LabError::Isolation)?;
        let folder = RunFolder::create()?;
        let names = config.brief.database_names();
        let services = isolation
            .run_inside(|| Services::start(&terms_of(&config, &cores, &isolation, &folder.0, &names)))?;
        let host = Host {
            database: services.database_name().to_owned(),
            isolation: Some(isolation.tier()),
            controllers: isolation.by_controller().clone(),
            ..host::inspect(&cores, config.runtimes)
        };
        Ok(Lab {
            config,
            cores,
            services,
            isolation,
            yardstick: Yardstick::default(),
            watchdog: Watchdog::start(),
            scratches: AtomicU32::new(0),
            folder,
            host,
        })
    }

    /// The machine as this lab uses it.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The path of a temporary folder that no other launch has; the caller creates it.
    pub(crate) fn new_scratch(&self) -> PathBuf {
        let number = self.scratches.fetch_add(1, Ordering::Relaxed);
        self.folder.0.join(SCRATCH).join(number.to_string())
    }

    /// Services of one launch's own, at the addresses that its programs have fixed, in the network of the calling
    /// thread, with their files below `folder`.
    ///
    /// # Errors
    /// What could not be started, or the user interrupted.
    pub(crate) fn start_own_services(&self, folder: &Path) -> Result<Services, LabError> {
        let names = self.config.brief.database_names();
        let silent = |_: Event| {};
        Services::start(&Terms {
            at_fixed_addresses: true,
            launches: 1,
            events: &silent,
            ..terms_of(&self.config, &self.cores, &self.isolation, folder, &names)
        })
    }

    /// Does the work on a thread that avoids the servers' processors and is in the network of `network`, or none: the
    /// lab's; its own threads inherit both.
    pub(crate) fn on_generator_cores<T: Send>(
        &self,
        network: Option<&OwnNetwork>,
        work: impl FnOnce() -> Result<T, Fault> + Send,
    ) -> Result<T, Fault> {
        thread::scope(|scope| {
            let worker = scope.spawn(|| {
                pin_this_thread(&self.cores.generator);
                network
                    .map_or_else(|| self.isolation.enter(), OwnNetwork::enter)
                    .map_err(|reason| of_lab(Stage::Isolation, reason))?;
                work()
            });
            worker
                .join()
                .unwrap_or_else(|_| Err(of_lab(Stage::Trial, "the lab's own thread panicked")))
        })
    }

    pub(crate) fn interrupted(&self) -> bool {
        self.config.stop.load(Ordering::Relaxed)
    }
}

/// What starting the services of all launches needs.
fn terms_of<'t>(
    config: &Config<'t>,
    cores: &'t CoreSplit,
    isolation: &'t Isolation,
    folder: &'t Path,
    names: &'t DatabaseNames,
) -> Terms<'t> {
    Terms {
        cache: config.cache,
        cluster_cache: config.cluster_cache,
        runtimes: config.runtimes,
        folder,
        cores,
        isolation,
        launches: config.launches,
        processes: config.brief.load.cores as usize,
        own_rows: config.own_rows,
        own_services: config.own_services,
        names,
        at_fixed_addresses: false,
        events: config.events,
        stop: config.stop,
    }
}

/// The folder of an open lab; dropping it removes it.
struct RunFolder(PathBuf);

impl RunFolder {
    fn create() -> Result<RunFolder, LabError> {
        let path = leftovers::run_folder(LabInstance::this());
        match fs::create_dir_all(path.join(SCRATCH)) {
            Ok(()) => Ok(RunFolder(path)),
            Err(error) => Err(LabError::Folder(format!("`{}`: {error}", path.display()))),
        }
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        escaped::remove_record(LabInstance::this());
        let _ = fs::remove_dir_all(&self.0);
    }
}
