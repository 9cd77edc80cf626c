//! The share of a server's CPU time that its compilers took, where their threads can be told by name. A share only: CPU
//! time itself comes from processes and cgroups, because compilers' threads end by themselves.

use crate::procfs::threads::cpu_s_by_thread;
use crate::server::Server;
use std::collections::BTreeMap;

/// CPU time of the compilers' threads at one instant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct CompilerTime {
    by_thread: BTreeMap<i32, f64>,
}

impl CompilerTime {
    /// Reads it; none for a runtime whose compilers have no threads with known names.
    pub(super) fn read(server: &Server, names: &[&str]) -> Option<CompilerTime> {
        if names.is_empty() {
            return None;
        }
        let members = server.process().members();
        let threads = members
            .iter()
            .flat_map(|member| cpu_s_by_thread(member.pid, names));
        Some(CompilerTime {
            by_thread: threads.collect(),
        })
    }

    /// Their share of `used_s` seconds of CPU time since `before`, 0 to 1; what ended threads used in between is
    /// missing.
    pub(super) fn share_since(&self, before: &CompilerTime, used_s: f64) -> f64 {
        let grown = |(thread, now): (&i32, &f64)| {
            let earlier = before.by_thread.get(thread).copied().unwrap_or(0.0);
            (now - earlier).max(0.0)
        };
        let compilers_s: f64 = self.by_thread.iter().map(grown).sum();
        if used_s > 0.0 {
            (compilers_s / used_s).min(1.0)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CompilerTime;

    fn at(threads: &[(i32, f64)]) -> CompilerTime {
        CompilerTime {
            by_thread: threads.iter().copied().collect(),
        }
    }

    #[test]
    fn threads_that_end_take_nothing_away_and_new_ones_count() {
        let before = at(&[(1, 4.0), (2, 9.0)]);
        assert_eq!(at(&[(1, 4.5)]).share_since(&before, 2.0), 0.25);
        assert_eq!(at(&[(1, 4.5), (3, 0.5)]).share_since(&before, 2.0), 0.5);
        assert_eq!(at(&[]).share_since(&before, 2.0), 0.0);
        assert_eq!(at(&[(1, 9.0)]).share_since(&before, 0.0), 0.0);
    }
}
