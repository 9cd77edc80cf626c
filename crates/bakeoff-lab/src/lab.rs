//! The context of one run: its configuration, processors, services and isolation, from the first check to the last
//! trial. Dropping it stops everything. What a lab can do with a contender is in `perform.rs`; it stores nothing.

use crate::cores::{self, CoreSplit};
use crate::error::LabError;
use crate::event::EventSink;
use crate::host::{self, Yardstick};
use crate::isolation::{Isolation, TierChoice};
use crate::limits::ResourceLimits;
use crate::process::lab_instance::LabInstance;
use crate::process::{adopt_orphans_and_raise_limits, escaped, leftovers};
use crate::service::{self, Services};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::Host;
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The configuration of a lab.
#[derive(Clone, Copy)]
pub struct Config<'a> {
    /// The brief to measure for.
    pub brief: &'a Brief,
    /// The contract, by scenario.
    pub scenarios: &'a BTreeMap<String, Scenario>,
    /// The folder of prepared contenders.
    pub cache: &'a Path,
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

/// The name of the contenders' temporary folder below the lab's own.
const SCRATCH: &str = "tmp";

/// An open lab.
pub struct Lab<'a> {
    pub(crate) config: Config<'a>,
    pub(crate) cores: CoreSplit,
    pub(crate) services: Services,
    pub(crate) isolation: Isolation,
    pub(crate) yardstick: Yardstick,
    host: Host,
    /// Declared after the services, because their data lives in it until they are dropped.
    folder: RunFolder,
}

impl<'a> Lab<'a> {
    /// Removes what a killed bakeoff left, and starts database and upstream.
    ///
    /// # Errors
    /// What could not be started.
    pub fn open(config: Config<'a>) -> Result<Lab<'a>, LabError> {
        if config.stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        adopt_orphans_and_raise_limits();
        leftovers::remove_leftovers();
        let cores = CoreSplit::new(&cores::available(), config.brief.load.cores);
        let isolation = Isolation::find(LabInstance::this(), config.isolation, service::network_obstacle())
            .map_err(LabError::Isolation)?;
        let folder = RunFolder::create()?;
        let services = isolation.run_inside(|| {
            Services::start(
                config.cache,
                &folder.0,
                &cores,
                &isolation,
                config.events,
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

    /// The temporary folder of contenders.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.0.join(SCRATCH)
    }

    /// Removes everything that an earlier contender left in the temporary folder. Only while no contender runs.
    pub(crate) fn empty_scratch(&self) {
        let _ = fs::remove_dir_all(self.scratch());
        let _ = fs::create_dir_all(self.scratch());
    }

    pub(crate) fn interrupted(&self) -> bool {
        self.config.stop.load(Ordering::Relaxed)
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
