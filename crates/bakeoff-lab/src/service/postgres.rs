//! The PostgreSQL database of contenders: in the user's server, or in a temporary cluster of the lab. One handle for
//! both, so that callers need not distinguish them; dropping it removes the database.

use super::binaries::Binaries;
use super::cluster::Cluster;
use super::external::ExternalDatabase;
use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::isolation::Isolation;
use crate::process::lab_instance::LabInstance;
use postgres::{Client, NoTls};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A database for one lab; dropping it removes it.
#[derive(Debug)]
pub(super) enum Postgres {
    /// In the user's server.
    External(Box<ExternalDatabase>),
    /// In a cluster of the lab.
    Temporary(Box<Cluster>),
}

impl Postgres {
    /// A database in the server at `url`.
    pub(super) fn in_external_server(url: &str, instance: LabInstance) -> Result<Postgres, LabError> {
        ExternalDatabase::create(url, instance)
            .map(Box::new)
            .map(Postgres::External)
    }

    /// A temporary cluster below `folder`.
    pub(super) fn temporary(
        binaries: &Binaries,
        folder: &Path,
        cores: &CoreSplit,
        isolation: &Isolation,
        stop: &AtomicBool,
    ) -> Result<Postgres, LabError> {
        Cluster::create(binaries, folder, cores, isolation, stop)
            .map(Box::new)
            .map(Postgres::Temporary)
    }

    /// The `DATABASE_URL` of contenders.
    pub(super) fn url(&self) -> &str {
        match self {
            Postgres::External(database) => database.url(),
            Postgres::Temporary(cluster) => cluster.url(),
        }
    }

    /// Where it comes from, in words.
    pub(super) fn origin(&self) -> &str {
        match self {
            Postgres::External(_) => "in the server of DATABASE_URL",
            Postgres::Temporary(cluster) => cluster.origin(),
        }
    }

    /// A connection with the role of contenders. Restarts the lab's own cluster if it has ended.
    pub(super) fn connect(&self, stop: &AtomicBool) -> Result<Client, LabError> {
        if let Postgres::Temporary(cluster) = self {
            cluster.restart_if_ended(stop)?;
        }
        Client::connect(self.url(), NoTls).map_err(|error| LabError::database(&error))
    }

    /// Whether it is known to have ended.
    pub(super) fn has_ended(&self) -> bool {
        match self {
            Postgres::External(_) => Client::connect(self.url(), NoTls).is_err(),
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
