//! The PostgreSQL server with the seed: a database that holds the rows, of which each launch gets a copy. It answers no
//! contender.

use super::database_name;
use super::own_rows::{self, Script};
use super::postgres::Postgres;
use super::restoring::Restoring;
use super::seed::{self, User};
use super::statement_count::{self, RowsOf};
use crate::error::LabError;
use crate::process::lab_instance::LabInstance;
use ::postgres::{Client, Error};
use bakeoff_core::evidence::Precision;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the seed holds.
pub(super) enum SeedRows<'r> {
    /// What the brief's own scripts make.
    Brief(&'r [Script]),
    /// The rows of the contract, with these users.
    Contract(&'r [User]),
}

/// The server; dropping it removes the seed, and the server if it is the lab's own.
pub(super) struct DatabaseServer {
    /// The connection from which databases are created and dropped. It stays open, because a database may be dropped by
    /// a thread outside of the lab's network.
    client: Mutex<Client>,
    postgres: Postgres,
    seed: String,
    restoring: Restoring,
    rows: RowsOf,
    version: String,
    precision: Precision,
}

impl DatabaseServer {
    /// Creates the seed in a running server: the rows of the contract, or those of the brief's own scripts.
    pub(super) fn with_seed(
        postgres: Postgres,
        rows: SeedRows<'_>,
        stop: &AtomicBool,
    ) -> Result<DatabaseServer, LabError> {
        let mut client = postgres.connect_to_maintain(stop)?;
        let name = database_name::new(LabInstance::this());
        create(&mut client, &name, postgres.owner(), None).map_err(failed)?;
        postgres.count_statements_in(&name);
        let mut inside = postgres.connect(&name)?;
        let (rows, restoring) = match rows {
            SeedRows::Brief(scripts) => (RowsOf::Brief, own_rows::create(&mut inside, scripts)?),
            SeedRows::Contract(users) => (
                RowsOf::Contract,
                seed::create(&mut inside, users).map_err(failed)?,
            ),
        };
        let precision = statement_count::precision(&mut inside, rows);
        let version = inside
            .query_one("SHOW server_version", &[])
            .and_then(|row| row.try_get(0))
            .map_err(failed)?;
        // A database is only copied while nobody is connected to it.
        inside.close().map_err(failed)?;
        Ok(DatabaseServer {
            client: Mutex::new(client),
            postgres,
            seed: name,
            restoring,
            rows,
            version,
            precision,
        })
    }

    /// Creates a copy of the seed, of that name or a new one, and returns its name. Restarts the lab's own server if it
    /// has ended.
    pub(super) fn copy_seed(&self, name: Option<&str>, stop: &AtomicBool) -> Result<String, LabError> {
        let mut client = self.client();
        let name = name.map_or_else(|| database_name::new(LabInstance::this()), str::to_owned);
        let copy = |client: &mut Client| create(client, &name, self.postgres.owner(), Some(&self.seed));
        let mut copied = copy(&mut client);
        if copied.is_err() && (client.is_closed() || self.postgres.has_ended()) {
            *client = self.postgres.connect_to_maintain(stop)?;
            copied = copy(&mut client);
        }
        copied.map(|()| name.clone()).map_err(failed)
    }

    /// Drops a database and ends its sessions. Best effort: the server may have ended, and then the next lab drops it.
    pub(super) fn drop_database(&self, name: &str) {
        let _ = self
            .client()
            .batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
    }

    /// Where it runs.
    pub(super) fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// Its version.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Restores the rows of a copy, whose sessions stay open.
    pub(super) fn restore(&self, client: &mut Client) -> Result<(), Error> {
        self.restoring.run(client)
    }

    /// Whose rows it has.
    pub(super) fn rows(&self) -> RowsOf {
        self.rows
    }

    /// How exactly it counts statements.
    pub(super) fn precision(&self) -> Precision {
        self.precision
    }

    fn client(&self) -> MutexGuard<'_, Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DatabaseServer {
    fn drop(&mut self) {
        self.drop_database(&self.seed);
    }
}

/// Creates a database, empty or as a copy of `template`.
fn create(client: &mut Client, name: &str, owner: Option<&str>, template: Option<&str>) -> Result<(), Error> {
    let owner = owner.map_or(String::new(), |owner| format!(" OWNER \"{owner}\""));
    let template = template.map_or(String::new(), |template| format!(" TEMPLATE \"{template}\""));
    client.batch_execute(&format!("CREATE DATABASE \"{name}\"{owner}{template}"))
}

fn failed(error: Error) -> LabError {
    LabError::database(&error)
}
