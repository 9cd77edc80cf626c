//! Everything that descends from a process: by parent, by process group, by the mark in its environment, and
//! by having been seen once. Deliberately by looking, not by asking: a program that forks twice and makes a
//! new session is found too.

use super::owner::MARK;
use super::procfs::{self, Stat};
use std::collections::BTreeSet;

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
        let (mut members, mut others): (Vec<Stat>, Vec<Stat>) = procfs::all()
            .into_iter()
            .filter(|stat| stat.start_ticks >= self.root_start)
            .partition(|stat| self.is_member(stat));
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
