//! A database of the lab in the user's PostgreSQL server, the one in `DATABASE_URL`. The lab creates it, drops it, and
//! drops stale ones of killed labs. It touches nothing else in that server.

use crate::error::LabError;
use crate::process::lab_instance::LabInstance;
use postgres::{Client, Config, NoTls};
use std::fmt::Display;

/// How the names of the lab's databases begin; the mark of the lab instance follows.
const PREFIX: &str = "bakeoff_";

/// A database of the lab; dropping the value drops the database.
#[derive(Debug)]
pub(super) struct ExternalDatabase {
    url: String,
    admin: Config,
    database: String,
}

impl ExternalDatabase {
    /// Creates a database in the server at `url`.
    pub(super) fn create(url: &str, instance: LabInstance) -> Result<ExternalDatabase, LabError> {
        let admin: Config = url.parse().map_err(|error| of_url(&error))?;
        let database = format!("{PREFIX}{}", instance.next_mark().replace(['-', '/'], "_"));
        let inside = with_database(url, &database)
            .ok_or_else(|| of_url(&"not a URL of the form `postgres://user:password@host:port/name`"))?;
        let mut client = admin.connect(NoTls).map_err(|error| of_url(&error))?;
        drop_stale_databases(&mut client).map_err(|error| of_url(&error))?;
        client
            .batch_execute(&format!("CREATE DATABASE {database}"))
            .map_err(|error| of_url(&error))?;
        Ok(ExternalDatabase {
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

impl Drop for ExternalDatabase {
    fn drop(&mut self) {
        if let Ok(mut client) = self.admin.connect(NoTls) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database));
        }
    }
}

fn of_url(error: &dyn Display) -> LabError {
    LabError::database(&format!("`DATABASE_URL`: {error}"))
}

/// Drops the databases of killed labs in this server.
fn drop_stale_databases(client: &mut Client) -> Result<(), postgres::Error> {
    for row in client.query(
        "SELECT datname FROM pg_database WHERE datname LIKE 'bakeoff\\_%'",
        &[],
    )? {
        let name: String = row.get(0);
        if instance_of(&name).is_some_and(LabInstance::is_dead) {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        }
    }
    Ok(())
}

/// The lab instance in the name of a database, if it is a lab's.
fn instance_of(database: &str) -> Option<LabInstance> {
    let (instance, _serial) = database.strip_prefix(PREFIX)?.rsplit_once('_')?;
    instance.replace('_', "-").parse().ok()
}

/// The URL with another database.
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
    use super::{PREFIX, instance_of, with_database};
    use crate::process::lab_instance::LabInstance;

    #[test]
    fn only_the_database_of_the_url_changes() {
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
    fn the_name_of_a_labs_database_contains_its_instance_and_a_users_does_not() {
        let instance = LabInstance::this();
        let name = format!("{PREFIX}{}", instance.next_mark().replace(['-', '/'], "_"));
        assert_eq!(instance_of(&name), Some(instance));
        assert_eq!(instance_of("bakeoff_orders"), None);
        assert_eq!(instance_of("orders"), None);
    }
}
