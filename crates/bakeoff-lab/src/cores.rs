//! The division of processors: servers on some, generator and services on the others, by affinity. Cgroups are
//! elsewhere.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The processors of servers, and those of generator, database and upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreSplit {
    /// For contenders.
    pub server: Vec<usize>,
    /// For the generator and the services.
    pub generator: Vec<usize>,
}

impl CoreSplit {
    /// Splits the `available` processors: `wanted` from the top for servers, but at least one remains for the
    /// generator. With a single processor both share it.
    #[must_use]
    pub fn new(available: &[usize], wanted: u32) -> CoreSplit {
        if available.len() < 2 {
            return CoreSplit {
                server: available.to_vec(),
                generator: available.to_vec(),
            };
        }
        let servers = (wanted.max(1) as usize).min(available.len() - 1);
        let (generator, server) = available.split_at(available.len() - servers);
        CoreSplit {
            server: server.to_vec(),
            generator: generator.to_vec(),
        }
    }

    /// Whether server and generator share a processor.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.server.iter().any(|core| self.generator.contains(core))
    }

    /// All processors.
    #[must_use]
    pub fn all(&self) -> Vec<usize> {
        let mut all = [self.generator.as_slice(), self.server.as_slice()].concat();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The processors on which this thread may run, in order.
pub(crate) fn available() -> Vec<usize> {
    let Ok(set) = sched_getaffinity(Pid::from_raw(0)) else {
        return vec![0];
    };
    let cores: Vec<usize> = (0..CpuSet::count())
        .filter(|&core| set.is_set(core).unwrap_or(false))
        .collect();
    if cores.is_empty() { vec![0] } else { cores }
}

/// Binds the calling thread, and all that it starts from now on, to `cores`. Best effort: when a sandbox refuses, the
/// kernel decides.
pub(crate) fn pin_this_thread(cores: &[usize]) {
    let mut set = CpuSet::new();
    for &core in cores {
        if set.set(core).is_err() {
            return;
        }
    }
    if !cores.is_empty() {
        let _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}

#[cfg(test)]
mod tests {
    use super::CoreSplit;

    #[test]
    fn servers_get_their_cores_while_one_is_left_for_the_generator() {
        let check = |available: &[usize], wanted, server: &[usize], generator: &[usize]| {
            let split = CoreSplit::new(available, wanted);
            assert_eq!(
                (split.server.as_slice(), split.generator.as_slice()),
                (server, generator)
            );
        };
        check(&[0], 1, &[0], &[0]);
        check(&[0, 1], 1, &[1], &[0]);
        check(&[0, 1], 4, &[1], &[0]);
        check(&[0, 1, 2, 3], 1, &[3], &[0, 1, 2]);
        check(&[2, 5, 6, 7], 3, &[5, 6, 7], &[2]);
        check(&[0, 1, 2, 3], 0, &[3], &[0, 1, 2]);
    }

    #[test]
    fn a_single_core_is_shared() {
        assert!(CoreSplit::new(&[0], 1).is_shared());
        assert!(!CoreSplit::new(&[0, 1], 1).is_shared());
        assert_eq!(CoreSplit::new(&[0, 1, 2], 1).all(), [0, 1, 2]);
    }
}
