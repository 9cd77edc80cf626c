//! The database of one launch: a copy of the seed, so that its rows, sessions, locks, notifications and statement
//! counts are its own. Its contender connects to it; the lab's own connection restores rows and counts work.

use super::database_server::DatabaseServer;
use super::statement_count;
use crate::error::LabError;
use ::postgres::{Client, SimpleQueryMessage};
use bakeoff_core::evidence::{Precision, Statements};
use bakeoff_core::scenario::Work;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A launch's database; dropping it ends its sessions and drops it.
pub(crate) struct Database {
    client: Mutex<Client>,
    server: Arc<DatabaseServer>,
    name: String,
    url: String,
}

impl Database {
    /// Creates one with fresh rows, in the network of the calling thread; `name` is that which programs have fixed.
    pub(super) fn create(
        server: &Arc<DatabaseServer>,
        name: Option<&str>,
        stop: &AtomicBool,
    ) -> Result<Database, LabError> {
        let name = server.copy_seed(name, stop)?;
        let connected = server.postgres().connect(&name);
        let client = connected.inspect_err(|_| server.drop_database(&name))?;
        Ok(Database {
            client: Mutex::new(client),
            server: Arc::clone(server),
            url: server.postgres().url(&name),
            name,
        })
    }

    /// The `DATABASE_URL` of the launch.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Restores the rows while the contender runs and keeps its connections. Does not restart a server that has ended:
    /// the contender has lost its connections, and would pay for it.
    pub(crate) fn restore_rows(&self, stop: &AtomicBool) -> Result<(), LabError> {
        if stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let mut restored = self.server.restore(&mut client);
        if restored.is_err() && client.is_closed() {
            *client = self.server.postgres().connect(&self.name)?;
            restored = self.server.restore(&mut client);
        }
        restored.map_err(|error| LabError::database(&error))
    }

    /// The database's own count of its work on the contract's tables so far; none when it has ended. Does not restart
    /// it: the trial is lost already.
    pub(crate) fn work(&self) -> Option<Work> {
        self.count(|client, precision| statement_count::work(client, precision, self.server.rows()).ok())
    }

    /// All statements so far but the lab's own; none when it has ended, or where it cannot count them.
    pub(crate) fn statements(&self) -> Option<Statements> {
        self.count(statement_count::all)
    }

    fn count<T>(&self, read: impl FnOnce(&mut Client, Precision) -> Option<T>) -> Option<T> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let lives = !client.is_closed() && !self.server.postgres().has_ended();
        lives
            .then(|| read(&mut client, self.server.precision()))
            .flatten()
    }

    /// The result of `work`, which runs while this statement has changed rows and has not been committed.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn while_uncommitted<T>(&self, sql: &str, work: impl FnOnce() -> T) -> Result<T, LabError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: ::postgres::Error| LabError::database(&error);
        let mut transaction = client.transaction().map_err(failed)?;
        transaction.batch_execute(sql).map_err(failed)?;
        let result = work();
        transaction.commit().map_err(failed)?;
        Ok(result)
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// The database failed, or the statement is wrong.
    pub(crate) fn execute(&self, sql: &str) -> Result<(), LabError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        client
            .batch_execute(sql)
            .map_err(|error| LabError::Database(format!("`{sql}`: {error}")))
    }

    /// The first row of a query, values as text joined by `|`; none where there is no row.
    ///
    /// # Errors
    /// The database failed, or the query is wrong.
    pub(crate) fn first_row(&self, sql: &str) -> Result<Option<String>, LabError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let messages = client
            .simple_query(sql)
            .map_err(|error| LabError::database(&error))?;
        Ok(messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                let values = (0..row.len()).map(|column| row.get(column).unwrap_or("null"));
                Some(values.collect::<Vec<_>>().join("|"))
            }
            _ => None,
        }))
    }

    /// How exactly it counts.
    pub(crate) fn precision(&self) -> Precision {
        self.server.precision()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.drop_database(&self.name);
    }
}
