//! Run delay: how long the threads of a process tree were ready and waited for a processor. The quiet gate decides what
//! is too much.

use crate::procfs::{self, Stat};
use std::collections::BTreeMap;
use std::time::Duration;

/// The run delay of each thread so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RunDelay {
    by_thread: BTreeMap<i32, Duration>,
}

impl RunDelay {
    /// Reads all threads of `members`; none where the kernel does not count it.
    pub(crate) fn read(members: &[Stat]) -> Option<RunDelay> {
        let threads = members
            .iter()
            .flat_map(|member| procfs::run_delay_by_thread(member.pid));
        let by_thread: BTreeMap<i32, Duration> = threads.collect();
        (!by_thread.is_empty()).then_some(RunDelay { by_thread })
    }

    /// The increase since `before`, in seconds; threads that ended in between are missing.
    pub(crate) fn since_s(&self, before: &RunDelay) -> f64 {
        let grown = |(thread, now): (&i32, &Duration)| {
            let earlier = before.by_thread.get(thread).copied().unwrap_or_default();
            now.saturating_sub(earlier).as_secs_f64()
        };
        self.by_thread.iter().map(grown).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::RunDelay;
    use crate::procfs;

    #[test]
    fn run_delay_of_this_process_never_shrinks() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let Some(before) = RunDelay::read(&own) else {
            return;
        };
        let after = RunDelay::read(&own).unwrap();
        assert!(after.since_s(&before) >= 0.0);
        assert_eq!(before.since_s(&before), 0.0);
    }
}
