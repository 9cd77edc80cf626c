//! Everything that descends from a process: by parent, by process group, by the mark in its environment, and
//! by having been seen once; and by adoption, since orphans of what we start fall to us. Deliberately by looking, not by
//! asking: a program that forks twice, makes a new session and clears its environment is found too.

use super::hidden;
use super::owner::{MARK, Owner};
use super::procfs::{self, Stat};
use nix::unistd::getpgrp;
use std::collections::BTreeSet;
use std::io;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The processes that we have started ourselves: other children of ours are orphans that fell to us.
static STARTED: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn started() -> MutexGuard<'static, BTreeSet<i32>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process that is the root of a tree. Nobody looks at trees meanwhile, so that no one takes it for an orphan.
pub(super) fn start_root(start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    let mut started = started();
    let child = start()?;
    started.insert(child.id() as i32);
    Ok(child)
}

/// The descendants of one process, as far as they have been seen.
#[derive(Debug)]
pub(crate) struct Tree {
    root: i32,
    root_start: u64,
    mark: String,
    seen: BTreeSet<(i32, u64)>,
}

impl Tree {
    /// The tree below a process that was just started with `mark`.
    pub(crate) fn new(root: i32, mark: String) -> Tree {
        let root_start = procfs::stat(root).map_or(0, |stat| stat.start_ticks);
        Tree {
            root,
            root_start,
            mark,
            seen: BTreeSet::from([(root, root_start)]),
        }
    }

    /// The members that exist now, zombies included; the root, while it exists, among them.
    pub(crate) fn members(&mut self) -> Vec<Stat> {
        let started = started();
        let (mut members, mut others): (Vec<Stat>, Vec<Stat>) = procfs::all()
            .into_iter()
            .filter(|stat| stat.start_ticks >= self.root_start)
            .partition(|stat| self.is_member(stat) || is_adopted(stat, &started));
        let is_new = |stat: &&Stat| !self.seen.contains(&(stat.pid, stat.start_ticks));
        let hidden = members
            .iter()
            .filter(is_new)
            .filter(|stat| is_adopted(stat, &started));
        hidden.for_each(|stat| hidden::note(Owner::this(), stat));
        drop(started);
        // A child can stand before its parent in the list, so look again until nothing is added.
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

impl Drop for Tree {
    fn drop(&mut self) {
        started().remove(&self.root);
    }
}

/// Whether it fell to us from below and has cleared its mark. Whose it was is not known then: it belongs to every tree that is
/// older, and ends with the first of them that does. What other parts of this program start stays in our own group.
fn is_adopted(stat: &Stat, started: &BTreeSet<i32>) -> bool {
    stat.parent == std::process::id() as i32
        && stat.group != getpgrp().as_raw()
        && !started.contains(&stat.pid)
        && procfs::variable(stat.pid, MARK).is_none()
}
