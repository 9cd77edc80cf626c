//! A running contender: the lab starts it by its manifest in the contract's environment, waits until it says that it is
//! ready, and stops it with all its processes. One rule for every runtime; nothing is measured here but the start.

mod health;
mod setup;

pub(crate) use crate::limits::POOL;
pub(crate) use health::Health;
pub(crate) use setup::{Programs, Setup, programs};

use crate::fault::{LOG_LINES, interrupted, of_contender, of_lab, of_user, with_log};
use crate::isolation::{Cgroup, CgroupLimits, Role};
use crate::lab::Lab;
use crate::language::warm_needs;
use crate::prepare::Prepared;
use crate::process::cpu::CpuReading;
use crate::process::lab_instance::LabInstance;
use crate::process::port::{ForeignListener, foreign_listener};
use crate::process::supervised::End;
use crate::process::{Snapshot, Supervised, free_port, wait_until_idle};
use crate::server_tree::ServerTree;
use crate::token;
use crate::watchdog::Watched;
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, FaultAt, Stage};
use bakeoff_load::Target;
use nix::sys::signal::Signal;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a contender may take to its first correct response; a multiple of it where the runtime has more patience.
const START_LIMIT: Duration = Duration::from_secs(15);

/// How long a contender without clients may take to stop, by the contract.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// How long the further processes of a server may take to become idle after the first response.
const WORKERS_START_LIMIT: Duration = Duration::from_secs(5);

/// What runtimes print when a port is in use.
const PORT_TAKEN: &[&str] = &["EADDRINUSE", "Address already in use"];

/// The polling interval of a starting contender; it limits the resolution of `startup_ms`.
const POLL: Duration = Duration::from_millis(1);

/// A running contender; dropping it kills it.
pub(crate) struct Server {
    /// Declared before the tree: it must stop reading `/proc` before the tree is killed.
    watched: Watched,
    tree: Arc<ServerTree>,
    target: Target,
    health: Health,
    startup: Duration,
    /// The processors on which it runs now.
    cores: Mutex<Vec<usize>>,
    /// Declared after the tree, whose sessions and files end first.
    workspace: Arc<Workspace>,
}

impl Server {
    /// Starts it in a workspace and waits for the first correct response about its health. Tries a second port when
    /// another program took the first one between choosing it and listening on it.
    ///
    /// # Errors
    /// Why it gives no correct response.
    pub(crate) fn start(
        lab: &Lab<'_>,
        prepared: &Prepared,
        workspace: &Arc<Workspace>,
        setup: &Setup,
    ) -> Result<Server, Fault> {
        let first = Server::start_once(lab, prepared, workspace, setup);
        match first {
            Err(fault) if fault.is_at(Stage::Port) || log_shows_port_in_use(&fault) => {
                Server::start_once(lab, prepared, workspace, setup)
            }
            outcome => outcome,
        }
    }

    fn start_once(
        lab: &Lab<'_>,
        prepared: &Prepared,
        workspace: &Arc<Workspace>,
        setup: &Setup,
    ) -> Result<Server, Fault> {
        let port = free_port().map_err(|error| of_lab(Stage::Start, format!("no free port: {error}")))?;
        let port = prepared.contender.start.port.unwrap_or(port);
        let target = Target {
            headers: vec![("authorization".to_owned(), format!("Bearer {}", token::valid()))],
            paths: prepared.contender.paths.clone().into_iter().collect(),
            ..Target::plain(SocketAddr::from(([127, 0, 0, 1], port)))
        };
        let limits = lab.config.limits;
        let kernel_limits = CgroupLimits {
            processes: Some(limits.processes),
            memory_mb: Some(limits.memory_mb),
            cores: &setup.cores,
        };
        let cgroup = lab.isolation.cgroup(Role::Server, &kernel_limits);
        let Programs { mut main, mut beside } = programs(lab, prepared, workspace, port, setup)?;
        for program in [&mut main].into_iter().chain(&mut beside) {
            program.cgroup = cgroup.name();
        }
        let began = Instant::now();
        let process = main.start_with(&beside, LabInstance::this()).map_err(|error| {
            of_contender(
                Stage::Start,
                format!("`{}` does not start: {error}", main.path.display()),
            )
        })?;
        for pid in process.programs() {
            cgroup.add_process(pid);
        }
        let tree = Arc::new(ServerTree { process, cgroup });
        let folder = workspace.scratch().to_owned();
        let mut server = Server {
            watched: lab.watchdog.watch(Arc::clone(&tree), limits, folder),
            tree,
            target,
            health: Health::of(lab, prepared),
            startup: Duration::ZERO,
            cores: Mutex::new(setup.cores.clone()),
            workspace: Arc::clone(workspace),
        };
        let limit = START_LIMIT.mul_f64(warm_needs(&prepared.runtime.name).patience);
        let ready = server.wait_until_ready(lab, began, limit);
        // Also after a correct response: it may have come from the other program.
        let ready = server.foreign_listener().map_or(ready, Err);
        server.startup = ready.map_err(|fault| {
            if fault.log.is_empty() {
                with_log(fault, server.process().log().last_lines(LOG_LINES))
            } else {
                fault
            }
        })?;
        if setup.workers > 1 {
            // The first response may come while other processes of the server still start.
            server.wait_until_idle(lab, WORKERS_START_LIMIT);
        }
        Ok(server)
    }

    /// The time from `began` to the first correct response about its health, at most `limit`.
    fn wait_until_ready(&self, lab: &Lab<'_>, began: Instant, limit: Duration) -> Result<Duration, Fault> {
        let health = &self.health;
        let mut last = String::from("it does not listen");
        loop {
            match health.ask(&self.target, Duration::from_secs(2)) {
                Ok(response) => match health.check(&response) {
                    Ok(()) => return Ok(began.elapsed()),
                    Err(broken) => last = format!("`{health}` returns {}: {broken}", response.status),
                },
                Err((kind, reason)) if kind != bakeoff_load::FailureKind::Connect => {
                    last = format!("`{health}`: {reason}")
                }
                Err(_) => {}
            }
            if lab.interrupted() {
                return Err(interrupted());
            }
            if let Some(violation) = self.limit_violation() {
                return Err(violation);
            }
            if let Some(status) = self.process().exited() {
                // The log's reader may lag behind the exit by a moment.
                thread::sleep(Duration::from_millis(20));
                return Err(of_contender(
                    Stage::Start,
                    format!("the server exited before its first response: {status}"),
                ));
            }
            if began.elapsed() >= limit {
                return Err(of_contender(
                    Stage::Start,
                    format!("no correct response within {} s: {last}", limit.as_secs()),
                ));
            }
            thread::sleep(POLL);
        }
    }

    /// Waits until its processes are idle, for at most `limit`, or until the user interrupts.
    pub(crate) fn wait_until_idle(&self, lab: &Lab<'_>, limit: Duration) {
        wait_until_idle(self.process(), limit, lab.config.stop);
    }

    /// What says whether it is ready.
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    /// Where it listens.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// The time from starting the process to its first correct response.
    pub(crate) fn startup(&self) -> Duration {
        self.startup
    }

    /// Its process tree.
    pub(crate) fn process(&self) -> &Supervised {
        &self.tree.process
    }

    /// Its cgroup.
    pub(crate) fn cgroup(&self) -> &Cgroup {
        &self.tree.cgroup
    }

    /// Its folder and its database.
    pub(crate) fn workspace(&self) -> &Arc<Workspace> {
        &self.workspace
    }

    /// Moves the calling thread into its network, where that is its own.
    ///
    /// # Errors
    /// The operating system's reason, as a fault of the lab.
    pub(crate) fn enter_network(&self) -> Result<(), Fault> {
        self.workspace.enter()
    }

    /// Restores the rows of its database.
    ///
    /// # Errors
    /// The database failed, as a fault of the lab.
    pub(crate) fn restore_rows(&self, lab: &Lab<'_>) -> Result<(), Fault> {
        self.workspace.restore_rows(lab)
    }

    /// CPU time so far.
    pub(crate) fn cpu(&self) -> CpuReading {
        self.tree.cpu()
    }

    /// The same, given the processes of this instant.
    pub(crate) fn cpu_at(&self, at: &Snapshot) -> CpuReading {
        self.tree.cpu_at(at)
    }

    /// The living processes, each by its number and its start.
    pub(crate) fn living(&self) -> BTreeSet<(i32, u64)> {
        let members = self.process().members().into_iter();
        let alive = members.filter(|stat| !stat.is_zombie());
        alive.map(|stat| (stat.pid, stat.start_ticks)).collect()
    }

    /// Moves it to other processors while it runs. It sized itself by those on which it started.
    pub(crate) fn run_on(&self, cores: &[usize]) {
        let mut now = self.cores.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != cores {
            self.tree.move_to(&now, cores);
            *now = cores.to_vec();
        }
    }

    /// Makes all its processes stand still; whether they do.
    pub(crate) fn pause(&self) -> bool {
        self.tree.pause()
    }

    /// Lets all its processes go on, children before their parents.
    pub(crate) fn resume(&self) {
        self.tree.resume();
    }

    /// Whether it rests from now on: the watchdog looks at it seldom then.
    pub(crate) fn set_rests(&self, rests: bool) {
        self.watched.set_rests(rests);
    }

    /// The result of `work`, and the peak memory of its processes during it, in MB.
    pub(crate) fn with_peak_memory<T>(&self, work: impl FnOnce() -> T) -> (T, f64) {
        let peak = self.process().peak_memory();
        let result = work();
        (result, peak.mb(&self.process().members()))
    }

    /// Another program on its port, as a fault: responses from that port are no evidence of this contender.
    pub(crate) fn foreign_listener(&self) -> Option<Fault> {
        foreign_listener_fault(self.target.address.port(), self.process())
    }

    /// A fault with the last lines of its log, and its exit status if it has exited.
    pub(crate) fn fault(&self, at: impl Into<FaultAt>, message: &str) -> Fault {
        let ended = self
            .process()
            .exited()
            .map_or_else(String::new, |status| format!("; the process exited: {status}"));
        with_log(
            of_contender(at, format!("{message}{ended}")),
            self.process().log().last_lines(LOG_LINES),
        )
    }

    /// The limit for which it was stopped, as a fault.
    pub(crate) fn limit_violation(&self) -> Option<Fault> {
        self.watched
            .limit_violation()
            .map(|words| self.fault(Stage::Bounds, &words))
    }

    /// Kills all its processes: for a server that may still work for clients that are gone.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Sends SIGTERM while it is idle, and kills it when it does not stop in time.
    ///
    /// # Errors
    /// It did not stop in time.
    pub(crate) fn stop_idle(self) -> Result<(), Fault> {
        let log = self.process().log().clone();
        drop(self.watched);
        // The watchdog held the only other reference.
        let Some(tree) = Arc::into_inner(self.tree) else {
            return Ok(());
        };
        match tree.process.stop(Signal::SIGTERM, STOP_LIMIT).end {
            End::Killed => {
                let message = format!(
                    "did not stop within {} s of SIGTERM and was killed",
                    STOP_LIMIT.as_secs()
                );
                Err(with_log(
                    of_contender(Stage::Stop, message),
                    log.last_lines(LOG_LINES),
                ))
            }
            End::Already(_) | End::Itself(_) => Ok(()),
        }
    }
}

fn log_shows_port_in_use(fault: &Fault) -> bool {
    let mut lines = fault.log.iter();
    lines.any(|line| PORT_TAKEN.iter().any(|words| line.contains(words)))
}

/// The process on the contender's port that is not of its tree, as a fault of the user, or of the lab if it started
/// that process.
fn foreign_listener_fault(port: u16, process: &Supervised) -> Option<Fault> {
    let found = foreign_listener(port, || process.members())?;
    let words = format!("listens on port {port}, which the lab assigned to this contender");
    Some(match found {
        ForeignListener::Process { pid, command } if LabInstance::this().has_started(pid) => of_lab(
            Stage::Port,
            format!("`{command}` (process {pid}), which the lab started for another contender, {words}"),
        ),
        ForeignListener::Process { pid, command } => of_user(
            Stage::Port,
            format!("another program of this machine, `{command}` (process {pid}), {words}"),
        ),
        ForeignListener::UnreadableOf(user) => of_user(
            Stage::Port,
            format!("another program of this machine, of the user {user}, {words}"),
        ),
    })
}
