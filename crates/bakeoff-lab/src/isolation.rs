//! What keeps a server apart from the rest, in tiers found at start, controller by controller, since hosts mix the two
//! versions of cgroups. T0: processors by affinity, process trees by group, mark and adoption; no root needed, and complete by
//! itself. T1: besides, a cgroup of its own for each server, which counts, limits and kills what is in it. Deliberately no
//! network namespaces yet: generator, database and servers share the loopback interface, and the report says so.

mod group;
mod hierarchy;

pub(crate) use group::Group;

use crate::process::owner::Owner;
use bakeoff_core::evidence::Tier;
use hierarchy::hierarchies;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How our cgroups are called before their owner.
const PREFIX: &str = "bakeoff-";

/// What this machine allows here and now; dropping it removes what was made for it.
#[derive(Debug)]
pub(crate) struct Isolation {
    /// Our folder in each hierarchy that lets us make one.
    folders: Vec<PathBuf>,
    by_controller: BTreeMap<String, String>,
    servers: AtomicU32,
}

impl Isolation {
    /// Tries what is allowed, and removes what a killed bakeoff left.
    pub(crate) fn find(owner: Owner) -> Isolation {
        // Another one each time: two labs of one process must not end each other's servers.
        let name = format!("{PREFIX}{}", owner.next_mark().replace('/', "."));
        let mut folders = Vec::new();
        let mut by_controller: BTreeMap<String, String> = CONTROLLERS
            .iter()
            .map(|(controller, without)| ((*controller).to_owned(), (*without).to_owned()))
            .collect();
        for hierarchy in hierarchies() {
            remove_those_of_the_dead(&hierarchy.own);
            let folder = hierarchy.own.join(&name);
            if fs::create_dir(&folder).is_err() && !folder.is_dir() {
                continue;
            }
            hierarchy.hand_down(&folder);
            for (controller, words) in hierarchy.gives(&folder) {
                by_controller.insert(controller.to_owned(), words);
            }
            folders.push(folder);
        }
        Isolation {
            folders,
            by_controller,
            servers: AtomicU32::new(0),
        }
    }

    /// The tier that this comes to: T1 needs a cgroup that can kill what is in it.
    pub(crate) fn tier(&self) -> Tier {
        let kills = self
            .folders
            .iter()
            .any(|folder| folder.join("cgroup.kill").exists());
        if kills { Tier::T1 } else { Tier::T0 }
    }

    /// Controller to what does its work here, in words.
    pub(crate) fn by_controller(&self) -> &BTreeMap<String, String> {
        &self.by_controller
    }

    /// A cgroup for one server in each hierarchy, with so many processes at most.
    pub(crate) fn group(&self, processes: usize) -> Group {
        let name = format!("server-{}", self.servers.fetch_add(1, Ordering::Relaxed));
        let folders = self.folders.iter().map(|folder| folder.join(&name));
        Group::create(folders.collect(), processes)
    }
}

impl Drop for Isolation {
    fn drop(&mut self) {
        for folder in &self.folders {
            remove(folder);
        }
    }
}

/// The controllers that are told of, each with what does its work at T0.
const CONTROLLERS: [(&str, &str); 6] = [
    ("cpu", "the kernel's clock of each process of the tree"),
    ("cpuset", "affinity, inherited by what a server starts"),
    ("kill", "by tree, group and mark, until nothing is left"),
    ("memory", "looked at twice a second, and ended above the bound"),
    ("network", "the loopback interface, shared by all"),
    ("pids", "counted twice a second, and ended above the bound"),
];

/// Removes our cgroups of owners that are gone; their processes have been ended before.
fn remove_those_of_the_dead(within: &Path) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let mark = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let owner = mark.and_then(|mark| Owner::of_mark(&mark.replace('.', "/")));
        if owner.is_some_and(Owner::is_dead) {
            remove(&entry.path());
        }
    }
}

/// Removes a cgroup with those below it. A cgroup is removed as a folder whose files need not be.
fn remove(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::Isolation;
    use crate::process::owner::Owner;
    use bakeoff_core::evidence::Tier;

    #[test]
    fn every_controller_is_told_of_whatever_is_allowed() {
        let isolation = Isolation::find(Owner::this());
        let controllers: Vec<&str> = isolation.by_controller().keys().map(String::as_str).collect();
        assert_eq!(
            controllers,
            ["cpu", "cpuset", "kill", "memory", "network", "pids"]
        );
        let folders = isolation.folders.clone();
        assert_eq!(
            isolation.tier() == Tier::T1,
            folders.iter().any(|folder| folder.join("cgroup.kill").exists())
        );
        drop(isolation);
        assert!(
            folders.iter().all(|folder| !folder.exists()),
            "{folders:?} are left"
        );
    }
}
