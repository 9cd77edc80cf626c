//! The PostgreSQL that contenders talk to: a database of our own in the server that `DATABASE_URL` names, or a temporary
//! cluster. Gone afterwards, whichever it was. Deliberately one handle for both: who uses it need not know which it is.

use super::binaries::Binaries;
use super::cluster::Cluster;
use super::named::Named;
use crate::cores::CoreSplit;
use crate::isolation::Isolation;
use crate::lab::LabError;
use crate::process::owner::Owner;
use postgres::{Client, NoTls};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A database for one lab; dropping it removes it.
#[derive(Debug)]
pub(super) enum Postgres {
    /// A database of ours in somebody's server.
    Named(Box<Named>),
    /// A cluster of our own.
    Temporary(Box<Cluster>),
}

impl Postgres {
    /// A database in the server that `url` names.
    pub(super) fn in_server(url: &str, owner: Owner) -> Result<Postgres, LabError> {
        Named::create(url, owner).map(Box::new).map(Postgres::Named)
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

    /// What contenders get as `DATABASE_URL`.
    pub(super) fn url(&self) -> &str {
        match self {
            Postgres::Named(named) => named.url(),
            Postgres::Temporary(cluster) => cluster.url(),
        }
    }

    /// Where it comes from, in words.
    pub(super) fn origin(&self) -> &str {
        match self {
            Postgres::Named(_) => "named by DATABASE_URL",
            Postgres::Temporary(cluster) => cluster.origin(),
        }
    }

    /// A connection of our own, as the role that contenders have. A cluster of our own that has ended is started again.
    pub(super) fn connect(&self, stop: &AtomicBool) -> Result<Client, LabError> {
        if let Postgres::Temporary(cluster) = self {
            cluster.revive(stop)?;
        }
        Client::connect(self.url(), NoTls).map_err(|error| LabError::database(&error))
    }

    /// Whether it is known to have ended.
    pub(super) fn has_ended(&self) -> bool {
        match self {
            Postgres::Named(_) => Client::connect(self.url(), NoTls).is_err(),
            Postgres::Temporary(cluster) => cluster.has_ended(),
        }
    }

    /// The last lines of its log, where it is ours.
    pub(super) fn last_lines(&self, count: usize) -> Vec<String> {
        match self {
            Postgres::Named(_) => Vec::new(),
            Postgres::Temporary(cluster) => cluster.last_lines(count),
        }
    }
}
