//! Which cores the generator's threads run on. The server's cores are somebody else's business.

use crate::error::LoadError;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Moves the calling thread to these cores for good.
pub(crate) fn move_to(cores: &[usize]) -> Result<(), LoadError> {
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

/// The calling thread's stay on other cores; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Stay {
    home: Option<CpuSet>,
}

impl Stay {
    /// Moves the calling thread to these cores, if any are named: what it does for the load must not disturb the server's.
    pub(crate) fn on(cores: &[usize]) -> Result<Self, LoadError> {
        if cores.is_empty() {
            return Ok(Self { home: None });
        }
        let home = sched_getaffinity(None).map_err(LoadError::system("asking for a thread's cores"))?;
        move_to(cores)?;
        Ok(Self { home: Some(home) })
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        if let Some(home) = &self.home {
            // It was allowed to run there before; if that has changed meanwhile, where it is now is as good.
            sched_setaffinity(None, home).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stay;
    use rustix::thread::sched_getaffinity;

    #[test]
    fn a_thread_goes_home_after_its_stay() {
        let home = sched_getaffinity(None).unwrap();
        let core = (0..1024).find(|&core| home.is_set(core)).unwrap();
        let stay = Stay::on(&[core]).unwrap();
        assert_eq!(sched_getaffinity(None).unwrap().count(), 1);
        drop(stay);
        assert_eq!(sched_getaffinity(None).unwrap(), home);
        assert!(Stay::on(&[1_000_000]).is_err());
    }
}
