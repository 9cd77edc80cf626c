//! All descendants of a process: by parent, by process group, by the mark in the environment, by an earlier sighting,
//! and by adoption, because this process reaps the orphans of its descendants. It reads `/proc` and needs no
//! cooperation, so it also finds a program that forks twice, creates a new session and clears its environment.

use super::escaped;
use super::lab_instance::{LabInstance, MARK};
use crate::procfs::{self, Stat};
use nix::unistd::getpgrp;
use std::collections::BTreeSet;
use std::io;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The processes that this process started itself. Its other children are orphans that it adopted.
static STARTED: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn started() -> MutexGuard<'static, BTreeSet<i32>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the root of a tree. The lock keeps other trees from reading `/proc` before the new child is registered; they
/// would take it for an orphan.
pub(super) fn start_root(start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    let mut started = started();
    let child = start()?;
    started.insert(child.id() as i32);
    Ok(child)
}

/// The descendants of one process that have been seen.
#[derive(Debug)]
pub(crate) struct ProcessTree {
    root: i32,
    root_start: u64,
    mark: String,
    seen: BTreeSet<(i32, u64)>,
}

impl ProcessTree {
    /// The tree of a process that was just started with `mark`.
    pub(crate) fn new(root: i32, mark: String) -> ProcessTree {
        let root_start = procfs::stat(root).map_or(0, |stat| stat.start_ticks);
        ProcessTree {
            root,
            root_start,
            mark,
            seen: BTreeSet::from([(root, root_start)]),
        }
    }

    /// The members that exist now, the root and zombies included.
    pub(crate) fn members(&mut self) -> Vec<Stat> {
        let started = started();
        let (mut members, mut others): (Vec<Stat>, Vec<Stat>) = procfs::all()
            .into_iter()
            .filter(|stat| stat.start_ticks >= self.root_start)
            .partition(|stat| self.is_member(stat) || is_adopted(stat, &started));
        let is_new = |stat: &&Stat| !self.seen.contains(&(stat.pid, stat.start_ticks));
        let escaped = members
            .iter()
            .filter(is_new)
            .filter(|stat| is_adopted(stat, &started));
        escaped.for_each(|stat| escaped::record(LabInstance::this(), stat));
        drop(started);
        // A child can precede its parent in the list, so repeat until nothing is added.
        loop {
            let (found, rest): (Vec<Stat>, Vec<Stat>) = others
                .into_iter()
                .partition(|stat| members.iter().any(|member| member.pid == stat.parent));
            if found.is_empty() {
                break;
            }
            members.extend(found);
            others = rest;
        }
        self.seen
            .extend(members.iter().map(|stat| (stat.pid, stat.start_ticks)));
        members
    }

    fn is_member(&self, stat: &Stat) -> bool {
        self.seen.contains(&(stat.pid, stat.start_ticks))
            || stat.group == self.root
            || procfs::variable(stat.pid, MARK).as_deref() == Some(&self.mark)
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        started().remove(&self.root);
    }
}

/// Whether this process adopted it and it has cleared its mark. Its origin is unknown then: it belongs to every older
/// tree and ends with the first of them. Children of other parts of this program stay in this process's own group.
fn is_adopted(stat: &Stat, started: &BTreeSet<i32>) -> bool {
    stat.parent == std::process::id() as i32
        && stat.group != getpgrp().as_raw()
        && !started.contains(&stat.pid)
        && procfs::variable(stat.pid, MARK).is_none()
}
