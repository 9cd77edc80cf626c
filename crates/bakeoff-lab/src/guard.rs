//! What a contender may take of the machine besides what is measured: processes, memory, disk. Beyond that it is ended, which
//! is a finding, and the others go on. Deliberately by looking from time to time, so that it works without root, beside what the
//! kernel holds where it may; and coarse, since it protects the machine and measures nothing.

use crate::isolation::Group;
use crate::process::{Supervised, usage};
use crate::server::Server;
use bakeoff_core::evidence::Fault;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often it is looked. Each look reads all of `/proc`, on the generator's processors.
const LOOK: Duration = Duration::from_millis(500);

/// The most that a contender may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Processes at once.
    pub processes: usize,
    /// Resident memory of all its processes, in MB.
    pub memory_mb: f64,
    /// What it has written to disk or holds in its temporary folder, in MB.
    pub disk_mb: f64,
}

impl Bounds {
    /// For this machine: half its memory, and more processes and disk than any server of the contract has use for.
    #[must_use]
    pub fn here() -> Bounds {
        Bounds {
            processes: 512,
            memory_mb: (crate::host::memory_mb() as f64 / 2.0).max(256.0),
            disk_mb: 4_096.0,
        }
    }

    /// What of it a process tree in that cgroup, with that temporary folder, takes too much of, in words.
    pub(crate) fn exceeded(&self, process: &Supervised, group: &Group, scratch: &Path) -> Option<String> {
        let held = self.held(group);
        if held.is_some() {
            return held;
        }
        let usage = usage::of(&process.members(), scratch);
        let over = [
            (usage.processes as f64, self.processes as f64, "processes"),
            (usage.memory_mb, self.memory_mb, "MB of memory"),
            (usage.disk_mb, self.disk_mb, "MB of disk"),
        ];
        over.iter()
            .find(|(taken, most, _)| taken > most)
            .map(|(taken, most, what)| {
                format!("took {taken:.0} {what} and was ended: the lab allows {most:.0}")
            })
    }

    /// What the kernel ended it for, in words. That it refused a thread is nobody's fault: a server may try one for each connection.
    fn held(&self, group: &Group) -> Option<String> {
        (group.held().killed > 0).then(|| {
            format!(
                "took {0:.0} MB of memory and was ended by the kernel: the lab allows {0:.0}",
                self.memory_mb
            )
        })
    }
}

/// Does `work` with a server while its bounds are watched; a server that exceeds them is ended, and the fault says why.
pub(crate) fn watch<T>(
    bounds: &Bounds,
    scratch: &Path,
    server: &Server,
    work: impl FnOnce() -> T,
) -> (T, Option<Fault>) {
    let (done, is_done) = channel::<()>();
    thread::scope(|scope| {
        let guard = scope.spawn(move || {
            while is_done.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if let Some(excess) = bounds.exceeded(server.process(), server.group(), scratch) {
                    let fault = server.fault("bounds", &excess);
                    server.process().kill();
                    return Some(fault);
                }
            }
            None
        });
        let result = work();
        drop(done);
        let found = guard.join().unwrap_or(None);
        // What the kernel did after the last look.
        let held = || {
            bounds
                .held(server.group())
                .map(|excess| server.fault("bounds", &excess))
        };
        (result, found.or_else(held))
    })
}
