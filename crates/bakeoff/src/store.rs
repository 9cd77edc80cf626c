//! The store: one SQLite file with every run, its contenders, launches, trials and histograms, and the only place with
//! SQL. It does not judge, and it never changes evidence: each launch, each trial and each end of a launch is written
//! once, in a transaction of its own, so a kill at any instant keeps all that ended.

mod document;
mod read;
mod schema;

use crate::exit::Failure;
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Advice, ContenderRecord, Launch, Run, StopReason, Trial};
use document::Header;
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) use document::{RunLine, Stored};

/// The store of one results folder.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
    /// The folder of the copy that is read where the store itself cannot be written.
    _copy: Option<TempDir>,
}

impl Store {
    /// Opens the store of a results folder, makes it when there is none, and brings an older one up to date.
    ///
    /// # Errors
    /// A file that is no store, is from a newer version, or cannot be written.
    pub(crate) fn open(results: &Path) -> Result<Store, Failure> {
        std::fs::create_dir_all(results).map_err(|error| {
            Failure::lab(
                format!("cannot make `{}`: {error}", results.display()),
                "run where you may write, or name another folder with --results",
            )
        })?;
        Store::at(results.join("bakeoff.db"))
    }

    /// Opens the store of a results folder that must be there, to read it. Where it may not be written, such as on a
    /// read-only volume, a copy is read: SQLite writes beside a store that it reads.
    ///
    /// # Errors
    /// No store there; else as [`Store::open`].
    pub(crate) fn existing(results: &Path) -> Result<Store, Failure> {
        let path = results.join("bakeoff.db");
        if !path.is_file() {
            return Err(Failure::usage(
                format!("no runs here: `{}` does not exist", path.display()),
                "`bakeoff run BRIEF` measures one",
            ));
        }
        match connect(&path) {
            Err(error) if is_read_only(&error) => Store::copy_of(path),
            connection => Store::with(connection, path, None),
        }
    }

    fn at(path: PathBuf) -> Result<Store, Failure> {
        Store::with(connect(&path), path, None)
    }

    fn with(
        connection: rusqlite::Result<Connection>,
        path: PathBuf,
        copy: Option<TempDir>,
    ) -> Result<Store, Failure> {
        let mut connection = connection.map_err(|error| Failure::store(&path, "cannot be opened", &error))?;
        schema::migrate(&mut connection, &path)?;
        Ok(Store {
            connection,
            path,
            _copy: copy,
        })
    }

    /// Reads a copy, with the log of what has not been merged into the store yet.
    fn copy_of(path: PathBuf) -> Result<Store, Failure> {
        let copy = || -> io::Result<TempDir> {
            let folder = tempfile::tempdir()?;
            fs::copy(&path, folder.path().join("bakeoff.db"))?;
            let log = beside(&path, "-wal");
            if log.is_file() {
                fs::copy(log, folder.path().join("bakeoff.db-wal"))?;
            }
            for entry in fs::read_dir(folder.path())? {
                let file = entry?.path();
                fs::set_permissions(&file, Permissions::from_mode(0o600))?;
            }
            Ok(folder)
        };
        let folder = copy().map_err(|error| {
            Failure::lab(
                format!("the store `{}` cannot be read: {error}", path.display()),
                "may you read it, and is there room for a copy in the folder for temporary files?",
            )
        })?;
        Store::with(connect(&folder.path().join("bakeoff.db")), path, Some(folder))
    }

    /// Begins a run: everything but its launches and trials.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn begin(&mut self, run: &Run, brief: &Brief) -> Result<(), Failure> {
        let header = Header::of(run, brief);
        let document = to_json(&header);
        self.connection
            .execute(
                "INSERT INTO run (id, brief_name, started, document) VALUES (?1, ?2, ?3, ?4)",
                params![run.id, brief.name, run.started, document],
            )
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))?;
        run.contenders
            .iter()
            .try_for_each(|record| self.save_contender(&run.id, record))
    }

    /// Writes where a contender stands.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_contender(&mut self, run: &str, record: &ContenderRecord) -> Result<(), Failure> {
        self.connection
            .execute(
                "INSERT INTO contender (run, name, place, document)
                 VALUES (?1, ?2, (SELECT count(*) FROM contender WHERE run = ?1), ?3)
                 ON CONFLICT (run, name) DO UPDATE SET document = excluded.document",
                params![run, record.name, to_json(record)],
            )
            .map(|_| ())
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))
    }

    /// Writes a launch that came to rest, or ended before.
    ///
    /// # Errors
    /// The file cannot be written, or has a launch with that id.
    pub(crate) fn save_launch(&mut self, run: &str, launch: &Launch) -> Result<(), Failure> {
        self.connection
            .execute(
                "INSERT INTO launch (run, id, contender, document) VALUES (?1, ?2, ?3, ?4)",
                params![run, launch.id, launch.entrant.id(), to_json(launch)],
            )
            .map(|_| ())
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))
    }

    /// Writes the end of a launch: the same launch, which has one now.
    ///
    /// # Errors
    /// The file cannot be written; the launch lives in it then.
    pub(crate) fn save_launch_end(&mut self, run: &str, launch: &Launch) -> Result<(), Failure> {
        self.connection
            .execute(
                "UPDATE launch SET document = ?3 WHERE run = ?1 AND id = ?2",
                params![run, launch.id, to_json(launch)],
            )
            .map(|_| ())
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))
    }

    /// Writes a trial that ended, with its histograms, in one transaction.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_trial(&mut self, run: &str, trial: &Trial) -> Result<(), Failure> {
        let path = self.path.clone();
        self.write_trial(run, trial)
            .map_err(|error| Failure::store(&path, "cannot be written", &error))
    }

    fn write_trial(&mut self, run: &str, trial: &Trial) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        insert_trial(&transaction, run, trial)?;
        transaction.commit()
    }

    /// Writes the repeat of a disturbed trial in its place, in one transaction.
    ///
    /// # Errors
    /// The file cannot be written; the disturbed trial stays then.
    pub(crate) fn replace_trial(&mut self, run: &str, trial: &Trial) -> Result<(), Failure> {
        let path = self.path.clone();
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.connection.transaction()?;
            for table in ["histogram", "trial"] {
                transaction.execute(
                    &format!("DELETE FROM {table} WHERE run = ?1 AND block = ?2 AND contender = ?3"),
                    params![run, trial.block, trial.entrant.id()],
                )?;
            }
            insert_trial(&transaction, run, trial)?;
            transaction.commit()
        };
        write().map_err(|error| Failure::store(&path, "cannot be written", &error))
    }

    /// Writes what was advised after a block; asked again after the same block, the later advice stands.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_advice(&mut self, run: &str, advice: &Advice) -> Result<(), Failure> {
        self.connection
            .execute(
                "INSERT INTO advice (run, after_blocks, document) VALUES (?1, ?2, ?3)
                 ON CONFLICT (run, after_blocks) DO UPDATE SET document = excluded.document",
                params![run, advice.after_blocks, to_json(advice)],
            )
            .map(|_| ())
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))
    }

    /// Ends a run, or says why it stopped short.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn end(
        &mut self,
        run: &str,
        finished: Option<&str>,
        stop: &StopReason,
    ) -> Result<(), Failure> {
        self.connection
            .execute(
                "UPDATE run SET finished = ?2, stop = ?3 WHERE id = ?1",
                params![run, finished, to_json(stop)],
            )
            .map(|_| ())
            .map_err(|error| Failure::store(&self.path, "cannot be written", &error))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // A store in WAL mode opens without a word where it may not be written, and fails at the first read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(connection)
}

/// Whether a store cannot be opened because it, or its folder, may not be written.
fn is_read_only(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(CannotOpen | PermissionDenied | ReadOnly | SystemIoFailure)
    )
}

/// The file whose name is that of another and some letters more.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// A trial and its histograms, as the last one of the run.
fn insert_trial(transaction: &Transaction<'_>, run: &str, trial: &Trial) -> rusqlite::Result<()> {
    let bare = Trial {
        curves: Vec::new(),
        ..trial.clone()
    };
    let entrant = trial.entrant.id();
    transaction.execute(
        "INSERT INTO trial (run, block, contender, place, document)
         VALUES (?1, ?2, ?3, (SELECT count(*) FROM trial WHERE run = ?1), ?4)",
        params![run, trial.block, entrant, to_json(&bare)],
    )?;
    for curve in &trial.curves {
        let kind = to_json(&curve.kind);
        transaction.execute(
            "INSERT INTO histogram (run, block, contender, label, kind, hdr) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                run,
                trial.block,
                entrant,
                curve.label.to_string(),
                kind,
                curve.hdr
            ],
        )?;
    }
    Ok(())
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .expect("documents of the core have only string keys and so always become JSON")
}

#[cfg(test)]
mod tests;
