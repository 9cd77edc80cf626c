//! Isolation of measured servers from the rest of the machine, in three tiers. T0: affinity, and process trees found by
//! group, mark and adoption; it needs no root and is complete by itself. T1 adds a cgroup for each role, which counts,
//! limits and kills. T2 adds a network namespace that only generator, database, upstream and servers share. The lab
//! tries each mechanism, controller by controller, because hosts mix the two versions of cgroups. No tier is required.

mod cgroup;
mod cgroup_hierarchy;
mod controllers;
mod cpu_quota;
mod network_namespace;
mod own_network;
mod processor_quota;

pub(crate) use cgroup::{Cgroup, CgroupLimits};
pub(crate) use controllers::missing;
pub(crate) use cpu_quota::{quota_processors, throttled_s};
pub(crate) use own_network::OwnNetwork;
pub(crate) use processor_quota::ProcessorQuota;

use crate::error::LabError;
use crate::process::lab_instance::LabInstance;
use bakeoff_core::evidence::Tier;
use cgroup_hierarchy::{MovedProcess, PREFIX, hierarchies};
use network_namespace::NetworkNamespace;
use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// How many levels below the root of a hierarchy stale cgroups are searched.
const DEPTH: u32 = 8;

/// The tier that a user requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TierChoice {
    /// The highest that this machine allows.
    #[default]
    Best,
    /// This tier only: an error where it is not available.
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

/// What a cgroup is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A contender; each server has its own.
    Server,
    /// The lab's own database cluster.
    Database,
}

/// The isolation that this machine allows; dropping it removes its cgroups and its namespace.
#[derive(Debug)]
pub(crate) struct Isolation {
    /// This lab's cgroup in each hierarchy where it may create one.
    folders: Vec<PathBuf>,
    /// The hierarchies in which this process moved into the lab's cgroup.
    moved: Vec<MovedProcess>,
    network: Option<NetworkNamespace>,
    /// Why there is no network namespace, when there is none.
    no_network: String,
    by_controller: BTreeMap<String, String>,
    cgroups: AtomicU32,
}

impl Isolation {
    /// Sets up what this machine allows and the user requests, and removes what a killed bakeoff left. Without a
    /// network namespace when there is a `network_obstacle`, in words.
    ///
    /// # Errors
    /// Why the requested tier is not available.
    pub(crate) fn find(
        instance: LabInstance,
        choice: TierChoice,
        network_obstacle: Option<&str>,
    ) -> Result<Isolation, String> {
        let mut found = Isolation {
            folders: Vec::new(),
            moved: Vec::new(),
            network: None,
            no_network: "the user did not request it".to_owned(),
            by_controller: controllers::at_t0(),
            cgroups: AtomicU32::new(0),
        };
        found.create_cgroups(instance, choice.allows(Tier::T1));
        if choice.allows(Tier::T2) {
            found.create_network(network_obstacle);
        }
        match choice {
            TierChoice::Exactly(tier) if found.tier() != tier => Err(found.missing_requirement(tier)),
            TierChoice::Exactly(_) | TierChoice::Best => Ok(found),
        }
    }

    fn create_cgroups(&mut self, instance: LabInstance, wanted: bool) {
        // A new name each time: two labs of one process must not kill each other's servers.
        let name = format!("{PREFIX}{}", instance.next_mark().replace('/', "."));
        for hierarchy in hierarchies() {
            remove_stale_cgroups(&hierarchy.mount, DEPTH);
            let folder = hierarchy.own.join(&name);
            let creates = wanted && hierarchy.takes_cgroups();
            if !creates || fs::create_dir(&folder).is_err() && !folder.is_dir() {
                continue;
            }
            self.moved.extend(hierarchy.delegate_controllers(&folder));
            for (controller, words) in hierarchy.available_controllers(&folder) {
                self.by_controller.insert(controller.to_owned(), words.to_owned());
            }
            // `cpu` and `cpuacct` of version 1 are often one mount, so the same folder appears twice.
            if !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
    }

    fn create_network(&mut self, obstacle: Option<&str>) {
        let created = obstacle.map_or_else(NetworkNamespace::create, |reason| Err(reason.to_owned()));
        match created {
            Ok(network) => {
                self.network = Some(network);
                self.by_controller
                    .insert("network".to_owned(), network_namespace::WORDS.to_owned());
            }
            Err(reason) => self.no_network = reason,
        }
    }

    /// The tier: T1 needs a cgroup that can kill its processes, T2 also a network namespace.
    pub(crate) fn tier(&self) -> Tier {
        match (self.can_kill(), self.network.is_some()) {
            (true, true) => Tier::T2,
            (true, false) => Tier::T1,
            (false, _) => Tier::T0,
        }
    }

    fn can_kill(&self) -> bool {
        self.folders
            .iter()
            .any(|folder| folder.join("cgroup.kill").exists())
    }

    /// What `tier` needs and this machine lacks, in words.
    pub(crate) fn missing_requirement(&self, tier: Tier) -> String {
        if tier >= Tier::T1 && !self.can_kill() {
            return format!("{tier} needs a writable cgroup of version 2, and there is none");
        }
        format!("{tier} needs a network namespace: {}", self.no_network)
    }

    /// Controller to its mechanism on this machine, in words.
    pub(crate) fn by_controller(&self) -> &BTreeMap<String, String> {
        &self.by_controller
    }

    /// A cgroup for one server or service in each hierarchy, with these limits where the kernel accepts them.
    pub(crate) fn cgroup(&self, role: Role, limits: &CgroupLimits<'_>) -> Cgroup {
        let number = self.cgroups.fetch_add(1, Ordering::Relaxed);
        let name = match role {
            Role::Server => format!("server-{number}"),
            Role::Database => format!("database-{number}"),
        };
        let folders = self.folders.iter().map(|folder| folder.join(&name));
        Cgroup::create(folders.collect(), limits)
    }

    /// A quota of processor time in version 1 for one process and what it starts; none where the kernel or the user
    /// does not allow it. Its name is that of the lab's own cgroup, so that the next lab finds what a killed one left.
    pub(crate) fn processor_quota(&self, processors: f64) -> Option<ProcessorQuota> {
        let name = self.folders.first()?.file_name()?.to_str()?.to_owned();
        let number = self.cgroups.fetch_add(1, Ordering::Relaxed);
        let hierarchies = hierarchies().into_iter();
        hierarchies
            .filter(cgroup_hierarchy::Hierarchy::has_quotas_of_one)
            .find_map(|hierarchy| {
                let folder = hierarchy.own.join(format!("{name}.quota-{number}"));
                ProcessorQuota::create(folder, processors)
            })
    }

    /// Moves the calling thread into this lab's network; threads and processes that it starts from now on follow.
    ///
    /// # Errors
    /// The operating system's reason.
    pub(crate) fn enter(&self) -> Result<(), String> {
        self.network.as_ref().map_or(Ok(()), NetworkNamespace::enter)
    }

    /// Runs `work` on a thread in this lab's network. The calling thread stays where it is, because it may still need
    /// the machine's network, for example to install packages.
    ///
    /// # Errors
    /// What `work` returns, or the namespace cannot be entered.
    pub(crate) fn run_inside<T: Send>(
        &self,
        work: impl FnOnce() -> Result<T, LabError> + Send,
    ) -> Result<T, LabError> {
        let entered = || {
            self.enter().map_err(LabError::Isolation)?;
            work()
        };
        let outcome = thread::scope(|scope| scope.spawn(entered).join());
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl Drop for Isolation {
    fn drop(&mut self) {
        // First out of the cgroups, because one that holds this process cannot be removed.
        self.moved.iter().for_each(MovedProcess::move_back);
        for folder in &self.folders {
            remove(folder);
        }
    }
}

/// Kills the processes in cgroups of labs that have ended, and removes these cgroups, at any level of the hierarchy.
fn remove_stale_cgroups(within: &Path, depth: u32) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let name = entry.file_name();
        let mark = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let instance = mark.and_then(|mark| LabInstance::of_mark(&mark.replace('.', "/")));
        if instance.is_some_and(LabInstance::is_dead) {
            let _ = fs::write(entry.path().join("cgroup.kill"), "1");
            remove(&entry.path());
        } else if depth > 0 {
            remove_stale_cgroups(&entry.path(), depth - 1);
        }
    }
}

/// Removes a cgroup and its descendants. `rmdir` removes a cgroup although its folder holds files.
fn remove(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove(&entry.path());
        }
    }
    cgroup::remove_when_empty(folder);
}

#[cfg(test)]
mod tests;
