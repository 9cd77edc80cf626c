//! The cores that the generator's threads run on. The server's cores are set by the process that starts it.

use crate::error::LoadError;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Moves the calling thread to these cores for good.
pub(crate) fn pin_thread(cores: &[usize]) -> Result<(), LoadError> {
    let mut set = CpuSet::new();
    for &core in cores {
        if core >= CpuSet::MAX_CPU {
            let (what, must) = ("cores", "a core of this machine");
            return Err(LoadError::Plan {
                what,
                value: core.to_string(),
                must,
            });
        }
        set.set(core);
    }
    sched_setaffinity(None, &set).map_err(LoadError::system("moving a thread to its cores"))
}

/// Keeps the calling thread on some cores; dropping it moves the thread back.
#[derive(Debug)]
pub(crate) struct AffinityGuard {
    home: Option<CpuSet>,
}

impl AffinityGuard {
    /// Moves the calling thread to these cores, if any are named: its work for the load must not disturb the server.
    pub(crate) fn pin(cores: &[usize]) -> Result<Self, LoadError> {
        if cores.is_empty() {
            return Ok(Self { home: None });
        }
        let home = sched_getaffinity(None).map_err(LoadError::system("reading a thread's cores"))?;
        pin_thread(cores)?;
        Ok(Self { home: Some(home) })
    }
}

impl Drop for AffinityGuard {
    fn drop(&mut self) {
        if let Some(home) = &self.home {
            // The thread ran on `home` before; if the set has become invalid meanwhile, staying here does no harm.
            sched_setaffinity(None, home).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AffinityGuard;
    use rustix::thread::sched_getaffinity;

    #[test]
    fn a_thread_returns_to_its_cores_when_the_guard_is_dropped() {
        let home = sched_getaffinity(None).unwrap();
        let core = (0..1024).find(|&core| home.is_set(core)).unwrap();
        let guard = AffinityGuard::pin(&[core]).unwrap();
        assert_eq!(sched_getaffinity(None).unwrap().count(), 1);
        drop(guard);
        assert_eq!(sched_getaffinity(None).unwrap(), home);
        assert!(AffinityGuard::pin(&[1_000_000]).is_err());
    }
}
