//! What a launch has of its own besides its processes: a temporary folder and a database. Its server and the servers
//! that probes start beside it share them. It starts no process.

use crate::error::LabError;
use crate::fault::{LOG_LINES, interrupted, of_lab, with_log};
use crate::lab::Lab;
use crate::service::Database;
use bakeoff_core::evidence::{Fault, Stage};
use std::fs;
use std::path::{Path, PathBuf};

/// A launch's folder and database; dropping it removes both.
pub(crate) struct Workspace {
    scratch: PathBuf,
    database: Database,
}

impl Workspace {
    /// An empty folder and a database with fresh rows, in the network of the calling thread.
    ///
    /// # Errors
    /// The database or the file system failed, as a fault of the lab.
    pub(crate) fn create(lab: &Lab<'_>) -> Result<Workspace, Fault> {
        Workspace::open(lab).map_err(|error| fault_of(lab, &error))
    }

    /// The same, outside of any launch.
    ///
    /// # Errors
    /// The database or the file system failed.
    pub(crate) fn open(lab: &Lab<'_>) -> Result<Workspace, LabError> {
        let database = lab.services.database(lab.config.stop)?;
        let scratch = lab.new_scratch();
        fs::create_dir_all(&scratch)
            .map_err(|error| LabError::Folder(format!("`{}`: {error}", scratch.display())))?;
        Ok(Workspace { scratch, database })
    }

    /// Its temporary folder.
    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The file of the access log, which its server creates.
    pub(crate) fn access_log(&self) -> PathBuf {
        self.scratch.join("access.log")
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
        let restored = restored.and_then(|()| lab.services.reset(stop));
        restored.map_err(|error| fault_of(lab, &error))
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// What failed as a fault, with the end of the database's log.
fn fault_of(lab: &Lab<'_>, error: &LabError) -> Fault {
    let stage = match error {
        LabError::Interrupted => return interrupted(),
        LabError::Database(_) => Stage::Database,
        LabError::Service(..) => Stage::Service,
        _ => Stage::Start,
    };
    with_log(
        of_lab(stage, error.to_string()),
        lab.services.database_log(LOG_LINES),
    )
}
