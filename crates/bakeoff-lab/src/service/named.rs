//! A database of our own in somebody's PostgreSQL server, the one that `DATABASE_URL` names. Made for one lab, dropped with
//! it, and what an earlier lab could not drop is dropped by the next. Deliberately touches nothing else in that server.

use crate::lab::LabError;
use crate::process::owner::Owner;
use postgres::{Client, Config, NoTls};
use std::fmt::Display;

/// How the names of our databases begin; the mark of their lab follows.
const PREFIX: &str = "bakeoff_";

/// A database of ours; dropping it drops the database.
#[derive(Debug)]
pub(super) struct Named {
    url: String,
    admin: Config,
    database: String,
}

impl Named {
    /// Makes a database in the server that `url` names.
    pub(super) fn create(url: &str, owner: Owner) -> Result<Named, LabError> {
        let admin: Config = url.parse().map_err(|error| of_url(&error))?;
        let database = format!("{PREFIX}{}", owner.next_mark().replace(['-', '/'], "_"));
        let inside = with_database(url, &database)
            .ok_or_else(|| of_url(&"no URL of the form `postgres://user:password@host:port/name`"))?;
        let mut client = admin.connect(NoTls).map_err(|error| of_url(&error))?;
        drop_those_of_the_dead(&mut client).map_err(|error| of_url(&error))?;
        client
            .batch_execute(&format!("CREATE DATABASE {database}"))
            .map_err(|error| of_url(&error))?;
        Ok(Named {
            url: inside,
            admin,
            database,
        })
    }

    /// The URL of the database.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        if let Ok(mut client) = self.admin.connect(NoTls) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database));
        }
    }
}

fn of_url(error: &dyn Display) -> LabError {
    LabError::database(&format!("`DATABASE_URL`: {error}"))
}

/// Drops the databases that an earlier bakeoff made in this server and could not drop, because it was killed.
fn drop_those_of_the_dead(client: &mut Client) -> Result<(), postgres::Error> {
    for row in client.query(
        "SELECT datname FROM pg_database WHERE datname LIKE 'bakeoff\\_%'",
        &[],
    )? {
        let name: String = row.get(0);
        if owner_of(&name).is_some_and(Owner::is_dead) {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        }
    }
    Ok(())
}

/// Whose database it is, when its name is one of ours.
fn owner_of(database: &str) -> Option<Owner> {
    let (owner, _serial) = database.strip_prefix(PREFIX)?.rsplit_once('_')?;
    owner.replace('_', "-").parse().ok()
}

/// The same URL with another database.
fn with_database(url: &str, database: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, format!("?{query}")),
        None => (rest, String::new()),
    };
    let server = rest.split_once('/').map_or(rest, |(server, _)| server);
    Some(format!("{scheme}://{server}/{database}{query}"))
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, owner_of, with_database};
    use crate::process::owner::Owner;

    #[test]
    fn only_the_database_of_a_url_changes() {
        let cases = [
            ("postgres://u:p@h:1/app", "postgres://u:p@h:1/b"),
            ("postgresql://h", "postgresql://h/b"),
            (
                "postgres://h/app?sslmode=disable",
                "postgres://h/b?sslmode=disable",
            ),
        ];
        for (url, with) in cases {
            assert_eq!(with_database(url, "b").as_deref(), Some(with));
        }
        assert_eq!(with_database("host=h dbname=app", "b"), None);
    }

    #[test]
    fn a_name_tells_its_owner_and_a_users_own_name_does_not() {
        let owner = Owner::this();
        let name = format!("{PREFIX}{}", owner.next_mark().replace(['-', '/'], "_"));
        assert_eq!(owner_of(&name), Some(owner));
        assert_eq!(owner_of("bakeoff_orders"), None);
        assert_eq!(owner_of("orders"), None);
    }
}
