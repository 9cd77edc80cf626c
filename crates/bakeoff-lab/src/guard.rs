//! What a contender may take of the machine besides what is measured: processes, memory, disk. Beyond that it is ended, which
//! is a finding, and the others go on. Deliberately by looking from time to time, so that it works without root, beside what the
//! kernel holds where it may; and coarse, since it protects the machine and measures nothing.

use crate::isolation::Group;
use crate::process::usage;
use crate::server::Tree;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often it is looked, and after what time first; the time between two looks doubles. Each look reads all of `/proc`, on the
/// generator's processors.
const LOOK: Duration = Duration::from_millis(500);
const FIRST_LOOK: Duration = Duration::from_millis(100);

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

    /// What of it a process tree with that temporary folder takes too much of, in words.
    fn exceeded(&self, tree: &Tree, scratch: &Path) -> Option<String> {
        let held = self.held(&tree.group);
        if held.is_some() {
            return held;
        }
        let usage = usage::of(&tree.process.members(), scratch);
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

/// The look at a server from its start to its end; one that exceeds its bounds is ended.
pub(crate) struct Guard {
    /// Closed when the look is over.
    goes_on: Option<Sender<()>>,
    looking: Option<JoinHandle<()>>,
    found: Arc<OnceLock<String>>,
    bounds: Bounds,
    tree: Arc<Tree>,
}

impl Guard {
    /// Looks at a tree that has just been started, often at first, when it may be anything.
    pub(crate) fn over(tree: Arc<Tree>, bounds: Bounds, scratch: PathBuf) -> Guard {
        let (goes_on, is_over) = channel::<()>();
        let found = Arc::new(OnceLock::new());
        let (finds, looks_at) = (Arc::clone(&found), Arc::clone(&tree));
        let looking = thread::spawn(move || {
            let mut next = FIRST_LOOK;
            while is_over.recv_timeout(next) == Err(RecvTimeoutError::Timeout) {
                if let Some(excess) = bounds.exceeded(&looks_at, &scratch) {
                    // Said before it is done: whoever sees the end of the server finds the reason.
                    let _ = finds.set(excess);
                    looks_at.process.kill();
                    return;
                }
                next = (next * 2).min(LOOK);
            }
        });
        Guard {
            goes_on: Some(goes_on),
            looking: Some(looking),
            found,
            bounds,
            tree,
        }
    }

    /// What the server took too much of, in words, when it was ended for that, also by the kernel after the last look.
    pub(crate) fn excess(&self) -> Option<String> {
        let found = self.found.get().cloned();
        found.or_else(|| self.bounds.held(&self.tree.group))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.goes_on = None;
        if let Some(looking) = self.looking.take() {
            let _ = looking.join();
        }
    }
}
