//! A temporary PostgreSQL cluster: created, started on a free loopback port, restarted after a kill, and removed.
//! `fsync` is off, because the comparison is not about this machine's disk; autovacuum is off, because every load
//! begins with fresh rows and a vacuum would disturb it. Not tuned otherwise, but for as many connections as launches
//! need.

use super::binaries::Binaries;
use super::initialised::{self, ADMIN, UserAndGroup, password};
use crate::cores::CoreSplit;
use crate::error::LabError;
use crate::isolation::{Cgroup, CgroupLimits, Isolation, Role};
use crate::process::lab_instance::LabInstance;
use crate::process::program::Environment;
use crate::process::{Program, Supervised, free_port};
use bakeoff_core::brief::DatabaseNames;
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User, chown};
use postgres::{Client, Config, NoTls};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The role of contenders, where programs have none fixed.
const ROLE: &str = "bakeoff";

/// PostgreSQL's own.
const USUAL_PORT: u16 = 5432;

/// How long `initdb` may take, and a started cluster until it accepts connections.
const LIMIT: Duration = Duration::from_secs(60);

/// How long it may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// The polling interval.
const POLL: Duration = Duration::from_millis(5);

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "autovacuum=off",
    "jit=off",
    "log_min_messages=warning",
];

/// Further settings for a server with the module: it counts all statements, transaction control included, and keeps no
/// file.
const COUNTING: &[&str] = &[
    "shared_preload_libraries=pg_stat_statements",
    // Each launch has a database of its own, and each database its own entries for the same statements.
    "pg_stat_statements.max=20000",
    "pg_stat_statements.track_utility=on",
    "pg_stat_statements.save=off",
];

/// The role of contenders and its password, and the port.
#[derive(Debug)]
pub(super) struct Names {
    role: String,
    password: String,
    port: u16,
}

impl Names {
    /// Those that programs have fixed, else the lab's own. The port is fixed only where nobody else can have it; there
    /// it is the usual one for programs that name none.
    pub(super) fn of(fixed: &DatabaseNames, at_fixed_addresses: bool) -> Result<Names, LabError> {
        let port = if at_fixed_addresses {
            fixed.port.unwrap_or(USUAL_PORT)
        } else {
            free_port().map_err(|error| LabError::database(&format!("no free port: {error}")))?
        };
        Ok(Names {
            role: fixed.user.clone().unwrap_or_else(|| ROLE.to_owned()),
            password: fixed.password.clone().map_or_else(password, Ok)?,
            port,
        })
    }
}

/// A running cluster; dropping it stops and removes it.
#[derive(Debug)]
pub(super) struct Cluster {
    /// The URL of the server with the role of contenders, without a database.
    url: String,
    role: String,
    origin: String,
    admin: Config,
    program: Program,
    server: Mutex<Option<Supervised>>,
    restarts: AtomicU32,
    cgroup: Cgroup,
    data: PathBuf,
}

impl Cluster {
    /// Creates a cluster below `folder`, from what `cache` keeps of an earlier one, for that many connections, and
    /// starts it on the generator's processors.
    pub(super) fn create(
        binaries: &Binaries,
        (cache, folder): (&Path, &Path),
        cores: &CoreSplit,
        isolation: &Isolation,
        (connections, names): (usize, Names),
        stop: &AtomicBool,
    ) -> Result<Cluster, LabError> {
        let data = folder.join("postgres");
        let user = create_data_folder(&data)?;
        // Before they may be copied to another place, which no other lab has.
        let key = initialised::key(binaries);
        let binaries = binaries.reachable_by(user, folder)?;
        let Names { role, password, port } = names;
        let admin_password = initialised::create(&binaries, (cache, &key), &data, user, stop)?;
        let mut admin = Config::new();
        admin
            .host("127.0.0.1")
            .port(port)
            .user(ADMIN)
            .password(&admin_password);
        admin.connect_timeout(Duration::from_secs(2));
        let limits = CgroupLimits {
            cores: &cores.generator,
            ..CgroupLimits::default()
        };
        let cgroup = isolation.cgroup(Role::Database, &limits);
        let place = Place {
            data: &data,
            port,
            user,
            connections,
        };
        let mut program = program(&binaries, &place, cores);
        program.cgroup = cgroup.name();
        let cluster = Cluster {
            url: format!("postgres://{role}:{password}@127.0.0.1:{port}"),
            role,
            origin: binaries.origin().to_owned(),
            admin,
            server: Mutex::new(Some(start(&program, &cgroup)?)),
            restarts: AtomicU32::new(0),
            cgroup,
            program,
            data,
        };
        let mut client = cluster.wait_until_ready(stop)?;
        let role = cluster.role();
        client
            .batch_execute(&format!("CREATE ROLE \"{role}\" LOGIN PASSWORD '{password}'"))
            .map_err(|error| LabError::database(&error))?;
        Ok(cluster)
    }

    /// The URL of a database with the role of contenders.
    pub(super) fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.url)
    }

    /// A connection of the superuser to a database.
    pub(super) fn connect_as_admin(&self, database: &str) -> Result<Client, postgres::Error> {
        self.admin.clone().dbname(database).connect(NoTls)
    }

    /// The role of contenders. It is no superuser.
    pub(super) fn role(&self) -> &str {
        &self.role
    }

    /// The origin of its programs, in words.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether its server has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.server()
            .as_ref()
            .is_none_or(|server| server.exited().is_some())
    }

    /// Restarts it with its data if its server has ended.
    pub(super) fn restart_if_ended(&self, stop: &AtomicBool) -> Result<(), LabError> {
        if !self.has_ended() {
            return Ok(());
        }
        let old = self.server().take();
        drop(old);
        let _ = fs::remove_file(self.data.join("postmaster.pid"));
        *self.server() = Some(start(&self.program, &self.cgroup)?);
        self.restarts.fetch_add(1, Ordering::Relaxed);
        self.wait_until_ready(stop).map(drop)
    }

    /// How often it was restarted.
    pub(super) fn restarts(&self) -> u32 {
        self.restarts.load(Ordering::Relaxed)
    }

    /// CPU time of its processes so far, in seconds; none after it has ended.
    pub(super) fn cpu_s(&self) -> Option<f64> {
        let server = self.server();
        server.as_ref().map(Supervised::cpu_s)
    }

    /// The last lines of its log.
    pub(super) fn last_lines(&self, count: usize) -> Vec<String> {
        self.server()
            .as_ref()
            .map_or_else(Vec::new, |server| server.log().last_lines(count))
    }

    fn server(&self) -> MutexGuard<'_, Option<Supervised>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until_ready(&self, stop: &AtomicBool) -> Result<Client, LabError> {
        let until = Instant::now() + LIMIT;
        loop {
            let error = match self.connect_as_admin("postgres") {
                Ok(client) => return Ok(client),
                Err(error) => error,
            };
            if stop.load(Ordering::Relaxed) {
                return Err(LabError::Interrupted);
            }
            if self.has_ended() || Instant::now() >= until {
                let log = self.last_lines(5).join("\n  ");
                return Err(LabError::database(&format!(
                    "accepts no connection: {error}\n  {log}"
                )));
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let server = self.server().take();
        if let Some(server) = server {
            // SIGINT is the fast shutdown: PostgreSQL ends its sessions and releases its shared memory.
            server.stop(Signal::SIGINT, STOP_LIMIT);
        }
        let _ = fs::remove_dir_all(&self.data);
    }
}

fn start(program: &Program, cgroup: &Cgroup) -> Result<Supervised, LabError> {
    let server = program
        .start(LabInstance::this())
        .map_err(|error| LabError::database(&format!("`postgres` does not start: {error}")))?;
    cgroup.add_process(server.pid());
    Ok(server)
}

/// Where and for whom a server runs.
struct Place<'p> {
    data: &'p Path,
    port: u16,
    user: Option<UserAndGroup>,
    connections: usize,
}

fn program(binaries: &Binaries, place: &Place<'_>, cores: &CoreSplit) -> Program {
    let arguments = [
        OsString::from("-D"),
        place.data.into(),
        "-p".into(),
        place.port.to_string().into(),
    ];
    let mut program = Program::new(binaries.program("postgres"), place.data).arguments(arguments);
    let counting = if binaries.can_count_statements() {
        COUNTING
    } else {
        &[]
    };
    let settings = SETTINGS.iter().chain(counting);
    program = program.arguments(settings.flat_map(|setting| ["-c", setting]));
    program = program.arguments(["-c".to_owned(), format!("max_connections={}", place.connections)]);
    program.user = place.user;
    program.cores = cores.generator.clone();
    program.environment = Environment::Only(Vec::new());
    program
}

/// Creates the data folder, and returns the user and group that own it and run the cluster. PostgreSQL refuses root.
fn create_data_folder(data: &Path) -> Result<Option<UserAndGroup>, LabError> {
    let failed =
        |error: &dyn std::fmt::Display| LabError::database(&format!("`{}`: {error}", data.display()));
    fs::create_dir_all(data).map_err(|error| failed(&error))?;
    fs::set_permissions(data, fs::Permissions::from_mode(0o700)).map_err(|error| failed(&error))?;
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let named = |name| User::from_name(name).ok().flatten();
    let user = named("postgres").or_else(|| named("nobody")).ok_or_else(|| {
        failed(&"PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`")
    })?;
    chown(data, Some(user.uid), Some(user.gid)).map_err(|error| failed(&error))?;
    // The cluster's user must be able to pass through the lab's folder.
    for above in data
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != std::env::temp_dir())
    {
        fs::set_permissions(above, fs::Permissions::from_mode(0o711)).map_err(|error| failed(&error))?;
    }
    Ok(Some((user.uid.as_raw(), user.gid.as_raw())))
}
