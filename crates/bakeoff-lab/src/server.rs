//! A contender that runs: started by its manifest under the contract's environment, ready when it answers
//! `health`, stopped with all it started. Deliberately the same rule for every runtime.

mod setup;

pub(crate) use setup::{POOL, Setup, THREADS};

use crate::contract::expectation;
use crate::fault::{LOG_LINES, interrupted, of_contender, of_lab, of_user, with_log};
use crate::guard::Guard;
use crate::isolation::{Group, Limits, Role};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::process::cpu::CpuReading;
use crate::process::owner::Owner;
use crate::process::port::{Stranger, stranger_on};
use crate::process::supervised::End;
use crate::process::{Supervised, free_port};
use bakeoff_core::evidence::{Fault, FaultAt, Stage};
use bakeoff_load::{Expect, Target, check_response, send_once};
use nix::sys::signal::Signal;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a contender may take to its first correct answer.
const START_LIMIT: Duration = Duration::from_secs(15);

/// How long a contender without clients may take to stop; the contract asks for it.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// How often, how many times in a row and below which share of a processor a server of several processes must be seen
/// at rest before it is taken to have started, and for how long that is waited for.
const REST_LOOK: Duration = Duration::from_millis(30);
const REST_LOOKS: u32 = 3;
const REST_SHARE: f64 = 0.10;
const REST_LIMIT: Duration = Duration::from_secs(5);

/// What runtimes print when a port is taken.
const PORT_TAKEN: &[&str] = &["EADDRINUSE", "Address already in use"];

/// How often a starting contender is asked.
const POLL: Duration = Duration::from_millis(1);

/// All processes of a contender that runs; dropping it ends them.
pub(crate) struct Tree {
    pub(crate) process: Supervised,
    /// After the process, which ends first.
    pub(crate) group: Group,
}

/// A running contender; dropping it kills it.
pub(crate) struct Server {
    /// Before the tree, at which it looks.
    guard: Guard,
    tree: Arc<Tree>,
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
            Err(fault) if fault.is_at(Stage::Port) || says_that_it_is_taken(&fault) => {
                Server::start_once(lab, prepared, setup)
            }
            outcome => outcome,
        }
    }

    fn start_once(lab: &Lab<'_>, prepared: &Prepared, setup: &Setup) -> Result<Server, Fault> {
        let port = free_port().map_err(|error| of_lab(Stage::Start, format!("no free port: {error}")))?;
        let target = Target::plain(SocketAddr::from(([127, 0, 0, 1], port)));
        let launch = setup::launch(lab, prepared, port, setup);
        let began = Instant::now();
        let process = launch.start(Owner::this()).map_err(|error| {
            of_contender(
                Stage::Start,
                format!("`{}` does not start: {error}", launch.program.display()),
            )
        })?;
        let bounds = lab.config.bounds;
        let limits = Limits {
            processes: Some(bounds.processes),
            memory_mb: Some(bounds.memory_mb),
            cores: &setup.cores,
        };
        let group = lab.isolation.group(Role::Server, &limits);
        group.take_in(process.pid());
        let tree = Arc::new(Tree { process, group });
        let mut server = Server {
            guard: Guard::over(Arc::clone(&tree), bounds, lab.scratch()),
            tree,
            target,
            startup: Duration::ZERO,
        };
        let ready = server.wait_until_ready(lab, began);
        // A stranger on the port is the reason of whatever was seen there, of an answer too.
        let ready = server.stranger().map_or(ready, Err);
        server.startup = ready.map_err(|fault| {
            if fault.log.is_empty() {
                with_log(fault, server.process().log().last_lines(LOG_LINES))
            } else {
                fault
            }
        })?;
        if setup.workers > 1 {
            server.wait_until_all_have_started(lab);
        }
        Ok(server)
    }

    /// From `began` to its first correct answer of `health`.
    fn wait_until_ready(&self, lab: &Lab<'_>, began: Instant) -> Result<Duration, Fault> {
        let health = lab.config.scenarios.get("health");
        let ready = health.map_or_else(
            || Expect {
                status: vec![200],
                ..Expect::default()
            },
            |health| expectation(&health.answer),
        );
        let mut last = String::from("it does not listen");
        loop {
            let asked = send_once(&self.target, "GET", "/health", &[], None, Duration::from_secs(2));
            match asked {
                Ok(answer) => match check_response(&ready, &answer, &BTreeMap::new()) {
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
            if let Some(excess) = self.excess() {
                return Err(excess);
            }
            if let Some(status) = self.process().exited() {
                thread::sleep(Duration::from_millis(20));
                return Err(of_contender(
                    Stage::Start,
                    format!("the server ended before its first answer: {status}"),
                ));
            }
            if began.elapsed() >= START_LIMIT {
                return Err(of_contender(
                    Stage::Start,
                    format!("no correct answer within {} s: {last}", START_LIMIT.as_secs()),
                ));
            }
            thread::sleep(POLL);
        }
    }

    /// The first answer may come while other processes of the server still start: waits until its tree has come to rest.
    fn wait_until_all_have_started(&self, lab: &Lab<'_>) {
        let until = Instant::now() + REST_LIMIT;
        let mut resting = 0;
        let mut before_s = self.process().cpu_s();
        while resting < REST_LOOKS && Instant::now() < until && !lab.interrupted() {
            thread::sleep(REST_LOOK);
            let now_s = self.process().cpu_s();
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
        &self.tree.process
    }

    /// Its cgroup.
    pub(crate) fn group(&self) -> &Group {
        &self.tree.group
    }

    /// CPU time that it has used so far. The processes first: asking them brings the cgroup's count up to date.
    pub(crate) fn cpu(&self) -> CpuReading {
        CpuReading {
            processes_s: self.process().cpu_s(),
            cgroup_s: self.group().cpu_s(),
        }
    }

    /// Whoever else listens on its port, as a fault: what was answered there is not evidence of this contender.
    pub(crate) fn stranger(&self) -> Option<Fault> {
        stranger(self.target.address.port(), self.process())
    }

    /// A fault with the last lines of its log, and how it ended when it has.
    pub(crate) fn fault(&self, at: impl Into<FaultAt>, message: &str) -> Fault {
        let ended = self
            .process()
            .exited()
            .map_or_else(String::new, |status| format!("; the process ended: {status}"));
        with_log(
            of_contender(at, format!("{message}{ended}")),
            self.process().log().last_lines(LOG_LINES),
        )
    }

    /// What it took too much of, when it was ended for that, as a fault.
    pub(crate) fn excess(&self) -> Option<Fault> {
        self.guard
            .excess()
            .map(|excess| self.fault(Stage::Bounds, &excess))
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
        let log = self.process().log().clone();
        drop(self.guard);
        // The guard was the only other that had it.
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
            Stage::Port,
            format!("`{command}` (process {pid}), which the lab started for another, {words}"),
        ),
        Stranger::Process { pid, command } => of_user(
            Stage::Port,
            format!("another program of this machine, `{command}` (process {pid}), {words}"),
        ),
        Stranger::OfUser(user) => of_user(
            Stage::Port,
            format!("another program of this machine, of the user {user}, {words}"),
        ),
    })
}
