//! One emulated instance of a platform: a contender started under the quota of an instance, with an odd port, the
//! platform's variables and a file system that cannot be written. Dropping it ends it. What it shows is not judged
//! here.

use super::read_only;
use crate::fault::of_lab;
use crate::isolation::{CgroupLimits, ProcessorQuota, Role};
use crate::lab::Lab;
use crate::limits::ResourceLimits;
use crate::prepare::Prepared;
use crate::process::lab_instance::LabInstance;
use crate::process::program::Environment;
use crate::process::{Program, Supervised};
use crate::procfs::sockets;
use crate::server::{Health, Programs, Setup, programs};
use crate::server_tree::ServerTree;
use crate::token;
use crate::watchdog::Watched;
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_core::serverless::platform::Platform;
use bakeoff_core::serverless::target::Target as PlatformTarget;
use bakeoff_load::Target;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to its first right answer: a quota of a quarter takes four times as long.
const START_LIMIT: Duration = Duration::from_secs(40);

/// When its ports are looked at for the first time, and how long after that once more.
const LOOKED_AFTER: Duration = Duration::from_secs(2);
const LOOKED_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// The polling interval of one that starts.
const POLL: Duration = Duration::from_millis(5);

/// What of an instance this machine emulates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Whether the kernel holds it to its share of the processors.
    pub(super) processors: bool,
    /// Whether the kernel holds it to its memory.
    pub(super) memory: bool,
    /// Why it can write anywhere; none where it cannot.
    pub(super) writable: Option<String>,
}

/// A contender on an emulated instance.
pub(super) struct Instance {
    /// Declared before the tree: the watchdog bounds what the quota does not, and must stop reading `/proc` first.
    _watched: Watched,
    pub(super) tree: Arc<ServerTree>,
    pub(super) target: Target,
    health: Health,
    pub(super) held: Held,
    began: Instant,
    /// Declared after the tree, which must end first: a cgroup can only be removed when it is empty.
    _quota: Option<ProcessorQuota>,
}

/// How a start ended.
pub(super) enum Start {
    /// It gave a right answer after this time.
    Ready(Duration),
    /// It ended by itself.
    Exited(String),
    /// It runs, and gives no right answer on its port.
    Silent,
    /// The user interrupted.
    Interrupted,
}

impl Instance {
    /// Starts a contender; its first answer is waited for by [`Instance::wait`].
    ///
    /// # Errors
    /// The lab or the manifest failed; the contender has not run.
    pub(super) fn start(
        lab: &Lab<'_>,
        prepared: &Prepared,
        workspace: &Arc<Workspace>,
        on: &PlatformTarget,
    ) -> Result<Instance, Fault> {
        let processes = on.vcpu.ceil().max(1.0) as usize;
        let setup = Setup {
            workers: processes as u32,
            cores: lab.cores.server.iter().copied().take(processes).collect(),
            ..Setup::of_the_brief(lab)
        };
        let port =
            odd_port().ok_or_else(|| of_lab(Stage::Start, "no free port with an odd number".to_owned()))?;
        let Programs { mut main, mut beside } = programs(lab, prepared, workspace, port, &setup)?;
        let limits = CgroupLimits {
            processes: Some(lab.config.limits.processes),
            memory_mb: Some(on.memory_mb),
            cores: &setup.cores,
        };
        let cgroup = lab.isolation.cgroup(Role::Server, &limits);
        for program in [&mut main].into_iter().chain(&mut beside) {
            add_variables(program, &prepared.runtime.name, on);
            program.cgroup = cgroup.name();
        }
        // Nothing but the temporary folder can be written there.
        main.view.folder = None;
        let quota = lab.isolation.processor_quota(on.vcpu);
        let mut held = Held {
            processors: quota.is_some() || cgroup.set_processors(on.vcpu),
            memory: cgroup.holds_memory(on.memory_mb),
            writable: None,
        };
        let began = Instant::now();
        let (writable, process) = start_read_only(&Programs { main, beside }, workspace)?;
        held.writable = writable;
        for pid in process.programs() {
            cgroup.add_process(pid);
            if let Some(quota) = &quota {
                held.processors = quota.add_process(pid);
            }
        }
        let tree = Arc::new(ServerTree { process, cgroup });
        // The quota bounds its memory; the watchdog would end it as a server of a run.
        let bounds = ResourceLimits {
            memory_mb: lab.config.limits.memory_mb.max(on.memory_mb * 2.0),
            ..lab.config.limits
        };
        let folder = workspace.scratch().to_owned();
        Ok(Instance {
            _watched: lab.watchdog.watch(Arc::clone(&tree), bounds, folder),
            tree,
            target: target_of(prepared, port),
            health: Health::of(lab, prepared),
            held,
            began,
            _quota: quota,
        })
    }

    /// Waits for its first right answer.
    pub(super) fn wait(&self, lab: &Lab<'_>) -> Start {
        loop {
            let asked = self.health.ask(&self.target, Duration::from_secs(5));
            if asked.is_ok_and(|response| self.health.check(&response).is_ok()) {
                return Start::Ready(self.began.elapsed());
            }
            if lab.interrupted() {
                return Start::Interrupted;
            }
            if let Some(status) = self.tree.process.exited() {
                // The log's reader may lag behind the exit by a moment.
                thread::sleep(Duration::from_millis(50));
                return Start::Exited(status.to_string());
            }
            if self.began.elapsed() >= START_LIMIT || self.listens_elsewhere() {
                return Start::Silent;
            }
            thread::sleep(POLL);
        }
    }
}

impl Instance {
    /// Whether it has listened for a while, and not on its port.
    fn listens_elsewhere(&self) -> bool {
        let own = self.target.address.port();
        let ports = || -> BTreeSet<u16> {
            let members = self.tree.process.members();
            let held = members.iter().filter_map(|member| sockets::held_by(member.pid));
            sockets::ports_of(&held.flatten().collect())
        };
        let elsewhere = |ports: &BTreeSet<u16>| !ports.is_empty() && !ports.contains(&own);
        if self.began.elapsed() < LOOKED_AFTER || !elsewhere(&ports()) {
            return false;
        }
        // It may open one port after the other.
        thread::sleep(LOOKED_AGAIN_AFTER);
        elsewhere(&ports())
    }
}

/// Where it must listen.
fn target_of(prepared: &Prepared, port: u16) -> Target {
    Target {
        headers: vec![("authorization".to_owned(), format!("Bearer {}", token::valid()))],
        paths: prepared.contender.paths.clone().into_iter().collect(),
        ..Target::plain(SocketAddr::from(([127, 0, 0, 1], port)))
    }
}

/// The programs, started where nothing but the temporary folder can be written, and why that is not so, if it is not.
fn start_read_only(
    programs: &Programs,
    workspace: &Workspace,
) -> Result<(Option<String>, Supervised), Fault> {
    let Programs { main, beside } = programs;
    // A thread of its own: its mounts are those of the processes that it starts, and of nobody else.
    let started = thread::scope(|scope| {
        let start = || {
            let writable = read_only::enter(workspace.scratch()).err();
            (writable, main.start_with(beside, LabInstance::this()))
        };
        scope.spawn(start).join()
    });
    let (writable, process) =
        started.map_err(|_| of_lab(Stage::Start, "the thread that starts it panicked".to_owned()))?;
    let process = process.map_err(|error| {
        of_lab(
            Stage::Start,
            format!("`{}` does not start: {error}", main.path.display()),
        )
    })?;
    Ok((writable, process))
}

/// A free port with an odd number: none that a program has by default.
fn odd_port() -> Option<u16> {
    (0..64).find_map(|_| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).ok()?;
        let port = listener.local_addr().ok()?.port();
        (port % 2 == 1).then_some(port)
    })
}

/// The variables that the platform sets besides `PORT`.
fn add_variables(program: &mut Program, runtime: &str, on: &PlatformTarget) {
    let memory = on.memory_mb.to_string();
    let pairs: &[(&str, &str)] = match on.platform {
        Platform::AppEngine => &[
            ("GAE_ENV", "standard"),
            ("GAE_INSTANCE", "emulated"),
            ("GAE_MEMORY_MB", &memory),
            ("GAE_RUNTIME", runtime),
            ("GAE_SERVICE", "default"),
            ("GAE_VERSION", "emulated"),
        ],
        Platform::CloudRun => &[
            ("K_SERVICE", "emulated"),
            ("K_REVISION", "emulated-00001"),
            ("K_CONFIGURATION", "emulated"),
        ],
    };
    if let Environment::Only(variables) = &mut program.environment {
        let pairs = pairs.iter();
        variables.extend(pairs.map(|(name, value)| ((*name).to_owned(), OsString::from(*value))));
    }
}
