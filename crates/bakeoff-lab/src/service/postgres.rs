//! The PostgreSQL server of a lab: the user's, or a temporary cluster. One handle for both, so that callers need not
//! distinguish them. It creates no database.

use super::binaries::Binaries;
use super::cluster::{Cluster, Names};
use super::external::ExternalServer;
use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::isolation::Isolation;
use postgres::{Client, NoTls};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A server for one lab; dropping it ends it if it is the lab's own.
#[derive(Debug)]
pub(super) enum Postgres {
    /// The user's.
    External(Box<ExternalServer>),
    /// A cluster of the lab.
    Temporary(Box<Cluster>),
}

impl Postgres {
    /// The server at `url`, which must allow that many `connections`.
    pub(super) fn external(url: &str, connections: usize) -> Result<Postgres, LabError> {
        ExternalServer::open(url, connections)
            .map(Box::new)
            .map(Postgres::External)
    }

    /// A temporary cluster below `folder` for that many connections, with these names.
    pub(super) fn temporary(
        binaries: &Binaries,
        (cache, folder): (&Path, &Path),
        cores: &CoreSplit,
        isolation: &Isolation,
        terms: (usize, Names),
        stop: &AtomicBool,
    ) -> Result<Postgres, LabError> {
        Cluster::create(binaries, (cache, folder), cores, isolation, terms, stop)
            .map(Box::new)
            .map(Postgres::Temporary)
    }

    /// The URL of a database with the role of contenders.
    pub(super) fn url(&self, database: &str) -> String {
        match self {
            Postgres::External(server) => server.url(database),
            Postgres::Temporary(cluster) => cluster.url(database),
        }
    }

    /// The role that owns the databases of contenders; none for the user of the connection.
    pub(super) fn owner(&self) -> Option<&str> {
        match self {
            Postgres::External(_) => None,
            Postgres::Temporary(cluster) => Some(cluster.role()),
        }
    }

    /// Where it comes from, in words.
    pub(super) fn origin(&self) -> &str {
        match self {
            Postgres::External(_) => "in the server of DATABASE_URL",
            Postgres::Temporary(cluster) => cluster.origin(),
        }
    }

    /// A connection to a database with the role of contenders.
    pub(super) fn connect(&self, database: &str) -> Result<Client, LabError> {
        Client::connect(&self.url(database), NoTls).map_err(|error| LabError::database(&error))
    }

    /// A connection from which databases are created and dropped. Restarts the lab's own cluster if it has ended.
    pub(super) fn connect_to_maintain(&self, stop: &AtomicBool) -> Result<Client, LabError> {
        match self {
            Postgres::External(server) => server.connect(),
            Postgres::Temporary(cluster) => {
                cluster.restart_if_ended(stop)?;
                let connected = cluster.connect_as_admin("postgres");
                connected.map_err(|error| LabError::database(&error))
            }
        }
    }

    /// Lets a database count statements, where the server can and the lab may change that. Best effort: without it the
    /// lab reads the counters of the tables.
    pub(super) fn count_statements_in(&self, database: &str) {
        if let Postgres::Temporary(cluster) = self
            && let Ok(mut client) = cluster.connect_as_admin(database)
        {
            let _ = client.batch_execute("CREATE EXTENSION pg_stat_statements");
        }
    }

    /// How often the lab has restarted it.
    pub(super) fn restarts(&self) -> u32 {
        match self {
            Postgres::External(_) => 0,
            Postgres::Temporary(cluster) => cluster.restarts(),
        }
    }

    /// Whether it is known to have ended.
    pub(super) fn has_ended(&self) -> bool {
        match self {
            Postgres::External(server) => server.has_ended(),
            Postgres::Temporary(cluster) => cluster.has_ended(),
        }
    }

    /// CPU time of its processes so far, in seconds; none where the lab does not run it.
    pub(super) fn cpu_s(&self) -> Option<f64> {
        match self {
            Postgres::External(_) => None,
            Postgres::Temporary(cluster) => cluster.cpu_s(),
        }
    }

    /// The last lines of its log, if the lab runs it.
    pub(super) fn last_lines(&self, count: usize) -> Vec<String> {
        match self {
            Postgres::External(_) => Vec::new(),
            Postgres::Temporary(cluster) => cluster.last_lines(count),
        }
    }
}
