//! The processes that this program started itself, each with what its descendants can be recognised by: the registry of
//! all trees. It decides to which tree a process belongs, so that no process belongs to two; it starts and kills
//! nothing.

use super::lab_instance::MARK;
use crate::procfs::{self, Stat};
use nix::unistd::getpgrp;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A process by its number and its start, in clock ticks since boot.
pub(super) type Known = (i32, u64);

static ROOTS: Mutex<Roots> = Mutex::new(Roots(BTreeMap::new()));

/// What the descendants of a process inherit. None of it alone is enough: a program can clear its environment, and the
/// lab may not be able to create cgroups.
#[derive(Debug, Clone)]
pub(super) struct Inheritance {
    /// The mark in their environment.
    pub(super) mark: String,
    /// The end of the path of their cgroup; none at T0.
    pub(super) cgroup: Option<String>,
    /// The inode of the pipe that is their standard output and error; none when it is unknown.
    pub(super) log: Option<u64>,
}

/// The root of a tree.
#[derive(Debug)]
struct Root {
    start_ticks: u64,
    inherited: Inheritance,
    /// The members that were seen so far.
    seen: BTreeSet<Known>,
}

/// Every root of this process, by its number.
#[derive(Debug)]
pub(super) struct Roots(BTreeMap<i32, Root>);

/// The registry. Who holds it keeps new roots from appearing.
pub(super) fn roots() -> MutexGuard<'static, Roots> {
    ROOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the root of a tree. The lock keeps others from reading `/proc` before the new child is registered; they would
/// take it for an orphan.
pub(super) fn start_root(
    inherited: Inheritance,
    start: impl FnOnce() -> io::Result<Child>,
) -> io::Result<Child> {
    let mut roots = roots();
    let child = start()?;
    let pid = child.id() as i32;
    let start_ticks = procfs::stat(pid).map_or(0, |stat| stat.start_ticks);
    let root = Root {
        start_ticks,
        inherited,
        seen: BTreeSet::from([(pid, start_ticks)]),
    };
    roots.0.insert(pid, root);
    Ok(child)
}

/// Starts a further program of the tree of that root, under the same lock.
pub(super) fn start_beside(root: i32, start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    let mut roots = roots();
    let child = start()?;
    let pid = child.id() as i32;
    let start_ticks = procfs::stat(pid).map_or(0, |stat| stat.start_ticks);
    if let Some(root) = roots.0.get_mut(&root) {
        root.seen.insert((pid, start_ticks));
    }
    Ok(child)
}

impl Roots {
    /// Forgets a root whose tree has ended.
    pub(super) fn remove(&mut self, root: i32) {
        self.0.remove(&root);
    }

    /// When a root started, in clock ticks since boot.
    pub(super) fn started(&self, root: i32) -> u64 {
        self.0.get(&root).map_or(0, |root| root.start_ticks)
    }

    /// Adds members of a tree, and returns those that were not seen before.
    pub(super) fn add_seen(&mut self, root: i32, members: &[Stat]) -> Vec<Stat> {
        let Some(root) = self.0.get_mut(&root) else {
            return Vec::new();
        };
        let new = |stat: &&Stat| root.seen.insert((stat.pid, stat.start_ticks));
        members.iter().filter(new).copied().collect()
    }

    /// The root of the tree to which a process belongs by what it is itself; none when only its parent can tell.
    pub(super) fn owner(&self, stat: &Stat, mark: impl FnOnce() -> Option<String>) -> Option<i32> {
        let known = (stat.pid, stat.start_ticks);
        if let Some(root) = self.find(|root| root.seen.contains(&known)) {
            return Some(root);
        }
        if self.0.contains_key(&stat.group) {
            return Some(stat.group);
        }
        match mark() {
            Some(mark) => self.find(|root| root.inherited.mark == mark),
            None if is_adopted(stat) => self.origin_of_orphan(stat),
            None => None,
        }
    }

    /// The tree from which an orphan without a mark came: by its cgroup, by the log that it may still write to, else
    /// the youngest tree that is older than it. Exactly one, so that no tree counts or kills the processes of another.
    fn origin_of_orphan(&self, stat: &Stat) -> Option<i32> {
        let cgroups = procfs::cgroups(stat.pid);
        let lies_in = |cgroup: &String| cgroups.iter().any(|path| path.ends_with(cgroup));
        let pipes = procfs::pipes_held_by(stat.pid);
        self.find(|root| root.inherited.cgroup.as_ref().is_some_and(lies_in))
            .or_else(|| self.find(|root| root.inherited.log.is_some_and(|log| pipes.contains(&log))))
            .or_else(|| {
                let older = self
                    .0
                    .iter()
                    .filter(|(_, root)| root.start_ticks <= stat.start_ticks);
                older
                    .max_by_key(|(_, root)| root.start_ticks)
                    .map(|(&pid, _)| pid)
            })
    }

    fn find(&self, is_it: impl Fn(&Root) -> bool) -> Option<i32> {
        self.0.iter().find(|(_, root)| is_it(root)).map(|(&pid, _)| pid)
    }
}

/// Whether this process adopted it, because its parent ended. Children of other parts of this program stay in this
/// process's own group, and roots have been seen.
pub(super) fn is_adopted(stat: &Stat) -> bool {
    stat.parent == std::process::id() as i32 && stat.group != getpgrp().as_raw()
}

/// The mark of a process, from the environment with which it was started.
pub(super) fn mark_of(pid: i32) -> Option<String> {
    procfs::variable(pid, MARK)
}
