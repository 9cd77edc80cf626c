//! The services that contenders use: a database with the same rows before every load, one for each launch, and an
//! upstream with a programmed delay. The lab runs both, so that every contender uses the same.

mod binaries;
mod cluster;
mod connections;
mod database;
mod database_name;
mod database_server;
mod external;
mod postgres;
mod seed;
mod statement_count;
mod upstream;

pub(crate) use binaries::Binaries as DatabaseBinaries;
pub(crate) use database::Database;
pub(crate) use upstream::{PeakWatch, Upstream};

use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::event::{Event, EventSink};
use crate::isolation::Isolation;
use crate::runtimes::Runtimes;
use binaries::Binaries;
use database_server::DatabaseServer;
use postgres::Postgres;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The value of `DATABASE_URL`, if the user set it.
fn external_server() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Why the services cannot run in a network namespace of the lab: the user's own database server is outside.
pub(crate) fn network_obstacle() -> Option<&'static str> {
    external_server().map(|_| "the database in `DATABASE_URL` would be outside of it")
}

/// Where services run, and for whom.
pub(crate) struct Terms<'t> {
    /// The folder of prepared contenders, for PostgreSQL's programs.
    pub(crate) cache: &'t Path,
    /// The runtimes of this machine, for the Python package that contains them.
    pub(crate) runtimes: &'t Runtimes,
    /// The folder of the lab.
    pub(crate) folder: &'t Path,
    /// The division of processors.
    pub(crate) cores: &'t CoreSplit,
    /// The isolation of the lab.
    pub(crate) isolation: &'t Isolation,
    /// The most launches that live at the same time.
    pub(crate) launches: usize,
    /// The processes of each.
    pub(crate) processes: usize,
    /// Receives the events.
    pub(crate) events: &'t dyn EventSink,
    /// The user's interrupt.
    pub(crate) stop: &'t AtomicBool,
}

/// Database server and upstream of one lab.
pub(crate) struct Services {
    server: Arc<DatabaseServer>,
    upstream: Upstream,
    name: String,
}

impl Services {
    /// Starts both and creates the rows, in the network of the calling thread.
    pub(crate) fn start(terms: &Terms<'_>) -> Result<Services, LabError> {
        terms.events.event(Event::ServicesStarting);
        let began = Instant::now();
        let upstream = Upstream::start(&terms.cores.generator).map_err(|error| LabError::upstream(&error))?;
        // The password hashes take half a second of CPU time, so they run while the database starts.
        let hashing = std::thread::spawn(seed::users);
        let postgres = open_server(terms)?;
        let users = hashing
            .join()
            .map_err(|_| LabError::database(&"hashing the users' passwords panicked"))?;
        let server = DatabaseServer::with_seed(postgres, &users, terms.stop)?;
        let name = format!("PostgreSQL {}, {}", server.version(), server.postgres().origin());
        terms.events.event(Event::ServicesStarted {
            database: name.clone(),
            seconds: began.elapsed().as_secs_f64(),
        });
        Ok(Services {
            server: Arc::new(server),
            upstream,
            name,
        })
    }

    /// A database of its own for a launch, with fresh rows, in the network of the calling thread. Restarts the lab's
    /// own server if it was killed.
    pub(crate) fn database(&self, stop: &AtomicBool) -> Result<Database, LabError> {
        Database::create(&self.server, stop)
    }

    /// The database's name and origin, in words.
    pub(crate) fn database_name(&self) -> &str {
        &self.name
    }

    /// Whether the database server is known to have ended.
    pub(crate) fn database_has_ended(&self) -> bool {
        self.server.postgres().has_ended()
    }

    /// How often the lab has restarted the database server: who was connected before has lost its connections.
    pub(crate) fn database_restarts(&self) -> u32 {
        self.server.postgres().restarts()
    }

    /// The last lines of the database's log, if the lab runs the database.
    pub(crate) fn database_log(&self, count: usize) -> Vec<String> {
        self.server.postgres().last_lines(count)
    }

    /// CPU time of the database so far, in seconds; none where it is not the lab's own.
    pub(crate) fn database_cpu_s(&self) -> Option<f64> {
        self.server.postgres().cpu_s()
    }

    /// The service for the scenario `fan-out`.
    pub(crate) fn upstream(&self) -> &Upstream {
        &self.upstream
    }
}

fn open_server(terms: &Terms<'_>) -> Result<Postgres, LabError> {
    let processors = terms.cores.all().len();
    let connections = connections::needed(terms.launches, terms.processes, processors);
    if let Some(url) = external_server() {
        return Postgres::external(&url, connections);
    }
    let binaries = match Binaries::of_the_machine() {
        Some(found) => found,
        None => Binaries::of_the_package(terms.cache, terms.runtimes, terms.events, terms.stop)?,
    };
    Postgres::temporary(
        &binaries,
        terms.folder,
        terms.cores,
        terms.isolation,
        connections,
        terms.stop,
    )
}
