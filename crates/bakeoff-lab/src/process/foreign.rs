//! The processes of a service that the lab did not start, by the id of one of them or by their container. It only reads
//! them: nothing is stopped, paused or reset.

use super::cpu::{CpuMeter, CpuReading};
use super::memory;
use crate::procfs::sockets::{held_by, listening_on};
use crate::procfs::{self, Stat, number_after};
use bakeoff_core::evidence::Watched;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the kernel counts the CPU time of cgroups: those of version 2 alone, and beside version 1; then version 1.
const CGROUPS: [&str; 4] = [
    "/sys/fs/cgroup",
    "/sys/fs/cgroup/unified",
    "/sys/fs/cgroup/cpuacct",
    "/sys/fs/cgroup/cpu,cpuacct",
];

/// The fewest digits of a container's id that name it.
const CONTAINER_DIGITS: usize = 12;

/// The processes of a service.
#[derive(Debug)]
pub(crate) struct ForeignTree {
    of: Watched,
    /// The cgroup of the container, where the kernel counts its CPU time.
    cgroup: Option<PathBuf>,
    meter: CpuMeter,
}

impl ForeignTree {
    /// The processes that a user named.
    ///
    /// # Errors
    /// There are none, or nothing can be read of them: the reason in a sentence.
    pub(crate) fn find(of: &Watched) -> Result<ForeignTree, String> {
        if let Watched::Container(id) = of
            && (id.len() < CONTAINER_DIGITS || !id.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(format!(
                "`{id}` is not the id of a container: at least {CONTAINER_DIGITS} hexadecimal digits of it are needed"
            ));
        }
        let mut tree = ForeignTree {
            of: of.clone(),
            cgroup: None,
            meter: CpuMeter::default(),
        };
        let members = tree.members();
        let Some(first) = members.first() else {
            return Err(match of {
                Watched::Process(pid) => format!("there is no process {pid}"),
                Watched::Container(id) => format!(
                    "no process of this machine is in the container {id}, or its processes cannot be seen from here"
                ),
            });
        };
        if let Watched::Container(id) = of {
            tree.cgroup = cgroup_of(first.pid, id);
        }
        if tree.cpu().processes_s <= 0.0 && tree.cgroup.is_none() {
            return Err(format!(
                "the CPU time of the {of} cannot be read: does it belong to another user?"
            ));
        }
        Ok(tree)
    }

    /// CPU time so far.
    pub(crate) fn cpu(&mut self) -> CpuReading {
        let cgroup_s = self.cgroup.as_deref().and_then(cpu_s);
        // Looking at every process of the machine takes time of the generator's processor.
        let processes_s = match cgroup_s {
            Some(seconds) => seconds,
            None => {
                let members = self.members();
                self.meter.total_s(&members)
            }
        };
        CpuReading {
            processes_s,
            cgroup_s,
        }
    }

    /// Memory now, in MB.
    pub(crate) fn memory_mb(&self) -> f64 {
        memory::of(&self.members()).mb
    }

    /// Whether one of them listens on a port of the loopback address; none where nobody is seen to, or where what they
    /// hold cannot be read.
    pub(crate) fn listens_on(&self, port: u16) -> Option<bool> {
        let listening: BTreeSet<u64> = listening_on(port).iter().map(|socket| socket.inode).collect();
        if listening.is_empty() {
            return None;
        }
        let held: Option<Vec<BTreeSet<u64>>> =
            self.members().iter().map(|member| held_by(member.pid)).collect();
        Some(held?.iter().any(|held| !held.is_disjoint(&listening)))
    }

    fn members(&self) -> Vec<Stat> {
        let all = procfs::all();
        match &self.of {
            Watched::Process(pid) => descendants(*pid as i32, &all),
            Watched::Container(id) => {
                let is_in = |stat: &Stat| {
                    procfs::cgroups(stat.pid)
                        .iter()
                        .any(|path| path.contains(id.as_str()))
                };
                all.into_iter().filter(is_in).collect()
            }
        }
    }
}

/// A process and all that descend from it.
fn descendants(root: i32, all: &[Stat]) -> Vec<Stat> {
    let mut members: Vec<Stat> = all.iter().filter(|stat| stat.pid == root).copied().collect();
    let mut others: Vec<Stat> = all.iter().filter(|stat| stat.pid != root).copied().collect();
    loop {
        let is_child = |stat: &Stat| members.iter().any(|member| member.pid == stat.parent);
        let (found, rest): (Vec<Stat>, Vec<Stat>) = others.into_iter().partition(is_child);
        if found.is_empty() {
            return members;
        }
        members.extend(found);
        others = rest;
    }
}

/// The cgroup of a container, up to the part of its path that has the id, where the kernel counts its CPU time.
fn cgroup_of(pid: i32, id: &str) -> Option<PathBuf> {
    let cgroups = procfs::cgroups(pid);
    let folders = cgroups
        .iter()
        .filter_map(|path| up_to(path, id))
        .flat_map(|path| {
            let below = path.trim_start_matches('/');
            CGROUPS.map(|root| Path::new(root).join(below))
        });
    let mut folders = folders.filter(|folder| cpu_s(folder).is_some());
    folders.next()
}

/// A path up to and with the part that contains `id`.
fn up_to<'p>(path: &'p str, id: &str) -> Option<&'p str> {
    let at = path.find(id)?;
    let end = path[at..].find('/').map_or(path.len(), |more| at + more);
    Some(&path[..end])
}

/// CPU time that a cgroup counted, in seconds.
fn cpu_s(cgroup: &Path) -> Option<f64> {
    let read = |file: &str| fs::read_to_string(cgroup.join(file)).ok();
    let of_two = || Some(number_after(&read("cpu.stat")?, "usage_usec ")? as f64 / 1e6);
    let of_one = || Some(read("cpuacct.usage")?.trim().parse::<u64>().ok()? as f64 / 1e9);
    of_two().or_else(of_one)
}

#[cfg(test)]
mod tests {
    use super::{ForeignTree, descendants, up_to};
    use crate::procfs::Stat;
    use bakeoff_core::evidence::Watched;
    use std::process::Command;

    #[test]
    fn a_process_that_runs_is_found_with_its_children() {
        // A shell that waits for a child which computes.
        let mut shell = Command::new("sh")
            .args(["-c", "while :; do :; done & wait"])
            .spawn()
            .unwrap();
        let mut tree = ForeignTree::find(&Watched::Process(shell.id())).unwrap();
        let before = tree.cpu();
        let mut used_s = 0.0;
        while used_s < 0.05 {
            std::thread::sleep(std::time::Duration::from_millis(20));
            used_s = tree.cpu().since_s(&before);
        }
        let members = tree.members();
        assert_eq!(members.len(), 2, "the shell and its child: {members:?}");
        assert!(tree.memory_mb() > 0.0);
        for member in members.iter().rev() {
            let pid = nix::unistd::Pid::from_raw(member.pid);
            nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
        }
        shell.wait().unwrap();
        let gone = ForeignTree::find(&Watched::Process(shell.id())).unwrap_err();
        assert!(gone.starts_with("there is no process "), "{gone}");
    }

    #[test]
    fn who_listens_is_known() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = ForeignTree::find(&Watched::Process(std::process::id())).unwrap();
        assert_eq!(own.listens_on(port), Some(true));
        let mut other = Command::new("sleep").arg("60").spawn().unwrap();
        let found = ForeignTree {
            of: Watched::Process(other.id()),
            cgroup: None,
            meter: super::CpuMeter::default(),
        };
        assert_eq!(found.listens_on(port), Some(false));
        other.kill().unwrap();
        other.wait().unwrap();
        drop(listener);
        assert_eq!(own.listens_on(port), None);
    }

    #[test]
    fn a_container_is_named_by_enough_of_its_id() {
        let of = |id: &str| ForeignTree::find(&Watched::Container(id.to_owned())).unwrap_err();
        assert!(of("web").contains("is not the id of a container"));
        assert!(of("0123456789ab").starts_with("no process of this machine is in the container"));
        let id = "4f5e6d7c8b9a";
        assert_eq!(
            up_to("/system.slice/docker-4f5e6d7c8b9a01.scope/worker", id),
            Some("/system.slice/docker-4f5e6d7c8b9a01.scope")
        );
        assert_eq!(
            up_to("/docker/4f5e6d7c8b9a01", id),
            Some("/docker/4f5e6d7c8b9a01")
        );
        assert_eq!(up_to("/user.slice", id), None);
    }

    #[test]
    fn grandchildren_belong_to_it_in_any_order() {
        let stat = |pid, parent| Stat {
            pid,
            parent,
            group: pid,
            state: b'S',
            children_ticks: 0,
            start_ticks: 1,
        };
        let all = [stat(4, 3), stat(2, 1), stat(3, 2), stat(9, 1)];
        let pids: Vec<i32> = descendants(2, &all).iter().map(|stat| stat.pid).collect();
        assert_eq!(pids, [2, 3, 4]);
    }
}
