//! A cgroup of one server, in each hierarchy that lets us have one. What a server started before it was put in stays outside
//! and is found as at T0. Deliberately best effort: with no hierarchy at all, every call does nothing.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// How long a cgroup may take to be empty once what is in it was killed.
const EMPTY_LIMIT: Duration = Duration::from_secs(2);

/// The kernel counts threads there, and a server may have one for each connection: this stops a bomb, and no server.
const THREADS_EACH: usize = 32;

/// A server's cgroup; dropping it kills what is in it and removes it.
#[derive(Debug, Default)]
pub(crate) struct Group {
    folders: Vec<PathBuf>,
}

impl Group {
    /// Makes the folders, for so many processes at most where that can be limited.
    pub(super) fn create(folders: Vec<PathBuf>, processes: usize) -> Group {
        let made = folders
            .into_iter()
            .filter(|folder| fs::create_dir(folder).is_ok() || folder.is_dir());
        let group = Group {
            folders: made.collect(),
        };
        for folder in &group.folders {
            let limit = folder.join("pids.max");
            if limit.exists() {
                let _ = fs::write(limit, (processes * THREADS_EACH).to_string());
            }
        }
        group
    }

    /// Puts a process in, and so all that it starts from now on.
    pub(crate) fn take_in(&self, pid: i32) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.procs"), pid.to_string());
        }
    }

    /// CPU time of all that was in it, in seconds, as version 2 counts it.
    #[cfg(test)]
    pub(crate) fn cpu_s(&self) -> Option<f64> {
        self.folders.iter().find_map(|folder| {
            let text = fs::read_to_string(folder.join("cpu.stat")).ok()?;
            let us: f64 = text
                .lines()
                .find_map(|line| line.strip_prefix("usage_usec "))?
                .parse()
                .ok()?;
            Some(us / 1e6)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for folder in &self.folders {
            let _ = fs::write(folder.join("cgroup.kill"), "1");
        }
        let until = Instant::now() + EMPTY_LIMIT;
        for folder in &self.folders {
            while fs::remove_dir(folder).is_err() && folder.exists() && Instant::now() < until {
                thread::sleep(Duration::from_millis(2));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::isolation::Isolation;
    use crate::process::Launch;
    use crate::process::owner::Owner;
    use bakeoff_core::evidence::Tier;
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn what_is_in_it_ends_with_it() {
        let isolation = Isolation::find(Owner::this());
        if isolation.tier() == Tier::T0 {
            // Nothing to hold: this user may not make cgroups. The lab's other tests hold T0.
            return;
        }
        let process = Launch::new("/bin/sh", "/")
            .arguments(["-c", "while :; do :; done"])
            .start(Owner::this())
            .unwrap();
        let group = isolation.group(10);
        group.take_in(process.members()[0].pid);
        let until = Instant::now() + Duration::from_secs(5);
        while group.cpu_s().is_none_or(|used_s| used_s <= 0.0) && Instant::now() < until {
            thread::yield_now();
        }
        assert!(group.cpu_s().is_some_and(|used_s| used_s > 0.0));
        drop(group);
        while process.exited().is_none() && Instant::now() < until {
            thread::yield_now();
        }
        assert!(process.exited().is_some(), "what is in a cgroup outlived it");
    }
}
