//! A watchdog that stops a server which exceeds its resource limits, so that one contender cannot take down the
//! machine. It polls, so it needs no root and works beside the kernel's own limits. It protects the machine and
//! measures nothing.

use crate::isolation::Cgroup;
use crate::limits::ResourceLimits;
use crate::process::usage;
use crate::server::server_tree::ServerTree;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The time between two polls starts at the first and doubles up to the second. A poll reads all of `/proc` on the
/// generator's processors, so frequent polls would disturb the load.
const FIRST_POLL: Duration = Duration::from_millis(100);
const POLL: Duration = Duration::from_millis(500);

/// Watches one server from launch until exit, and kills it when it exceeds a limit.
pub(crate) struct ResourceWatchdog {
    /// Dropping the sender stops the thread.
    keep_running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    violation: Arc<OnceLock<String>>,
    limits: ResourceLimits,
    tree: Arc<ServerTree>,
}

impl ResourceWatchdog {
    /// Starts to watch a server that has just been launched. The first polls are frequent, because a contender that
    /// forks without end does so at once.
    pub(crate) fn start(tree: Arc<ServerTree>, limits: ResourceLimits, scratch: PathBuf) -> ResourceWatchdog {
        let (keep_running, stopped) = channel::<()>();
        let violation = Arc::new(OnceLock::new());
        let (found, watched) = (Arc::clone(&violation), Arc::clone(&tree));
        let thread = thread::spawn(move || {
            let mut pause = FIRST_POLL;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                if let Some(words) = violated(&limits, &watched, &scratch) {
                    // Before the kill: another thread that notices the exit must find the reason.
                    let _ = found.set(words);
                    watched.process.kill();
                    return;
                }
                pause = (pause * 2).min(POLL);
            }
        });
        ResourceWatchdog {
            keep_running: Some(keep_running),
            thread: Some(thread),
            violation,
            limits,
            tree,
        }
    }

    /// The limit for which the server was killed, in words. Includes a kill by the kernel after the last poll.
    pub(crate) fn limit_violation(&self) -> Option<String> {
        let found = self.violation.get().cloned();
        found.or_else(|| killed_by_kernel(&self.limits, &self.tree.cgroup))
    }
}

impl Drop for ResourceWatchdog {
    fn drop(&mut self) {
        self.keep_running = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The first limit that the process tree with this temporary folder exceeds, in words.
fn violated(limits: &ResourceLimits, tree: &ServerTree, scratch: &Path) -> Option<String> {
    let killed = killed_by_kernel(limits, &tree.cgroup);
    if killed.is_some() {
        return killed;
    }
    let usage = usage::of(&tree.process.members(), scratch);
    let pairs = [
        (usage.processes as f64, limits.processes as f64, "processes"),
        (usage.memory_mb, limits.memory_mb, "MB of memory"),
        (usage.disk_mb, limits.disk_mb, "MB of disk"),
    ];
    pairs
        .iter()
        .find(|(used, limit, _)| used > limit)
        .map(|(used, limit, what)| {
            format!("used {used:.0} {what} and was stopped: the lab allows {limit:.0}")
        })
}

/// The limit for which the kernel killed a process of the cgroup, in words. A refused thread does not count: a server
/// may try to start one for each connection and go on without it.
fn killed_by_kernel(limits: &ResourceLimits, cgroup: &Cgroup) -> Option<String> {
    (cgroup.limit_events().killed > 0).then(|| {
        format!(
            "used {0:.0} MB of memory and was stopped by the kernel: the lab allows {0:.0}",
            limits.memory_mb
        )
    })
}
