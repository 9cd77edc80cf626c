//! The processes of one running server, with the cgroup that contains them: counted, moved and paused together. No
//! policy: who pauses or kills them and why is decided by others.

use crate::isolation::Cgroup;
use crate::process::cpu::CpuReading;
use crate::process::{Snapshot, Supervised, affinity, pause};
use crate::procfs;

/// The processes of a server; dropping it kills them.
pub(crate) struct ServerTree {
    pub(crate) process: Supervised,
    /// Declared after the process, which must end first: a cgroup can only be removed when it is empty.
    pub(crate) cgroup: Cgroup,
}

impl ServerTree {
    /// CPU time so far. Reads the processes first, because that updates the cgroup's count.
    pub(crate) fn cpu(&self) -> CpuReading {
        CpuReading {
            processes_s: self.process.cpu_s(),
            cgroup_s: self.cgroup.cpu_s(),
        }
    }

    /// The same, given the processes of this instant.
    pub(crate) fn cpu_at(&self, at: &Snapshot) -> CpuReading {
        CpuReading {
            processes_s: self.process.cpu_s_at(at),
            cgroup_s: self.cgroup.cpu_s(),
        }
    }

    /// Moves all threads that are bound to `from` to `to`.
    pub(crate) fn move_to(&self, from: &[usize], to: &[usize]) {
        // The cgroup must allow a processor before a thread can be bound to it, so it has both meanwhile.
        let both = [from, to].concat();
        self.cgroup.set_cores(&both);
        affinity::move_threads(&self.process.members(), from, to);
        self.cgroup.set_cores(to);
    }

    /// Makes every process stand still: by the cgroup, which no process notices, else by signals. Whether all of them
    /// do.
    pub(crate) fn pause(&self) -> bool {
        if !self.cgroup.freeze() {
            return pause::stop_all(&self.process);
        }
        // A process that was started before its parent joined the cgroup is outside of it.
        let outside = self.process.members().into_iter().filter(|stat| {
            let cgroups = procfs::cgroups(stat.pid);
            let name = self.cgroup.name().unwrap_or_default();
            !stat.is_zombie() && !cgroups.iter().any(|path| path.ends_with(&name))
        });
        outside.for_each(|stat| pause::stop(&stat));
        true
    }

    /// Lets every process go on, children before their parents.
    pub(crate) fn resume(&self) {
        // All of a cgroup thaw at once; a parent that has been stopped waits for its turn.
        pause::stop_parents(&self.process);
        self.cgroup.thaw();
        pause::continue_all(&self.process);
    }
}
