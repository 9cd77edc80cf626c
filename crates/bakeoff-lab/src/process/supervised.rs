//! A supervised process: whether it runs, its tree, its log, and its end. Dropping the value kills the whole tree,
//! no matter what the process does. No policy: why a process is stopped is decided elsewhere.

use super::cpu::{self, CpuMeter};
use super::log::Log;
use super::memory::{self, Memory, Peak};
use super::process_tree::ProcessTree;
use super::snapshot::Snapshot;
use crate::procfs::Stat;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a killed tree may take to disappear.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// How long orphaned zombies of a tree may take to be adopted by this process.
const REAP_LIMIT: Duration = Duration::from_millis(500);

/// The polling interval for a process that is expected to end.
const POLL: Duration = Duration::from_millis(2);

/// A process that the lab started.
#[derive(Debug)]
pub(crate) struct Supervised {
    child: Mutex<Child>,
    /// Further programs of the tree, which are children of this process as the root is.
    beside: Vec<Mutex<Child>>,
    watched: Mutex<Watched>,
    log: Log,
    log_reader: Option<JoinHandle<()>>,
    pid: i32,
    ended: bool,
}

#[derive(Debug)]
struct Watched {
    tree: ProcessTree,
    cpu: CpuMeter,
}

impl Watched {
    fn cpu_s_at(&mut self, at: &Snapshot) -> f64 {
        let members = self.tree.members(at);
        self.cpu.total_s(&members)
    }
}

/// How a stopped process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// Whether and how it ended.
    pub(crate) end: End,
    /// Other members of the tree that outlived the root and were killed.
    pub(crate) left_behind: usize,
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It had ended before the signal.
    Already(ExitStatus),
    /// It ended in time after the signal.
    Itself(ExitStatus),
    /// It was killed after its time.
    Killed,
}

impl Supervised {
    pub(super) fn new(child: Child, log: Log, log_reader: JoinHandle<()>) -> Supervised {
        let pid = child.id() as i32;
        Supervised {
            child: Mutex::new(child),
            beside: Vec::new(),
            watched: Mutex::new(Watched {
                tree: ProcessTree::new(pid),
                cpu: CpuMeter::default(),
            }),
            log,
            log_reader: Some(log_reader),
            pid,
            ended: false,
        }
    }

    /// Adds a further program of its tree, which has just been started.
    pub(super) fn add(&mut self, child: Child) {
        self.beside.push(Mutex::new(child));
    }

    /// How it ended, if it or a program beside it has: a service that lacks one of its programs is none.
    pub(crate) fn exited(&self) -> Option<ExitStatus> {
        let all = [&self.child].into_iter().chain(&self.beside);
        all.into_iter().find_map(status)
    }

    /// How its root ended, when no program of it runs any more.
    fn all_exited(&self) -> Option<ExitStatus> {
        let beside = self.beside.iter().all(|child| status(child).is_some());
        status(&self.child).filter(|_| beside)
    }

    /// The programs that the lab started: the root of its tree, and those beside it.
    pub(crate) fn programs(&self) -> Vec<i32> {
        let beside = self.beside.iter().map(id);
        [self.pid].into_iter().chain(beside).collect()
    }

    /// Its output.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// CPU time of its tree so far, in seconds.
    pub(crate) fn cpu_s(&self) -> f64 {
        let mut watched = self.watched();
        // Read under the lock: the count must never go back to an earlier instant.
        watched.cpu_s_at(&Snapshot::read())
    }

    /// The same, given the processes of this instant. Not beside another count of the same tree.
    pub(crate) fn cpu_s_at(&self, at: &Snapshot) -> f64 {
        self.watched().cpu_s_at(at)
    }

    /// Memory of its tree now.
    pub(crate) fn memory(&self) -> Memory {
        memory::of(&self.members())
    }

    /// Its peak memory from now on, kept by the kernel.
    pub(crate) fn peak_memory(&self) -> Peak {
        Peak::start(&self.members())
    }

    /// The processes of its tree that exist now.
    pub(crate) fn members(&self) -> Vec<Stat> {
        self.members_at(&Snapshot::read())
    }

    /// The processes of its tree among those of this instant.
    pub(crate) fn members_at(&self, at: &Snapshot) -> Vec<Stat> {
        self.watched().tree.members(at)
    }

    /// The root of its tree.
    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    /// The living processes of its tree, each with its own CPU time in seconds.
    pub(crate) fn cpu_by_member(&self) -> Vec<(Stat, f64)> {
        let living = self.members().into_iter().filter(|stat| !stat.is_zombie());
        living
            .filter_map(|stat| Some((stat, cpu::own_s(stat.pid)?)))
            .collect()
    }

    /// Sends a signal to one process of its tree. Checks membership first, because the number may have been reused.
    pub(crate) fn signal(&self, pid: i32, signal: Signal) {
        if self.members().iter().any(|stat| stat.pid == pid) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Kills its tree now; [`Self::exited`] then returns how it ended.
    pub(crate) fn kill(&self) {
        self.kill_tree();
    }

    /// Sends `signal`, waits up to `limit`, kills the rest of its tree, and reaps it.
    pub(crate) fn stop(mut self, signal: Signal, limit: Duration) -> Stopped {
        self.end(signal, limit)
    }

    fn end(&mut self, signal: Signal, limit: Duration) -> Stopped {
        self.ended = true;
        let mut end = self.exited().map(End::Already);
        if end.is_none() && !limit.is_zero() {
            // Only its programs get the signal, as from a container runtime; they must stop their own children.
            for program in self.programs() {
                let _ = kill(Pid::from_raw(program), signal);
            }
            end = self.wait(limit).map(End::Itself);
        }
        let left_behind = self.kill_tree();
        let end = end.unwrap_or_else(|| {
            self.wait(KILL_LIMIT);
            End::Killed
        });
        self.finish_log();
        Stopped { end, left_behind }
    }

    fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            let exited = self.all_exited();
            if exited.is_some() || Instant::now() >= until {
                return exited;
            }
            thread::sleep(POLL);
        }
    }

    /// Kills until nothing is left, and returns how many members there were besides the root.
    fn kill_tree(&self) -> usize {
        let until = Instant::now() + KILL_LIMIT;
        let reaped_until = Instant::now() + REAP_LIMIT;
        let mut left_behind = 0;
        let programs = self.programs();
        let is_other = |stat: &&Stat| !programs.contains(&stat.pid);
        loop {
            let members = self.members();
            reap(members.iter().filter(is_other));
            let alive: Vec<&Stat> = members.iter().filter(|stat| !stat.is_zombie()).collect();
            left_behind = left_behind.max(alive.iter().copied().filter(is_other).count());
            // This process adopts a zombie only after its parent was reaped, so look again until then.
            let unreaped = members.iter().any(|stat| is_other(&stat));
            if alive.is_empty() && (!unreaped || Instant::now() >= reaped_until) || Instant::now() >= until {
                return left_behind;
            }
            for stat in alive {
                let _ = kill(Pid::from_raw(stat.pid), Signal::SIGKILL);
            }
            let _ = self.all_exited();
            thread::sleep(POLL);
        }
    }

    /// Waits a moment for the log's reader. Without the tree the pipe is closed; a reader that still waits is
    /// abandoned, because an escaped process may hold the pipe open.
    fn finish_log(&mut self) {
        let until = Instant::now() + Duration::from_millis(200);
        if let Some(reader) = self.log_reader.take() {
            while !reader.is_finished() && Instant::now() < until {
                thread::sleep(POLL);
            }
        }
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Signal::SIGKILL, Duration::ZERO);
        }
    }
}

/// How a child ended, if it has.
fn status(child: &Mutex<Child>) -> Option<ExitStatus> {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    child.try_wait().ok().flatten()
}

fn id(child: &Mutex<Child>) -> i32 {
    child.lock().unwrap_or_else(PoisonError::into_inner).id() as i32
}

/// Reaps adopted zombies. Not the programs of the lab: their handles reap them, and the exit status would be lost.
fn reap<'s>(others: impl Iterator<Item = &'s Stat>) {
    let this = std::process::id() as i32;
    for stat in others.filter(|stat| stat.is_zombie() && stat.parent == this) {
        let _ = waitpid(Pid::from_raw(stat.pid), Some(WaitPidFlag::WNOHANG));
    }
}
