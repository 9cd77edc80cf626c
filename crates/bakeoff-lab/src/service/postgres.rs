//! The PostgreSQL that contenders talk to: the one that `DATABASE_URL` names, with a database of our own in
//! it; else a temporary cluster made by the machine's own binaries; else by binaries from a Python package.
//! Gone afterwards. `fsync` is off: the disk of this machine is not what is compared.

use super::binaries::Binaries;
use crate::cores::CoreSplit;
use crate::lab::LabError;
use crate::process::launch::Environment;
use crate::process::owner::Owner;
use crate::process::{Launch, Supervised, free_port};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, User, chown};
use postgres::{Client, Config, NoTls};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The role that contenders get in a temporary cluster, and the database that it owns. It is no superuser.
const NAME: &str = "bakeoff";

/// How the names of our databases in somebody's server begin.
const DATABASES: &str = "bakeoff_";

/// The superuser of a temporary cluster.
const ADMIN: &str = "lab";

/// How long a cluster may take to be made, and to answer.
const LIMIT: Duration = Duration::from_secs(60);

/// Settings of a temporary cluster.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=128MB",
    "autovacuum=off",
    "jit=off",
    "log_min_messages=warning",
];

/// A database for one run.
#[derive(Debug)]
pub(crate) struct Postgres {
    url: String,
    origin: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A cluster of our own, and its folder.
    Temporary {
        server: Option<Supervised>,
        folder: PathBuf,
    },
    /// A database of ours in somebody's server.
    Named { admin: Config, database: String },
}

impl Postgres {
    /// A database in the server that `url` names.
    pub(crate) fn in_server(url: &str, owner: Owner) -> Result<Postgres, LabError> {
        let failed = |error: &dyn std::fmt::Display| LabError::database(format!("`DATABASE_URL`: {error}"));
        let admin: Config = url.parse().map_err(|error: postgres::Error| failed(&error))?;
        let database = format!("{DATABASES}{}", owner.next_mark().replace(['-', '/'], "_"));
        let mut client = admin.connect(NoTls).map_err(|error| failed(&error))?;
        drop_those_of_the_dead(&mut client).map_err(|error| failed(&error))?;
        client
            .batch_execute(&format!("CREATE DATABASE {database}"))
            .map_err(|error| failed(&error))?;
        let url = with_database(url, &database)
            .ok_or_else(|| failed(&"no URL of the form `postgres://user:password@host:port/name`"))?;
        Ok(Postgres {
            url,
            origin: "named by DATABASE_URL".to_owned(),
            kind: Kind::Named { admin, database },
        })
    }

    /// A temporary cluster below `folder`.
    pub(crate) fn temporary(
        binaries: &Binaries,
        folder: &Path,
        cores: &CoreSplit,
        stop: &AtomicBool,
    ) -> Result<Postgres, LabError> {
        let data = folder.join("postgres");
        let user = unprivileged(&data)?;
        let binaries = binaries.reachable_by(user, folder)?;
        let password = password()?;
        initialise(&binaries, &data, user, &password, stop)?;
        let port = free_port().map_err(|error| LabError::database(format!("no free port: {error}")))?;
        let server = start(&binaries, &data, port, user, cores)?;
        let url = format!("postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}");
        let kind = Kind::Temporary {
            server: Some(server),
            folder: data,
        };
        let postgres = Postgres {
            url,
            origin: binaries.origin().to_owned(),
            kind,
        };
        postgres.wait_until_it_answers(stop)?;
        Ok(postgres)
    }

    /// What contenders get as `DATABASE_URL`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where it comes from, in words.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A connection of our own.
    pub(crate) fn connect(&self) -> Result<Client, LabError> {
        Client::connect(&self.url, NoTls).map_err(|error| LabError::database(error.to_string()))
    }

    /// The last lines of its log, where it is ours.
    pub(crate) fn last_lines(&self, count: usize) -> Vec<String> {
        match &self.kind {
            Kind::Temporary {
                server: Some(server), ..
            } => server.log().last_lines(count),
            _ => Vec::new(),
        }
    }

    fn wait_until_it_answers(&self, stop: &AtomicBool) -> Result<(), LabError> {
        let until = Instant::now() + LIMIT;
        loop {
            let error = match self.connect_as_admin() {
                Ok(mut client) => return self.make_role_and_database(&mut client),
                Err(error) => error,
            };
            let ended = matches!(&self.kind, Kind::Temporary { server: Some(server), .. } if server.exited().is_some());
            if stop.load(Ordering::Relaxed) {
                return Err(LabError::Interrupted);
            }
            if ended || Instant::now() >= until {
                let log = self.last_lines(5).join("\n  ");
                return Err(LabError::database(format!(
                    "the temporary cluster does not answer: {error}\n  {log}"
                )));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn connect_as_admin(&self) -> Result<Client, postgres::Error> {
        let mut config: Config = self.url.parse()?;
        config
            .user(ADMIN)
            .dbname("postgres")
            .connect_timeout(Duration::from_secs(2));
        config.connect(NoTls)
    }

    /// The contender's role has the superuser's password, which is drawn anew for each cluster, and none of
    /// its rights.
    fn make_role_and_database(&self, admin: &mut Client) -> Result<(), LabError> {
        let failed = |error: postgres::Error| LabError::database(error.to_string());
        let config: Config = self.url.parse().map_err(failed)?;
        let password = String::from_utf8_lossy(config.get_password().unwrap_or_default()).into_owned();
        admin
            .batch_execute(&format!("CREATE ROLE {NAME} LOGIN PASSWORD '{password}'"))
            .map_err(failed)?;
        admin
            .batch_execute(&format!("CREATE DATABASE {NAME} OWNER {NAME}"))
            .map_err(failed)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        match &mut self.kind {
            Kind::Temporary { server, folder } => {
                if let Some(server) = server.take() {
                    server.stop(Signal::SIGINT, Duration::from_secs(5));
                }
                let _ = fs::remove_dir_all(folder);
            }
            Kind::Named { admin, database } => {
                if let Ok(mut client) = admin.connect(NoTls) {
                    let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
                }
            }
        }
    }
}

/// Drops the databases that an earlier bakeoff made in this server and could not drop, because it was killed.
fn drop_those_of_the_dead(client: &mut Client) -> Result<(), postgres::Error> {
    for row in client.query(
        "SELECT datname FROM pg_database WHERE datname LIKE 'bakeoff\\_%'",
        &[],
    )? {
        let name: String = row.get(0);
        let owner = name.strip_prefix(DATABASES).and_then(|mark| {
            let (owner, _serial) = mark.rsplit_once('_')?;
            owner.replace('_', "-").parse::<Owner>().ok()
        });
        if owner.is_some_and(Owner::is_dead) {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        }
    }
    Ok(())
}

/// The user and group that the cluster runs as: PostgreSQL refuses root. The data folder is made and given to
/// them.
fn unprivileged(data: &Path) -> Result<Option<(u32, u32)>, LabError> {
    let failed = |error: &dyn std::fmt::Display| LabError::database(format!("`{}`: {error}", data.display()));
    fs::create_dir_all(data).map_err(|error| failed(&error))?;
    fs::set_permissions(data, fs::Permissions::from_mode(0o700)).map_err(|error| failed(&error))?;
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let named = |name| User::from_name(name).ok().flatten();
    let user = named("postgres").or_else(|| named("nobody")).ok_or_else(|| {
        LabError::database(
            "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`"
                .to_owned(),
        )
    })?;
    chown(data, Some(user.uid), Some(user.gid)).map_err(|error| failed(&error))?;
    // Folders above were made by root for root alone where the temporary folder is private; the cluster's
    // user must pass.
    for above in data
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != std::env::temp_dir())
    {
        let _ = fs::set_permissions(above, fs::Permissions::from_mode(0o711));
    }
    let (uid, gid): (Uid, Gid) = (user.uid, user.gid);
    Ok(Some((uid.as_raw(), gid.as_raw())))
}

/// 128 bits from the system, as hexadecimal digits.
fn password() -> Result<String, LabError> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|error| LabError::database(format!("`/dev/urandom`: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The password in a file that only the cluster's user can read; the caller removes it.
fn password_file(data: &Path, user: Option<(u32, u32)>, password: &str) -> io::Result<PathBuf> {
    let path = data.with_extension("password");
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)?
        .write_all(password.as_bytes())?;
    if let Some((uid, gid)) = user {
        chown(&path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
    }
    Ok(path)
}

fn initialise(
    binaries: &Binaries,
    data: &Path,
    user: Option<(u32, u32)>,
    password: &str,
    stop: &AtomicBool,
) -> Result<(), LabError> {
    let file = password_file(data, user, password)
        .map_err(|error| LabError::database(format!("the password's file: {error}")))?;
    let outcome = run_initdb(binaries, data, user, &file, stop);
    let _ = fs::remove_file(file);
    outcome
}

fn run_initdb(
    binaries: &Binaries,
    data: &Path,
    user: Option<(u32, u32)>,
    password: &Path,
    stop: &AtomicBool,
) -> Result<(), LabError> {
    let mut launch = Launch::new(binaries.program("initdb"), data).arguments([
        OsString::from("--pgdata"),
        data.into(),
        format!("--username={ADMIN}").into(),
        // In clear over the loopback address: SCRAM would cost the contender milliseconds for each new
        // connection.
        "--auth=password".into(),
        "--pwfile".into(),
        password.into(),
        "--encoding=UTF8".into(),
        "--locale=C".into(),
        "--no-sync".into(),
        "--no-instructions".into(),
    ]);
    launch.user = user;
    let process = launch
        .start(Owner::this())
        .map_err(|error| LabError::database(format!("`initdb` does not start: {error}")))?;
    let until = Instant::now() + LIMIT;
    loop {
        match process.exited() {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                let log = process.log().last_lines(8).join("\n  ");
                return Err(LabError::database(format!(
                    "`initdb` failed ({status}):\n  {log}"
                )));
            }
            None if stop.load(Ordering::Relaxed) => return Err(LabError::Interrupted),
            None if Instant::now() >= until => return Err(LabError::database("`initdb` hangs".to_owned())),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn start(
    binaries: &Binaries,
    data: &Path,
    port: u16,
    user: Option<(u32, u32)>,
    cores: &CoreSplit,
) -> Result<Supervised, LabError> {
    let mut launch = Launch::new(binaries.program("postgres"), data).arguments([
        OsString::from("-D"),
        data.into(),
        "-p".into(),
        port.to_string().into(),
    ]);
    launch = launch.arguments(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    launch.user = user;
    launch.cores = cores.generator.clone();
    launch.environment = Environment::Only(Vec::new());
    launch
        .start(Owner::this())
        .map_err(|error| LabError::database(format!("`postgres` does not start: {error}")))
}

/// The same URL with another database.
fn with_database(url: &str, database: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (rest, query) = rest
        .split_once('?')
        .map_or((rest, String::new()), |(rest, query)| (rest, format!("?{query}")));
    let server = rest.split_once('/').map_or(rest, |(server, _)| server);
    Some(format!("{scheme}://{server}/{database}{query}"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

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
}
