//! A contender that runs: started by its manifest under the contract's environment, ready when it answers
//! `health`, stopped with all it started. Deliberately the same rule for every runtime.

use crate::contract::expectation;
use crate::fault::{LOG_LINES, interrupted, of_contender, of_lab, of_user, with_log};
use crate::isolation::{Group, Limits, Role};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::process::cpu::CpuReading;
use crate::process::launch::Environment;
use crate::process::owner::Owner;
use crate::process::port::{Stranger, stranger_on};
use crate::process::supervised::End;
use crate::process::{Launch, Supervised, free_port};
use bakeoff_core::evidence::Fault;
use bakeoff_load::{Expect, Target, check_answer, send_once};
use nix::sys::signal::Signal;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// How long a contender may take to its first correct answer.
const START_LIMIT: Duration = Duration::from_secs(15);

/// How long a contender without clients may take to stop; the contract asks for it.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Threads of each process, for servers that use them, unless a probe asks for more.
pub(crate) const THREADS: u32 = 8;

/// Connections to the database that each process may hold.
pub(crate) const POOL: u32 = 10;

/// How often, how many times in a row and below which share of a processor a server of several processes must be seen
/// at rest before it is taken to have started, and for how long that is waited for.
const REST_LOOK: Duration = Duration::from_millis(30);
const REST_LOOKS: u32 = 3;
const REST_SHARE: f64 = 0.10;
const REST_LIMIT: Duration = Duration::from_secs(5);

/// The variable that tells a contender how many further routes to register.
const ROUTES: &str = "BAKEOFF_ROUTES";

/// The stage of the fault that says that somebody else listens on the contender's port.
const PORT: &str = "port";

/// What runtimes print when a port is taken.
const PORT_TAKEN: &[&str] = &["EADDRINUSE", "Address already in use"];

/// How often a starting contender is held to its bounds.
const BOUNDS_LOOK: Duration = Duration::from_millis(200);

/// How often a starting contender is asked.
const POLL: Duration = Duration::from_millis(1);

/// How a contender is started.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// Processes that serve.
    pub(crate) workers: u32,
    /// The processors they run on.
    pub(crate) cores: Vec<usize>,
    /// Threads of each process, for servers that use them.
    pub(crate) threads: u32,
    /// Further routes that it registers; none as it is.
    pub(crate) routes: Option<u32>,
}

impl Setup {
    /// As the brief asks for it.
    pub(crate) fn of_the_brief(lab: &Lab<'_>) -> Setup {
        Setup {
            workers: lab.config.brief.load.cores,
            cores: lab.cores.server.clone(),
            threads: THREADS,
            routes: None,
        }
    }
}

/// A running contender; dropping it kills it.
pub(crate) struct Server {
    process: Supervised,
    /// After the process, which ends first.
    group: Group,
    target: Target,
    startup: Duration,
}

impl Server {
    /// Starts `workers` processes on `cores` and waits for the first correct answer of `health`; once more on
    /// another port when somebody took the first one in the moment between choosing and listening.
    pub(crate) fn start(
        lab: &Lab<'_>,
        prepared: &Prepared,
        workers: u32,
        cores: &[usize],
    ) -> Result<Server, Fault> {
        let setup = Setup {
            workers,
            cores: cores.to_vec(),
            threads: THREADS,
            routes: None,
        };
        Server::start_as(lab, prepared, &setup)
    }

    /// The same in any setup.
    pub(crate) fn start_as(lab: &Lab<'_>, prepared: &Prepared, setup: &Setup) -> Result<Server, Fault> {
        let first = Server::start_once(lab, prepared, setup);
        match first {
            Err(fault) if fault.stage == PORT || says_that_it_is_taken(&fault) => {
                Server::start_once(lab, prepared, setup)
            }
            outcome => outcome,
        }
    }

    fn start_once(lab: &Lab<'_>, prepared: &Prepared, setup: &Setup) -> Result<Server, Fault> {
        let port = free_port().map_err(|error| of_lab("start", format!("no free port: {error}")))?;
        let target = Target::plain(SocketAddr::from(([127, 0, 0, 1], port)));
        let launch = launch(lab, prepared, port, setup);
        let began = Instant::now();
        let process = launch.start(Owner::this()).map_err(|error| {
            of_contender(
                "start",
                format!("`{}` does not start: {error}", launch.program.display()),
            )
        })?;
        let group = lab.isolation.group(
            Role::Server,
            &Limits {
                processes: Some(lab.config.bounds.processes),
                memory_mb: Some(lab.config.bounds.memory_mb),
                cores: &setup.cores,
            },
        );
        group.take_in(process.pid());
        let ready = wait_until_ready(lab, &target, (&process, &group), began);
        // A stranger on the port is the reason of whatever was seen there, of an answer too.
        let ready = stranger(port, &process).map_or(ready, Err);
        let startup = ready.map_err(|fault| {
            if fault.log.is_empty() {
                with_log(fault, process.log().last_lines(LOG_LINES))
            } else {
                fault
            }
        })?;
        let server = Server {
            process,
            group,
            target,
            startup,
        };
        if setup.workers > 1 {
            server.wait_until_all_have_started(lab);
        }
        Ok(server)
    }

    /// The first answer may come while other processes of the server still start: waits until its tree has come to rest.
    fn wait_until_all_have_started(&self, lab: &Lab<'_>) {
        let until = Instant::now() + REST_LIMIT;
        let mut resting = 0;
        let mut before_s = self.process.cpu_s();
        while resting < REST_LOOKS && Instant::now() < until && !lab.interrupted() {
            thread::sleep(REST_LOOK);
            let now_s = self.process.cpu_s();
            let busy_share = (now_s - before_s) / REST_LOOK.as_secs_f64();
            resting = if busy_share < REST_SHARE { resting + 1 } else { 0 };
            before_s = now_s;
        }
    }

    /// Where it listens.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// From starting the process to its first correct answer.
    pub(crate) fn startup(&self) -> Duration {
        self.startup
    }

    /// Its process tree.
    pub(crate) fn process(&self) -> &Supervised {
        &self.process
    }

    /// Its cgroup.
    pub(crate) fn group(&self) -> &Group {
        &self.group
    }

    /// CPU time that it has used so far. The processes first: asking them brings the cgroup's count up to date.
    pub(crate) fn cpu(&self) -> CpuReading {
        CpuReading {
            processes_s: self.process.cpu_s(),
            cgroup_s: self.group.cpu_s(),
        }
    }

    /// Whoever else listens on its port, as a fault: what was answered there is not evidence of this contender.
    pub(crate) fn stranger(&self) -> Option<Fault> {
        stranger(self.target.address.port(), &self.process)
    }

    /// A fault with the last lines of its log, and how it ended when it has.
    pub(crate) fn fault(&self, stage: &str, message: &str) -> Fault {
        let ended = self
            .process
            .exited()
            .map_or_else(String::new, |status| format!("; the process ended: {status}"));
        with_log(
            of_contender(stage, format!("{message}{ended}")),
            self.process.log().last_lines(LOG_LINES),
        )
    }

    /// Ends it at once with all it started: for when it may still work for clients that are gone, which is not
    /// measured here.
    pub(crate) fn end(self) {
        drop(self);
    }

    /// Tells it to stop while it has nothing to do, and ends what does not.
    ///
    /// # Errors
    /// It did not stop and had to be killed.
    pub(crate) fn stop_idle(self) -> Result<(), Fault> {
        let log = self.process.log().clone();
        match self.process.stop(Signal::SIGTERM, STOP_LIMIT).end {
            End::Killed => {
                let message = format!(
                    "did not stop within {} s of SIGTERM and was killed",
                    STOP_LIMIT.as_secs()
                );
                Err(with_log(of_contender("stop", message), log.last_lines(LOG_LINES)))
            }
            End::Already(_) | End::Itself(_) => Ok(()),
        }
    }
}

fn says_that_it_is_taken(fault: &Fault) -> bool {
    let mut lines = fault.log.iter();
    lines.any(|line| PORT_TAKEN.iter().any(|words| line.contains(words)))
}

/// Whoever listens on the contender's port and is not of its tree.
fn stranger(port: u16, process: &Supervised) -> Option<Fault> {
    let found = stranger_on(port, || process.members())?;
    let words = format!("listens on the port {port} that this contender was given");
    Some(match found {
        Stranger::Process { pid, command } if Owner::this().has_started(pid) => of_lab(
            PORT,
            format!("`{command}` (process {pid}), which the lab started for another, {words}"),
        ),
        Stranger::Process { pid, command } => of_user(
            PORT,
            format!("another program of this machine, `{command}` (process {pid}), {words}"),
        ),
        Stranger::OfUser(user) => of_user(
            PORT,
            format!("another program of this machine, of the user {user}, {words}"),
        ),
    })
}

fn launch(lab: &Lab<'_>, prepared: &Prepared, port: u16, setup: &Setup) -> Launch {
    let values = placeholders(prepared, port, setup);
    let mut command = prepared
        .contender
        .start
        .command
        .iter()
        .map(|argument| bakeoff_load::render(argument, &values));
    let program = command.next().unwrap_or_default();
    let mut launch = Launch::new(PathBuf::from(program), &prepared.folder).arguments(command);
    let mut variables: Vec<(String, OsString)> = vec![
        ("HOST".to_owned(), "127.0.0.1".into()),
        ("PORT".to_owned(), port.to_string().into()),
        ("WORKERS".to_owned(), setup.workers.to_string().into()),
        ("THREADS".to_owned(), setup.threads.to_string().into()),
        ("DATABASE_URL".to_owned(), lab.services.database_url().into()),
        ("DATABASE_POOL".to_owned(), POOL.to_string().into()),
        ("UPSTREAM_URL".to_owned(), lab.services.upstream().url().into()),
        ("TMPDIR".to_owned(), lab.scratch().into()),
    ];
    let routes = setup
        .routes
        .map(|routes| (ROUTES.to_owned(), routes.to_string().into()));
    variables.extend(routes);
    let own = &prepared.contender.start.env;
    variables.extend(
        own.iter()
            .map(|(name, value)| (name.clone(), bakeoff_load::render(value, &values).into())),
    );
    launch.environment = Environment::Only(variables);
    launch.cores.clone_from(&setup.cores);
    launch
}

/// What stands in braces in the manifest's start command.
fn placeholders(prepared: &Prepared, port: u16, setup: &Setup) -> BTreeMap<String, String> {
    let environment = prepared.folder.join(".venv/bin");
    let has_environment = environment.join("python").exists();
    let runtime = prepared.runtime.program.display().to_string();
    let python = if has_environment {
        environment.join("python").display().to_string()
    } else {
        runtime.clone()
    };
    let bin = if has_environment {
        environment
    } else {
        prepared.folder.join("node_modules/.bin")
    };
    let pairs = [
        ("host", "127.0.0.1".to_owned()),
        ("port", port.to_string()),
        ("workers", setup.workers.to_string()),
        ("threads", setup.threads.to_string()),
        ("node", runtime.clone()),
        ("java", runtime),
        ("python", python),
        ("bin", bin.display().to_string()),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn wait_until_ready(
    lab: &Lab<'_>,
    target: &Target,
    (process, group): (&Supervised, &Group),
    began: Instant,
) -> Result<Duration, Fault> {
    let health = lab.config.scenarios.get("health");
    let ready = health.map_or_else(
        || Expect {
            status: vec![200],
            ..Expect::default()
        },
        |health| expectation(&health.answer),
    );
    let mut last = String::from("it does not listen");
    let mut looked = began;
    loop {
        let asked = send_once(target, "GET", "/health", &[], None, Duration::from_secs(2));
        match asked {
            Ok(answer) => match check_answer(&ready, &answer, &BTreeMap::new()) {
                Ok(()) => return Ok(began.elapsed()),
                Err(broken) => last = format!("`GET /health` answers {}: {broken}", answer.status),
            },
            Err((kind, reason)) if kind != bakeoff_load::FailureKind::Connect => {
                last = format!("`GET /health`: {reason}")
            }
            Err(_) => {}
        }
        if lab.interrupted() {
            return Err(interrupted());
        }
        if let Some(status) = process.exited() {
            thread::sleep(Duration::from_millis(20));
            return Err(of_contender(
                "start",
                format!("the server ended before its first answer: {status}"),
            ));
        }
        if looked.elapsed() >= BOUNDS_LOOK {
            looked = Instant::now();
            if let Some(excess) = lab.config.bounds.exceeded(process, group, &lab.scratch()) {
                return Err(of_contender("bounds", excess));
            }
        }
        if began.elapsed() >= START_LIMIT {
            return Err(of_contender(
                "start",
                format!("no correct answer within {} s: {last}", START_LIMIT.as_secs()),
            ));
        }
        thread::sleep(POLL);
    }
}
