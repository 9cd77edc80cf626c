//! The services that contenders use: a database with the same rows before every load, one for each launch, and an
//! upstream with a programmed delay. The lab runs both, so that every contender uses the same.

mod binaries;
mod cluster;
mod command;
mod connections;
mod database;
mod database_name;
mod database_server;
mod external;
mod initialised;
mod own_rows;
mod own_service;
mod postgres;
mod restoring;
mod seed;
mod statement_count;
mod upstream;

pub(crate) use binaries::Binaries as DatabaseBinaries;
pub(crate) use database::Database;
pub use own_rows::Script;
pub use own_service::ServiceSpec;
pub(crate) use upstream::{PeakWatch, Upstream};

use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::event::{Event, EventSink};
use crate::isolation::Isolation;
use crate::runtimes::Runtimes;
use bakeoff_core::evidence::Stage;
use bakeoff_core::words::number::list;
use binaries::Binaries;
use database_server::DatabaseServer;
use own_service::OwnService;
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
    /// The folder that keeps the files of a new cluster.
    pub(crate) cluster_cache: &'t Path,
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
    /// The scripts of the brief's own database; none for the contract's.
    pub(crate) own_rows: Option<&'t [Script]>,
    /// The further services of the brief.
    pub(crate) own_services: &'t [ServiceSpec],
    /// Receives the events.
    pub(crate) events: &'t dyn EventSink,
    /// The user's interrupt.
    pub(crate) stop: &'t AtomicBool,
}

/// Database server, upstream and further services of one lab.
pub(crate) struct Services {
    server: Arc<DatabaseServer>,
    upstream: Upstream,
    own: Vec<OwnService>,
    name: String,
}

/// A service that has ended, with the end of its log.
pub(crate) struct Ended {
    /// The stage of the fault.
    pub(crate) stage: Stage,
    /// What ended, in front of a verb.
    pub(crate) what: String,
    /// The last lines of its log.
    pub(crate) log: Vec<String>,
}

impl Services {
    /// Starts all and creates the rows, in the network of the calling thread.
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
        let server = DatabaseServer::with_seed(postgres, &users, terms.own_rows, terms.stop)?;
        let start = |spec| OwnService::start(spec, terms.folder, terms.cores, terms.isolation, terms.stop);
        let own: Vec<OwnService> = terms.own_services.iter().map(start).collect::<Result<_, _>>()?;
        let names: Vec<&str> = own.iter().map(OwnService::name).collect();
        let beside = match names[..] {
            [] => String::new(),
            _ => format!("; beside it {}", list(&names)),
        };
        let name = format!(
            "PostgreSQL {}, {}{beside}",
            server.version(),
            server.postgres().origin()
        );
        terms.events.event(Event::ServicesStarted {
            database: name.clone(),
            seconds: began.elapsed().as_secs_f64(),
        });
        Ok(Services {
            server: Arc::new(server),
            upstream,
            own,
            name,
        })
    }

    /// What contenders must know of the further services: names as in placeholders, with their values.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        self.own.iter().flat_map(OwnService::settings).collect()
    }

    /// Brings the further services back to what they held before the first load.
    ///
    /// # Errors
    /// A command of the brief failed, or the user interrupted.
    pub(crate) fn reset(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.own.iter().try_for_each(|service| service.reset(stop))
    }

    /// A database of its own for a launch, with fresh rows, in the network of the calling thread. Restarts what was
    /// killed of the lab's own services.
    pub(crate) fn database(&self, stop: &AtomicBool) -> Result<Database, LabError> {
        self.own
            .iter()
            .try_for_each(|service| service.restart_if_ended(stop))?;
        Database::create(&self.server, stop)
    }

    /// The database's name and origin, in words, with the names of the further services.
    pub(crate) fn database_name(&self) -> &str {
        &self.name
    }

    /// What is known to have ended, the database first; none while all run.
    pub(crate) fn ended(&self, lines: usize) -> Option<Ended> {
        if self.server.postgres().has_ended() {
            return Some(Ended {
                stage: Stage::Database,
                what: String::new(),
                log: self.database_log(lines),
            });
        }
        let ended = self.own.iter().find(|service| service.has_ended())?;
        Some(Ended {
            stage: Stage::Service,
            what: format!("`{}` ", ended.name()),
            log: ended.last_lines(lines),
        })
    }

    /// How often the lab has restarted one of them: who was connected before has lost its connections.
    pub(crate) fn restarts(&self) -> u32 {
        let own: u32 = self.own.iter().map(OwnService::restarts).sum();
        self.server.postgres().restarts() + own
    }

    /// The last lines of the database's log, if the lab runs the database.
    pub(crate) fn database_log(&self, lines: usize) -> Vec<String> {
        self.server.postgres().last_lines(lines)
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
        (terms.cluster_cache, terms.folder),
        terms.cores,
        terms.isolation,
        connections,
        terms.stop,
    )
}
