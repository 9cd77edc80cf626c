//! A watchdog that stops a server which exceeds its resource limits, so that one contender cannot take down the
//! machine. One thread watches all servers of a lab with one walk over `/proc` for all that are due. It polls, so it
//! needs no root and works beside the kernel's own limits. It protects the machine and measures nothing.

use crate::isolation::Cgroup;
use crate::limits::ResourceLimits;
use crate::process::{Snapshot, usage};
use crate::server_tree::ServerTree;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The time between two looks at a server starts at the first and doubles up to the second. A look reads all of `/proc`
/// on the generator's processors, so frequent ones would disturb the load.
const FIRST_POLL: Duration = Duration::from_millis(100);
const POLL: Duration = Duration::from_millis(500);

/// The time between two looks at a server at rest: it has nothing to do, and others are measured meanwhile.
const RESTING_POLL: Duration = Duration::from_secs(5);

/// The thread that watches; dropping it stops the thread.
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// A server that is watched from its start until this value is dropped.
pub(crate) struct Watched {
    entry: Arc<Entry>,
    shared: Arc<Shared>,
}

/// What the thread and the servers' owners share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// The list, or the turn of a server in it, has changed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    entries: Vec<Arc<Entry>>,
    stopped: bool,
}

/// A watched server.
struct Entry {
    limits: ResourceLimits,
    folder: PathBuf,
    violation: OnceLock<String>,
    turn: Mutex<Turn>,
}

/// When a server is looked at next.
struct Turn {
    /// None when it is watched no more, so that nobody reads `/proc` for it while it is killed.
    tree: Option<Arc<ServerTree>>,
    due: Instant,
    pause: Duration,
    rests: bool,
}

impl Watchdog {
    /// Starts the thread, which watches nothing yet.
    pub(crate) fn start() -> Watchdog {
        let shared = Arc::new(Shared::default());
        let watching = Arc::clone(&shared);
        Watchdog {
            shared,
            thread: Some(thread::spawn(move || watching.run())),
        }
    }

    /// Watches a server that has just been started, with its temporary folder. The first looks are frequent, because a
    /// contender that forks without end does so at once.
    pub(crate) fn watch(&self, tree: Arc<ServerTree>, limits: ResourceLimits, folder: PathBuf) -> Watched {
        let entry = Arc::new(Entry {
            limits,
            folder,
            violation: OnceLock::new(),
            turn: Mutex::new(Turn {
                tree: Some(tree),
                due: Instant::now() + FIRST_POLL,
                pause: FIRST_POLL,
                rests: false,
            }),
        });
        locked(&self.shared.state).entries.push(Arc::clone(&entry));
        self.shared.changed.notify_all();
        Watched {
            entry,
            shared: Arc::clone(&self.shared),
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        locked(&self.shared.state).stopped = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Watched {
    /// The limit for which the server was killed, in words. Includes a kill by the kernel after the last look.
    pub(crate) fn limit_violation(&self) -> Option<String> {
        let found = self.entry.violation.get().cloned();
        found.or_else(|| {
            let turn = locked(&self.entry.turn);
            killed_by_kernel(&self.entry.limits, &turn.tree.as_ref()?.cgroup)
        })
    }

    /// Whether the server rests from now on, and is looked at seldom.
    pub(crate) fn set_rests(&self, rests: bool) {
        let pause = if rests { RESTING_POLL } else { FIRST_POLL };
        let mut turn = locked(&self.entry.turn);
        (turn.rests, turn.pause, turn.due) = (rests, pause, Instant::now() + pause);
        drop(turn);
        // The thread holds this lock from reading the turns until it waits, so the call cannot get lost.
        drop(locked(&self.shared.state));
        self.shared.changed.notify_all();
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Waits for a look at this server that has begun.
        locked(&self.entry.turn).tree = None;
        let mut state = locked(&self.shared.state);
        state.entries.retain(|entry| !Arc::ptr_eq(entry, &self.entry));
    }
}

impl Shared {
    /// Looks at servers when they are due, until it is stopped.
    fn run(&self) {
        let mut state = locked(&self.state);
        while !state.stopped {
            let now = Instant::now();
            let (due, later): (Vec<_>, Vec<_>) = state
                .entries
                .iter()
                .map(|entry| (Arc::clone(entry), locked(&entry.turn).due))
                .partition(|(_, due)| *due <= now);
            if due.is_empty() {
                let next = later.iter().map(|(_, due)| due.duration_since(now)).min();
                let waited = self.changed.wait_timeout(state, next.unwrap_or(RESTING_POLL));
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                drop(state);
                look(due.into_iter().map(|(entry, _)| entry));
                state = locked(&self.state);
            }
        }
    }
}

/// Looks at these servers, with one walk over `/proc` for all of them.
fn look(entries: impl Iterator<Item = Arc<Entry>>) {
    let at = Snapshot::read();
    for entry in entries {
        let mut turn = locked(&entry.turn);
        if let Some(tree) = turn.tree.clone()
            && entry.violation.get().is_none()
            && let Some(words) = violated(&entry.limits, &tree, &at, &entry.folder)
        {
            // Before the kill: another thread that notices the exit must find the reason.
            let _ = entry.violation.set(words);
            tree.process.kill();
        }
        turn.pause = if turn.rests {
            RESTING_POLL
        } else {
            (turn.pause * 2).min(POLL)
        };
        turn.due = Instant::now() + turn.pause;
    }
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first limit that the process tree with this temporary folder exceeds, in words.
fn violated(limits: &ResourceLimits, tree: &ServerTree, at: &Snapshot, folder: &Path) -> Option<String> {
    let killed = killed_by_kernel(limits, &tree.cgroup);
    if killed.is_some() {
        return killed;
    }
    let usage = usage::of(&tree.process.members_at(at), folder);
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
