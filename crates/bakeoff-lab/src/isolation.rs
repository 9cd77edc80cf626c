//! What keeps a server apart from the rest, in tiers found at start, controller by controller, since hosts mix the two
//! versions of cgroups. T0: processors by affinity, process trees by group, mark and adoption; no root needed, and complete by
//! itself. T1: besides, a cgroup for each role, which counts, limits and kills what is in it. T2: besides, a network namespace
//! in which generator, database, upstream and servers are alone. Deliberately tried rather than guessed, and never required.

mod controller;
mod group;
mod hierarchy;
mod network;
mod throttle;

pub(crate) use controller::without;
pub(crate) use group::{Group, Limits};
pub(crate) use throttle::{quota_processors, throttled_s};

use crate::process::owner::Owner;
use bakeoff_core::evidence::Tier;
use hierarchy::{Moved, hierarchies};
use network::Network;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How our cgroups are called before their owner.
const PREFIX: &str = "bakeoff-";

/// How deep below the root of a hierarchy those of killed labs are looked for.
const DEPTH: u32 = 8;

/// Which tier a user asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TierChoice {
    /// Whatever this machine allows.
    #[default]
    Best,
    /// This one and no other: where it cannot be had, that is an error.
    Exactly(Tier),
}

impl TierChoice {
    fn allows(self, tier: Tier) -> bool {
        match self {
            TierChoice::Best => true,
            TierChoice::Exactly(most) => tier <= most,
        }
    }
}

/// Who has a cgroup of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A contender; each server has another one.
    Server,
    /// The lab's own cluster.
    Database,
}

/// What this machine allows here and now; dropping it removes what was made for it.
#[derive(Debug)]
pub(crate) struct Isolation {
    /// Our folder in each hierarchy that lets us make one.
    folders: Vec<PathBuf>,
    /// The hierarchies in which this process is in our folder itself.
    moved: Vec<Moved>,
    network: Option<Network>,
    /// Why there is no network namespace, when there is none.
    without_network: String,
    by_controller: BTreeMap<String, String>,
    groups: AtomicU32,
}

impl Isolation {
    /// Tries what is allowed and asked for, and removes what a killed bakeoff left.
    ///
    /// # Errors
    /// The very tier was asked for, and cannot be had: why.
    pub(crate) fn find(owner: Owner, choice: TierChoice) -> Result<Isolation, String> {
        let mut found = Isolation {
            folders: Vec::new(),
            moved: Vec::new(),
            network: None,
            without_network: "it was not asked for".to_owned(),
            by_controller: controller::at_t0(),
            groups: AtomicU32::new(0),
        };
        found.make_folders(owner, choice.allows(Tier::T1));
        if choice.allows(Tier::T2) {
            found.make_network();
        }
        match choice {
            TierChoice::Exactly(tier) if found.tier() != tier => Err(found.lack(tier)),
            TierChoice::Exactly(_) | TierChoice::Best => Ok(found),
        }
    }

    fn make_folders(&mut self, owner: Owner, wanted: bool) {
        // Another name each time: two labs of one process must not end each other's servers.
        let name = format!("{PREFIX}{}", owner.next_mark().replace('/', "."));
        for hierarchy in hierarchies() {
            remove_those_of_the_dead(&hierarchy.mount, DEPTH);
            let folder = hierarchy.own.join(&name);
            let makes = wanted && hierarchy.holds_groups();
            if !makes || fs::create_dir(&folder).is_err() && !folder.is_dir() {
                continue;
            }
            self.moved.extend(hierarchy.hand_down(&folder));
            for (controller, words) in hierarchy.gives(&folder) {
                self.by_controller.insert(controller.to_owned(), words.to_owned());
            }
            if !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
    }

    fn make_network(&mut self) {
        match Network::create() {
            Ok(network) => {
                self.network = Some(network);
                self.by_controller
                    .insert("network".to_owned(), network::WORDS.to_owned());
            }
            Err(reason) => self.without_network = reason,
        }
    }

    /// The tier that this comes to: T1 needs a cgroup that can kill what is in it, T2 a network namespace besides.
    pub(crate) fn tier(&self) -> Tier {
        match (self.kills(), self.network.is_some()) {
            (true, true) => Tier::T2,
            (true, false) => Tier::T1,
            (false, _) => Tier::T0,
        }
    }

    fn kills(&self) -> bool {
        self.folders
            .iter()
            .any(|folder| folder.join("cgroup.kill").exists())
    }

    /// Why this is less than `tier`, in words.
    pub(crate) fn lack(&self, tier: Tier) -> String {
        if tier >= Tier::T1 && !self.kills() {
            return format!("{tier} needs a cgroup of version 2 that may be written in, and there is none");
        }
        format!("{tier} needs a network namespace: {}", self.without_network)
    }

    /// Controller to what does its work here, in words.
    pub(crate) fn by_controller(&self) -> &BTreeMap<String, String> {
        &self.by_controller
    }

    /// A cgroup for one server or service in each hierarchy, with these limits where they can be set.
    pub(crate) fn group(&self, role: Role, limits: &Limits<'_>) -> Group {
        let number = self.groups.fetch_add(1, Ordering::Relaxed);
        let name = match role {
            Role::Server => format!("server-{number}"),
            Role::Database => format!("database-{number}"),
        };
        let folders = self.folders.iter().map(|folder| folder.join(&name));
        Group::create(folders.collect(), limits)
    }

    /// Brings the calling thread, and the threads and processes that it starts from now on, to where the network of this lab is.
    ///
    /// # Errors
    /// The operating system's word.
    pub(crate) fn enter(&self) -> Result<(), String> {
        self.network.as_ref().map_or(Ok(()), Network::enter)
    }
}

impl Drop for Isolation {
    fn drop(&mut self) {
        self.moved.iter().for_each(Moved::take_back);
        for folder in &self.folders {
            remove(folder);
        }
    }
}

/// Ends what is in our cgroups of owners that are gone, and removes them, wherever in the hierarchy they ran.
fn remove_those_of_the_dead(within: &Path, depth: u32) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let name = entry.file_name();
        let mark = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let owner = mark.and_then(|mark| Owner::of_mark(&mark.replace('.', "/")));
        if owner.is_some_and(Owner::is_dead) {
            let _ = fs::write(entry.path().join("cgroup.kill"), "1");
            remove(&entry.path());
        } else if depth > 0 {
            remove_those_of_the_dead(&entry.path(), depth - 1);
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
    group::remove_when_empty(folder);
}

#[cfg(test)]
mod tests;
