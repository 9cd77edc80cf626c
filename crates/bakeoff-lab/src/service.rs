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
mod service_spec;
mod statement_count;
mod terms;
mod upstream;

pub(crate) use binaries::Binaries as DatabaseBinaries;
pub(crate) use database::Database;
pub use own_rows::Script;
pub use service_spec::ServiceSpec;
pub(crate) use terms::Terms;
pub(crate) use upstream::{PeakWatch, Upstream};

use crate::error::LabError;
use crate::event::Event;
use bakeoff_core::evidence::Stage;
use bakeoff_core::words::number::list;
use binaries::Binaries;
use database_server::{DatabaseServer, SeedRows};
use own_service::OwnService;
use postgres::Postgres;
use seed::User;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// Why a launch cannot have services of its own: the user's own database server is one for all.
pub(crate) fn own_services_obstacle() -> Option<&'static str> {
    external_server().map(|_| "the database in `DATABASE_URL` is one for all launches; run without it")
}

/// The value of `DATABASE_URL`, if the user set it.
fn external_server() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Why the services cannot run in a network namespace of the lab: the user's own database server is outside.
pub(crate) fn network_obstacle() -> Option<&'static str> {
    external_server().map(|_| "the database in `DATABASE_URL` would be outside of it")
}

/// Database server, upstream and further services of one lab.
pub(crate) struct Services {
    server: Arc<DatabaseServer>,
    upstream: Upstream,
    own: Vec<OwnService>,
    name: String,
    /// The name of the one database, where programs have it fixed.
    database: Option<String>,
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
        let rows = Rows::of(terms.own_rows);
        let postgres = open_server(terms)?;
        let server = DatabaseServer::with_seed(postgres, rows.seed()?, terms.stop)?;
        let start = |spec| OwnService::start(spec, terms);
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
        let database = terms.names.name.clone().filter(|_| terms.at_fixed_addresses);
        Ok(Services {
            server: Arc::new(server),
            upstream,
            own,
            name,
            database,
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
        Database::create(&self.server, self.database.as_deref(), stop)
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

/// The rows of the seed, while the database starts.
enum Rows<'t> {
    Brief(&'t [Script]),
    /// The password hashes take half a second of CPU time, once.
    Contract(JoinHandle<&'static [User]>),
}

impl<'t> Rows<'t> {
    fn of(scripts: Option<&'t [Script]>) -> Rows<'t> {
        static USERS: OnceLock<Vec<User>> = OnceLock::new();
        let hash = || USERS.get_or_init(seed::users).as_slice();
        scripts.map_or_else(|| Rows::Contract(thread::spawn(hash)), Rows::Brief)
    }

    fn seed(self) -> Result<SeedRows<'t>, LabError> {
        match self {
            Rows::Brief(scripts) => Ok(SeedRows::Brief(scripts)),
            Rows::Contract(hashing) => hashing
                .join()
                .map(SeedRows::Contract)
                .map_err(|_| LabError::database(&"hashing the users' passwords panicked")),
        }
    }
}

fn open_server(terms: &Terms<'_>) -> Result<Postgres, LabError> {
    let processors = terms.cores.all().len();
    let mut connections = connections::needed(terms.launches, terms.processes, processors);
    if terms.at_fixed_addresses {
        connections = connections.max(connections::OF_UNKNOWN_POOLS);
    }
    if let Some(url) = external_server() {
        return Postgres::external(&url, connections);
    }
    let binaries = match Binaries::of_the_machine() {
        Some(found) => found,
        None => Binaries::of_the_package(terms.cache, terms.runtimes, terms.events, terms.stop)?,
    };
    let names = cluster::Names::of(terms.names, terms.at_fixed_addresses)?;
    Postgres::temporary(
        &binaries,
        (terms.cluster_cache, terms.folder),
        terms.cores,
        terms.isolation,
        (connections, names),
        terms.stop,
    )
}
