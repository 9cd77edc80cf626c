//! What contenders talk to: a database with the same rows before every trial, and an upstream with a
//! programmed delay. Deliberately the lab's own, so that no contender brings another.

mod binaries;
mod cluster;
mod count;
mod named;
mod postgres;
mod seed;
mod upstream;

pub(crate) use upstream::Upstream;

use crate::cores::CoreSplit;
use crate::event::{Event, Watch};
use crate::isolation::Isolation;
use crate::lab::LabError;
use crate::process::owner::Owner;
use ::postgres::Client;
use bakeoff_core::evidence::Precision;
use bakeoff_core::scenario::Work;
use binaries::Binaries;
use postgres::Postgres;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

pub(crate) use binaries::Binaries as DatabaseBinaries;

/// The server that `DATABASE_URL` names, when it names one.
fn named_server() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Whether the database is in somebody's server, which is not ours to move.
pub(crate) fn database_is_named() -> bool {
    named_server().is_some()
}

/// Database and upstream of one lab.
pub(crate) struct Services {
    client: Mutex<Client>,
    database: Postgres,
    upstream: Upstream,
    name: String,
    precision: Precision,
}

impl Services {
    /// Starts both and makes the rows. Both are in the network that the calling thread is in.
    pub(crate) fn start(
        cache: &Path,
        folder: &Path,
        cores: &CoreSplit,
        isolation: &Isolation,
        watch: &dyn Watch,
        stop: &AtomicBool,
    ) -> Result<Services, LabError> {
        watch.event(Event::ServicesStarting);
        let began = Instant::now();
        let upstream = Upstream::start(&cores.generator).map_err(|error| LabError::upstream(&error))?;
        let hashing = std::thread::spawn(seed::users);
        let database = open_database(cache, folder, cores, isolation, watch, stop)?;
        let users = hashing
            .join()
            .map_err(|_| LabError::database(&"hashing the users' passwords panicked"))?;
        let mut client = database.connect(stop)?;
        let failed = |error: ::postgres::Error| LabError::database(&error);
        seed::create(&mut client, &users).map_err(failed)?;
        let version: String = client
            .query_one("SHOW server_version", &[])
            .map_err(failed)?
            .get(0);
        let name = format!("PostgreSQL {version}, {}", database.origin());
        let precision = count::precision(&mut client);
        watch.event(Event::ServicesStarted {
            database: name.clone(),
            seconds: began.elapsed().as_secs_f64(),
        });
        Ok(Services {
            client: Mutex::new(client),
            database,
            upstream,
            name,
            precision,
        })
    }

    /// The same rows as at the start, and no sessions but our own: for when no contender runs.
    ///
    /// A cluster of our own that was killed is started again.
    pub(crate) fn reset(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.with_client(stop, |client| {
            seed::end_other_sessions(client)?;
            seed::reset(client)
        })
    }

    /// The same rows as at the start, while a contender runs and keeps its connections.
    pub(crate) fn restore_rows(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.with_client(stop, seed::reset)
    }

    /// What the database has done so far on the contract's tables, by its own count; nothing when it has ended. It is not started
    /// again here, in the middle of a trial that its end has spoilt.
    pub(crate) fn work(&self) -> Option<Work> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let lives = !client.is_closed() && !self.database.has_ended();
        lives
            .then(|| count::work(&mut client, self.precision).ok())
            .flatten()
    }

    /// How exactly it counts.
    pub(crate) fn precision(&self) -> Precision {
        self.precision
    }

    fn with_client(
        &self,
        stop: &AtomicBool,
        work: impl FnOnce(&mut Client) -> Result<(), ::postgres::Error>,
    ) -> Result<(), LabError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if client.is_closed() || self.database.has_ended() {
            *client = self.database.connect(stop)?;
        }
        work(&mut client).map_err(|error| LabError::database(&error))
    }

    /// What contenders get as `DATABASE_URL`.
    pub(crate) fn database_url(&self) -> &str {
        self.database.url()
    }

    /// The database's name and origin, in words.
    pub(crate) fn database_name(&self) -> &str {
        &self.name
    }

    /// Whether the database is known to have ended.
    pub(crate) fn database_has_ended(&self) -> bool {
        self.database.has_ended()
    }

    /// The last lines of the database's log, where it is ours.
    pub(crate) fn database_log(&self, count: usize) -> Vec<String> {
        self.database.last_lines(count)
    }

    /// The service that `fan-out` calls.
    pub(crate) fn upstream(&self) -> &Upstream {
        &self.upstream
    }
}

fn open_database(
    cache: &Path,
    folder: &Path,
    cores: &CoreSplit,
    isolation: &Isolation,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Postgres, LabError> {
    if let Some(url) = named_server() {
        return Postgres::in_server(&url, Owner::this());
    }
    let binaries = match Binaries::of_the_machine() {
        Some(found) => found,
        None => Binaries::of_the_package(cache, watch, stop)?,
    };
    Postgres::temporary(&binaries, folder, cores, isolation, stop)
}
