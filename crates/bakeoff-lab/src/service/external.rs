//! The user's PostgreSQL server, the one in `DATABASE_URL`. The lab drops there what killed labs left, and touches
//! nothing but databases of labs.

use super::database_name::instance_of;
use crate::error::LabError;
use crate::process::lab_instance::LabInstance;
use postgres::{Client, Config, NoTls};
use std::fmt::Display;

/// The user's server.
#[derive(Debug)]
pub(super) struct ExternalServer {
    url: String,
    config: Config,
}

impl ExternalServer {
    /// Connects to the server at `url`, and drops the databases of killed labs. It must allow that many `connections`.
    pub(super) fn open(url: &str, connections: usize) -> Result<ExternalServer, LabError> {
        let config: Config = url.parse().map_err(|error| of_url(&error))?;
        if with_database(url, "any").is_none() {
            return Err(of_url(
                &"not a URL of the form `postgres://user:password@host:port/name`",
            ));
        }
        let server = ExternalServer {
            url: url.to_owned(),
            config,
        };
        let mut client = server.connect()?;
        drop_stale_databases(&mut client).map_err(|error| of_url(&error))?;
        let allowed = max_connections(&mut client).map_err(|error| of_url(&error))?;
        if allowed < connections {
            return Err(of_url(&format!(
                "the server allows {allowed} connections, and the launches of this run need up to {connections}: \
                 raise its `max_connections`, or measure fewer contenders at once"
            )));
        }
        Ok(server)
    }

    /// The URL of a database in it.
    pub(super) fn url(&self, database: &str) -> String {
        // `open` has shown that the URL has this form.
        with_database(&self.url, database).unwrap_or_else(|| self.url.clone())
    }

    /// A connection to the database of the URL, from which databases are created.
    pub(super) fn connect(&self) -> Result<Client, LabError> {
        self.config.connect(NoTls).map_err(|error| of_url(&error))
    }

    /// Whether it accepts no connection any more.
    pub(super) fn has_ended(&self) -> bool {
        self.connect().is_err()
    }
}

fn of_url(error: &dyn Display) -> LabError {
    LabError::database(&format!("`DATABASE_URL`: {error}"))
}

fn max_connections(client: &mut Client) -> Result<usize, postgres::Error> {
    let row = client.query_one("SELECT current_setting('max_connections')::bigint", &[])?;
    let most: i64 = row.try_get(0)?;
    Ok(usize::try_from(most).unwrap_or(0))
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
    use super::with_database;

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
}
