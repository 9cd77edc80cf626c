//! The services that contenders use: a database with the same rows before every trial, and an upstream with a
//! programmed delay. The lab runs both, so that every contender uses the same.

mod binaries;
mod cluster;
mod external;
mod postgres;
mod seed;
mod statement_count;
mod upstream;

pub(crate) use binaries::Binaries as DatabaseBinaries;
pub(crate) use upstream::Upstream;

use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::event::{Event, EventSink};
use crate::isolation::Isolation;
use crate::process::lab_instance::LabInstance;
use ::postgres::Client;
use bakeoff_core::evidence::Precision;
use bakeoff_core::scenario::Work;
use binaries::Binaries;
use postgres::Postgres;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The value of `DATABASE_URL`, if the user set it.
fn external_server() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Why the services cannot run in a network namespace of the lab: the user's own database server is outside.
pub(crate) fn network_obstacle() -> Option<&'static str> {
    external_server().map(|_| "the database in `DATABASE_URL` would be outside of it")
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
    /// Starts both and creates the rows, in the network of the calling thread.
    pub(crate) fn start(
        cache: &Path,
        folder: &Path,
        cores: &CoreSplit,
        isolation: &Isolation,
        events: &dyn EventSink,
        stop: &AtomicBool,
    ) -> Result<Services, LabError> {
        events.event(Event::ServicesStarting);
        let began = Instant::now();
        let upstream = Upstream::start(&cores.generator).map_err(|error| LabError::upstream(&error))?;
        // The password hashes take half a second of CPU time, so they run while the database starts.
        let hashing = std::thread::spawn(seed::users);
        let database = open_database(cache, folder, cores, isolation, events, stop)?;
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
        let precision = statement_count::precision(&mut client);
        events.event(Event::ServicesStarted {
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

    /// Restores the rows and ends all sessions but the lab's own. Only while no contender runs.
    ///
    /// Restarts the lab's own cluster if it was killed.
    pub(crate) fn reset(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.with_client(stop, |client| {
            seed::end_other_sessions(client)?;
            seed::reset(client)
        })
    }

    /// Restores the rows while a contender runs and keeps its connections.
    pub(crate) fn restore_rows(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.with_client(stop, seed::reset)
    }

    /// The database's own count of its work on the contract's tables so far; none when it has ended. Does not restart
    /// it: the trial is lost already.
    pub(crate) fn work(&self) -> Option<Work> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let lives = !client.is_closed() && !self.database.has_ended();
        lives
            .then(|| statement_count::work(&mut client, self.precision).ok())
            .flatten()
    }

    /// How exactly the database counts.
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

    /// The `DATABASE_URL` of contenders.
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

    /// The last lines of the database's log, if the lab runs the database.
    pub(crate) fn database_log(&self, count: usize) -> Vec<String> {
        self.database.last_lines(count)
    }

    /// CPU time of the database so far, in seconds; none where it is not the lab's own.
    pub(crate) fn database_cpu_s(&self) -> Option<f64> {
        self.database.cpu_s()
    }

    /// The service for the scenario `fan-out`.
    pub(crate) fn upstream(&self) -> &Upstream {
        &self.upstream
    }
}

fn open_database(
    cache: &Path,
    folder: &Path,
    cores: &CoreSplit,
    isolation: &Isolation,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<Postgres, LabError> {
    if let Some(url) = external_server() {
        return Postgres::in_external_server(&url, LabInstance::this());
    }
    let binaries = match Binaries::of_the_machine() {
        Some(found) => found,
        None => Binaries::of_the_package(cache, events, stop)?,
    };
    Postgres::temporary(&binaries, folder, cores, isolation, stop)
}
