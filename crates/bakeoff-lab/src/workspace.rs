//! What a launch has of its own besides its processes: a temporary folder and a database, and where its programs have a
//! port or the address of a service fixed, a network with services of its own. Its server and the servers that probes
//! start beside it share them. It starts no server.

use crate::error::LabError;
use crate::fault::{LOG_LINES, interrupted, of_lab, of_user, with_log};
use crate::isolation::OwnNetwork;
use crate::lab::Lab;
use crate::service::{self, Database, Services};
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Fault, Owner, Stage};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A launch's folder, database and network; dropping it removes them.
pub(crate) struct Workspace {
    scratch: Scratch,
    /// How many folders of [`Self::new_folder`] there were.
    folders: AtomicU32,
    database: Database,
    /// Declared after the database, which is dropped in it.
    own: Option<Own>,
}

/// A network of the launch's own, and the services in it.
struct Own {
    services: Services,
    network: OwnNetwork,
    /// Declared after the services, whose files are in it.
    _folder: Scratch,
}

impl Workspace {
    /// An empty folder and a database with fresh rows, in the network of the calling thread; where the contender needs
    /// a network of its own, the thread is in that afterwards.
    ///
    /// # Errors
    /// The database or the file system failed, as a fault of the lab.
    pub(crate) fn create(lab: &Lab<'_>, contender: &Contender) -> Result<Workspace, Fault> {
        Workspace::open(lab, contender).map_err(|error| fault_of(lab, &error))
    }

    /// The same, outside of any launch.
    ///
    /// # Errors
    /// The database or the file system failed.
    pub(crate) fn open(lab: &Lab<'_>, contender: &Contender) -> Result<Workspace, LabError> {
        let own = match fixed_address(lab, contender) {
            Some(fixed) => Some(Own::create(lab, &fixed)?),
            None => None,
        };
        let services = own.as_ref().map_or(&lab.services, |own| &own.services);
        let database = services.database(lab.config.stop)?;
        Ok(Workspace {
            scratch: Scratch::create(lab)?,
            folders: AtomicU32::new(0),
            database,
            own,
        })
    }

    /// The workspace of a server that a probe starts beside a launch's: the same, or where that has a network of its
    /// own, another one, which the calling thread has entered.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub(crate) fn of_another_server(
        this: &Arc<Workspace>,
        lab: &Lab<'_>,
        contender: &Contender,
    ) -> Result<Arc<Workspace>, Fault> {
        match this.own {
            None => Ok(Arc::clone(this)),
            Some(_) => Workspace::create(lab, contender).map(Arc::new),
        }
    }

    /// The launch's own network; none where it is in the lab's.
    pub(crate) fn network(&self) -> Option<&OwnNetwork> {
        self.own.as_ref().map(|own| &own.network)
    }

    /// Moves the calling thread into the launch's own network, if it has one.
    ///
    /// # Errors
    /// The operating system's reason, as a fault of the lab.
    pub(crate) fn enter(&self) -> Result<(), Fault> {
        let entered = self.network().map_or(Ok(()), OwnNetwork::enter);
        entered.map_err(|reason| of_lab(Stage::Isolation, reason))
    }

    /// The services that its programs use.
    pub(crate) fn services<'s>(&'s self, lab: &'s Lab<'_>) -> &'s Services {
        self.own.as_ref().map_or(&lab.services, |own| &own.services)
    }

    /// Its temporary folder.
    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch.0
    }

    /// A folder below the temporary one that nobody has had yet. It does not exist.
    pub(crate) fn new_folder(&self) -> PathBuf {
        let number = self.folders.fetch_add(1, Ordering::Relaxed);
        self.scratch.0.join(format!("working-folder-{number}"))
    }

    /// The file of the access log, which its server creates.
    pub(crate) fn access_log(&self) -> PathBuf {
        self.scratch.0.join("access.log")
    }

    /// Its database.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Restores the rows while its servers run and keep their connections.
    ///
    /// # Errors
    /// The database failed, as a fault of the lab, or the user interrupted.
    pub(crate) fn restore_rows(&self, lab: &Lab<'_>) -> Result<(), Fault> {
        let stop = lab.config.stop;
        let restored = self.database.restore_rows(stop);
        let restored = restored.and_then(|()| self.services(lab).reset(stop));
        restored.map_err(|error| fault_of(lab, &error))
    }
}

impl Own {
    /// Enters a new network and starts the services there; `fixed` is what needs it.
    fn create(lab: &Lab<'_>, fixed: &str) -> Result<Own, LabError> {
        let impossible = |reason: &str| {
            LabError::Isolation(format!(
                "{fixed} is fixed, so each launch needs a network namespace and services of its own: {reason}"
            ))
        };
        if let Some(obstacle) = service::own_services_obstacle() {
            return Err(impossible(obstacle));
        }
        let folder = Scratch::create(lab)?;
        let network =
            OwnNetwork::create(&host_names(lab), &folder.0).map_err(|reason| impossible(&reason))?;
        network.enter().map_err(|reason| impossible(&reason))?;
        Ok(Own {
            services: lab.start_own_services(&folder.0)?,
            network,
            _folder: folder,
        })
    }
}

/// A temporary folder; dropping it removes it.
struct Scratch(PathBuf);

impl Scratch {
    fn create(lab: &Lab<'_>) -> Result<Scratch, LabError> {
        let path = lab.new_scratch();
        match fs::create_dir_all(&path) {
            Ok(()) => Ok(Scratch(path)),
            Err(error) => Err(LabError::Folder(format!("`{}`: {error}", path.display()))),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What two launches cannot have at the same time in one network, in words; none when there is nothing like it.
fn fixed_address(lab: &Lab<'_>, contender: &Contender) -> Option<String> {
    let port = contender.start.port;
    port.map(|port| format!("`port = {port}` in [start]"))
        .or_else(|| lab.config.brief.fixed_address())
}

/// The host names of the services.
fn host_names(lab: &Lab<'_>) -> Vec<String> {
    let services = lab.config.own_services.iter();
    let of_services = services.filter_map(|spec| spec.service.host.clone());
    let of_database = lab.config.brief.database_names().host;
    of_database.into_iter().chain(of_services).collect()
}

/// Without a service, what a contender did is not its fault: replaces its faults with one of the lab, which says when
/// that was.
pub(crate) fn reassign_faults_if_a_service_ended(services: &Services, faults: &mut Vec<Fault>, when: &str) {
    if let Some(ended) = services.ended(LOG_LINES) {
        faults.retain(|fault| fault.owner != Owner::Contender);
        let fault = of_lab(ended.stage, format!("{}ended {when}", ended.what));
        faults.push(with_log(fault, ended.log));
    }
}

/// What failed as a fault, with the end of the database's log.
fn fault_of(lab: &Lab<'_>, error: &LabError) -> Fault {
    let stage = match error {
        LabError::Interrupted => return interrupted(),
        LabError::Database(_) => Stage::Database,
        LabError::Service(..) => Stage::Service,
        LabError::Isolation(_) => return of_user(Stage::Isolation, error.to_string()),
        _ => Stage::Start,
    };
    with_log(
        of_lab(stage, error.to_string()),
        lab.services.database_log(LOG_LINES),
    )
}
