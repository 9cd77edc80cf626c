//! A process under supervision: alive or not, its tree, its log, and its end. Whatever it does, nothing of it
//! outlives the value: dropping it ends the tree.

use super::cpu::{self, CpuMeter};
use super::log::Log;
use super::memory::{self, Memory};
use super::procfs::Stat;
use super::tree::Tree;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a killed tree may take to be gone, until we give up looking.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// How long the dead of a tree may take to fall to us.
const REAP_LIMIT: Duration = Duration::from_millis(500);

/// How often a process is looked at while it is expected to end.
const LOOK: Duration = Duration::from_millis(2);

/// A process that the lab started.
#[derive(Debug)]
pub(crate) struct Supervised {
    child: Mutex<Child>,
    watched: Mutex<Watched>,
    log: Log,
    log_reader: Option<JoinHandle<()>>,
    pid: i32,
    ended: bool,
}

#[derive(Debug)]
struct Watched {
    tree: Tree,
    cpu: CpuMeter,
}

/// How a process ended when it was told to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// How the end came.
    pub(crate) end: End,
    /// Members of the tree that were still there when the root had ended, and had to be killed.
    pub(crate) left_behind: usize,
}

/// How the end came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It had ended before it was told to.
    Already(ExitStatus),
    /// It ended within its time.
    Itself(ExitStatus),
    /// It had to be killed.
    Killed,
}

impl Supervised {
    pub(super) fn new(child: Child, mark: String, log: Log, log_reader: JoinHandle<()>) -> Supervised {
        let pid = child.id() as i32;
        Supervised {
            child: Mutex::new(child),
            watched: Mutex::new(Watched {
                tree: Tree::new(pid, mark),
                cpu: CpuMeter::default(),
            }),
            log,
            log_reader: Some(log_reader),
            pid,
            ended: false,
        }
    }

    /// How it ended, if it has.
    pub(crate) fn exited(&self) -> Option<ExitStatus> {
        self.child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_wait()
            .ok()
            .flatten()
    }

    /// What it has printed.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// CPU time that its tree has used so far, in seconds.
    pub(crate) fn cpu_s(&self) -> f64 {
        let mut watched = self.watched();
        let members = watched.tree.members();
        watched.cpu.total_s(&members)
    }

    /// Memory that its tree holds now.
    pub(crate) fn memory(&self) -> Memory {
        memory::of(&self.members())
    }

    /// The processes of its tree that exist now.
    pub(crate) fn members(&self) -> Vec<Stat> {
        self.watched().tree.members()
    }

    /// The root of its tree.
    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    /// The processes of its tree that live now, each with the CPU time that it has used itself, in seconds.
    pub(crate) fn cpu_by_member(&self) -> Vec<(Stat, f64)> {
        let living = self.members().into_iter().filter(|stat| !stat.is_zombie());
        living
            .filter_map(|stat| Some((stat, cpu::own_s(stat.pid)?)))
            .collect()
    }

    /// Sends a signal to one process of its tree, and to no process that is not of it.
    pub(crate) fn signal(&self, pid: i32, signal: Signal) {
        if self.members().iter().any(|stat| stat.pid == pid) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Kills its tree now; how it ended is still to be asked.
    pub(crate) fn kill(&self) {
        self.kill_tree();
    }

    /// Tells it to end with `signal`, waits up to `patience`, kills what is left of its tree, and reaps it.
    pub(crate) fn stop(mut self, signal: Signal, patience: Duration) -> Stopped {
        self.end(signal, patience)
    }

    fn end(&mut self, signal: Signal, patience: Duration) -> Stopped {
        self.ended = true;
        let mut end = self.exited().map(End::Already);
        if end.is_none() && !patience.is_zero() {
            // The root alone is told, as a container's runtime does; it has to tell its own.
            let _ = kill(Pid::from_raw(self.pid), signal);
            end = self.wait(patience).map(End::Itself);
        }
        let left_behind = self.kill_tree();
        let end = end.unwrap_or_else(|| {
            self.wait(KILL_LIMIT);
            End::Killed
        });
        self.finish_log();
        Stopped { end, left_behind }
    }

    fn wait(&self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        loop {
            let exited = self.exited();
            if exited.is_some() || Instant::now() >= until {
                return exited;
            }
            thread::sleep(LOOK);
        }
    }

    /// Kills until nothing is left, and says how many there were besides the root.
    fn kill_tree(&self) -> usize {
        let until = Instant::now() + KILL_LIMIT;
        let reaped_until = Instant::now() + REAP_LIMIT;
        let mut left_behind = 0;
        loop {
            let members = self.members();
            reap(&members, self.pid);
            let alive: Vec<&Stat> = members.iter().filter(|stat| !stat.is_zombie()).collect();
            left_behind = left_behind.max(alive.iter().filter(|stat| stat.pid != self.pid).count());
            // The dead of the tree fall to us only once their parents have been reaped, and are looked for again until then.
            let unreaped = members.iter().any(|stat| stat.pid != self.pid);
            if alive.is_empty() && (!unreaped || Instant::now() >= reaped_until) || Instant::now() >= until {
                return left_behind;
            }
            for stat in alive {
                let _ = kill(Pid::from_raw(stat.pid), Signal::SIGKILL);
            }
            let _ = self.exited();
            thread::sleep(LOOK);
        }
    }

    /// With the tree gone the pipe has ended; a reader that still waits is left to itself rather than waited
    /// for.
    fn finish_log(&mut self) {
        let until = Instant::now() + Duration::from_millis(200);
        if let Some(reader) = self.log_reader.take() {
            while !reader.is_finished() && Instant::now() < until {
                thread::sleep(LOOK);
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

/// Reaps orphans that fell to us and have ended; the root is reaped by its own handle.
fn reap(members: &[Stat], root: i32) {
    let this = std::process::id() as i32;
    for stat in members
        .iter()
        .filter(|stat| stat.is_zombie() && stat.parent == this && stat.pid != root)
    {
        let _ = waitpid(Pid::from_raw(stat.pid), Some(WaitPidFlag::WNOHANG));
    }
}
