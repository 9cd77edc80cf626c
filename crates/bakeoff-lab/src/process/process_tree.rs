//! All descendants of a process: by parent, by process group, by the mark in the environment, by an earlier sighting,
//! and by adoption, because this process reaps the orphans of its descendants. It reads `/proc` and needs no
//! cooperation, so it also finds a program that forks twice, creates a new session and clears its environment.

use super::escaped;
use super::lab_instance::LabInstance;
use super::roots::{is_adopted, roots};
use super::snapshot::Snapshot;
use crate::procfs::Stat;

/// The descendants of one process that have been seen.
#[derive(Debug)]
pub(crate) struct ProcessTree {
    root: i32,
}

impl ProcessTree {
    /// The tree of a process that was just started and registered.
    pub(super) const fn new(root: i32) -> ProcessTree {
        ProcessTree { root }
    }

    /// The members at the instant of the snapshot, the root and zombies included.
    pub(crate) fn members(&mut self, at: &Snapshot) -> Vec<Stat> {
        let mut roots = roots();
        let started = roots.started(self.root);
        let mut members: Vec<Stat> = Vec::new();
        let mut others: Vec<Stat> = Vec::new();
        for stat in at.processes().iter().filter(|stat| stat.start_ticks >= started) {
            match roots.owner(stat, || at.mark(stat.pid)) {
                Some(root) if root == self.root => members.push(*stat),
                Some(_) => {}
                None => others.push(*stat),
            }
        }
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
        let new = roots.add_seen(self.root, &members);
        let escaped = |stat: &&Stat| is_adopted(stat) && at.mark(stat.pid).is_none();
        new.iter()
            .filter(escaped)
            .for_each(|stat| escaped::record(LabInstance::this(), stat));
        members
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        roots().remove(self.root);
    }
}

#[cfg(test)]
mod tests;
